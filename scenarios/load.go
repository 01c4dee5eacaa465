package scenarios

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/pantomime-dev/pantomime/internal/yamldoc"
	"github.com/pantomime-dev/pantomime/token"
)

var (
	// ErrScenario says that findings keep a scenario from running.
	ErrScenario = errors.New("the scenario has errors")
	// ErrNotFound says that a path names neither a file, nor a folder with
	// scenario files, nor a scenario of the library.
	ErrNotFound = errors.New("no such scenario")
)

// libraryPrefix asks for a scenario of the library even if a file of the same
// name exists; findings about library files carry it too.
const libraryPrefix = "library:"

// Loader reads scenarios. The zero Loader refuses card numbers that may belong
// to somebody.
type Loader struct {
	AllowAnyPAN bool          // take any card number of the right form
	Targets     token.Targets // where notices may go
	compiled    bool          // the text was taken before, by whatever rules for targets
}

// Load reads files and folders into one scenario with the zero [Loader]; see
// [Loader.Load].
func Load(paths ...string) (Scenario, Findings, error) { return Loader{}.Load(paths...) }

// Parse reads one file's text with the zero [Loader]; see [Loader.Parse].
func Parse(file string, data []byte) (Scenario, Findings) { return Loader{}.Parse(file, data) }

// Load reads scenario files and merges them in the given order: lists and
// names of later files are added to those of earlier ones, a name that two
// files give is a finding with both places. A path is a file, a folder (its
// *.yaml and *.yml files in the order of their names, sub-folders left out),
// "library:NAME", or the bare NAME of a library scenario where no such file
// exists.
//
// The findings are all there is to say about all files. If one of them is an
// error the scenario is empty but for them. The error is for what cannot be read at all;
// it wraps [ErrNotFound] or the system's error.
func (l Loader) Load(paths ...string) (Scenario, Findings, error) {
	var sources []Source
	for _, path := range paths {
		found, err := open(path)
		if err != nil {
			return Scenario{}, nil, err
		}
		sources = append(sources, found...)
	}
	sc, findings := l.compile(context.Background(), sources)
	return sc, findings, nil
}

// Parse reads the text of one file; file is the name used in findings.
func (l Loader) Parse(file string, data []byte) (Scenario, Findings) {
	return l.ParseContext(context.Background(), file, data)
}

// ParseContext is [Loader.Parse] for somebody who may leave: the work stops when
// ctx ends, and that is a finding.
func (l Loader) ParseContext(ctx context.Context, file string, data []byte) (Scenario, Findings) {
	return l.compile(ctx, []Source{{file, bytes.Clone(data)}}) // the caller may use data again
}

func (l Loader) compile(ctx context.Context, sources []Source) (Scenario, Findings) {
	r := &report{left: ctx.Err}
	drafts := make([]draft, len(sources))
	files := make([]string, len(sources))
	for i, s := range sources {
		files[i], drafts[i] = s.File, decode(s.File, s.Data, r)
	}
	sc := newCompiler(l, r, drafts).compile()
	sc.Text = Text{sources, l.AllowAnyPAN}
	r.close(files[0])
	r.found.sort(files)
	if broken := r.found.Errors(); len(broken) > 0 {
		return Scenario{Broken: broken}, r.found
	}
	return sc, r.found
}

// open finds what a path of [Loader.Load] names.
func open(path string) ([]Source, error) {
	if name, ok := strings.CutPrefix(path, libraryPrefix); ok {
		return openLibrary(name)
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !strings.ContainsAny(path, `/\.`):
		return openLibrary(path)
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%w: %s", ErrNotFound, path)
	case err != nil:
		return nil, fmt.Errorf("reading scenarios: %w", err)
	case info.IsDir():
		return openFolder(path)
	default:
		return openFiles([]string{path})
	}
}

func openFolder(path string) ([]Source, error) {
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, fmt.Errorf("reading scenarios: %w", err)
	}
	var files []string
	for _, e := range entries {
		ext := filepath.Ext(e.Name())
		if !e.IsDir() && !strings.HasPrefix(e.Name(), ".") && (ext == ".yaml" || ext == ".yml") {
			files = append(files, filepath.Join(path, e.Name()))
		}
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%w: %s holds no *.yaml file", ErrNotFound, path)
	}
	slices.Sort(files)
	return openFiles(files)
}

func openFiles(paths []string) ([]Source, error) {
	sources := make([]Source, len(paths))
	for i, path := range paths {
		data, err := readLimited(path)
		if err != nil {
			return nil, fmt.Errorf("reading scenarios: %w", err)
		}
		sources[i] = Source{path, data}
	}
	return sources, nil
}

// readLimited reads one byte more than the limit of the parser, which then
// says that the file is too long.
func readLimited(path string) ([]byte, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0) // a pipe that nobody writes to is empty, and not waited for
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, yamldoc.MaxBytes+1))
}
