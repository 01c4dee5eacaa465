package server_test

import (
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/internal/stage"
)

// TestCoverage_NamesTestsAndSwitchesThatExist reads docs/coverage-mdes.md: all
// rows are there, each with a state and a test, and nothing is made up.
func TestCoverage_NamesTestsAndSwitchesThatExist(t *testing.T) {
	page := string(stage.Must(os.ReadFile("../../docs/coverage-mdes.md"))(t))
	known := testsOfTheTree(t)
	names := regexp.MustCompile("`(Test[A-Za-z0-9_]+)`").FindAllStringSubmatch(page, -1)
	if len(names) < 50 {
		t.Errorf("%d tests named; the pattern no longer fits", len(names))
	}
	for _, name := range names {
		if !known[name[1]] {
			t.Errorf("there is no test %s", name[1])
		}
	}
	language := string(stage.Must(os.ReadFile("../../docs/scenarios.md"))(t))
	_, traps, _ := strings.Cut(page, "## Twenty traps")
	traps, open, _ := strings.Cut(traps, "## Nine things that are not public")
	for title, c := range map[string]struct {
		text string
		rows int
	}{"traps": {traps, 20}, "not public": {open, 9}} {
		rows := coverageRows(c.text)
		if len(rows) != c.rows {
			t.Errorf("%s: %d rows, want %d", title, len(rows), c.rows)
		}
		for i, row := range rows {
			if row[0] != strconv.Itoa(i+1) || row[1] == "" || !slices.Contains([]string{"done", "decided", "in part"}, row[2]) || !strings.Contains(row[3], "`Test") {
				t.Errorf("%s, row %d: %q", title, i+1, row)
			}
			if row[2] == "in part" && row[5] == "" {
				t.Errorf("%s, row %d does not say what is left out", title, i+1)
			}
			for _, name := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(row[4], -1) {
				if !strings.Contains(language, "\n| `"+name[1]+"` |") {
					t.Errorf("%s, row %d: there is no switch %s", title, i+1, name[1])
				}
			}
		}
	}
}

// coverageRows lists the numbered rows of the first table of a text by cell.
func coverageRows(text string) [][]string {
	var rows [][]string
	for line := range strings.Lines(text) {
		cells := strings.Split(strings.TrimSpace(line), "|")
		if len(cells) != 8 {
			continue
		}
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		if _, err := strconv.Atoi(cells[1]); err == nil {
			rows = append(rows, cells[1:7])
		}
	}
	return rows
}

// testsOfTheTree lists every test of the two packages of this network.
func testsOfTheTree(t *testing.T) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	declared := regexp.MustCompile(`(?m)^func (Test[A-Za-z0-9_]+)\(t \*testing\.T\)`)
	err := fs.WalkDir(os.DirFS(".."), ".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := fs.ReadFile(os.DirFS(".."), path)
		for _, one := range declared.FindAllStringSubmatch(string(source), -1) {
			found[one[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
