package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// actor is a card with its wallet at one network.
type actor struct {
	network token.Network
	card    testCard
	wallet  wallet
	ref     token.Ref
}

// do performs an operation by its neutral name.
func (a *actor) do(ctx context.Context, verb token.Verb) (result, error) {
	op := token.OperationsNamed(string(verb), a.network)[0]
	if op == token.VisaProvision {
		op = token.VisaProvisionWithPAN
	}
	return a.wallet.do(ctx, task{op: op, card: &a.card, token: a.ref})
}

// status asks the network how the token is.
func (a *actor) status(ctx context.Context) (token.Status, error) {
	got, err := a.do(ctx, token.VerbStatus)
	if err != nil {
		return "", err
	}
	return statusOf(a.network, got.status)
}

// statusOf reads a status as the wire spells it.
func statusOf(n token.Network, wire string) (token.Status, error) {
	if n == token.Visa {
		return vts.TokenStatus(wire).Status()
	}
	for _, s := range token.Statuses() {
		if wire == strings.ToUpper(string(s)) { //nolint:gocritic // another letter case would be a mistake of the network
			return s, nil
		}
	}
	return "", fmt.Errorf("token status %q is none of Mastercard's", wire)
}
