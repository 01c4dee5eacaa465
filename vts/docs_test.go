package vts_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
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

var (
	coverageRow = regexp.MustCompile(`(?m)^\| (\d+) \| [^|]+ \| (done|not done) \| ([^|]+) \|$`)
	namedTest   = regexp.MustCompile("`([a-z/]+)\\.(Test\\w+)`")
)

// TestDocs_CoverageNamesTests keeps docs/coverage-vts.md honest: every statement
// has a row, in order, every row that is done a test, and every test is there.
func TestDocs_CoverageNamesTests(t *testing.T) {
	doc, err := os.ReadFile(filepath.Join("..", "docs", "coverage-vts.md"))
	if err != nil {
		t.Fatal(err)
	}
	rows := coverageRow.FindAllStringSubmatch(string(doc), -1)
	if len(rows) != 11 {
		t.Errorf("%d statements, want 11", len(rows))
	}
	for i, row := range rows {
		if row[1] != strconv.Itoa(i+1) {
			t.Errorf("statement %s is in place %d", row[1], i+1)
		}
		if row[2] == "done" && !namedTest.MatchString(row[3]) {
			t.Errorf("statement %s is done without a test", row[1])
		}
	}
	for _, name := range namedTest.FindAllStringSubmatch(string(doc), -1) {
		if !hasTest(t, name[1], name[2]) {
			t.Errorf("%s has no %s", name[1], name[2])
		}
	}
}

func hasTest(t *testing.T, dir, name string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", filepath.FromSlash(dir), "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(source), "\nfunc "+name+"(") {
			return true
		}
	}
	return false
}

func wireDoc(t *testing.T) string {
	t.Helper()
	doc, err := os.ReadFile(filepath.Join("..", "docs", "wire", "vts.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(doc)
}
