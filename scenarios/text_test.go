package scenarios_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pantomime-dev/pantomime/scenarios"
)

// What a scenario was compiled from makes the same scenario again, places and
// texts included.
func TestText_CompilesToTheSame(t *testing.T) {
	for _, story := range scenarios.Library() {
		sc, _ := scenarios.Parse(story.File, story.Data)
		again, findings := sc.Text.Compile()
		if diff := cmp.Diff(sc, again, samePattern); diff != "" || findings.Err() != nil {
			t.Errorf("%s: %v\n%s", story.Name, findings, diff)
		}
	}
	folder := t.TempDir()
	for name, text := range map[string]string{"a.yaml": "cards: { alice: { network: visa } }\n", "b.yaml": "cards: { bob: { network: visa } }\n"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte("version: 1\n"+text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	two, findings, err := scenarios.Load(folder)
	if err != nil || findings.Err() != nil {
		t.Fatal(err, findings)
	}
	if again, _ := two.Text.Compile(); !cmp.Equal(two, again, samePattern) || len(two.Text.Sources) != 2 {
		t.Errorf("two files: %s", two.Text)
	}
}

func TestText_KeepsTheSettingsOfItsLoader(t *testing.T) {
	const yaml = "version: 1\nname: x\ncards: { alice: { pan: \"4539578763621486\" } }\n"
	sc, findings := scenarios.Loader{AllowAnyPAN: true}.Parse("f.yaml", []byte(yaml))
	if findings.Err() != nil {
		t.Fatal(findings)
	}
	if again, findings := sc.Text.Compile(); findings.Err() != nil || len(again.Cards) != 1 {
		t.Error(findings)
	}
	if text := fmt.Sprintf("%v %+v %#v", sc.Text, sc, sc); strings.Contains(text, "alice: {") {
		t.Error("a text is printed")
	}
}

func TestText_OfNothingIsNothing(t *testing.T) {
	if again, findings := (scenarios.Text{}).Compile(); len(findings) > 0 || !cmp.Equal(again, scenarios.Scenario{}) {
		t.Errorf("%+v %v", again, findings)
	}
}
