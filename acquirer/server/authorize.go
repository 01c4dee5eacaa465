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
	body, refused := decode(r, acquirer.DecodeAuthorize)
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
		Amount:    authorization.Amount{Value: value, Currency: body.Amount.Currency},
		Merchant:  authorization.Merchant(body.Merchant),
		Reference: body.Reference, Partial: body.PartialApproval == acquirer.PartialAllowed, Previous: body.PreviousTransactionID,
	}
	if r.call.Once, refused = r.once(); refused != nil {
		return refused
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
	a := r.result.Paid.Authorization
	body := acquirer.AuthorizeResponse{
		Outcome: acquirer.Approved, ResponseCode: approvedCode, Reference: a.Reference,
		ID: a.ID, AuthorizationCode: a.Code, NetworkTransactionID: a.Transaction, Network: string(a.Network),
		Amount:     &acquirer.AmountInfo{Value: a.Held, Currency: a.Currency},
		Instrument: &acquirer.InstrumentInfo{Type: string(a.Means), Last4: a.Last4},
		CreatedAt:  instant(a.At), ExpiresAt: instant(a.Until),
	}
	if a.Held < a.Asked {
		body.ResponseCode, body.Requested = partlyCode, &acquirer.AmountInfo{Value: a.Asked, Currency: a.Currency}
	}
	return face.Answer{Status: http.StatusCreated, Body: body}, nil
}

// The response codes of good answers (docs/wire/acquirer.md "Reasons").
const (
	approvedCode = "00"
	partlyCode   = "10" // less than was asked for
)

// instant is a time as answers write it, "" for none.
func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
