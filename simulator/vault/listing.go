package vault

import (
	"time"

	"github.com/pantomime-dev/pantomime/token"
)

// Glance is what listings of tokens are narrowed and ordered by.
type Glance struct {
	Ref       token.Ref
	Network   token.Network
	Requestor string
	Card      token.PAN // the card's ID
	Status    token.Status
	StatusAt  time.Time
}

func (r *tokenRecord) glance() Glance {
	e := r.enrolment.alike.Value()
	return Glance{
		Ref: r.ref, Network: e.network, Requestor: e.requestor, Card: r.enrolment.card.id,
		Status: r.alike.Value().status, StatusAt: time.Unix(r.seconds, int64(r.nanos)).UTC(),
	}
}

// Group is a number of tokens that are looked at some at a time, so that nobody
// waits while somebody looks at a million. Those made meanwhile are not in it.
type Group struct {
	next  *tokenRecord // if all are looked at, which lead to each other
	lists [][]*tokenRecord
}

// Group gathers the tokens of a card or, with an empty id, all.
func (v *Vault) Group(card token.PAN) *Group {
	if card == "" {
		return &Group{next: v.newest}
	}
	g := new(Group)
	if c := v.cards[card]; c != nil {
		for _, e := range c.enrolments {
			g.lists = append(g.lists, e.tokens)
		}
	}
	return g
}

// Next glances at so many tokens more at most, the newest of each enrolment first;
// at none when all were seen.
func (g *Group) Next(most int) []Glance {
	some := make([]Glance, 0, most)
	for len(some) < most {
		r := g.one()
		if r == nil {
			break
		}
		some = append(some, r.glance())
	}
	return some
}

// one is the next token; nil when all were seen.
func (g *Group) one() (r *tokenRecord) {
	if r = g.next; r != nil {
		g.next = r.before
		return r
	}
	for len(g.lists) > 0 {
		last := len(g.lists) - 1
		if n := len(g.lists[last]); n > 0 {
			r, g.lists[last] = g.lists[last][n-1], g.lists[last][:n-1]
			return r
		}
		g.lists = g.lists[:last]
	}
	return nil
}

// CardsFrom gives so many cards at most, in the order they became known, from the
// one before which so many others were.
func (v *Vault) CardsFrom(at, most int) []Card {
	some := make([]Card, 0, most)
	for _, r := range v.known[min(at, len(v.known)):min(at+most, len(v.known))] {
		some = append(some, r.value())
	}
	return some
}

// CardNamed finds a card by its name in the scenario.
func (v *Vault) CardNamed(name string) (Card, bool) {
	if r := v.named[name]; r != nil {
		return r.value(), true
	}
	return Card{}, false
}

// NamedCards lists the cards that have a name, in no order.
func (v *Vault) NamedCards() []Card {
	list := make([]Card, 0, len(v.named))
	for _, r := range v.named {
		list = append(list, r.value())
	}
	return list
}

// Count says how many cards and tokens there are, deleted ones too.
func (v *Vault) Count() (cards, tokens int) { return len(v.known), len(v.tokens) }

// Enrolments counts the enrolments.
func (v *Vault) Enrolments() int { return len(v.enrolments) }

// Live says how many tokens of a card are not deleted.
func (v *Vault) Live(card token.PAN) int {
	if r := v.cards[card]; r != nil {
		return int(r.live)
	}
	return 0
}
