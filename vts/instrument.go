package vts

import (
	"bytes"
	"log/slog"

	"github.com/go-json-experiment/json"

	"github.com/pantomime-dev/pantomime/token"
)

// PaymentInstrument is the clear text of encPaymentInstrument
// (docs/wire/vts.md "Encryption"). It prints masked.
type PaymentInstrument struct {
	AccountNumber  string          `json:"accountNumber"` // 13 to 19 digits
	CVV2           string          `json:"cvv2,omitempty"`
	Name           string          `json:"name,omitempty"`
	ExpirationDate *ExpirationDate `json:"expirationDate,omitempty"`
	BillingAddress *BillingAddress `json:"billingAddress,omitempty"`
	Provider       *Provider       `json:"provider,omitempty"` // with ISSUER_PUSH_PROVISION only
}

// String shows the masked number and nothing else.
func (p PaymentInstrument) String() string { return token.Mask(p.AccountNumber) }

// GoString masks the value in %#v.
func (p PaymentInstrument) GoString() string { return p.String() }

// LogValue masks the value in structured logs.
func (p PaymentInstrument) LogValue() slog.Value { return slog.StringValue(p.String()) }

// BillingAddress is where the card's bills go.
type BillingAddress struct {
	Line1      string `json:"line1,omitempty"`
	Line2      string `json:"line2"` // the documented example sends it empty
	City       string `json:"city,omitempty"`
	State      string `json:"state,omitempty"`
	Country    string `json:"country,omitempty"`
	Zip        string `json:"zip,omitempty"`
	PostalCode string `json:"postalCode,omitempty"`
}

// Provider says which wallet an issuer pushes a card to.
type Provider struct {
	Intent                string `json:"intent,omitempty"` // "PUSH_PROV_MOBILE"
	ClientWalletProvider  string `json:"clientWalletProvider,omitempty"`
	ClientWalletAccountID string `json:"clientWalletAccountID,omitempty"`
	ClientDeviceID        string `json:"clientDeviceID,omitempty"`
	ClientAppID           string `json:"clientAppID,omitempty"`
	IsIDnV                Text   `json:"isIDnV,omitempty"`
}

// TokenNumber is the clear text of encTokenInfo. It prints masked.
type TokenNumber struct {
	Token string `json:"token"`
}

// String masks the number.
func (t TokenNumber) String() string { return token.Mask(t.Token) }

// GoString masks the number in %#v.
func (t TokenNumber) GoString() string { return t.String() }

// LogValue masks the number in structured logs.
func (t TokenNumber) LogValue() slog.Value { return slog.StringValue(t.String()) }

// Names of risk data that public clients send.
const (
	RiskExpiryMonth = "paymentInstrument.expirationDate.month"
	RiskExpiryYear  = "paymentInstrument.expirationDate.year"
	RiskEncCVV2     = "encCvv2" // its value is a JWE of the security code
)

// RiskData is the clear text of encRiskDataInfo: a list of names and values.
// One published client wraps it as {"data":[…]}; both forms are read, the bare
// list is written.
type RiskData []RiskItem

// RiskItem is one name with its value. It prints without the value.
type RiskItem struct {
	Name  string `json:"name"`
	Value Text   `json:"value"`
}

// String hides the value.
func (i RiskItem) String() string { return i.Name + "=" + token.Secret }

// GoString hides the value in %#v.
func (i RiskItem) GoString() string { return i.String() }

// LogValue hides the value in structured logs.
func (i RiskItem) LogValue() slog.Value { return slog.StringValue(i.String()) }

// UnmarshalJSON reads the bare list or the wrapped one.
func (r *RiskData) UnmarshalJSON(b []byte) error {
	if trimmed := bytes.TrimSpace(b); len(trimmed) == 0 || trimmed[0] != '{' {
		return json.Unmarshal(b, (*[]RiskItem)(r))
	}
	var wrapped struct {
		Data []RiskItem `json:"data"`
	}
	err := json.Unmarshal(b, &wrapped)
	*r = wrapped.Data
	return err
}

// Get finds the first item of that name.
func (r RiskData) Get(name string) (value string, ok bool) {
	for _, item := range r {
		if item.Name == name {
			return string(item.Value), true
		}
	}
	return "", false
}

// Expiry reads the expiry that risk data carries, if it carries one.
func (r RiskData) Expiry() (e token.Expiry, ok bool) {
	month, hasMonth := r.Get(RiskExpiryMonth)
	year, hasYear := r.Get(RiskExpiryYear)
	if !hasMonth || !hasYear {
		return token.Expiry{}, false
	}
	e, err := ExpirationDate{Month: Text(month), Year: Text(year)}.Expiry()
	return e, err == nil
}
