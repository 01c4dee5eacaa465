package acquirer

import (
	"strconv"
	"strings"

	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/wire"
)

// digits is the form of so many digits.
func digits(least, most int) func(string) bool {
	return func(s string) bool { return token.Digits(s) && len(s) >= least && len(s) <= most }
}

func letters(n int) func(string) bool {
	fits := wire.Only("AZ")
	return func(s string) bool { return len(s) == n && fits(s) }
}

func isMonth(s string) bool { return digits(2, 2)(s) && s >= "01" && s <= "12" }

// isAmount takes no leading zeros, so that one amount is written in one way.
func isAmount(s string) bool { return digits(1, 12)(s) && (s == "0" || !strings.HasPrefix(s, "0")) }

func isTransactionID(s string) bool {
	return len(s) == 15 && token.Digits(s) || len(s) == 13 && wire.Only("09", "AZ")(s)
}

// Fields that several operations share.
var (
	referenceRow = wire.Chars("reference", 1, 64)
	amountRow    = wire.Object(
		"amount",
		wire.Chars("value", 1, 12).OrNumber().Must().As("a whole number from 0 to 999999999999", isAmount),
		wire.Chars("currency", 1, 3).Must().As("three capital letters", letters(3)),
	)
)

// authorizeTable are the field rules of a payment (docs/wire/acquirer.md
// "Authorize").
var authorizeTable = wire.Bind[AuthorizeRequest](
	referenceRow,
	amountRow.Must(),
	wire.Object(
		"merchant",
		wire.Chars("id", 1, 36).Must(),
		wire.Chars("category", 1, 4).Must().As("four digits", digits(4, 4)),
		wire.Chars("country", 1, 2).Must().As("two capital letters", letters(2)),
		wire.Chars("descriptor", 1, 25),
	).Must(),
	wire.Object(
		"instrument",
		wire.Chars("type", 0, 0).Must().OneOf(TypeCard, TypeToken),
		wire.Chars("number", 1, 19).Must().As("12 to 19 digits", digits(12, 19)),
		wire.Chars("expiryMonth", 1, 2).Must().As("a month from 01 to 12", isMonth),
		wire.Chars("expiryYear", 1, 4).Must().As("four digits", digits(4, 4)),
		wire.Chars("cryptogram", 1, 64),
		wire.Chars("eci", 1, 2).As("two digits", digits(2, 2)),
	).Must(),
	wire.Chars("partialApproval", 0, 0).OneOf(PartialAllowed, PartialRefused),
	wire.Chars("initiator", 0, 0).OneOf(ByCustomer, ByMerchant),
	wire.Chars("previousTransactionId", 1, 15).As("13 letters and digits, or 15 digits", isTransactionID),
)

// The field rules of the acts on a payment (docs/wire/acquirer.md "Acts").
var (
	captureTable = wire.Bind[ActRequest](
		referenceRow, amountRow, wire.Chars("captureType", 0, 0).OneOf(CaptureFinal, CaptureNonFinal),
	)
	voidTable      = wire.Bind[ActRequest](referenceRow)
	refundTable    = wire.Bind[ActRequest](referenceRow, amountRow)
	incrementTable = wire.Bind[ActRequest](referenceRow, amountRow.Must())
	reverseTable   = wire.Bind[ActRequest](referenceRow, amountRow)
)

// Money is the amount as a number; the error says that it is none.
func (a Amount) Money() (int64, error) { return strconv.ParseInt(string(a.Value), 10, 64) }

// Expiry is that of the instrument.
func (i Instrument) Expiry() (token.Expiry, error) {
	return token.ExpiryOf(i.ExpiryMonth, i.ExpiryYear)
}
