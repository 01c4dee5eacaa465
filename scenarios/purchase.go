package scenarios

import (
	"regexp"
	"slices"
	"strconv"

	"github.com/pantomime-dev/pantomime/token"
)

// Purchase is what a payment must be for a rule to match; empty members match
// anything.
type Purchase struct {
	Merchants  []string
	Categories []string
	Countries  []string
	Currencies []string
	Least      *int64 // amount, in the smallest unit of the currency
	Most       *int64
}

type purchaseDraft struct {
	merchants, categories, countries, currencies []word
	amount                                       *amountDraft
}

func (d purchaseDraft) given() bool {
	return len(d.merchants)+len(d.categories)+len(d.countries)+len(d.currencies) > 0 || d.amount != nil
}

type amountDraft struct {
	spot
	least, most value[int]
}

var (
	anAmount      = whole("an amount in the smallest unit of its currency", 0, maxCount)
	categoryForm  = regexp.MustCompile(`^[0-9]{4}$`)
	countryForm   = regexp.MustCompile(`^[A-Z]{2}$`)
	currencyForm  = regexp.MustCompile(`^[A-Z]{3}$`)
	aMerchantList = some("one or a list of ids of at most 36 characters", func() *form { return &form{Type: "string", MinLength: 1, MaxLength: maxMerchant} })
)

// maxMerchant is how long the id of a merchant can be (docs/wire/acquirer.md
// "Authorize").
const maxMerchant = 36

// amountKeys are the bounds of an amount.
var amountKeys = table[amountDraft]{
	{"from", false, anAmount, "the least; without it, 0", func(c cursor, d *amountDraft) { d.least = c.whole(0, maxCount) }},
	{"to", false, anAmount, "the most; without it, no limit", func(c cursor, d *amountDraft) { d.most = c.whole(0, maxCount) }},
}

// purchaseKeys are the matchers of a rule that only payments can satisfy.
var purchaseKeys = table[whenDraft]{
	{
		"merchant", false, aMerchantList, "ids of merchants; like the four keys that follow, of payments at an acquirer and of what is done with them",
		func(c cursor, d *whenDraft) {
			d.purchase.merchants = c.words(func(c cursor) word { return c.line(maxMerchant) })
		},
	},
	{
		"category", false, some("one or a list of four digits in quotes", pattern(categoryForm.String())), "of the merchant, ISO 18245",
		func(c cursor, d *whenDraft) { d.purchase.categories = c.words(cursor.category) },
	},
	{
		"country", false, some("one or a list of two capital letters", pattern(countryForm.String())), "of the merchant, ISO 3166",
		func(c cursor, d *whenDraft) { d.purchase.countries = c.words(cursor.country) },
	},
	{
		"currency", false, some("one or a list of three capital letters", pattern(currencyForm.String())), "of the payment, ISO 4217",
		func(c cursor, d *whenDraft) { d.purchase.currencies = c.words(cursor.currency) },
	},
	{
		"amount", false, aSet(amountKeys), "[bounds](#amount) of the amount that is asked for",
		func(c cursor, d *whenDraft) {
			d.purchase.amount = &amountDraft{spot: c.spot()}
			amountKeys.read(c, d.purchase.amount)
		},
	},
}

func (c cursor) category() word {
	return c.formed(c.quoted("a category"), categoryForm, "must be four digits")
}

func (c cursor) country() word { return c.formed(c.text(), countryForm, "must be two capital letters") }

func (c cursor) currency() word {
	return c.formed(c.text(), currencyForm, "must be three capital letters")
}

// formed refuses a word that has not its form.
func (c cursor) formed(w word, fits *regexp.Regexp, why string) word {
	if w.set && !fits.MatchString(w.v) {
		c.refuse(why)
		return word{}
	}
	return w
}

// purchase compiles the matchers of payments. They limit a rule to the operations
// that are about payments.
func (c *compiler) purchase(d whenDraft, w *When) {
	if !d.purchase.given() {
		return
	}
	p := &Purchase{
		Merchants: spellings(d.purchase.merchants), Categories: spellings(d.purchase.categories),
		Countries: spellings(d.purchase.countries), Currencies: spellings(d.purchase.currencies),
	}
	if a := d.purchase.amount; a != nil {
		p.Least, p.Most = atBound(a.least), atBound(a.most)
		if p.Least != nil && p.Most != nil && *p.Least > *p.Most {
			c.refuse(a.spot, "can never match: from "+strconv.Itoa(a.least.v)+" is more than to "+strconv.Itoa(a.most.v))
		}
	}
	w.Purchase = p
	pays := func(op token.Operation) bool { return op.Traits().Pays }
	switch {
	case len(w.Operations) == 0:
		for _, row := range token.Operations() {
			if pays(row.Op) {
				w.Operations = append(w.Operations, row.Op)
			}
		}
	case !slices.ContainsFunc(w.Operations, pays):
		c.warn(d.spot, "can never match: merchant, category, country, currency and amount are of payments, which "+w.Operations[0].Info().Wire+" is not about")
	}
}

func atBound(v value[int]) *int64 {
	if !v.set {
		return nil
	}
	n := int64(v.v)
	return &n
}

// covers reports whether every payment that fits b fits p as well.
func (p *Purchase) covers(b *Purchase) bool {
	switch {
	case p == nil:
		return true
	case b == nil:
		return false
	}
	return holds(p.Merchants, b.Merchants, same) && holds(p.Categories, b.Categories, same) &&
		holds(p.Countries, b.Countries, same) && holds(p.Currencies, b.Currencies, same) &&
		(p.Least == nil || b.Least != nil && *b.Least >= *p.Least) && (p.Most == nil || b.Most != nil && *b.Most <= *p.Most)
}
