package server

import (
	"net/http"

	"github.com/pantomime-dev/pantomime/acquirer"
	"github.com/pantomime-dev/pantomime/simulator/authorization"
	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/token"
)

// readAct reads what a merchant asks for of a payment.
func readAct(r *request) (refused *refusal) {
	body, refused := decode(r, func(raw []byte) (acquirer.ActRequest, error) { return acquirer.DecodeAct(r.row.Route, raw) })
	if refused != nil {
		return refused
	}
	r.reference, r.call.Subject.Payment = body.Reference, r.id()
	r.call.Asking = authorization.Asking{Final: body.CaptureType == acquirer.CaptureFinal}
	if body.Amount != nil {
		r.call.Asking.Currency = body.Amount.Currency
		var err error
		if r.call.Asking.Amount, err = body.Amount.Money(); err != nil {
			return internal(err.Error())
		}
	}
	r.call.Once, refused = r.once()
	return refused
}

func readPayment(r *request) *refusal {
	r.call.Subject.Payment = r.id()
	return nil
}

func answerAct(r *request) (face.Answer, *refusal) {
	body, e := r.payment(), r.result.Paid.Entry
	body.Reference = r.reference
	body.Action = &acquirer.ActionInfo{ID: e.ID, Type: string(e.Act), Amount: e.Amount, CreatedAt: instant(e.At)}
	return face.Answer{Status: http.StatusCreated, Body: body}, nil
}

func answerPayment(r *request) (face.Answer, *refusal) { return face.Answer{Body: r.payment()}, nil }

// payment is the payment that the request was about, after the step.
func (r *request) payment() acquirer.Payment {
	a := r.result.Paid.Authorization
	merchant := acquirer.Merchant(a.Merchant)
	body := acquirer.Payment{
		Outcome: acquirer.Approved, ResponseCode: approvedCode, Reference: a.Reference,
		ID: a.ID, Status: string(a.Status()), NetworkTransactionID: a.Transaction, Network: string(a.Network),
		Balances: &acquirer.BalancesInfo{
			Currency: a.Currency, Authorized: a.Held, Captured: a.Captured, Refunded: a.Refunded,
			Capturable: a.Capturable(r.World.Terms(a.Acquirer)), Refundable: a.Refundable(),
		},
		Instrument: &acquirer.InstrumentInfo{Type: string(a.Means), Last4: a.Last4}, Merchant: &merchant,
		CreatedAt: instant(a.At), ExpiresAt: instant(a.Until),
	}
	for _, e := range a.Entries {
		body.Entries = append(body.Entries, entry(e))
	}
	if d := a.Dispute; d.ID != "" {
		body.Dispute = &acquirer.DisputeInfo{
			ID: d.ID, Status: string(d.State), Amount: d.Amount, Reason: d.Reason, CreatedAt: instant(d.At), EndedAt: instant(d.Ended),
		}
	}
	return body
}

func entry(e authorization.Entry) acquirer.EntryInfo {
	status := acquirer.EntryPending
	switch {
	case !e.Settled.IsZero():
		status = acquirer.EntrySettled
	case !e.Cleared.IsZero():
		status = acquirer.EntryCleared
	}
	return acquirer.EntryInfo{
		ID: e.ID, Type: string(e.Act), Amount: e.Amount, Status: status,
		CreatedAt: instant(e.At), ClearedAt: instant(e.Cleared), SettledAt: instant(e.Settled),
	}
}

// findings word what the step finds wrong with an act, other than a decline
// (docs/wire/acquirer.md "Errors").
var findings = map[token.Key]struct {
	status int
	code   string
}{
	token.UnknownPayment:     {http.StatusNotFound, acquirer.CodeNotFound},
	token.WrongPaymentStatus: {http.StatusConflict, acquirer.CodeStatus},
	token.AmountTooHigh:      {http.StatusUnprocessableEntity, acquirer.CodeAmount},
	token.OtherCurrency:      {http.StatusUnprocessableEntity, acquirer.CodeCurrency},
	token.PendingRequest:     {http.StatusConflict, acquirer.CodeInProgress},
	token.OtherRequest:       {http.StatusUnprocessableEntity, acquirer.CodeKeyReused},
}
