package scenarios

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// fence is a fenced YAML block of a document.
var fence = regexp.MustCompile("(?s)(?:^|\n)```ya?ml\n(.*?\n)```")

func TestDocs_EveryScenarioInThemIsSound(t *testing.T) {
	files, err := filepath.Glob("../docs/*.md")
	if err != nil || len(files) == 0 {
		t.Fatalf("no documents: %v", err)
	}
	blocks := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range fence.FindAllSubmatchIndex(text, -1) {
			block := text[at[2]:at[3]]
			if !strings.HasPrefix(string(block), "version:") {
				continue
			}
			blocks++
			_, found := Parse(filepath.Base(file), block)
			for _, f := range found {
				f.At.Line += strings.Count(string(text[:at[2]]), "\n")
				t.Error(f)
			}
		}
	}
	if blocks < 8 {
		t.Errorf("only %d scenarios in the documents", blocks)
	}
}

// documented is one row of a table of the language.
type documented struct{ key, shape, about string }

// String is the row as the reference prints it.
func (d documented) String() string {
	if d.shape == "" {
		return fmt.Sprintf("| `%s` | %s |", d.key, d.about)
	}
	return strings.TrimRight(fmt.Sprintf("| `%s` | %s | %s", d.key, d.shape, d.about), " ") + " |"
}

func rowsOf[T any](t table[T]) []documented {
	rows := make([]documented, len(t))
	for i, row := range t {
		about := row.about
		switch {
		case row.required && about == "":
			about = "required"
		case row.required:
			about = "required; " + about
		}
		rows[i] = documented{row.key, row.shape.says, about}
	}
	return rows
}

func personaRows() []documented {
	var rows []documented
	for _, p := range Personas() {
		rows = append(rows, documented{p.Name, "", p.About})
	}
	return rows
}

// reference is what the language reference has tables of, by heading.
func reference() map[string][]documented {
	return map[string][]documented{
		"The file": rowsOf(fileKeys), "clock": rowsOf(clockKeys), "requestors": rowsOf(requestorKeys),
		"accounts": rowsOf(accountKeys), "features": rowsOf(featureKeys), "gateways": rowsOf(gatewayKeys),
		"networks": rowsOf(networkKeys), "networks visa": rowsOf(visaSwitchKeys), "networks mastercard": rowsOf(mastercardSwitchKeys),
		"issuers": rowsOf(issuerKeys), "acquirers": rowsOf(acquirerKeys), "approves": rowsOf(rateKeys), "personas": personaRows(), "cards": rowsOf(cardKeys), "issuer-flags": rowsOf(flagKeys), "rules": rowsOf(ruleKeys), "when": rowsOf(whenKeys), "amount": rowsOf(amountKeys),
		"conditions": rowsOf(conditionKeys), "then": rowsOf(thenKeys), "metadata": rowsOf(metadataKeys), "timeline": rowsOf(timelineKeys), "notify": rowsOf(notifyKeys), "callbacks": rowsOf(callbackKeys), "play": rowsOf(playKeys),
		"expect": rowsOf(expectKeys), "expect tokens": rowsOf(expectTokenKeys), "expect callbacks": rowsOf(expectCallbackKeys),
	}
}

var update = flag.Bool("update", false, "write the tables of the language reference again")

const referenceFile = "../docs/scenarios.md"

// The tables of the reference are those of the decoder: the same keys in the
// same order, with the same values and meaning.
func TestDocs_ReferenceIsComplete(t *testing.T) {
	text, err := os.ReadFile(referenceFile)
	if err != nil {
		t.Fatal(err)
	}
	want := tabled(string(text), reference())
	if *update {
		if err := os.WriteFile(referenceFile, []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	got := strings.Split(string(text), "\n")
	for i, line := range strings.Split(want, "\n") {
		if i >= len(got) || got[i] != line {
			t.Fatalf("%s:%d differs from the decoder, which says\n%s\nrun the test with -update", referenceFile, i+1, line)
		}
	}
}

func TestDocs_EachTableHasItsHeading(t *testing.T) {
	text, err := os.ReadFile(referenceFile)
	if err != nil {
		t.Fatal(err)
	}
	for heading := range reference() {
		if !regexp.MustCompile("(?m)^#+ " + heading + "\n(?:[^#].*\n|\n)*\\|---").Match(text) {
			t.Errorf("no table below a heading %q", heading)
		}
	}
}

// tabled puts the rows below each heading in the place of those that are there.
func tabled(text string, tables map[string][]documented) string {
	var out []string
	var rows []documented
	for line := range strings.SplitSeq(text, "\n") {
		switch {
		case strings.HasPrefix(line, "#"):
			rows = tables[strings.TrimSpace(strings.TrimLeft(line, "#"))]
		case strings.HasPrefix(line, "|---") && rows != nil:
			out = append(out, line)
			for _, row := range rows {
				out = append(out, row.String())
			}
			continue
		case strings.HasPrefix(line, "| `") && rows != nil:
			continue
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}
