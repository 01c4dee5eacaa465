package arrows

import (
	"io/fs"
	"iter"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

const (
	whyNoFile   = "there is no such file or folder; prose that names one must move with it"
	whyNoTarget = "the Makefile has no such target"
)

var (
	quoted     = regexp.MustCompile("`([A-Za-z0-9_./{},-]+)`")
	link       = regexp.MustCompile(`\]\(([^)#:\s]+)[^):\s]*\)`)
	makeTarget = regexp.MustCompile("`make ([a-z]+)")
	fileEnding = []string{".go", ".yaml", ".md", ".json", ".mod", ".yml", ".sh"}
)

// CheckProse reports each path in backquotes of a Markdown file that is not in
// the tree, seen from the root or from the file's own folder (a bare file name: in
// any folder), each make target that the Makefile does not have, and what [CheckLinks] reports. NAME in capitals represents any
// name, so only its folder must be there. What a build makes (bin, dist) and
// paths that begin with a slash name no files of ours.
func CheckProse(fsys fs.FS, file string) ([]Finding, error) {
	text, err := fs.ReadFile(fsys, file)
	if err != nil {
		return nil, err
	}
	makefile, err := fs.ReadFile(fsys, "Makefile")
	if err != nil {
		return nil, err
	}
	found := links(fsys, file, string(text))
	for number, line := range numbered(string(text)) {
		where := file + ":" + strconv.Itoa(number) + " "
		for _, match := range quoted.FindAllStringSubmatch(line, -1) {
			if name := match[1]; isPath(name) && !exists(fsys, path.Dir(file), name) {
				found = append(found, Finding{where + name, whyNoFile})
			}
		}
		for _, match := range makeTarget.FindAllStringSubmatch(line, -1) {
			if !strings.Contains(string(makefile), "\n"+match[1]+":") {
				found = append(found, Finding{where + "make " + match[1], whyNoTarget})
			}
		}
	}
	return found, nil
}

// CheckLinks reports each relative link of a Markdown file that leads nowhere.
func CheckLinks(fsys fs.FS, file string) ([]Finding, error) {
	text, err := fs.ReadFile(fsys, file)
	if err != nil {
		return nil, err
	}
	return links(fsys, file, string(text)), nil
}

func links(fsys fs.FS, file, text string) []Finding {
	var found []Finding
	for number, line := range numbered(text) {
		for _, match := range link.FindAllStringSubmatch(line, -1) {
			if _, err := fs.Stat(fsys, path.Join(path.Dir(file), match[1])); err != nil {
				found = append(found, Finding{file + ":" + strconv.Itoa(number) + " " + match[1], whyNoFile})
			}
		}
	}
	return found
}

// numbered yields the lines of text from 1.
func numbered(text string) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		number := 0
		for line := range strings.Lines(text) {
			if number++; !yield(number, line) {
				return
			}
		}
	}
}

func isPath(name string) bool {
	if under(name, "bin") || under(name, "dist") || strings.HasPrefix(name, "/") {
		return false
	}
	return strings.Contains(name, "/") || slices.Contains(fileEnding, path.Ext(name)) && path.Ext(name) != name
}

var placeholder = regexp.MustCompile(`\b[A-Z]{3,}\b`)

func exists(fsys fs.FS, folder, name string) bool {
	if base := path.Base(name); placeholder.MatchString(base) && path.Ext(base) != ".md" {
		name = path.Dir(name)
	}
	for _, candidate := range []string{path.Clean(name), path.Join(folder, name)} {
		if _, err := fs.Stat(fsys, candidate); err == nil {
			return true
		}
	}
	return !strings.Contains(name, "/") && somewhere(fsys, name)
}

// somewhere reports whether a file of that name is in any folder: prose about
// siblings names a file that several folders have.
func somewhere(fsys fs.FS, name string) (found bool) {
	_ = fs.WalkDir(fsys, ".", func(at string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil || entry.IsDir() && at != "." && ignored(fsys, at):
			return fs.SkipDir
		case !entry.IsDir() && path.Base(at) == name:
			found = true
			return fs.SkipAll
		}
		return nil
	})
	return found
}
