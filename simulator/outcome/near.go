package outcome

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/token"
)

// Past is a request that was answered, as far as it is still known: what rules
// may not see twice is hidden among its facts.
type Past struct {
	Facts
	Attempt int
	Hidden  map[token.Ask]bool     // values that nothing can be compared with any more
	Name    func(token.PAN) string // how a card is called where no number may be shown
}

// Missed lists the conditions of a rule that a request did not meet, as checks
// that say what was expected and received, and how many it did meet. It says
// afterwards, one condition at a time, what [Book.Match] finds by its index.
func (r *Rule) Missed(p Past) (missed token.Checks, met int) {
	w := &r.When
	check := func(asked, holds bool, name, expected, received string) {
		switch {
		case !asked:
		case holds:
			met++
		default:
			missed.Fail(token.Check{Name: name, Expected: expected, Received: received})
		}
	}
	check(len(w.Operations) > 0, slices.Contains(w.Operations, p.Op), CheckOperation, either(w.Operations), string(p.Op))
	check(w.Network != "", w.Network == p.Network, "network", string(w.Network), string(p.Network))
	check(len(w.Requestors) > 0, slices.Contains(w.Requestors, p.Requestor), "requestor", either(w.Requestors), p.Requestor)
	check(len(w.Accounts) > 0, p.of(w.Accounts), "account", either(w.Accounts), either(p.Accounts))
	missedPurchase(w.Purchase, p, check)
	check(len(w.Cards) > 0, slices.Contains(w.Cards, p.Card) || slices.Contains(w.Cards, p.PAN), "card", either(named(w.Cards, p.Name)), p.card())
	check(len(w.BINs) > 0, slices.ContainsFunc(w.BINs, func(b string) bool { return strings.HasPrefix(string(p.PAN), b) }), "bin", either(w.BINs), p.card())
	check(len(w.Tokens) > 0, slices.Contains(w.Tokens, p.Token), "token", either(w.Tokens), string(p.Token))
	check(w.Attempt != 0, w.Attempt == p.Attempt, "attempt", strconv.Itoa(w.Attempt), strconv.Itoa(p.Attempt))
	for _, c := range w.Conditions() {
		fact, known := p.asked(c.On)
		if !p.Hidden[c.On] {
			check(true, holds(c.Match, fact, known), string(c.On.Part)+" "+token.Scrub(c.On.Name), expectation(c.Match), shownFact(fact, known))
		}
	}
	return missed, met
}

// CheckOperation is the first of what [Rule.Missed] checks.
const CheckOperation = "operation"

// card is how the card of the request is called.
func (p *Past) card() string {
	if p.Card == "" {
		return "another card, or none"
	}
	return p.Name(p.Card)
}

func named(cards []token.PAN, name func(token.PAN) string) []string {
	out := make([]string, len(cards))
	for i, c := range cards {
		out[i] = name(c)
	}
	return out
}

// maxNamed is how many accepted values a check lists.
const maxNamed = 5

func either[T ~string](values []T) string {
	out := texts(values)
	if n := len(out); n > maxNamed {
		out = append(out[:maxNamed:maxNamed], fmt.Sprintf("%d more", n-maxNamed))
	}
	return token.Scrub(strings.Join(out, " or "))
}

// expectation says what a condition asks for.
func expectation(m scenarios.Match) string {
	switch {
	case m.Equals != nil:
		return strconv.Quote(token.Scrub(*m.Equals))
	case m.Pattern != nil:
		return "a match of " + token.Scrub(m.Pattern.String())
	case *m.Present:
		return "present"
	}
	return "absent"
}

func shownFact(f token.Fact, known bool) string {
	switch {
	case !known:
		return "not looked at: the rule is younger than the request"
	case !f.Present:
		return "absent"
	case f.Cut:
		return strconv.Quote(f.Value) + " and more, which is too long to compare"
	}
	return strconv.Quote(f.Value)
}
