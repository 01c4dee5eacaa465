package scenarios

import (
	"embed"
	"fmt"
	"path"
	"slices"
	"strings"
)

//go:embed library/*.yaml
var libraryFiles embed.FS

// Story is one scenario of the library.
type Story struct {
	Name  string // "visa-card-not-eligible", as in library:NAME
	About string // its first comment, on one line
	File  string // "library:visa-card-not-eligible", as in findings
	Data  []byte // the YAML text, for printing and copying
}

// Library lists the scenarios that come with the program, by name.
func Library() []Story {
	entries, err := libraryFiles.ReadDir("library")
	if err != nil {
		panic("scenarios: the embedded library is missing: " + err.Error())
	}
	stories := make([]Story, 0, len(entries))
	for _, e := range entries {
		data, err := libraryFiles.ReadFile(path.Join("library", e.Name()))
		if err != nil {
			panic("scenarios: an embedded file cannot be read: " + err.Error())
		}
		name := strings.TrimSuffix(e.Name(), ".yaml")
		stories = append(stories, Story{name, firstComment(string(data)), libraryPrefix + name, data})
	}
	slices.SortFunc(stories, func(a, b Story) int { return strings.Compare(a.Name, b.Name) })
	return stories
}

// firstComment joins the lines of the comment at the head of a file.
func firstComment(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		comment, ok := strings.CutPrefix(line, "#")
		if !ok {
			break
		}
		lines = append(lines, strings.TrimSpace(comment))
	}
	return strings.TrimSpace(strings.Join(lines, " "))
}

func openLibrary(name string) ([]Source, error) {
	stories := Library()
	i := slices.IndexFunc(stories, func(s Story) bool { return s.Name == name })
	if i >= 0 {
		return []Source{{stories[i].File, stories[i].Data}}, nil
	}
	known := make([]string, len(stories))
	for i, s := range stories {
		known[i] = s.Name
	}
	if meant := Nearest(name, known); meant != "" {
		return nil, fmt.Errorf("%w: neither a file nor in the library: %q; did you mean %s?", ErrNotFound, name, meant)
	}
	return nil, fmt.Errorf("%w: neither a file nor one of the %d in the library: %q", ErrNotFound, len(known), name)
}
