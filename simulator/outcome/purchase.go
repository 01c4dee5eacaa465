package outcome

import (
	"slices"

	"github.com/pantomime-dev/pantomime/scenarios"
)

// Purchase is what matching may look at of a payment.
type Purchase struct {
	Merchant, Category, Country, Currency string
	Amount                                int64 // that is asked for
}

// buys reports whether a request is of a payment that a rule wants.
func (f *Facts) buys(w *scenarios.Purchase) bool {
	p := f.Purchase
	return p != nil && among(w.Merchants, p.Merchant) && among(w.Categories, p.Category) && among(w.Countries, p.Country) &&
		among(w.Currencies, p.Currency) && (w.Least == nil || p.Amount >= *w.Least) && (w.Most == nil || p.Amount <= *w.Most)
}

// among reports whether a list takes a value; an empty one takes any.
func among(list []string, value string) bool { return len(list) == 0 || slices.Contains(list, value) }

// missedPurchase reports whether a request of the past could be of a payment that a
// rule wants. What the payment was the journal does not keep apart, so of a payment
// nothing more is said.
func missedPurchase(w *scenarios.Purchase, p Past, check func(asked, holds bool, name, expected, received string)) {
	if pays := p.Op.Traits().Pays; !pays {
		check(w != nil, pays, "merchant", "a payment", string(p.Op))
	}
}
