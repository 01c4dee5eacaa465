package scenarios

import (
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
type documented struct{ key, shape string }

func rowsOf[T any](t table[T]) []documented {
	rows := make([]documented, len(t))
	for i, row := range t {
		rows[i] = documented{row.key, row.shape}
	}
	return rows
}

// The reference and the tables of the decoder hold the same keys in the same
// order, with the same values.
func TestDocs_ReferenceIsComplete(t *testing.T) {
	text, err := os.ReadFile("../docs/scenarios.md")
	if err != nil {
		t.Fatal(err)
	}
	sections := map[string][]documented{}
	heading := ""
	row := regexp.MustCompile("^\\| `([a-z-]+)` \\| ([^|]*) \\|")
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			heading = strings.TrimSpace(strings.TrimLeft(line, "#"))
		} else if m := row.FindStringSubmatch(line); m != nil {
			sections[heading] = append(sections[heading], documented{m[1], m[2]})
		}
	}
	for heading, want := range map[string][]documented{
		"The file": rowsOf(fileKeys), "clock": rowsOf(clockKeys), "requestors": rowsOf(requestorKeys),
		"issuers": rowsOf(issuerKeys), "cards": rowsOf(cardKeys), "rules": rowsOf(ruleKeys), "when": rowsOf(whenKeys),
		"then": rowsOf(thenKeys), "timeline": rowsOf(timelineKeys), "notify": rowsOf(notifyKeys), "callbacks": rowsOf(callbackKeys),
		"expect": rowsOf(expectKeys), "expect tokens": rowsOf(expectTokenKeys), "expect callbacks": rowsOf(expectCallbackKeys),
	} {
		got := sections[heading]
		for i := range max(len(want), len(got)) {
			switch {
			case i >= len(got):
				t.Errorf("%s: %q (%s) is not in the reference", heading, want[i].key, want[i].shape)
			case i >= len(want):
				t.Errorf("%s: the reference has a key %q that files cannot have", heading, got[i].key)
			case got[i] != want[i]:
				t.Errorf("%s: the reference says %q, the decoder %q", heading, got[i], want[i])
			}
		}
		delete(sections, heading)
	}
	for heading := range sections {
		t.Errorf("a table of keys below %q that no section has", heading)
	}
}

// Each key stands in at least one example of the reference.
func TestDocs_EveryKeyHasAnExample(t *testing.T) {
	text, err := os.ReadFile("../docs/scenarios.md")
	if err != nil {
		t.Fatal(err)
	}
	var examples strings.Builder
	for _, block := range fence.FindAllSubmatch(text, -1) {
		examples.Write(block[1])
	}
	for _, rows := range [][]documented{
		rowsOf(fileKeys), rowsOf(clockKeys), rowsOf(requestorKeys), rowsOf(issuerKeys), rowsOf(cardKeys), rowsOf(ruleKeys), rowsOf(whenKeys),
		rowsOf(thenKeys), rowsOf(timelineKeys), rowsOf(notifyKeys), rowsOf(callbackKeys), rowsOf(expectKeys), rowsOf(expectTokenKeys), rowsOf(expectCallbackKeys),
	} {
		for _, row := range rows {
			if !regexp.MustCompile(`(?m)(^|[\s{])` + regexp.QuoteMeta(row.key) + `:`).MatchString(examples.String()) {
				t.Errorf("no example uses the key %q", row.key)
			}
		}
	}
}
