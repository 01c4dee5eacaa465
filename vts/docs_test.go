package vts_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	citation = regexp.MustCompile(`docs/wire/vts\.md ((?:"[^"]+"(?:,| for [^"]*)?\s*(?://)?\s*)+)`)
	quotedIn = regexp.MustCompile(`"([^"]+)"`)
)

// TestDocs_CitedHeadingsExist keeps the comments' references alive.
func TestDocs_CitedHeadingsExist(t *testing.T) {
	doc := wireDoc(t)
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	cited := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range citation.FindAllStringSubmatch(string(source), -1) {
			for _, heading := range quotedIn.FindAllStringSubmatch(c[1], -1) {
				cited++
				if !strings.Contains(doc, "\n## "+heading[1]+"\n") {
					t.Errorf("%s cites %q, which the document does not have", file, heading[1])
				}
			}
		}
	}
	if cited < 10 {
		t.Errorf("only %d citations found", cited)
	}
}

// TestDocs_VectorsAreTheTested keeps the document's vectors and the tests' alike.
func TestDocs_VectorsAreTheTested(t *testing.T) {
	doc := wireDoc(t)
	for _, v := range vectors {
		if !strings.Contains(doc, "| "+v.form+" | `"+v.path+"` | ") || !strings.Contains(doc, "`"+v.hash+"`") {
			t.Errorf("vector %s is not in the document", v.name)
		}
	}
}

func wireDoc(t *testing.T) string {
	t.Helper()
	doc, err := os.ReadFile(filepath.Join("..", "docs", "wire", "vts.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(doc)
}
