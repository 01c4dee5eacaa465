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
	payCard   = []Need{{What: NeedCard, In: paidWith}}
	payTokens = map[Account][]Need{ByToken: {
		{What: NeedToken, Name: VisaToken, In: paidWith},
		{What: NeedNumber, Name: TokenNumber, In: paidWith + ".number"},
		{What: NeedCryptogram, Name: Cryptogram, In: paidWith + ".cryptogram"},
	}}
)

// acquirerRows are an acquirer's operations (docs/wire/acquirer.md "Operations").
var acquirerRows = table[*acquirer]{
	token.Authorize: {needs: payCard, accounts: payTokens, body: (*acquirer).authorization, answer: told((*acquirer).authorized)},
}

// What is paid, and to whom, where nobody says.
const (
	usualAmount   = 1000
	usualCurrency = "EUR"
	usualMerchant = "merchant-1"
)

func (a *acquirer) authorization(about Subject) map[string]any {
	with, expiry := map[string]any{"type": acq.TypeCard, "number": about.Card.PAN.Digits()}, about.Card.Expiry
	if about.Account == ByToken {
		expiry = about.Token.Expiry
		with = map[string]any{"type": acq.TypeToken, "number": about.Token.Number.Digits(), "cryptogram": about.Pay.Cryptogram.Reveal()}
		if about.Pay.ECI != "" {
			with["eci"] = string(about.Pay.ECI)
		}
	}
	with["expiryMonth"], with["expiryYear"] = expiry.MM(), expiry.YYYY()
	return map[string]any{
		"reference":  a.id("payment"),
		"amount":     map[string]any{"value": cmp.Or(about.Pay.Amount, usualAmount), "currency": cmp.Or(about.Pay.Currency, usualCurrency)},
		"merchant":   map[string]any{"id": cmp.Or(about.Pay.Merchant, usualMerchant), "category": "5411", "country": "DE", "descriptor": "PANTOMIME TEST SHOP"},
		"instrument": with,
	}
}

func (a *acquirer) authorized(_ Subject, got *acq.AuthorizeResponse) (Outcome, error) {
	if got.Outcome != acq.Approved {
		return Outcome{
			Headline: fmt.Sprintf("payment declined: %s (%s)", got.Reason, got.ResponseCode), Answer: got,
		}, Declined(fmt.Sprintf("the payment was declined: %s", got.Reason))
	}
	return Outcome{Headline: fmt.Sprintf("payment %s approved, code %s", got.ID, got.AuthorizationCode), Status: got.Outcome, Answer: got}, nil
}
