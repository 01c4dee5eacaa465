package recording

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// sections are what is recorded of one play, by name.
type sections map[string]string

// sectionNames are all sections, in the order of the file.
var sectionNames = []string{"env", "journal", "explain", "verify", "callbacks", "tokens", "answers"}

// heading is the line before a section. JSON is indented and an answer is
// escaped, so that no line within a section begins like it.
const heading = "=== "

func path(v variant) string { return filepath.Join("testdata", v.String()+".txt.gz") }

// save writes a file: one section of all plays after the other, for what is
// alike then is together and takes little space.
func save(t *testing.T, v variant, plays map[string]sections) {
	t.Helper()
	if len(plays) != len(subjects()) {
		t.Fatalf("only %d of %d plays were recorded; -update needs all of them", len(plays), len(subjects()))
	}
	var file bytes.Buffer
	z, err := gzip.NewWriterLevel(&file, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	size := 0
	for _, section := range sectionNames {
		for _, play := range slices.Sorted(maps.Keys(plays)) {
			if text := plays[play][section]; text != "" {
				n, err := fmt.Fprintf(z, "%s%s %s\n%s", heading, section, play, text)
				if err != nil {
					t.Fatal(err)
				}
				size += n
			}
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	t.Logf("%s: %d bytes, packed %d", v, size, file.Len())
	if err := os.WriteFile(path(v), file.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

// load reads a file back, by play.
func load(t *testing.T, v variant) map[string]sections {
	t.Helper()
	file, err := os.Open(path(v))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	z, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	plays := map[string]sections{}
	for part := range strings.SplitSeq("\n"+string(text), "\n"+heading) {
		title, body, ok := strings.Cut(part, "\n")
		section, play, named := strings.Cut(title, " ")
		switch {
		case part == "":
			continue
		case !ok || !named:
			t.Fatalf("%s: %q is no heading", path(v), title)
		case plays[play] == nil:
			plays[play] = sections{}
		}
		plays[play][section] = strings.TrimSuffix(body, "\n") + "\n"
	}
	return plays
}

// lines makes a difference readable.
func lines(text string) []string { return strings.Split(text, "\n") }
