package control

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/simulator/journal"
	"github.com/pantomime-dev/pantomime/simulator/outcome"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

// A rule that did not apply is worth telling of if no more than so many of its
// conditions did not hold, and of those not more than so many.
const (
	nearBy   = 2
	nearMost = 5
)

// nearRules lists rules that would have applied to a request but for a condition
// or two, the nearest first. Rules are those there are now.
func (c *call) nearRules(e journal.Entry) []control.NearRule {
	if e.Change == 0 {
		return nil // it was refused before any rule was asked
	}
	type near struct {
		control.NearRule
		met int
	}
	var found []near
	var past *outcome.Past
	for _, layer := range []outcome.Layer{outcome.FailNext, outcome.Posted, outcome.File} {
		for r := range c.box.Rules(layer) {
			switch {
			case r.ID.String() == e.RuleID, r.Magic:
				continue
			case past == nil:
				past = c.past(e)
			}
			missed, met := r.Missed(*past)
			late(&missed, r, e.Rule)
			if len(missed) > nearBy || met == 0 || len(missed) > 1 && missed[0].Name == outcome.CheckOperation {
				continue // rules of other operations are nearly always meant for those
			}
			one := control.NearRule{ID: r.ID.String(), Name: r.Name, Missed: missed}
			if r.At.File != "" && layer != outcome.FailNext {
				one.At = r.At.String()
			}
			found = append(found, near{one, met})
		}
	}
	slices.SortStableFunc(found, func(a, b near) int { return cmp.Or(len(a.Missed)-len(b.Missed), b.met-a.met) })
	var list []control.NearRule
	for _, n := range found[:min(len(found), nearMost)] {
		list = append(list, n.NearRule)
	}
	return list
}

// late adds what else keeps a rule from applying: its number of firings, a rule
// above it, or that it was not written yet.
func late(missed *token.Checks, r sandbox.RuleView, applied string) {
	switch {
	case r.Times > 0 && r.Fired >= r.Times:
		missed.Fail(token.Check{
			Name: "times", Expected: fmt.Sprintf("at most %d", r.Times), Received: fmt.Sprintf("fired %d of %d times by now", r.Fired, r.Times),
		})
	case len(*missed) > 0:
	case applied == "":
		missed.Fail(token.Check{Name: "time", Expected: "a rule that was there", Received: "added or changed after the request"})
	default:
		missed.Fail(token.Check{Name: "order", Expected: "no rule before it that applies", Received: fmt.Sprintf("the rule %q is before it", applied)})
	}
}

// past is a request as far as the journal still knows it.
func (c *call) past(e journal.Entry) *outcome.Past {
	names := cardNames(c.box)
	p := &outcome.Past{
		Facts:   outcome.Facts{Op: e.Op, Network: e.Network, Requestor: e.Requestor, Accounts: c.box.AccountsOf(e.Requestor)},
		Attempt: e.Attempt, Hidden: map[token.Ask]bool{}, Name: func(pan token.PAN) string { return names(pan).Best() },
	}
	for _, f := range e.Facts {
		p.Request = append(p.Request, f.Fact)
		if f.Hidden {
			p.Hidden[f.Ask] = true
		}
	}
	for _, ref := range e.Tokens {
		if t, ok := c.box.Token(ref); ok && p.Token == "" {
			p.Token, p.Card, p.PAN = ref, t.Card.ID, t.Card.PAN
		}
	}
	if p.Card != "" {
		return p
	}
	for card := range c.box.Cards() {
		if c.box.IsEntity(e.Entity, e.Requestor, card.ID) {
			p.Card, p.PAN = card.ID, card.PAN
			break
		}
	}
	return p
}
