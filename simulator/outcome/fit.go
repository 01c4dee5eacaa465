package outcome

import (
	"slices"
	"strings"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/token"
)

// fits checks what the rule's bucket does not imply.
func (r *Rule) fits(f Facts, attempt int) bool {
	w := &r.When
	switch {
	case w.Network != "" && w.Network != f.Network,
		r.Then.Error != "" && declines(r.Then.Error) != f.Op.Traits().Pays,
		w.Attempt != 0 && w.Attempt != attempt,
		len(w.Requestors) > 0 && !slices.Contains(w.Requestors, f.Requestor),
		len(w.Accounts) > 0 && !f.of(w.Accounts),
		w.Purchase != nil && !f.buys(w.Purchase),
		len(w.Cards) > 0 && !slices.Contains(w.Cards, f.Card) && !slices.Contains(w.Cards, f.PAN),
		len(w.Tokens) > 0 && !slices.Contains(w.Tokens, f.Token),
		len(w.BINs) > 0 && !slices.ContainsFunc(w.BINs, func(b string) bool { return strings.HasPrefix(string(f.PAN), b) }):
		return false
	}
	return f.hold(token.PartHeader, w.Header) && f.hold(token.PartQuery, w.Query) && f.hold(token.PartBody, w.Body)
}

// of reports whether the request is made for one of some accounts.
func (f *Facts) of(accounts []string) bool {
	return slices.ContainsFunc(accounts, func(a string) bool { return slices.Contains(f.Accounts, a) })
}

// declines reports whether an error is an answer to payments, which other requests
// do not get.
func declines(key token.Key) bool {
	_, reason := token.DeclineReasonOf(key)
	return reason
}

// hold checks conditions on one part of the request. A condition on what was
// not read does not hold: its rule is younger than the request.
func (f *Facts) hold(part token.RequestPart, conditions []scenarios.Match) bool {
	for _, m := range conditions {
		if fact, known := f.asked(token.Ask{Part: part, Name: m.Name}); !holds(m, fact, known) {
			return false
		}
	}
	return true
}

// holds checks one condition.
func holds(m scenarios.Match, fact token.Fact, known bool) bool {
	switch {
	case !known,
		m.Present != nil && fact.Present != *m.Present,
		m.Equals != nil && (!fact.Present || fact.Cut || fact.Value != *m.Equals),
		m.Pattern != nil && (!fact.Present || !m.Pattern.MatchString(fact.Value)):
		return false
	}
	return true
}

// asked finds a value of the request.
func (f *Facts) asked(ask token.Ask) (token.Fact, bool) {
	for i := range f.Request {
		if f.Request[i].Ask == ask {
			return f.Request[i], true
		}
	}
	return token.Fact{}, false
}
