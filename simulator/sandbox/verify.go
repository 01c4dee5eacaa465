package sandbox

import (
	"fmt"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/simulator/outcome"
	"github.com/pantomime-dev/pantomime/token"
)

// Verdict is one expectation of a scenario and whether it held.
type Verdict struct {
	What     string             // "tokens of alice", "callbacks pending", "rule two busy answers"
	At       scenarios.Position // where the scenario says so; zero for run-time rules
	OK       bool
	Expected string
	Found    string
}

// Verify compares the sandbox with what its scenario expects, and with the
// failures an operator set: one that no request met does not hold. It changes nothing.
func (s *Sandbox) Verify() []Verdict {
	expect := s.script.Load().expect
	var out []Verdict
	for _, e := range expect.Tokens {
		out = append(out, s.verifyTokens(e))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range []struct {
		name string
		want *scenarios.ExpectNumber
		got  int
	}{
		{"pending", expect.Callbacks.Pending, s.state.deliveries.Pending()},
		{"delivered", expect.Callbacks.Delivered, s.state.deliveries.Count(callback.Delivered)},
		{"failed", expect.Callbacks.Failed, s.state.deliveries.Count(callback.Failed)},
		{"unrouted", expect.Callbacks.Unrouted, s.state.deliveries.Count(callback.Unrouted)},
	} {
		if c.want != nil {
			out = append(out, Verdict{
				What: "callbacks " + c.name, At: c.want.At, OK: c.got == c.want.N, Expected: fmt.Sprint(c.want.N), Found: fmt.Sprint(c.got),
			})
		}
	}
	return append(out, s.verifyRules(expect)...)
}

// verifyTokens counts a card's tokens.
func (s *Sandbox) verifyTokens(e scenarios.ExpectTokens) Verdict {
	name := e.Card.String()
	if card, ok := s.Card(e.Card); ok && card.Name != "" {
		name = card.Name
	}
	all, fit := 0, 0
	for t := range s.Tokens(e.Card) {
		if all++; e.Status == "" || t.Status == e.Status {
			fit++
		}
	}
	v := Verdict{What: "tokens of " + name, At: e.At, Found: fmt.Sprintf("%d, %d of them %s", all, fit, statusOrAny(e.Status))}
	if e.Count == nil {
		v.Expected = fmt.Sprintf("at least one, all %s", e.Status)
		v.OK = all > 0 && fit == all
		return v
	}
	v.Expected, v.OK = fmt.Sprintf("%d %s", *e.Count, statusOrAny(e.Status)), fit == *e.Count
	return v
}

func statusOrAny(s token.Status) string {
	if s == "" {
		return "of any status"
	}
	return string(s)
}

// verifyRules reports every rule that has to be used up. It expects s.mu to be
// held.
func (s *Sandbox) verifyRules(expect scenarios.Expect) []Verdict {
	var out []Verdict
	for _, layer := range [...]outcome.Layer{outcome.FailNext, outcome.Posted, outcome.File} {
		for _, r := range s.state.rules.List(layer) {
			if r.Magic { // the language made it, for a persona; no file has it
				continue
			}
			harmful := r.Then.Fault != "" || r.Then.Error != ""
			if !expect.RulesUsed && !(harmful && (expect.FaultsUsed || layer == outcome.FailNext)) {
				continue
			}
			want, got := max(1, r.Times), s.state.rules.Fired(r.ID)
			out = append(out, Verdict{
				What: "rule " + r.Name, At: r.At, OK: got >= want, Expected: "fired " + times(want), Found: "fired " + times(got),
			})
		}
	}
	return out
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}
