package play

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/seed"
	"github.com/pantomime-dev/pantomime/token"
)

// world is what the people of a play have before their eyes and no network
// says: the cards in their hands, and which token was made last. It is asked
// of the control door.
type world struct {
	admin  *control.Client
	script scenarios.Scenario
	ids    seed.Source // the sandbox's, from which its numbers and art derive

	cards   map[token.PAN]control.Card // by the number that the scenario knows them by, as they were seen last
	numbers map[token.PAN]token.PAN    // what became of that number
	tokens  map[token.PAN][]control.Token
}

// most is how many tokens of a card are listed; the newest are among them.
const most = 1000

func newWorld(ctx context.Context, admin *control.Client, s scenarios.Scenario, env control.Env) (world, error) {
	box, err := admin.Sandbox(ctx, env.Sandbox)
	if err != nil {
		return world{}, err
	}
	root, err := seed.New(box.Seed)
	return world{
		admin: admin, script: s, ids: root.Child("sandbox", env.Sandbox), cards: map[token.PAN]control.Card{},
		numbers: map[token.PAN]token.PAN{}, tokens: map[token.PAN][]control.Token{},
	}, err
}

// key names a card to the control door.
func (w *world) key(pan token.PAN) string {
	for _, c := range w.script.Cards {
		if c.PAN == pan {
			return c.Name
		}
	}
	return pan.Digits()
}

// identify looks at the cards and finds by which number the scenario knows the
// one whose number is, or was, pan.
func (w *world) identify(ctx context.Context, pan token.PAN) (token.PAN, error) {
	list, err := control.All(func(p control.Page) (control.List[control.Card], error) { return w.admin.Cards(ctx, p) })
	if err != nil {
		return "", err
	}
	for _, known := range list.Items {
		id := w.whose(known)
		if id == "" {
			continue
		}
		w.cards[id] = known
		w.renumber(id)
	}
	for id, number := range w.numbers {
		if number == pan {
			return id, nil
		}
	}
	return pan, nil
}

// whose says by which number the scenario knows a card; "" for one that is
// unknown in the play.
func (w *world) whose(c control.Card) token.PAN {
	for _, own := range w.script.Cards {
		if own.Name == c.Name {
			return own.PAN
		}
	}
	for id, known := range w.cards {
		if known.PAR == c.PAR {
			return id
		}
	}
	listed, _ := fixtures.Find(c.Listed)
	for _, s := range w.script.Play {
		for _, pan := range s.Cards {
			if pan == listed.Number || c.Listed == "" && pan.String() == c.PAN {
				return pan
			}
		}
	}
	return ""
}

// renumber finds the number of a card that has another one now. The door shows
// it masked; a number that the scenario does not give derives from the seed.
func (w *world) renumber(id token.PAN) {
	shown, number := w.cards[id].PAN, cmp.Or(w.numbers[id], id)
	w.numbers[id] = number
	if number.String() == shown {
		return
	}
	for _, given := range w.given() {
		if given.String() == shown {
			w.numbers[id] = given
			return
		}
	}
	const generations = 8 // replacements within one step
	for range generations {
		n := w.ids.Uint64("replacement", string(number), strconv.Itoa(0))
		next, err := fixtures.Synthetic(id.Network(), int(n%uint64(fixtures.SyntheticCount(id.Network()))))
		if err != nil {
			return
		}
		if number = next; number.String() == shown {
			w.numbers[id] = number
			return
		}
	}
}

// given are the numbers that the scenario gives to cards.
func (w *world) given() (numbers []token.PAN) {
	for _, e := range w.script.Timeline {
		numbers = append(numbers, e.Action.PAN)
	}
	for _, s := range w.script.Play {
		numbers = append(numbers, s.Act.PAN)
	}
	return numbers
}

// card is a card as its holder has it in hand.
func (w *world) card(id token.PAN) wallet.Card {
	return wallet.Card{PAN: cmp.Or(w.numbers[id], id), Expiry: w.cards[id].Expiry}
}

// art is the id of the picture that a card shows now. It is part of the
// product, which derives from the seed.
func (w *world) art(id token.PAN) string {
	c := w.cards[id]
	p := fixtures.ProductFor(w.ids.Uint64("products"), id.Network(), c.Issuer, c.Product)
	for _, own := range w.script.Cards {
		if own.PAN == id && own.VectorArt {
			p = p.Vector()
		}
	}
	return p.CardArtID
}

// see looks at a card's tokens. Those that were not there before are newer
// than all that were; each call about the card looks, so at most one is new.
func (w *world) see(ctx context.Context, id token.PAN) error {
	list, err := w.admin.Tokens(ctx, control.TokenQuery{Card: w.key(id), Limit: most})
	var p *control.Problem
	if errors.As(err, &p) && p.Code == control.CodeNotFound {
		return nil // no request has named the card yet
	}
	if err != nil {
		return err
	}
	known := w.tokens[id]
	for _, t := range list.Items {
		if i := slices.IndexFunc(known, func(k control.Token) bool { return k.Ref == t.Ref }); i >= 0 {
			known[i] = t
		} else {
			known = append(known, t)
		}
	}
	w.tokens[id] = known
	return nil
}

// newest is the last token made of a card, at one requestor or, with an empty
// name, at any.
func (w *world) newest(requestor string, id token.PAN) (t control.Token, ok bool) {
	for _, known := range slices.Backward(w.tokens[id]) {
		if requestor == "" || known.Requestor == requestor {
			return known, true
		}
	}
	return t, false
}
