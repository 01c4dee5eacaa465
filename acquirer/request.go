package acquirer

import "github.com/pantomime-dev/pantomime/wire"

// The types of an instrument.
const (
	TypeCard  = "card"
	TypeToken = "token"
)

// AuthorizeRequest asks for a payment (docs/wire/acquirer.md "Authorize").
type AuthorizeRequest struct {
	Reference  string     `json:"reference,omitempty"` // the merchant's own, comes back in the answer
	Amount     Amount     `json:"amount"`
	Merchant   Merchant   `json:"merchant"`
	Instrument Instrument `json:"instrument"`
}

// Amount is money in the smallest unit of its currency. The value is written
// as a number or as a text of digits.
type Amount struct {
	Value    wire.LooseString `json:"value"`
	Currency string           `json:"currency"` // ISO 4217
}

// Merchant is who is paid.
type Merchant struct {
	ID         string `json:"id"`
	Category   string `json:"category"`             // ISO 18245
	Country    string `json:"country"`              // ISO 3166, two letters
	Descriptor string `json:"descriptor,omitempty"` // on the cardholder's statement
}

// Instrument is what is paid with: a card's number, or a network token's with a
// cryptogram. It prints without them.
type Instrument struct {
	Type        string         `json:"type"` // card or token
	Number      wire.Sensitive `json:"number"`
	ExpiryMonth string         `json:"expiryMonth"`
	ExpiryYear  string         `json:"expiryYear"`           // four digits
	Cryptogram  wire.Sensitive `json:"cryptogram,omitempty"` // of a token
	ECI         string         `json:"eci,omitempty"`        // of a token
}
