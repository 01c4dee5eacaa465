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
// its name: the handle of an enrolment, a task, a method, a piece of content, a
// payment. It is looked for in the journal, so also what another client did counts.
func givenBefore(ctx context.Context, door *control.Client, name, card, requestor string) (string, error) {
	list, err := door.Tokens(ctx, control.TokenQuery{Card: card, Requestor: requestor})
	var p *control.Problem
	if err != nil && !(errors.As(err, &p) && p.Code == control.CodeNotFound) {
		return "", err
	}
	account, err := accountOf(ctx, door, card)
	if err != nil {
		return "", err
	}
	values, err := given(ctx, door, name, requestor, func(e control.Exchange) bool { return aboutCard(e, list.Items, account) })
	if err != nil || len(values) > 0 {
		return first(values), err
	}
	return "", failed("card %s has no %s at %s yet; %s gives one", token.Scrub(card), name, requestor, wallet.GivenBy(name))
}

func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

// given lists what calls of a requestor, "" for any, gave by a name, newest first.
func given(ctx context.Context, door *control.Client, name, requestor string, about func(control.Exchange) bool) (values []string, err error) {
	calls, err := door.Requests(ctx, control.ExchangeQuery{Requestor: requestor, Limit: journalMost})
	for _, e := range slices.Backward(calls.Items) {
		if value := gave(e, name); value != "" && !slices.Contains(values, value) && about(e) {
			values = append(values, value)
		}
	}
	return values, err
}

// shortest is how much of an id must be given, at the control door likewise.
const shortest = 4

// wholeID completes an id that calls gave by a name: a beginning of it, or "last".
// One that no call gave is sent as it is.
func wholeID(ctx context.Context, door *control.Client, name, id, requestor string) (string, error) {
	if id != "last" && len(id) < shortest {
		return id, nil
	}
	values, err := given(ctx, door, name, requestor, func(control.Exchange) bool { return true })
	if err != nil {
		return id, err
	}
	if id == "last" {
		if len(values) == 0 {
			return id, failed("no call has given a %s yet; %s gives one", name, wallet.GivenBy(name))
		}
		return values[0], nil
	}
	all := slices.Clone(values)
	values = slices.DeleteFunc(values, func(v string) bool { return !strings.HasPrefix(v, id) })
	switch {
	case slices.Contains(all, id) || len(values) == 0:
		return id, nil
	case len(values) > 1:
		return id, usage("%s begins %d ids; give more of it: %s", id, len(values), strings.Join(values, ", "))
	}
	return values[0], nil
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

// accountOf is a card as the sandbox shows it, nothing for one that it has not seen.
func accountOf(ctx context.Context, door *control.Client, card string) (control.Card, error) {
	known, err := door.Card(ctx, card)
	var p *control.Problem
	if errors.As(err, &p) && p.Code == control.CodeNotFound {
		return control.Card{}, nil
	}
	return known, err
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
// tokens, its answer names its account, or its request its number.
func aboutCard(e control.Exchange, tokens []control.Token, account control.Card) bool {
	for _, t := range tokens {
		if slices.Contains(e.Tokens, t.Ref) {
			return true
		}
	}
	named := func(text, value string) bool { return value != "" && strings.Contains(text, `"`+value+`"`) }
	return named(e.Response.Body, string(account.PAR)) || named(e.Request.Body, account.PAN)
}
