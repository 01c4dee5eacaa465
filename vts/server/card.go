package server

import (
	"errors"

	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// card opens and judges the card of a request and makes it the call's.
func (r *request) card(compact, source string) *refusal {
	plain, refused := r.open(fieldInstrument, compact)
	if refused != nil {
		return refused
	}
	var card vts.PaymentInstrument
	var bad vts.BadFields
	if err := r.leniency().Decode(plain, &card); err != nil && !errors.As(err, &bad) {
		return r.unreadable(fieldInstrument, "a JSON object", plain)
	}
	r.In.Sent(fieldInstrument, plain)
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
	r.Checks.Fail(door.Guarded(CheckGuard, number))
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
	case r.row.Route.Op == token.VisaProvisionWithPAN:
		r.call.FromToken = token.TokenPAN(card.AccountNumber)
	default:
		r.Checks.Fail(token.Check{
			Name: CheckSource, Expected: "a card number as the source", Received: source,
			Hint: "provision with PAN data makes a token from a token",
		})
		return refusalOf(token.Refuse(token.CardNotAllowed, "a token cannot be enrolled"))
	}
	return nil
}
