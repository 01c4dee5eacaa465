package server

import (
	"errors"

	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
	"github.com/pantomime-dev/pantomime/wire"
)

// card opens and judges the card of a request and makes it the call's.
func (r *request) card(compact, source string) *refusal {
	plain, refused := r.open(fieldInstrument, compact)
	if refused != nil {
		return refused
	}
	var card vts.PaymentInstrument
	var bad wire.BadFields
	if err := r.leniency().Decode(plain, &card); err != nil && !errors.As(err, &bad) {
		return r.unreadable(fieldInstrument, "a JSON object", plain)
	}
	r.In.Sent(fieldInstrument, plain)
	if bad = bad.And(card.ValidateFor(source)); len(bad) > 0 {
		return r.fields(bad.Under(fieldInstrument))
	}
	if !r.server.Guard(card.AccountNumber) {
		return r.guarded(card.AccountNumber)
	}
	r.from(card, source)
	return nil
}

// guarded refuses what may be a real card before anything is stored.
func (r *request) guarded(number string) *refusal {
	r.Checks.Fail(door.Guarded(face.CheckGuard, number))
	return refusalOf(token.Refuse(token.GuardedPAN, "the number may be a real card's"))
}

// from sets whose account the call is about: a card's or, with the source TOKEN,
// that of the card behind a token (docs/wire/vts.md "Provisioning").
func (r *request) from(card vts.PaymentInstrument, source string) {
	if source == vts.SourceToken {
		r.call.FromToken = token.TokenPAN(card.AccountNumber)
		return
	}
	r.call.Card.PAN, r.call.Pushed = token.PAN(card.AccountNumber), source == vts.SourceIssuerPush
	r.call.Card.Code = token.SecurityCode(card.CVV2)
	if card.ExpirationDate != nil {
		r.call.Card.Expiry, _ = card.ExpirationDate.Expiry() // its form was judged
	}
}
