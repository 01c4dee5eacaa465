package play_test

import (
	"context"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/play"
)

// perform plays a scenario and reports whatever is not as it says.
func perform(t *testing.T, name string, text []byte) play.Report {
	t.Helper()
	s, findings := scenarios.Parse(name, text)
	if err := findings.Err(); err != nil {
		t.Fatal(err)
	}
	report, err := play.Run(context.WithoutCancel(t.Context()), s, func(play.Step) {})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func complain(t *testing.T, r play.Report) {
	t.Helper()
	for _, s := range r.Steps {
		if s.Why != "" {
			t.Errorf("%s: step %d, %s: %s", s.At, s.N, s.What, s.Why)
		}
	}
	for _, v := range r.Verdicts {
		if !v.OK {
			t.Errorf("%s: %s: expected %s, found %s", v.At, v.What, v.Expected, v.Found)
		}
	}
}

func TestLibrary_EveryScenarioTurnsOutAsItSays(t *testing.T) {
	for _, story := range scenarios.Library() {
		t.Run(story.Name, func(t *testing.T) {
			t.Parallel()
			r := perform(t, story.File, story.Data)
			if len(r.Steps) == 0 {
				t.Error("it has no play, so nothing shows that it works")
			}
			complain(t, r)
		})
	}
}

func TestDocs_EveryPlayOfTheReferenceTurnsOutAsItSays(t *testing.T) {
	text, err := os.ReadFile("../../docs/scenarios.md")
	if err != nil {
		t.Fatal(err)
	}
	played := 0
	for _, m := range regexp.MustCompile("(?s)```yaml\n(version:.*?)```").FindAllStringSubmatch(string(text), -1) {
		if !strings.Contains(m[1], "\nplay:") {
			continue
		}
		played++
		complain(t, perform(t, "docs/scenarios.md", []byte(m[1])))
	}
	if played == 0 {
		t.Error("the reference has no play")
	}
}

func TestRun_SaysWhatDidNotTurnOut(t *testing.T) {
	const head = "version: 1\nname: x\nclock: { mode: manual, start: 2026-03-01T09:00:00Z }\ncards:\n  alice: { network: visa, pan: test/visa/1 }\n  bob: { network: mastercard, pan: test/mastercard/1 }\nplay:\n"
	for name, c := range map[string]struct{ steps, why string }{
		"an error that does not come":   {"  - { call: provision, card: alice, expect-error: declined }", "expected declined"},
		"an error that comes":           {"  - { call: cryptogram, card: alice }", "expected success"},
		"another status":                {"  - { call: provision, card: bob, expect-status: suspended }", "the token is active"},
		"another HTTP status":           {"  - { call: provision, card: alice, expect-http: 200 }", "expected HTTP 200"},
		"a member of the answer":        {"  - { call: provision, card: bob, expect-body: { decision: DECLINED } }", "decision in the answer"},
		"a decision":                    {"  - { call: provision, card: bob, expect-decision: decline }", "the issuer said"},
		"an act the table lacks":        {"  - { call: provision, card: bob }\n  - { act: resume, card: bob }", "does not allow"},
		"an answer that ought not come": {"  - { call: provision, card: alice, expect-error: no-answer }", "expected no-answer"},
	} {
		r := perform(t, "x.yaml", []byte(head+c.steps+"\n"))
		if last := r.Steps[len(r.Steps)-1]; r.OK() || !strings.Contains(last.Why, c.why) {
			t.Errorf("%s: %q, want %q", name, last.Why, c.why)
		}
	}
}
