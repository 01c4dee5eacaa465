package control

import (
	"cmp"
	"slices"
	"sync"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/simulator/vault"
	"github.com/pantomime-dev/pantomime/token"
)

func (c *call) cards() (any, error) {
	network, err := c.network()
	if err != nil {
		return nil, err
	}
	n, err := c.limit()
	if err != nil {
		return nil, err
	}
	all := slices.DeleteFunc(c.allCards(), func(v control.Card) bool { return network != "" && v.Network != network })
	list := control.List[control.Card]{Items: all[:min(len(all), n)], Total: len(all)}
	if list.Items == nil {
		list.Items = []control.Card{}
	}
	return list, nil
}

// allCards lists the sandbox's cards: those the scenario names by their names,
// then the others by their listed names, then the rest.
func (c *call) allCards() []control.Card {
	live := map[token.PAN]int{}
	c.box.Tokens(func(t sandbox.TokenView) bool {
		if t.Token.Status != token.Deactivated {
			live[t.Token.Card]++
		}
		return false
	})
	all := make([]control.Card, 0)
	for _, card := range c.box.Cards() {
		all = append(all, viewCard(card, live[card.ID]))
	}
	slices.SortStableFunc(all, func(a, b control.Card) int {
		return cmp.Or(lastIfEmpty(a.Name, b.Name), lastIfEmpty(a.Listed, b.Listed), cmp.Compare(a.PAR, b.PAR))
	})
	return all
}

// lastIfEmpty compares names and puts what has none behind.
func lastIfEmpty(a, b string) int {
	if (a == "") != (b == "") {
		return -cmp.Compare(a, b)
	}
	return cmp.Compare(a, b)
}

func viewCard(card vault.Card, live int) control.Card {
	return control.Card{
		CardRef: cardRef(card), Network: card.Network, Expiry: card.Expiry, Issuer: card.Issuer,
		Product: card.Product, Closed: card.Closed, Tokens: live,
	}
}

func cardRef(card vault.Card) control.CardRef {
	return control.CardRef{Name: card.Name, Listed: listedNames()[card.PAN], PAN: card.PAN.String(), PAR: card.PAR}
}

// listedNames finds the name of a number that every sandbox knows. The
// map never changes.
var listedNames = sync.OnceValue(func() map[token.PAN]string {
	names := map[token.PAN]string{}
	for _, card := range fixtures.Cards() {
		if card.Name != "" {
			names[card.Number] = card.Name
		}
	}
	return names
})

// cardNames returns a look-up of cards by any number that names one.
func cardNames(box *sandbox.Sandbox) func(token.PAN) control.CardRef {
	known := map[token.PAN]control.CardRef{}
	for _, card := range box.Cards() {
		known[card.ID] = cardRef(card)
		known[card.PAN] = known[card.ID]
	}
	listed := listedNames()
	return func(pan token.PAN) control.CardRef {
		if ref, ok := known[pan]; ok {
			return ref
		}
		return control.CardRef{Listed: listed[pan], PAN: pan.String()}
	}
}

// card finds a card of the sandbox by its name in the scenario, its listed
// name, its PAR or its number.
func (c *call) card(name string) (vault.Card, error) {
	number := token.PAN(name)
	if listed, ok := fixtures.Find(name); ok {
		number = listed.Number
	}
	cards := c.box.Cards()
	for _, by := range []func(vault.Card) bool{
		func(k vault.Card) bool { return k.Name == name },
		func(k vault.Card) bool { return k.PAN == number || k.ID == number || string(k.PAR) == name },
	} {
		if i := slices.IndexFunc(cards, by); i >= 0 && name != "" {
			return cards[i], nil
		}
	}
	var known []string
	for _, k := range cards {
		if ref := cardRef(k); ref.Name != "" || ref.Listed != "" {
			known = append(known, ref.Best())
		}
	}
	slices.Sort(known)
	p := notFound("this sandbox has seen no card "+short(name), known...)
	p.Field, p.Value = "card", short(name)
	return vault.Card{}, p
}

func (c *call) reissue() (any, error) {
	return c.changeCard(token.PANReplaced, []string{"pan", "expiry"})
}

func (c *call) newExpiry() (any, error) {
	return c.changeCard(token.PANExpiryUpdated, []string{"expiry"})
}

func (c *call) closeCard() (any, error) { return c.changeCard(token.AccountClosed, []string{"reason"}) }

func (c *call) newMetadata() (any, error) { return c.changeCard(token.CardMetadataUpdated, nil) }

// changeCard does as the issuer what leads to an event; uses are the members
// of the body that the change has a use for, besides the variants.
func (c *call) changeCard(event token.EventType, uses []string) (any, error) {
	card, err := c.card(c.param("card"))
	if err != nil {
		return nil, err
	}
	var change control.CardChange
	if err := c.decode(&change); err != nil {
		return nil, err
	}
	a := scenarios.Action{Do: token.ActionOf(event), By: token.ByIssuer, Reason: change.Reason, Expiry: change.Expiry}
	given := map[string]bool{"pan": change.PAN != "", "expiry": !change.Expiry.IsZero(), "reason": change.Reason != ""}
	if err := checkUses(given, uses, a.Do); err != nil {
		return nil, err
	}
	if a.Notify, err = variants(change.Variants, card.Network); err != nil {
		return nil, err
	}
	if err := checkReason(change.Reason); err != nil {
		return nil, err
	}
	if change.PAN != "" {
		if a.PAN, err = c.newNumber(change.PAN, card); err != nil {
			return nil, err
		}
	}
	return c.act(a, sandbox.Target{Card: card.ID.Digits()})
}

// newNumber judges the number that a card is to get.
func (c *call) newNumber(digits string, card vault.Card) (token.PAN, error) {
	pan, err := token.ParsePAN(digits)
	switch {
	case err != nil || !token.LuhnValid(digits):
		return "", badValue("pan", token.Mask(digits), "must be a card number of 9 to 19 digits whose check digit holds")
	case !c.s.Guard(digits):
		p := badValue("pan", token.Mask(digits), "may be a real card: it is neither a published test number nor in a test range")
		p.Code = control.CodePANGuard
		return "", p
	case pan.Network() != card.Network:
		return "", badValue("pan", token.Mask(digits), "is no number of "+string(card.Network))
	}
	for _, other := range c.box.Cards() {
		if other.PAN == pan || other.ID == pan {
			return "", badValue("pan", token.Mask(digits), "is the number of a card this sandbox has seen")
		}
	}
	return pan, nil
}
