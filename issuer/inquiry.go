package issuer

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/wire"
)

// Inquiry is what an endpoint is asked (docs/wire/issuer.md "Inquiry").
type Inquiry struct {
	ID        string            `json:"id"`
	Kind      token.InquiryKind `json:"kind"`
	Sandbox   string            `json:"sandbox"`
	Issuer    string            `json:"issuer"`
	Network   token.Network     `json:"network"`
	Requestor string            `json:"requestor"`
	At        time.Time         `json:"at"`
	Card      Card              `json:"card"`

	Provisioning *Provisioning `json:"provisioning,omitempty"`
	Payment      *Payment      `json:"payment,omitempty"`
}

// Card is the card that is asked about. It prints without its number.
type Card struct {
	Number      wire.Sensitive `json:"number"`
	ExpiryMonth string         `json:"expiryMonth,omitempty"`
	ExpiryYear  string         `json:"expiryYear,omitempty"`
}

// Provisioning is the token that is asked for.
type Provisioning struct {
	Presentation string `json:"presentation,omitempty"`
}

// Payment is what is to be paid.
type Payment struct {
	Amount   Amount   `json:"amount"`
	Merchant Merchant `json:"merchant"`
	Means    string   `json:"means"` // card or token
	ECI      string   `json:"eci,omitempty"`
}

// Amount is money in the smallest unit of its currency.
type Amount struct {
	Value    int64  `json:"value"`
	Currency string `json:"currency"` // ISO 4217
}

// Merchant is who is paid.
type Merchant struct {
	ID         string `json:"id"`
	Category   string `json:"category"`             // ISO 18245
	Country    string `json:"country"`              // ISO 3166, two letters
	Descriptor string `json:"descriptor,omitempty"` // on the cardholder's statement
}

// The means of a payment.
const (
	ByCard  = "card"
	ByToken = "token"
)

// DecodeInquiry reads what an endpoint is asked. The error is [wire.ErrBody], wrapped.
func DecodeInquiry(body []byte) (q Inquiry, err error) {
	if err := json.Unmarshal(body, &q); err != nil {
		return Inquiry{}, fmt.Errorf("%w: %w", wire.ErrBody, err)
	}
	return q, nil
}

// Codec words inquiries and reads answers, for whoever sends them.
type Codec struct {
	Wall clock.Wall // signatures carry its time
}

// Word writes an inquiry and signs it with the issuer's secret.
func (c Codec) Word(q token.Inquiry, secret string) (http.Header, []byte, error) {
	out := Inquiry{
		ID: q.ID, Kind: q.Kind, Sandbox: q.Sandbox, Issuer: q.Issuer, Network: q.Network, Requestor: q.Requestor, At: q.At.UTC(),
		Card: Card{Number: wire.Sensitive(q.PAN.Digits())},
	}
	if !q.Expiry.IsZero() {
		out.Card.ExpiryMonth, out.Card.ExpiryYear = fmt.Sprintf("%02d", q.Expiry.Month), fmt.Sprintf("%04d", q.Expiry.Year)
	}
	switch q.Kind {
	case token.InquiryPayment:
		out.Payment = &Payment{
			Amount:   Amount{q.Amount, q.Currency},
			Merchant: Merchant{ID: q.Merchant, Category: q.Category, Country: q.Country, Descriptor: q.Shown},
			Means:    map[bool]string{true: ByToken, false: ByCard}[q.ByToken], ECI: string(q.ECI),
		}
	default:
		out.Provisioning = &Provisioning{Presentation: q.Presentation}
	}
	body, err := json.Marshal(out)
	if err != nil {
		return nil, nil, err
	}
	return http.Header{
		"Content-Type": {"application/json"}, "Accept": {"application/json"}, "User-Agent": {"pantomime"},
		SignatureHeader: {Sign(body, secret, c.Wall.Now())},
	}, body, nil
}
