package arrows

import (
	"go/parser"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
)

const root = "../.."

func TestProject_Imports(t *testing.T) {
	tree := readProject(t)
	report(t, CheckImports(tree))
	report(t, CheckLibraries(tree))
}

func TestProject_Clock(t *testing.T) { report(t, CheckClock(readProject(t))) }

func TestProject_Size(t *testing.T) { report(t, CheckSize(readProject(t))) }

// tools/image is a module of its own, for the sake of its libraries alone:
// no arrow leads there, but it is read like the rest.
func TestProject_SizeOfLayout(t *testing.T) {
	tree, err := Read(os.DirFS(root+"/tools/image"), parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(tree.Files, func(f File) bool { return f.Path == "layout_test.go" }) {
		t.Fatal("no test of tools/image was read; the check would prove nothing")
	}
	report(t, CheckSize(tree))
}

// readOnce parses the module for all tests, which only look at it.
var readOnce = sync.OnceValues(func() (*Tree, error) { return Read(os.DirFS(root), parser.ParseComments) })

// readProject reads the module itself and makes sure that it was really seen.
func readProject(t *testing.T) *Tree {
	t.Helper()
	tree, err := readOnce()
	if err != nil {
		t.Fatal(err)
	}
	for _, must := range []string{"clock/wall.go", "token/pan.go", "internal/arrows/project_test.go"} {
		if !slices.ContainsFunc(tree.Files, func(f File) bool { return f.Path == must }) {
			t.Fatalf("%s was not read; the check would prove nothing", must)
		}
	}
	return tree
}

func report(t *testing.T, found []Finding) {
	t.Helper()
	for _, finding := range found {
		t.Error(finding)
	}
}

// plant makes a tree of path → source, to show that a check finds what it is for.
func plant(t *testing.T, files map[string]string) *Tree {
	t.Helper()
	fsys := fstest.MapFS{"go.mod": {Data: []byte("module example.org/project\n\ngo 1.26\n")}}
	for name, src := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(src)}
	}
	tree, err := Read(fsys, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// expect compares findings, as text, with the beginnings of the wanted ones.
func expect(t *testing.T, found []Finding, want ...string) {
	t.Helper()
	if len(found) != len(want) {
		t.Fatalf("found %d, want %d:\n%v", len(found), len(want), found)
	}
	for i, finding := range found {
		if !strings.HasPrefix(finding.String(), want[i]) {
			t.Errorf("found %q, want it to begin with %q", finding, want[i])
		}
	}
}
