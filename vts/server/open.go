package server

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
	"github.com/pantomime-dev/pantomime/wire"
)

// open decrypts a field with any key of the requestor. The key that
// the client used is the one it gets its answer under, so that a client with a
// single pair can read it.
func (r *request) open(field, compact string) ([]byte, *refusal) {
	opened, err := r.account.keys.Open(compact)
	var refused *vts.JWEError
	switch {
	case errors.As(err, &refused):
		r.Checks.Fail(refused.Check(field))
		return nil, invalid(field)
	case err != nil:
		return nil, internal(err.Error())
	}
	if !r.seals(field, opened.Header.KeyID) {
		return nil, invalid(field)
	}
	r.Checks.Pass(vts.CheckField(field), opened.Header.KeyID)
	r.sealing = r.account.sealings[opened.Header.KeyID]
	return opened.Plain, nil
}

// seals holds the key of a field to its use, where that matters.
func (r *request) seals(field, kid string) bool {
	if !r.switches().KeyUse {
		return true
	}
	sealers := r.account.own.Sealers()
	if slices.Contains(sealers, kid) {
		return true
	}
	r.Checks.Fail(token.Check{
		Name: vts.CheckField(field), Expected: "a field sealed with the key " + strings.Join(sealers, " or "),
		Received: "one sealed with " + kid, KeyID: kid,
		Hint: "this key of the requestor is not for fields; the switch key-use holds it to that",
	})
	return false
}

// unreadable refuses a field whose clear text is not the JSON it should be. The
// text is not journaled: what cannot be parsed cannot be masked safely.
func (r *request) unreadable(field, expected string, plain []byte) *refusal {
	r.In.Sent(field, []byte(`"not JSON"`))
	r.Checks.Fail(token.Check{Name: CheckClear(field), Expected: expected, Received: face.Bytes(len(plain)) + " that are none"})
	return invalid(field)
}

// The encrypted fields of requests (docs/wire/vts.md "Encryption").
const (
	fieldInstrument     = "encPaymentInstrument"
	fieldRisk           = "encRiskDataInfo"
	fieldBilling        = "encBillingInfo"
	fieldDeviceRisk     = "encDeviceRiskDataInfo"
	fieldAuthentication = "encAuthenticationData"
)

// risk opens the risk data of a request, nil when there is none. What the names
// mean beyond the expiry is not public, so the rest is kept out of the journal
// and ignored (docs/wire/vts.md "Encryption").
func (r *request) risk(field, compact string) (vts.RiskData, *refusal) {
	if compact == "" {
		return nil, nil
	}
	before := r.sealing
	plain, refused := r.open(field, compact)
	if refused != nil {
		return nil, refused
	}
	if r.row.Route.Op == token.VisaProvisionWithPAN {
		r.sealing = before // the card's field decided already
	}
	var data vts.RiskData
	if err := data.UnmarshalJSON(plain); err != nil {
		return nil, r.unreadable(field, "a list of names and values", plain)
	}
	shown := make(vts.RiskData, len(data))
	for i, item := range data {
		shown[i] = item
		if item.Name != vts.RiskExpiryMonth && item.Name != vts.RiskExpiryYear {
			shown[i].Value = token.Secret
		}
	}
	text, _ := json.Marshal(shown) // strings always encode
	r.In.Sent(field, text)
	return data, nil
}

// personal opens and judges a field that says who the consumer is. What it
// holds is kept out of the journal altogether.
func (r *request) personal(field, compact string, into vts.Request) *refusal {
	if compact == "" {
		return nil
	}
	plain, refused := r.open(field, compact)
	if refused != nil {
		return refused
	}
	err := r.leniency().DecodeRequest(plain, into)
	var bad wire.BadFields
	if err != nil && !errors.As(err, &bad) {
		return r.unreadable(field, "a JSON object", plain)
	}
	r.In.Sent(field, []byte(`"`+token.Secret+`"`))
	if len(bad) > 0 {
		return r.fields(bad.Under(field))
	}
	return nil
}
