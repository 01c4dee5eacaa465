package scenarios

import (
	"regexp"
	"strings"

	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/token"
)

// traitsDraft is what answers show of a card, besides its number.
type traitsDraft struct {
	product, art, eci, status word
	flags                     map[string]bool
	flagsAt                   spot
}

var (
	productWords = lowered(fixtures.Credit, fixtures.Debit, fixtures.Prepaid)
	artWords     = []string{"png", "pdf"}
	eciWords     = []string{"07", "05", "00"} // docs/wire/vts.md "Payment data"
	statusForm   = regexp.MustCompile(`^[A-Z]{1,16}$`)
)

func lowered(categories ...fixtures.Category) []string {
	words := make([]string, len(categories))
	for i, c := range categories {
		words[i] = strings.ToLower(string(c))
	}
	return words
}

// flagKeys are the flags of an issuer as keys of a section.
var flagKeys = issuerFlagKeys()

func issuerFlagKeys() table[map[string]bool] {
	var rows table[map[string]bool]
	for _, name := range fixtures.IssuerFlagNames() {
		rows = append(rows, field[map[string]bool]{name, false, aFlag, "without it, `true`", func(c cursor, d *map[string]bool) {
			if v := c.flag(); v.set {
				(*d)[name] = v.v
			}
		}})
	}
	return rows
}

func (c cursor) flags() map[string]bool {
	flags := map[string]bool{}
	flagKeys.read(c, &flags)
	return flags
}

// indicator reads an ECI, which would lose its zero without quotes.
func (c cursor) indicator() word {
	w := c.quoted("an indicator")
	if !w.set {
		return w
	}
	return c.choice(eciWords)
}

func (c cursor) accountStatus() word {
	w := c.text()
	if w.set && !statusForm.MatchString(w.v) {
		c.refuse("must be 1 to 16 capital letters")
		return word{}
	}
	return w
}

// traits compiles what answers show of a card. Some of it only Visa shows.
func (c *compiler) traits(d traitsDraft, card *Card) {
	card.Product = fixtures.Category(strings.ToUpper(d.product.v))
	card.VectorArt = d.art.v == "pdf"
	card.Flags, card.ECI, card.Status = d.flags, d.eci.v, d.status.v
	for _, shown := range []struct {
		given bool
		at    spot
	}{{d.flags != nil, d.flagsAt}, {d.eci.set, d.eci.spot}, {d.status.set, d.status.spot}} {
		if shown.given && card.Network == token.Mastercard {
			c.refuse(shown.at, "is shown by visa only, and the card's network is mastercard")
		}
	}
}
