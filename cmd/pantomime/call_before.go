package main

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/token"
)

// journalMost is how many exchanges are looked through for what one gave.
const journalMost = 1000

// givenBefore finds what an earlier call of the requestor about a card gave, by
// its name: the handle of an enrolment, a task, a method, a piece of content. It
// is looked for in the journal, so also what another client did counts.
func givenBefore(ctx context.Context, door *control.Client, name, card, requestor string) (string, error) {
	list, err := door.Tokens(ctx, control.TokenQuery{Card: card, Requestor: requestor})
	var p *control.Problem
	if err != nil && !(errors.As(err, &p) && p.Code == control.CodeNotFound) {
		return "", err
	}
	calls, err := door.Requests(ctx, control.ExchangeQuery{Requestor: requestor, Limit: journalMost})
	if err != nil {
		return "", err
	}
	account, err := accountOf(ctx, door, card)
	if err != nil {
		return "", err
	}
	for _, e := range slices.Backward(calls.Items) {
		if value := gave(e, name); value != "" && aboutCard(e, list.Items, account) {
			return value, nil
		}
	}
	return "", failed("card %s has no %s at %s yet; %s gives one", token.Scrub(card), name, requestor, wallet.GivenBy(name))
}

// wholeRef completes the reference of a token: a beginning of it, or "last". One
// that the sandbox does not know is sent as it is.
func wholeRef(ctx context.Context, door *control.Client, ref string) (token.Ref, error) {
	if ref == "" {
		return "", nil
	}
	known, err := door.Token(ctx, token.Ref(ref))
	var p *control.Problem
	switch {
	case err == nil:
		return known.Ref, nil
	case errors.As(err, &p) && p.Code == control.CodeNotFound && ref != "last":
		return token.Ref(ref), nil
	}
	return "", err
}

// accountOf is the PAR of a card, "" for one that the sandbox has not seen.
func accountOf(ctx context.Context, door *control.Client, card string) (token.PAR, error) {
	known, err := door.Card(ctx, card)
	var p *control.Problem
	if errors.As(err, &p) && p.Code == control.CodeNotFound {
		return "", nil
	}
	return known.PAR, err
}

// gave is what a request or its answer held under a name.
func gave(e control.Exchange, name string) string {
	var body any
	if json.Unmarshal([]byte(e.Response.Body), &body) == nil && e.Response.Status < 400 {
		if value := (wallet.Answer{Body: body}).Gives()[name]; value != "" {
			return value
		}
	}
	return wallet.Draft{Op: e.Operation, Text: []byte(e.Request.Body)}.Gives()[name]
}

// aboutCard reports whether an exchange was about a card: it was about one of its
// tokens, or its answer names its account.
func aboutCard(e control.Exchange, tokens []control.Token, account token.PAR) bool {
	for _, t := range tokens {
		if slices.Contains(e.Tokens, t.Ref) {
			return true
		}
	}
	return account != "" && strings.Contains(e.Response.Body, `"`+string(account)+`"`)
}
