package scenarios

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/pantomime-dev/pantomime/token"
)

// productField is a field of the product configuration that a rule may show
// differently.
type productField struct {
	name  string // as in fixtures.ProductFields
	shown reach  // the networks whose answers have it
	value kind[string]
	about string
}

var (
	aColor   = kind[string]{shape{`"rrggbb"`, pattern(hexColor.String())}, cursor.color}
	aPage    = kind[string]{shape{"a URL of at most 128 characters", func() *form { return &form{Type: "string", Pattern: "^https?://", MaxLength: 128} }}, cursor.page}
	hexColor = regexp.MustCompile(`^[0-9A-Fa-f]{6}$`)
)

func lineOf(limit int) kind[string] {
	return kind[string]{aLine("a line of at most "+strconv.Itoa(limit)+" characters", limit), func(c cursor) word { return c.line(limit) }}
}

// productFields say where a field is shown (docs/wire/vts.md "Provisioning",
// docs/wire/mdes.md "productConfig"). Lengths are those of Mastercard; for
// longer ones there is respond.
var productFields = []productField{
	{"issuer-name", atMastercard, lineOf(64), ""},
	{"short-description", everywhere, lineOf(128), "the product in a few words"},
	{"long-description", everywhere, lineOf(256), "the product in a sentence"},
	{"background-color", atVisa, aColor, ""},
	{"foreground-color", everywhere, aColor, "of what is on the card's picture"},
	{"label-color", atVisa, aColor, ""},
	{"contact-name", atVisa, lineOf(64), "where its wallets show the issuer's name"},
	{"contact-number", everywhere, lineOf(64), "Mastercard's `customerServicePhoneNumber`"},
	{"contact-email", everywhere, lineOf(64), "Mastercard's `customerServiceEmail`"},
	{"contact-website", everywhere, aPage, "Mastercard's `customerServiceUrl`"},
	{"privacy-policy-url", everywhere, aPage, "Visa's `privacyPolicyURL`, Mastercard's `privacyPolicyUrl`"},
	{"terms-url", everywhere, aPage, "Visa's `termsAndConditionsURL`, Mastercard's `termsAndConditionsUrl`"},
	{"bank-app-name", atVisa, lineOf(64), ""},
}

// metadataKeys are the product fields as keys of a section.
var metadataKeys = productKeys()

func productKeys() table[map[string]word] {
	rows := make(table[map[string]word], len(productFields))
	for i, f := range productFields {
		about := f.about
		if f.shown != everywhere {
			about = strings.TrimSuffix("only at "+f.shown.title()+"; "+f.about, "; ")
		}
		rows[i] = field[map[string]word]{f.name, false, f.value.shape, about, func(c cursor, d *map[string]word) {
			if w := f.value.read(c); w.set {
				(*d)[f.name] = w
			}
		}}
	}
	return rows
}

func (c cursor) color() word {
	w := c.quoted("a colour")
	if w.set && !hexColor.MatchString(w.v) {
		c.refuse(`must be six hex digits, "rrggbb"`)
		return word{}
	}
	return w
}

func (c cursor) page() word {
	w := c.line(128)
	if w.set && !strings.HasPrefix(w.v, "http://") && !strings.HasPrefix(w.v, "https://") {
		c.refuse("must be a URL such as https://bank.example/terms")
		return word{}
	}
	return w
}

// metadata compiles product fields, which somebody must be able to see.
func (c *compiler) metadata(d thenDraft, w When, m match) map[string]string {
	if len(d.metadata) == 0 {
		return nil
	}
	if len(w.Operations) > 0 && !slices.ContainsFunc(w.Operations, func(op token.Operation) bool { return op.Traits().Shows }) {
		c.refuse(d.metadataAt, "would never be seen: answers of "+w.Operations[0].Info().Wire+" show no product")
	}
	fields := map[string]string{}
	for _, f := range productFields {
		value, given := d.metadata[f.name]
		if !given {
			continue
		}
		if f.shown&m.within == 0 {
			c.refuse(value.spot, "is shown by "+f.shown.String()+" only, and "+m.limit())
		}
		c.guarded(value)
		fields[f.name] = value.v
	}
	return fields
}
