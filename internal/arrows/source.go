// Package arrows reads the source files of this module and says where they
// break the rules of the project: who may import whom, who may ask for the time, and how
// long files and functions may be.
//
// Only tests call it. It must not run the go command: a test that does is
// served stale from the test cache, while files read here invalidate it.
package arrows

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// ErrNoModule says that the tree's go.mod names no module.
var ErrNoModule = errors.New("go.mod has no module line")

// File is one Go source file. Path is relative to the module's root.
type File struct {
	Path      string
	Test      bool
	Generated bool
	Lines     int
	Imports   []string // import paths, as written
	AST       *ast.File
}

// Tree is the Go source of one module, without nested modules.
type Tree struct {
	Module string
	Files  []File // sorted by path
	Fset   *token.FileSet
}

// Finding is one broken rule: where, and why it is one.
type Finding struct {
	Where string
	Why   string
}

// String joins place and reason.
func (f Finding) String() string { return f.Where + ": " + f.Why }

// Read parses every Go file under the root of fsys, which holds a go.mod.
// Folders the go command ignores and nested modules are left out. An error is
// one of reading or of syntax.
func Read(fsys fs.FS, mode parser.Mode) (*Tree, error) {
	mod, err := fs.ReadFile(fsys, "go.mod")
	if err != nil {
		return nil, err
	}
	tree := &Tree{Module: modulePath(mod), Fset: token.NewFileSet()}
	if tree.Module == "" {
		return nil, ErrNoModule
	}
	err = fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && ignored(fsys, name):
			return fs.SkipDir
		case entry.IsDir() || path.Ext(name) != ".go":
			return nil
		}
		return tree.add(fsys, name, mode)
	})
	return tree, err
}

func (t *Tree) add(fsys fs.FS, name string, mode parser.Mode) error {
	src, err := fs.ReadFile(fsys, name)
	if err != nil {
		return err
	}
	parsed, err := parser.ParseFile(t.Fset, name, src, mode)
	if err != nil {
		return fmt.Errorf("parse: %w", err)
	}
	file := File{
		Path:      name,
		Test:      strings.HasSuffix(name, "_test.go"),
		Generated: ast.IsGenerated(parsed),
		Lines:     bytes.Count(src, []byte("\n")),
		AST:       parsed,
	}
	for _, spec := range parsed.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return fmt.Errorf("%s: import %s: %w", name, spec.Path.Value, err)
		}
		file.Imports = append(file.Imports, imported)
	}
	t.Files = append(t.Files, file)
	return nil
}

// imports lists what each package's non-test files import, sorted, without
// repeats. Packages of this module are named by folder, "." for the root.
func (t *Tree) imports() map[string][]string {
	all := map[string][]string{}
	for _, file := range t.Files {
		if file.Test {
			continue
		}
		folder := path.Dir(file.Path)
		all[folder] = append(all[folder], file.Imports...)
	}
	for folder, imported := range all {
		slices.Sort(imported)
		all[folder] = slices.Compact(imported)
	}
	return all
}

// own turns an import path of this module into its folder.
func (t *Tree) own(imported string) (folder string, ok bool) {
	if imported == t.Module {
		return ".", true
	}
	return strings.CutPrefix(imported, t.Module+"/")
}

func (t *Tree) line(at token.Pos) string {
	pos := t.Fset.Position(at)
	return pos.Filename + ":" + strconv.Itoa(pos.Line)
}

func ignored(fsys fs.FS, name string) bool {
	base := path.Base(name)
	if name == "." {
		return false
	}
	if base == "testdata" || base == "vendor" || base == "node_modules" || strings.ContainsAny(base[:1], "._") {
		return true
	}
	_, err := fs.Stat(fsys, name+"/go.mod")
	return err == nil
}

func modulePath(mod []byte) string {
	for line := range strings.Lines(string(mod)) {
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), "module "); ok {
			return strings.TrimSpace(name)
		}
	}
	return ""
}

// under reports whether folder is root or below it.
func under(folder, root string) bool {
	return folder == root || strings.HasPrefix(folder, root+"/")
}
