package server

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// request is one exchange on its way through the face, with what was learnt so
// far.
type request struct {
	server  *Server
	x       *door.Exchange
	route   vts.Route
	account *account // from admit on
	sealing sealing  // for fields of the answer
	call    sandbox.Call
	checks  token.Checks
	damage  token.Fault       // what happens to encrypted fields of the answer
	dynamic bool              // a code of three digits is asked for instead of a TAVV
	shown   map[string]string // product fields that a scenario shows differently
	action  string            // what an attestation is for
	asset   string            // the content asked for
}

// note puts what the step found into the journal.
func (r *request) note(result sandbox.Result) {
	e := &r.x.Entry
	e.At, e.Rule, e.RuleID, e.Decision = result.At, result.Rule, result.RuleID, result.Decision
	e.Entity, e.EntitySeq = result.Entity, result.EntitySeq
	switch {
	case len(result.Tokens) > 0:
		e.Tokens = result.Tokens
	case vts.ValidID(string(r.call.Token)): // a path may hold anything, a card number too
		e.Tokens = []token.Ref{r.call.Token}
	}
}

// body reads the request's JSON (docs/wire/vts.md "Errors").
func (r *request) body(into vts.Request) *refusal {
	if len(r.x.Body) > 0 && !r.x.JSON() {
		r.checks.Fail(token.Check{
			Name: CheckContentType, Expected: "application/json", Received: door.Quoted(r.x.Header.Get("Content-Type")),
		})
		return platform(http.StatusUnsupportedMediaType, "the body is not declared as JSON")
	}
	err := vts.DecodeRequest(r.x.Body, into)
	if err == nil {
		return nil
	}
	var bad vts.BadFields
	if errors.As(err, &bad) {
		return r.fields(bad)
	}
	r.checks.Fail(token.Check{
		Name: CheckBody, Expected: "exactly one JSON object with nothing after it",
		Received: size(len(r.x.Body)), Difference: err.Error(),
	})
	return notUnderstood()
}

// fields refuses every bad field at once.
func (r *request) fields(bad vts.BadFields) *refusal {
	for _, field := range bad {
		r.checks.Fail(token.Check{Name: CheckField(field.Location), Difference: field.Why})
	}
	return invalid(bad.Locations()...)
}

// decrypt opens an encrypted field with any key of the requestor. The key that
// the client used is the one it gets its answer under, so that a client with a
// single pair can read it.
func (r *request) decrypt(field, compact string) ([]byte, *refusal) {
	opened, err := r.account.keys.Open(compact)
	var refused *vts.JWEError
	switch {
	case errors.As(err, &refused):
		r.checks.Fail(refused.Check(field))
		return nil, invalid(field)
	case err != nil:
		return nil, internal(err)
	}
	if !r.seals(field, opened.Header.KeyID) {
		return nil, invalid(field)
	}
	r.checks.Pass(vts.CheckField(field), opened.Header.KeyID)
	r.sealing = r.account.sealings[opened.Header.KeyID]
	return opened.Plain, nil
}

// seals holds the key of a field to its use, where that matters.
func (r *request) seals(field, kid string) bool {
	if !r.account.switches().KeyUse {
		return true
	}
	sealers := r.account.requestor.Visa.Sealers()
	if slices.Contains(sealers, kid) {
		return true
	}
	r.checks.Fail(token.Check{
		Name: vts.CheckField(field), Expected: "a field sealed with the key " + strings.Join(sealers, " or "),
		Received: "one sealed with " + kid, KeyID: kid,
		Hint: "this key of the requestor is not for fields; the switch key-use holds it to that",
	})
	return false
}

// unreadable refuses a field whose clear text is not the JSON it should be. The
// text is not journaled: what cannot be parsed cannot be masked safely.
func (r *request) unreadable(field, expected string, plain []byte) *refusal {
	r.x.Sent(field, []byte(`"not JSON"`))
	r.checks.Fail(token.Check{Name: CheckClear(field), Expected: expected, Received: size(len(plain)) + " that are none"})
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

// instrument opens and judges the card of a request and makes it the call's.
func (r *request) instrument(compact, source string) *refusal {
	plain, refused := r.decrypt(fieldInstrument, compact)
	if refused != nil {
		return refused
	}
	var card vts.PaymentInstrument
	var bad vts.BadFields
	if err := vts.Decode(plain, &card); err != nil && !errors.As(err, &bad) {
		return r.unreadable(fieldInstrument, "a JSON object", plain)
	}
	r.x.Sent(fieldInstrument, plain)
	if bad = bad.And(card.ValidateFor(source)); len(bad) > 0 {
		return r.fields(bad.Under(fieldInstrument))
	}
	if !r.server.guard(card.AccountNumber) {
		return r.guarded(card.AccountNumber)
	}
	return r.from(card, source)
}

// guarded refuses what may be a real card before anything is stored.
func (r *request) guarded(number string) *refusal {
	r.checks.Fail(door.Guarded(CheckGuard, number))
	return refusalOf(token.Refuse(token.GuardedPAN, "the number may be a real card's"))
}

// from sets whose account the call is about: a card's or, with the source TOKEN,
// that of the card behind a token. Such a token cannot be enrolled: the wire
// form of this use is not public (docs/wire/vts.md "Provisioning").
func (r *request) from(card vts.PaymentInstrument, source string) *refusal {
	switch {
	case source != vts.SourceToken:
		r.call.Card.PAN = token.PAN(card.AccountNumber)
		if card.ExpirationDate != nil {
			r.call.Card.Expiry, _ = card.ExpirationDate.Expiry() // its form was judged
		}
	case r.route.Op == token.VisaProvisionWithPAN:
		r.call.FromToken = token.TokenPAN(card.AccountNumber)
	default:
		r.checks.Fail(token.Check{
			Name: CheckSource, Expected: "a card number as the source", Received: source,
			Hint: "provision with PAN data makes a token from a token",
		})
		return refusalOf(token.Refuse(token.CardNotAllowed, "a token cannot be enrolled"))
	}
	return nil
}

// risk opens the risk data of a request, nil when there is none. What the names
// mean beyond the expiry is not public, so the rest is kept out of the journal
// and ignored (docs/wire/vts.md "Encryption").
func (r *request) risk(field, compact string) (vts.RiskData, *refusal) {
	if compact == "" {
		return nil, nil
	}
	before := r.sealing
	plain, refused := r.decrypt(field, compact)
	if refused != nil {
		return nil, refused
	}
	if r.route.Op == token.VisaProvisionWithPAN {
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
	r.x.Sent(field, text)
	return data, nil
}
