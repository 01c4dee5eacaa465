package main

import (
	"context"

	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/token"
)

// payments measures an authorization by token against bare gin, which gets the
// same requests. A cryptogram pays once, so each request has one of its own and a
// round ends with the last of them.
func (b *bench) payments(ctx context.Context) ([]Row, error) {
	var at, ginAt addresses
	sim, err := b.start(ctx, "simulator", serverSettings{}, &at)
	if err != nil {
		return nil, err
	}
	defer sim.stop()
	reference, err := b.start(ctx, "gin", nil, &ginAt)
	if err != nil {
		return nil, err
	}
	defer reference.stop()
	w, _, err := b.wallet(ctx, at)
	if err != nil {
		return nil, err
	}
	return b.inTurn(ctx, []workload{{name: "authorize by token and cryptogram", once: true, shots: func(ctx context.Context) ([]shot, error) {
		return b.authorizations(ctx, w)
	}}}, side{reference, ginAt.Network}, side{sim, at.Network})
}

// authorizations are payments with tokens of some cards, each with a cryptogram
// that has not paid.
func (b *bench) authorizations(ctx context.Context, w *wallet.Wallet) ([]shot, error) {
	shots := make([]shot, 0, b.size.Payments)
	for i := range b.size.Payments {
		pan, err := fixtures.Synthetic(token.Visa, i%b.size.Cards)
		if err != nil {
			return nil, err
		}
		made, err := w.Do(ctx, token.VisaProvisionWithPAN, wallet.Subject{Card: wallet.Card{PAN: pan, Expiry: expiry}})
		if err != nil {
			return nil, err
		}
		one := wallet.Subject{Token: wallet.Token{Ref: made.Ref}}
		got, err := w.Do(ctx, token.VisaGetPaymentData, one)
		if err != nil {
			return nil, err
		}
		d, err := w.Draft(token.Authorize, got.Paying.By(one))
		if err != nil {
			return nil, err
		}
		s, err := raw(w.Request(ctx, d))
		if err != nil {
			return nil, err
		}
		shots = append(shots, s)
	}
	return shots, nil
}
