package arrows

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// source writes a file of one package that imports names of the planted module;
// "" is its root.
func source(pkg string, imports ...string) string {
	text := "package " + pkg + "\n"
	for _, name := range imports {
		text += "import _ \"" + strings.TrimSuffix("example.org/project/"+name, "/") + "\"\n"
	}
	return text
}

// planted is a tree of our own making, and what CheckImports must find in it.
type planted struct {
	name  string
	files map[string]string
	want  []string
}

var plantedInOrder = []planted{
	{
		name: "every arrow of the picture is allowed",
		files: map[string]string{
			"token/a.go":                source("token"),
			"simulator/journal/a.go":    source("journal", "token"),
			"simulator/sandbox/a.go":    source("sandbox", "simulator/journal"),
			"simulator/door/a.go":       source("door", "simulator/journal"),
			"vts/a.go":                  source("vts", "token"),
			"vts/server/a.go":           source("server", "vts", "simulator/face", "simulator/sandbox"),
			"simulator/face/a.go":       source("face", "simulator/door"),
			"a.go":                      source("project", "vts/server", "simulator/control"),
			"simulator/control/a.go":    source("control", "simulator/sandbox", "control"),
			"control/a.go":              source("control", "token"),
			"harness/suites/vts/a.go":   source("vts", "vts", "token"),
			"cmd/pantomime/a.go":        source("main", "", "harness/suites/vts"),
			"harness/mutants/a_test.go": source("mutants", "simulator/sandbox"),
		},
	},
	{
		name: "a test is set up by what only tests use",
		files: map[string]string{
			"internal/stage/a.go":    source("stage", "simulator/sandbox"),
			"simulator/sandbox/a.go": source("sandbox"),
			"vts/a.go":               source("vts"),
			"vts/a_test.go":          source("vts", "internal/stage"),
		},
	},
	{
		name: "nested modules, testdata and hidden folders are not ours",
		files: map[string]string{
			"tools/go.mod":            "module example.org/tools\n",
			"tools/a.go":              source("tools", "harness"),
			"harness/testdata/x/a.go": source("x", "simulator/vault"),
			".cache/a.go":             "not Go at all",
		},
	},
}

var plantedStrays = []planted{
	{
		name:  "the bottom imports something",
		files: map[string]string{"token/a.go": source("token", "clock"), "clock/a.go": source("clock")},
		want:  []string{"token → clock: " + whyBottom},
	},
	{
		name: "the skeleton of faces looks into the vault by a detour",
		files: map[string]string{
			"simulator/face/a.go":    source("face", "simulator/door"),
			"simulator/door/a.go":    source("door", "simulator/sandbox"),
			"simulator/sandbox/a.go": source("sandbox", "simulator/vault"),
			"simulator/vault/a.go":   source("vault"),
		},
		want: []string{
			"simulator/door → simulator/sandbox: the door writes",
			"simulator/face → simulator/door → simulator/sandbox: " + whyFace,
		},
	},
	{
		name: "the harness is made of what it judges",
		files: map[string]string{
			"harness/a.go":           source("harness", "simulator/outcome", ""),
			"simulator/outcome/a.go": source("outcome"),
			"a.go":                   source("project"),
		},
		want: []string{
			"harness → .: the harness starts the simulator",
			"harness → simulator/outcome: " + whyForge,
		},
	},
	{
		name: "a face and a command are made of what only tests use",
		files: map[string]string{
			"internal/stage/a.go":   source("stage"),
			"vts/server/a.go":       source("server", "internal/stage"),
			"cmd/pantomime/a.go":    source("main", ""),
			"a.go":                  source("project", "vts/server"),
			"internal/stage/b/a.go": source("b", "internal/stage"),
		},
		want: []string{
			". → vts/server → internal/stage: it sets up tests",
			"cmd/pantomime → . → vts/server → internal/stage: it sets up tests",
			"vts/server → internal/stage: it sets up tests",
		},
	},
	{
		name:  "what sets up tests knows a face",
		files: map[string]string{"internal/stage/a.go": source("stage", "vts/server"), "vts/server/a.go": source("server")},
		want:  []string{"internal/stage → vts/server: it sets up tests"},
	},
	{
		name: "the harness is tested on the simulator, and only tested",
		files: map[string]string{
			"internal/simulated/a.go":    source("simulated", "harness", ""),
			"harness/a.go":               source("harness"),
			"harness/a_test.go":          source("harness", "internal/simulated"),
			"harness/suites/vts/a.go":    source("vts", "internal/simulated"),
			"cmd/pantomime/a.go":         source("main", "internal/simulated"),
			"cmd/pantomime/main_test.go": source("main", "internal/simulated"),
			"a.go":                       source("project"),
		},
		want: []string{
			"cmd/pantomime → internal/simulated: tests judge our own simulator",
			"harness/suites/vts → internal/simulated: tests judge our own simulator",
		},
	},
	{
		name:  "a new folder of the engine has no row",
		files: map[string]string{"simulator/magic/a.go": source("magic")},
		want:  []string{"simulator/magic: this folder has no row"},
	},
}

func TestCheckImports_Planted(t *testing.T) {
	for _, tt := range slices.Concat(plantedInOrder, plantedStrays) {
		t.Run(tt.name, func(t *testing.T) { expect(t, CheckImports(plant(t, tt.files)), tt.want...) })
	}
}

func TestCheckLibraries_Planted(t *testing.T) {
	lib := func(pkg, name string) string { return "package " + pkg + "\nimport _ \"" + name + "\"\n" }
	tests := []struct {
		name, file, imported string
		want                 string
	}{
		{"YAML in its own package", "internal/yamldoc/a.go", "gopkg.in/yaml.v3", ""},
		{"YAML next to it", "scenarios/a.go", "gopkg.in/yaml.v3", "the library is archived"},
		{"YAML in a test", "scenarios/a_test.go", "gopkg.in/yaml.v3", "the library is archived"},
		{"specs in the harness", "harness/suites/vts/a.go", "github.com/onsi/ginkgo/v2", ""},
		{"matchers in a test", "vts/a_test.go", "github.com/onsi/gomega/ghttp", ""},
		{"matchers in a face", "vts/a.go", "github.com/onsi/gomega", "a matcher library"},
		{"gin at a face's server", "vts/server/a.go", "github.com/gin-gonic/gin", ""},
		{"gin in the skeleton of faces", "simulator/face/a.go", "github.com/gin-gonic/gin", ""},
		{"gin where the parts are joined", "a.go", "github.com/gin-gonic/gin", "HTTP stays at the doors"},
		{"gin in the engine", "simulator/vault/a.go", "github.com/gin-gonic/gin", "HTTP stays at the doors"},
		{"gin in a client", "mdes/a.go", "github.com/gin-gonic/gin/binding", "HTTP stays at the doors"},
		{"fake data behind fixtures", "fixtures/a.go", "github.com/brianvoe/gofakeit/v6", ""},
		{"fake data elsewhere, even in a test", "mdes/a_test.go", "github.com/brianvoe/gofakeit/v6", "its card numbers"},
		{"a comparison in what only tests use", "internal/stage/a.go", "github.com/google/go-cmp/cmp", ""},
		{"a comparison in a tool", "internal/arrows/a.go", "github.com/google/go-cmp/cmp", "it is written for tests"},
		{"JOSE in a test", "vts/a_test.go", "github.com/go-jose/go-jose/v4", ""},
		{"JOSE in the codec", "vts/a.go", "github.com/go-jose/go-jose/v4", "the codec is our own"},
		{"a random stream", "mdes/a.go", "math/rand/v2", "ids and secrets"},
		{"a library without a place", "vts/a.go", "example.com/left/pad", "this library has no place"},
		{"the standard library", "vts/a.go", "encoding/json", ""},
		{"a module whose name begins like ours", "vts/a.go", "example.org/projecthold", "this library has no place"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			found := CheckLibraries(plant(t, map[string]string{tt.file: lib("a", tt.imported)}))
			if tt.want == "" {
				expect(t, found)
				return
			}
			expect(t, found, tt.file+" → "+tt.imported+": "+tt.want)
		})
	}
}

// The table is written by hand, so what it must never permit is said twice.
func TestTable_NeverPermits(t *testing.T) {
	engine := []string{
		"simulator/sandbox", "simulator/vault", "simulator/outcome", "simulator/store",
		"simulator/control", ".",
	}
	never := map[string][]string{
		"token":             {"clock", "seed", "simulator/store", "fixtures"},
		"scenarios":         {"clock", "vts", "mdes", "simulator/outcome"},
		"harness":           append([]string{"simulator/callback", "simulator/journal", "simulator/door", "simulator/face", "scenarios", "internal/simulated"}, engine...),
		"cmd":               {"internal/simulated"},
		"vts":               append([]string{"mdes", "simulator/door"}, engine...),
		"mdes":              append([]string{"vts", "simulator/door"}, engine...),
		"vts/server":        {"mdes", "mdes/server", "simulator/control"},
		"control":           append([]string{"vts", "mdes"}, engine...),
		"requestor/wallet":  append([]string{"vts/server", "mdes/server", "control", "scenarios", "fixtures", "play"}, engine...),
		".":                 {"harness", "cmd", "play"},
		"simulator/face":    append([]string{"vts", "mdes", "scenarios"}, engine...),
		"simulator/sandbox": {"simulator/door", "simulator/control", "vts", "mdes", "control"},
	}
	for from, banned := range never {
		reached := closure(from)
		for _, to := range banned {
			if slices.Contains(reached, to) {
				t.Errorf("the table lets %s reach %s", from, to)
			}
		}
	}
	for _, reason := range reasons {
		if slices.Contains(closure(reason.From), reason.To) {
			t.Errorf("the table permits %s → %s, and a reason says why not", reason.From, reason.To)
		}
	}
}

func TestTable_NamesRealRows(t *testing.T) {
	known := map[string]bool{}
	for _, row := range rows {
		if known[row.Folder] || row.Why == "" {
			t.Errorf("row %s is there twice or says no why", row.Folder)
		}
		known[row.Folder] = true
		if found, err := fs.Glob(os.DirFS(filepath.Join(root, row.Folder)), "*"); err != nil || len(found) == 0 {
			t.Errorf("row %s is about a folder that does not exist", row.Folder)
		}
	}
	for _, row := range rows {
		for _, may := range row.May {
			if !known[may] {
				t.Errorf("row %s may import %s, which has no row", row.Folder, may)
			}
			if to, _ := rowOf(may); to.Tests {
				t.Errorf("row %s may import %s, which is for tests only", row.Folder, may)
			}
		}
	}
	for _, reason := range reasons {
		if !known[reason.From] || !known[reason.To] {
			t.Errorf("reason %s → %s names a folder without a row", reason.From, reason.To)
		}
	}
}

func TestRead_RefusesWhatItCannotJudge(t *testing.T) {
	if _, err := Read(os.DirFS(t.TempDir()), 0); err == nil {
		t.Error("a tree without go.mod was read")
	}
}
