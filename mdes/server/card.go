package server

import (
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/token"
)

// card takes a card number that may enter. One that may not stays out of the
// call, and so out of everything that is kept.
func (r *request) card(number mdes.Sensitive) *refusal {
	if !r.server.Guard(string(number)) {
		return r.fail(door.Guarded(face.CheckGuard, string(number)), token.Refuse(token.GuardedPAN, "the number is not on the list of test numbers"))
	}
	r.Checks.Pass(face.CheckGuard, "")
	r.call.Card.PAN = token.PAN(number)
	return nil
}

// expiry reads the card's expiry, which a card given in full needs, and its
// security code (docs/wire/mdes.md "Errors").
func (r *request) expiry(card *mdes.CardAccountData) *refusal {
	const field = "cardAccountData.expiryMonth"
	expiry, err := token.ExpiryOf(card.ExpiryMonth, card.ExpiryYear)
	if err != nil {
		return r.fail(token.Check{Name: face.CheckField(field), Expected: "expiryMonth and expiryYear next to the number"},
			token.Refuse(token.Key(mdes.MissingExpiryDate), "the card has no expiry", field))
	}
	r.call.Card.Expiry, r.call.Card.Code = expiry, token.SecurityCode(card.SecurityCode)
	return nil
}
