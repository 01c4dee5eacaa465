// Package authorization is the payment leg as values: what a merchant asks for
// through its acquirer, and how an issuer answers.
//
// It must not know the vault, rules or any wire format: the sandbox's step finds
// out which card is meant, and asks here only what its bank says.
package authorization

import (
	"strconv"
	"strings"
	"time"

	"github.com/pantomime-dev/pantomime/seed"
	"github.com/pantomime-dev/pantomime/token"
)

// Amount is money in the smallest unit of its currency: 1000 EUR is ten euros.
type Amount struct {
	Value    int64
	Currency string // ISO 4217, three capital letters
}

// String is "1000 EUR".
func (a Amount) String() string { return strconv.FormatInt(a.Value, 10) + " " + a.Currency }

// Merchant is who is paid.
type Merchant struct {
	ID         string
	Category   string // ISO 18245, four digits
	Country    string // ISO 3166, two capital letters
	Descriptor string // as on the cardholder's statement
}

// Means is what a payment is made with.
type Means string

// The means.
const (
	ByCard  Means = "card"
	ByToken Means = "token"
)

// Approval is what a good answer says.
type Approval struct {
	ID          string // of the authorization, 32 hex digits
	Code        string // of the issuer, six digits
	Transaction string // of the network: 15 digits at Visa, 13 letters and digits at Mastercard
}

// Approve derives an approval at an instant from what it is about, in parts
// that never come twice.
func Approve(ids seed.Source, n token.Network, at time.Time, about ...string) Approval {
	d := ids.Child(append([]string{"authorization"}, about...)...)
	a := Approval{ID: d.Hex(32, "id"), Code: d.Digits(6, "code")}
	if of := transactions[n]; of != nil {
		a.Transaction = of(d, at)
	}
	return a
}

// transactions derive a network's transaction id (docs/wire/acquirer.md
// "Network transaction id"). No card number begins like Visa's.
var transactions = map[token.Network]func(seed.Source, time.Time) string{
	token.Visa: func(d seed.Source, _ time.Time) string { return "1" + d.Digits(14, "transaction") },
	token.Mastercard: func(d seed.Source, at time.Time) string {
		return "MPL" + strings.ToUpper(d.Hex(6, "transaction")) + at.UTC().Format("0102")
	},
}
