package scenarios_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/pantomime-dev/pantomime/scenarios"
)

// FuzzParse looks for panics, findings without a place, scenarios in spite of
// errors, and rules that refer to nothing.
func FuzzParse(f *testing.F) {
	for _, s := range scenarios.Library() {
		f.Add(s.Data)
	}
	for _, text := range []string{
		lateThenSuspended, tenMistakes, scenarios.MagicYAML(), "", "version: 1", "version: 1\nrules: [ {} ]", "[", "- &a *a", "? a\n: b",
		"version: 1\nrules:\n- when: {operation: provision}\n  then: {error: json_parse_error, status: 200}",
		"version: 1\nrules:\n- when: {header: {a: {matches: ^x}}, body: {\"a[0].b\": 5}}\n  then: {respond: {a: null, b: [1, {c: d}]}, notify: {late: 1h}}",
		"version: 1\nprofile: strict\nnetworks: {mastercard: {error-statuses: {INVALID_PAN: 400}}}\nissuers: {i: {persona: silent}}",
		"version: 1\ncards: {a: {network: visa}}\nplay: [{call: provision, card: a, expect-error: no-answer}, {advance: 1d}, {act: suspend, card: a}]",
		"{\"version\": 1, \"cards\": {\"a\": {\"pan\": \"test/visa/1\"}}}",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		sc, found := scenarios.Parse("f.yaml", data)
		for _, finding := range found {
			s := finding.String()
			if finding.At.File != "f.yaml" || finding.At.Line < 1 || finding.At.Column < 1 || finding.Message == "" {
				t.Errorf("a finding without a place or a message: %s", s)
			}
			if strings.Contains(s, "\n") && utf8.Valid(data) {
				t.Errorf("a finding of several lines: %q", s)
			}
		}
		if len(found.Errors()) > 0 {
			if len(sc.Rules)+len(sc.Cards)+len(sc.Timeline) > 0 {
				t.Error("a scenario in spite of errors")
			}
			return
		}
		for _, r := range sc.Rules {
			if r.Name == "" || r.At.Line < 1 {
				t.Errorf("a rule without name or place: %+v", r)
			}
		}
		for _, c := range sc.Cards {
			if c.PAN == "" || !c.Network.Valid() || c.Expiry.IsZero() {
				t.Errorf("an incomplete card: %+v", c)
			}
		}
		for _, e := range sc.Timeline {
			if e.On == "" || e.Action.Do == "" {
				t.Errorf("an incomplete entry: %+v", e)
			}
		}
	})
}

// FuzzParseRules does the same for rules that arrive at run time.
func FuzzParseRules(f *testing.F) {
	sc, _ := scenarios.Parse("f.yaml", []byte(lateThenSuspended))
	f.Add([]byte("when: { card: bob }\nthen: { error: limit_exceeded }"))
	f.Add([]byte(`[{"when":{"operation":"cryptogram","card":"alice"},"then":{"fault":"reset"}}]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		rules, found := scenarios.ParseRules("request", data, sc)
		if len(found.Errors()) > 0 && rules != nil {
			t.Error("rules in spite of errors")
		}
	})
}
