package server

import (
	"net/http"
	"time"

	"github.com/pantomime-dev/pantomime/acquirer"
	"github.com/pantomime-dev/pantomime/simulator/authorization"
	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

func readAuthorize(r *request) *refusal {
	body, refused := r.decode()
	if refused != nil {
		return refused
	}
	value, err := body.Amount.Money()
	if err != nil {
		return internal(err.Error())
	}
	expiry, err := body.Instrument.Expiry()
	if err != nil {
		return internal(err.Error())
	}
	r.reference, r.call.Network = body.Reference, networkOf(string(body.Instrument.Number))
	r.call.Charge = sandbox.Charge{
		Amount:   authorization.Amount{Value: value, Currency: body.Amount.Currency},
		Merchant: authorization.Merchant(body.Merchant),
	}
	if body.Instrument.Type == acquirer.TypeToken {
		r.call.FromToken, r.call.Expiry = token.TokenPAN(body.Instrument.Number), expiry
		r.call.Cryptogram, r.call.ECI = token.Cryptogram(body.Instrument.Cryptogram), token.ECI(body.Instrument.ECI)
		return nil
	}
	r.call.Card = sandbox.CardInput{PAN: token.PAN(body.Instrument.Number), Expiry: expiry}
	return r.admit(string(body.Instrument.Number))
}

func answerAuthorize(r *request) (face.Answer, *refusal) {
	approval, amount := r.result.Approval, r.call.Amount
	kind, last4 := r.instrument()
	return face.Answer{Status: http.StatusCreated, Body: acquirer.AuthorizeResponse{
		Outcome: acquirer.Approved, ResponseCode: "00", Reference: r.reference,
		ID: approval.ID, AuthorizationCode: approval.Code, NetworkTransactionID: approval.Transaction, Network: string(r.call.Network),
		Amount:     &acquirer.AmountInfo{Value: amount.Value, Currency: amount.Currency},
		Instrument: &acquirer.InstrumentInfo{Type: kind, Last4: last4},
		CreatedAt:  r.result.At.UTC().Format(time.RFC3339),
	}}, nil
}

// instrument is what may be shown of what was paid with.
func (r *request) instrument() (kind, last4 string) {
	if r.call.FromToken != "" {
		return acquirer.TypeToken, r.call.FromToken.Last4()
	}
	return acquirer.TypeCard, r.call.Card.PAN.Last4()
}
