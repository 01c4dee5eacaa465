package sandbox

import (
	"fmt"

	"github.com/pantomime-dev/pantomime/simulator/vault"
	"github.com/pantomime-dev/pantomime/token"
)

// DefaultMaxObjects is how many cards, enrolments and tokens a sandbox has at
// most, of each.
const DefaultMaxObjects = 1_000_000

// MaxRules is how many rules may be added to a sandbox at run time.
const MaxRules = 200_000

// fits refuses to make one more of what there are so many already: a request that
// would is answered as by a fault of the network's own, and the detail says why.
func (x *step) fits(what string, have int, n token.Network) *token.Problem {
	if have < x.world.maxObjects {
		return nil
	}
	x.full = what
	return token.Refuse(networks[n].ownFault, fmt.Sprintf("this sandbox is full: it has %d %s, and no more are kept; reset it", have, what))
}

func (x *step) cards() int {
	cards, _ := x.state.vault.Count()
	return cards
}

func (x *step) tokens() int {
	_, tokens := x.state.vault.Count()
	return tokens
}

// enrol makes or finds the requestor's enrolment of a card.
func (x *step) enrol(c Call, card vault.Card) (vault.Enrolment, *token.Problem) {
	if problem := x.fits("enrolments", x.state.vault.Enrolments(), card.Network); problem != nil {
		known, ok := x.tx.Enrolled(card.Network, c.Requestor, c.Wallet, card)
		if !ok {
			return known, problem
		}
		x.full = ""
		return known, nil
	}
	return x.tx.Enrol(card.Network, c.Requestor, c.Wallet, card), nil
}
