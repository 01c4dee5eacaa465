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

	PartialApproval string `json:"partialApproval,omitempty"` // allowed or refused
	Initiator       string `json:"initiator,omitempty"`       // customer or merchant
	// PreviousTransactionID is the network's id of an earlier payment of the same
	// card to the same merchant. With it a token needs no cryptogram where the
	// merchant is the initiator.
	PreviousTransactionID string `json:"previousTransactionId,omitempty"`
}

// Whether less than the amount will do.
const (
	PartialAllowed = "allowed"
	PartialRefused = "refused" // so does ""
)

// Who begins a payment.
const (
	ByCustomer = "customer" // so does ""
	ByMerchant = "merchant" // with what it stored before
)

// Whether captures follow a capture.
const (
	CaptureFinal    = "final"
	CaptureNonFinal = "non_final" // so does ""
)

// ActRequest is what a merchant asks for of a payment that was authorized
// (docs/wire/acquirer.md "Acts"): a capture, a void, a refund, an increment or a
// reversal.
type ActRequest struct {
	Reference   string  `json:"reference,omitempty"`   // the merchant's own, comes back in the answer
	Amount      *Amount `json:"amount,omitempty"`      // of an increment, else nil for all there is; of no void
	CaptureType string  `json:"captureType,omitempty"` // of a capture: final or non_final
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
