package play

import (
	"encoding/json"
	"fmt"

	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/token"
)

// handles are what a requestor has to name things by. Each belongs to one
// requestor and one card: of two cards in progress at once, neither takes the
// other's.
type handles map[handleKey]string

type handleKey struct {
	requestor string
	card      token.PAN // as the scenario names the card, whatever its number now
	name      string    // as the wallet knows it
}

// walletKey is whose wallet it is, and through which acquirer it pays.
type walletKey struct{ requestor, acquirer string }

// keep remembers what a call gave.
func (h handles) keep(requestor string, card token.PAN, given map[string]string) {
	for name, value := range given {
		h[handleKey{requestor, card, name}] = value
	}
}

// lacking says which of its needs a request lacks, unless the step itself
// says what is in their place; "" for none.
func (p *player) lacking(c call, patch []byte) string {
	var own any
	_ = json.Unmarshal(patch, &own) // nil where the step says nothing
	for _, n := range wallet.Needs(c.op, c.about.Account) {
		card, without := c.without(n)
		if !without {
			continue
		}
		if _, said := wallet.Member(own, n.In); said && n.In != "" {
			continue
		}
		return fmt.Sprintf("%s has no %s at %s; %s gives one", p.name(card), n.Name, c.requestor, wallet.GivenBy(n.Name))
	}
	return ""
}

// without finds the card for which a need is not met.
func (c call) without(n wallet.Need) (token.PAN, bool) {
	switch n.What {
	case wallet.NeedToken:
		for i, ref := range c.refs {
			if ref == "" {
				return c.cards[i], true
			}
		}
	case wallet.NeedNumber:
		return c.cards[0], c.about.Token.Number == ""
	case wallet.NeedCryptogram:
		return c.cards[0], c.about.Pay.Cryptogram == ""
	case wallet.NeedID:
		return c.cards[0], c.about.ID == ""
	}
	return "", false // the card and a code of its issuer are always at hand
}
