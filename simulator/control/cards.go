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

var cardFilters = []string{"network", "limit", "cursor"}

// cards lists the sandbox's cards: those the scenario names by their names, then
// the others by their listed names, then the rest.
func (c *call) cards() (any, error) {
	network, err := c.network()
	if err != nil {
		return nil, err
	}
	p, err := c.page(3)
	if err != nil {
		return nil, err
	}
	after := namedCard{}
	if p.cursor != nil {
		after = namedCard{vault.Card{Name: p.cursor[0], PAR: token.PAR(p.cursor[2])}, p.cursor[1]}
	}
	total, first := 0, firsts[namedCard]{most: p.limit, order: byNames}
	for card := range c.box.Cards() {
		if network != "" && card.Network != network {
			continue
		}
		one := namedCard{card, listedNames()[card.PAN]}
		if total++; p.cursor == nil || byNames(after, one) < 0 {
			first.add(one)
		}
	}
	found := first.list()
	return listed(c.viewCards(found), total, first.more, func() string {
		last := found[len(found)-1]
		return cursor(last.Name, last.listed, string(last.PAR))
	}), nil
}

func (c *call) oneCard() (any, error) {
	card, err := c.card(c.param("card"))
	if err != nil {
		return nil, err
	}
	return c.viewCard(card), nil
}

// namedCard is a card with the name under which every sandbox knows it.
type namedCard struct {
	vault.Card
	listed string
}

func byNames(a, b namedCard) int {
	return cmp.Or(lastIfEmpty(a.Name, b.Name), lastIfEmpty(a.listed, b.listed), cmp.Compare(a.PAR, b.PAR))
}

func (c *call) viewCards(found []namedCard) []control.Card {
	out := make([]control.Card, len(found))
	for i, card := range found {
		out[i] = c.viewCard(card.Card)
	}
	return out
}

// lastIfEmpty compares names and puts what has none behind.
func lastIfEmpty(a, b string) int {
	if (a == "") != (b == "") {
		return -cmp.Compare(a, b)
	}
	return cmp.Compare(a, b)
}

func (c *call) viewCard(card vault.Card) control.Card {
	return control.Card{
		CardRef: cardRef(card), Network: card.Network, Expiry: card.Expiry, Issuer: card.Issuer,
		Product: card.Product, Closed: card.Closed, Tokens: c.box.Live(card.ID),
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

// cardNames is a look-up of cards by any number that names one.
func cardNames(box *sandbox.Sandbox) func(token.PAN) control.CardRef {
	return func(pan token.PAN) control.CardRef {
		if card, ok := box.Card(pan); ok {
			return cardRef(card)
		}
		return control.CardRef{Listed: listedNames()[pan], PAN: pan.String()}
	}
}

// card finds a card of the sandbox by its name in the scenario, its listed
// name, its number or its PAR.
func (c *call) card(name string) (vault.Card, error) {
	number := token.PAN(name)
	if listed, ok := fixtures.Find(name); ok {
		number = listed.Number
	}
	if card, ok := c.box.CardNamed(name); ok {
		return card, nil
	}
	if card, ok := c.box.Card(number); ok {
		return card, nil
	}
	var known []string
	for k := range c.box.Cards() {
		ref := cardRef(k)
		if string(k.PAR) == name && name != "" {
			return k, nil
		}
		if ref.Name != "" || ref.Listed != "" {
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
	if _, seen := c.box.Card(pan); seen {
		return "", badValue("pan", token.Mask(digits), "is the number of a card this sandbox has seen")
	}
	return pan, nil
}
