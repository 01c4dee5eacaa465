package wallet

import (
	"cmp"
	"fmt"

	acq "github.com/pantomime-dev/pantomime/acquirer"
	"github.com/pantomime-dev/pantomime/token"
)

// paidWith is where a payment says what it is made with.
const paidWith = "instrument"

var (
	payment   = []Need{{What: NeedID, Name: Payment}}
	payCard   = []Need{{What: NeedCard, In: paidWith}}
	payTokens = map[Account][]Need{ByToken: {
		{What: NeedToken, Name: VisaToken, In: paidWith},
		{What: NeedNumber, Name: TokenNumber, In: paidWith + ".number"},
		{What: NeedCryptogram, Name: Cryptogram, In: paidWith + ".cryptogram"},
	}}
)

// acquirerRows are an acquirer's operations (docs/wire/acquirer.md "Operations").
var acquirerRows = table[*acquirer]{
	token.Authorize:  {needs: payCard, accounts: payTokens, body: (*acquirer).authorization, answer: answerOf((*acquirer).authorized)},
	token.Capture:    {needs: payment, body: (*acquirer).act, answer: answerOf((*acquirer).acted)},
	token.Void:       {needs: payment, body: (*acquirer).give, answer: answerOf((*acquirer).acted)},
	token.Refund:     {needs: payment, body: (*acquirer).act, answer: answerOf((*acquirer).acted)},
	token.Increment:  {needs: payment, body: (*acquirer).more, answer: answerOf((*acquirer).acted)},
	token.Reverse:    {needs: payment, body: (*acquirer).act, answer: answerOf((*acquirer).acted)},
	token.GetPayment: {needs: payment, answer: answerOf((*acquirer).acted)},
}

// What is paid, and to whom, by default.
const (
	usualAmount   = 1000
	usualCurrency = "EUR"
	usualMerchant = "merchant-1"
)

func (a *acquirer) authorization(about Subject) map[string]any {
	with, expiry := map[string]any{"type": acq.TypeCard, "number": about.Card.PAN.Digits()}, about.Card.Expiry
	if about.Account == ByToken {
		expiry = about.Token.Expiry
		with = map[string]any{"type": acq.TypeToken, "number": about.Token.Number.Digits()}
		if about.Pay.Cryptogram != "" {
			with["cryptogram"] = about.Pay.Cryptogram.Reveal()
		}
		if about.Pay.ECI != "" {
			with["eci"] = string(about.Pay.ECI)
		}
	}
	with["expiryMonth"], with["expiryYear"] = expiry.MM(), expiry.YYYY()
	value := about.Pay.Amount
	if !about.Pay.Nothing {
		value = cmp.Or(value, usualAmount)
	}
	body := map[string]any{
		"reference":  a.id("payment"),
		"amount":     amount(value, about),
		"merchant":   map[string]any{"id": cmp.Or(about.Pay.Merchant, usualMerchant), "category": "5411", "country": "DE", "descriptor": "PANTOMIME TEST SHOP"},
		"instrument": with,
	}
	if about.Pay.Previous != "" {
		body["initiator"], body["previousTransactionId"] = acq.ByMerchant, about.Pay.Previous
	}
	return body
}

func amount(value int64, about Subject) map[string]any {
	return map[string]any{"value": value, "currency": cmp.Or(about.Pay.Currency, usualCurrency)}
}

// act is a capture, a refund or a reversal: of the amount or, where none is given,
// of all there is.
func (a *acquirer) act(about Subject) map[string]any {
	if about.Pay.Amount == 0 {
		return a.give(about)
	}
	return map[string]any{"reference": a.id("act"), "amount": amount(about.Pay.Amount, about)}
}

func (a *acquirer) give(Subject) map[string]any { return map[string]any{"reference": a.id("act")} }

// more is an increment, of which there is no usual amount on the wire.
func (a *acquirer) more(about Subject) map[string]any {
	return map[string]any{"reference": a.id("act"), "amount": amount(cmp.Or(about.Pay.Amount, usualAmount), about)}
}

func (a *acquirer) acted(_ Subject, got *acq.Payment) (Outcome, error) {
	if got.Outcome != acq.Approved {
		return Outcome{Headline: fmt.Sprintf("declined: %s (%s)", got.Reason, got.ResponseCode), Answer: got, Reason: got.Reason},
			Declined(fmt.Sprintf("the request was declined: %s", got.Reason))
	}
	out := Outcome{Headline: fmt.Sprintf("payment %s is %s", got.ID, got.Status), Status: got.Status, Answer: got}
	if done := got.Action; done != nil {
		out.Headline = fmt.Sprintf("%s of %d %s: payment %s is %s", done.Type, done.Amount, got.Balances.Currency, got.ID, got.Status)
	}
	return out, nil
}

func (a *acquirer) authorized(_ Subject, got *acq.AuthorizeResponse) (Outcome, error) {
	if got.Outcome != acq.Approved {
		return Outcome{
			Headline: fmt.Sprintf("payment declined: %s (%s)", got.Reason, got.ResponseCode), Answer: got, Reason: got.Reason,
		}, Declined(fmt.Sprintf("the payment was declined: %s", got.Reason))
	}
	return Outcome{
		Headline: fmt.Sprintf("payment %s approved, code %s", got.ID, got.AuthorizationCode), Status: got.Outcome, Answer: got,
		Payment: got.ID, Transaction: got.NetworkTransactionID,
	}, nil
}
