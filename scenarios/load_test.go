package scenarios_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/internal/yamldoc"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/token"
)

// folder writes files into a new folder.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		write(t, dir, name, text)
	}
	return dir
}

func write(t testing.TB, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestLoad_MergesAFolderInTheOrderOfNames(t *testing.T) {
	dir := folder(t, map[string]string{
		"20-rules.yml":    "version: 1\nname: rules\nseed: 7\nrules: [ { when: { card: alice }, then: { error: declined } } ]",
		"10-cards.yaml":   "version: 1\nname: cards\nclock: { mode: manual }\ncards: { alice: { network: visa }, bob: { network: mastercard } }",
		"30-more.yaml":    "version: 1\nseed: 7\nclock: { start: 2026-03-01T09:00:00Z }\nrules: [ { when: { card: bob }, then: { error: limit_exceeded } } ]",
		".hidden.yaml":    "nonsense: true",
		"notes.txt":       "nonsense",
		"40-backup.yaml~": "nonsense",
	})
	sc, found, err := scenarios.Load(dir)
	if err != nil || len(found) > 0 {
		t.Fatalf("%v\n%s", err, lines(found))
	}
	if sc.Name != "cards; rules" || sc.Seed != 7 || sc.Clock.Mode != "manual" || sc.Clock.Start.IsZero() || len(sc.Cards) != 2 {
		t.Errorf("merged badly: %+v", sc)
	}
	if len(sc.Rules) != 2 || sc.Rules[0].Name != "rule 1" || sc.Rules[1].Name != "rule 2" || sc.Rules[1].Then.Error != "limit_exceeded" {
		t.Errorf("rules of later files must follow: %+v", sc.Rules)
	}
	if at := sc.Rules[1].At; filepath.Base(at.File) != "30-more.yaml" || at.Line != 4 {
		t.Errorf("a rule must know its file: %s", at)
	}
}

func TestLoad_TellsBothPlacesOfAConflict(t *testing.T) {
	dir := folder(t, map[string]string{
		"a.yaml": `version: 1
seed: 1
clock: { mode: manual }
requestors: { w: {} }
issuers: { i: {} }
cards: { alice: { pan: test/visa/1 } }
rules: [ { name: r, when: { attempt: 1 }, then: {} } ]
callbacks: { retry: [1m], timeout: 1s }
expect: { callbacks: { pending: 0 } }
profile: strict
networks: { visa: { repeat: new, create-status: 200 }, mastercard: { error-statuses: { INVALID_PAN: 400, INVALID_TASK_ID: 404 } } }
`,
		"b.yaml": `version: 1
seed: 2
clock: { mode: system }
requestors: { w: {} }
issuers: { i: {} }
cards: { alice: { pan: test/visa/2 } }
rules: [ { name: r, when: { attempt: 2 }, then: {} } ]
callbacks: { retry: [1m], timeout: 2s }
expect: { callbacks: { pending: 1 } }
profile: lenient
networks: { visa: { repeat: same, create-status: 200 }, mastercard: { error-statuses: { INVALID_PAN: 400 } } }
`,
	})
	_, found, err := scenarios.Load(filepath.Join(dir, "a.yaml"), filepath.Join(dir, "b.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"b.yaml:2:7: seed: \"2\" differs from what another file says (first at a.yaml:2:7)",
		"b.yaml:3:16: clock.mode: \"system\" differs from what another file says (first at a.yaml:3:16)",
		"b.yaml:4:15: requestors.w: \"w\" is a name given twice (first at a.yaml:4:15)",
		"b.yaml:5:12: issuers.i: \"i\" is a name given twice (first at a.yaml:5:12)",
		"b.yaml:6:10: cards.alice: \"alice\" is a name given twice (first at a.yaml:6:10)",
		"b.yaml:7:18: rules[0].name: \"r\" is a name given twice (first at a.yaml:7:18)",
		"b.yaml:8:21: callbacks.retry: is given by two files (first at a.yaml:8:21)",
		"b.yaml:8:36: callbacks.timeout: \"2s\" differs from what another file says (first at a.yaml:8:36)",
		"b.yaml:9:33: expect.callbacks.pending: \"1\" differs from what another file says (first at a.yaml:9:33)",
		"b.yaml:10:10: profile: \"lenient\" differs from what another file says (first at a.yaml:10:10)",
		"b.yaml:11:29: networks.visa.repeat: \"same\" differs from what another file says (first at a.yaml:11:29)",
		"b.yaml:11:87: networks.mastercard.error-statuses: differs from what another file says (first at a.yaml:11:86)",
	}
	if got := strings.ReplaceAll(lines(found), dir+string(filepath.Separator), ""); got != strings.Join(want, "\n")+"\n" {
		t.Errorf("got\n%swant\n%s", got, strings.Join(want, "\n"))
	}
}

func TestLoad_FindsTheLibrary(t *testing.T) {
	for _, path := range []string{"lost-answer", "library:lost-answer"} {
		sc, found, err := scenarios.Load(path)
		if err != nil || len(found) > 0 || sc.Name != "the work is done, the answer is lost" {
			t.Errorf("%s: %v, %q\n%s", path, err, sc.Name, lines(found))
		}
	}
	t.Chdir(folder(t, map[string]string{"lost-answer": "version: 1\nname: a file of that name"}))
	if sc, _, err := scenarios.Load("lost-answer"); err != nil || sc.Name != "a file of that name" {
		t.Errorf("a file takes precedence over the library: %v, %q", err, sc.Name)
	}
	if sc, _, err := scenarios.Load("library:lost-answer"); err != nil || sc.Name == "a file of that name" {
		t.Errorf("the prefix asks for the library: %v, %q", err, sc.Name)
	}
}

func TestLoad_SaysWhatItCannotFind(t *testing.T) {
	empty := folder(t, map[string]string{"notes.txt": "x"})
	for path, says := range map[string]string{
		"lost-anser":         "did you mean lost-answer?",
		"library:whatever":   "in the library: \"whatever\"",
		"nowhere/file.yaml":  "nowhere/file.yaml",
		"nowhere.yaml":       "nowhere.yaml",
		empty:                "holds no *.yaml file",
		"library:../go.mod":  "in the library:",
		"library:visa/../..": "in the library:",
	} {
		_, _, err := scenarios.Load(path)
		if !errors.Is(err, scenarios.ErrNotFound) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: want ErrNotFound that says %q, got %v", path, says, err)
		}
	}
}

func TestLoad_RefusesAFileThatIsTooLong(t *testing.T) {
	dir := folder(t, map[string]string{"long.yaml": "version: 1\n# " + strings.Repeat("x", yamldoc.MaxBytes)})
	_, found, err := scenarios.Load(dir)
	if err != nil || len(found) != 1 || !strings.Contains(found[0].Message, "1048576") {
		t.Errorf("want a finding that names the limit: %v\n%s", err, lines(found))
	}
}

func TestParse_LeavesOutFindingsBeyondAThousand(t *testing.T) {
	_, found := scenarios.Parse("f.yaml", []byte("version: 1\ncallbacks: { retry: ["+strings.Repeat("soon,", 5000)+"] }"))
	if len(found) != 1001 || !strings.Contains(lines(found), "more than 1000 findings") {
		t.Errorf("want 1001 findings, the last of which says so, got %d", len(found))
	}
	_, found = scenarios.Parse("f.yaml", []byte("version: 1\nrules:\n"+strings.Repeat("  - { then: {} }\n", 2000)))
	if len(found) != 1001 || len(found.Errors()) != 1 {
		t.Errorf("too many warnings are an error, as an error may be among the others; got %d, %d errors", len(found), len(found.Errors()))
	}
}

func TestParse_NamesTheNumberOfVeryManyCards(t *testing.T) {
	var cards strings.Builder
	for i := range 300 {
		pan, err := fixtures.Synthetic(token.Visa, i)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&cards, "  c%d: { pan: %q }\n", i, pan.Digits())
	}
	_, found := scenarios.Parse("f.yaml", []byte("version: 1\ncards:\n"+cards.String()+"rules: [ { when: { card: c300 }, then: {} } ]"))
	if len(found) != 1 || !strings.Contains(found[0].String(), "which names 300") || len(found[0].Accepted) > 0 {
		t.Errorf("want one short finding:\n%s", lines(found))
	}
}

func TestParse_RefusesTooManyNodes(t *testing.T) {
	_, found := scenarios.Parse("f.yaml", []byte("version: 1\ncallbacks: { retry: ["+strings.Repeat("1s,", yamldoc.MaxNodes)+"] }"))
	if len(found.Errors()) == 0 || !strings.Contains(lines(found), "100000") {
		t.Errorf("want a finding that names the limit:\n%.400s", lines(found))
	}
}
