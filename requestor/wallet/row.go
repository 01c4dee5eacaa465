package wallet

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/pantomime-dev/pantomime/token"
)

// row is all that the wallet knows of one operation; S is its half at the
// operation's network.
type row[S any] struct {
	needs    []Need
	accounts map[Account][]Need              // instead of needs, where the account is named otherwise than by the card
	body     func(S, Subject) map[string]any // the smallest that the network takes, in the clear; nil for none
	seals    string                          // dotted path of the member that is encrypted, "" for none
	silent   bool                            // a good answer is an empty object
	answer   reading[S]
}

// table has a row for each operation of a network.
type table[S any] map[token.Operation]row[S]

func (r row[S]) needsOf(by Account) []Need {
	if named, ok := r.accounts[cmp.Or(by, ByCard)]; ok {
		return named
	}
	return r.needs
}

// needs are what an operation needs.
func (t table[S]) needs(op token.Operation, by Account) []Need { return t[op].needsOf(by) }

// draft makes the smallest request of an operation.
func (t table[S]) draft(s S, op token.Operation, about Subject) (Draft, error) {
	r, ok := t[op]
	if !ok {
		return Draft{}, fmt.Errorf("%w: %q", ErrNetwork, string(op))
	}
	d := Draft{Op: op}
	for _, n := range r.needsOf(about.Account) {
		if n.In == "" && n.What == NeedToken {
			d.Handle = string(about.Token.Ref)
		} else if n.In == "" && n.What == NeedID {
			d.Handle = about.ID
		}
	}
	if r.body == nil {
		return d, nil
	}
	body := r.body(s, about)
	if _, _, there := find(body, r.seals); there {
		d.seals = r.seals
	}
	var err error
	if d.Text, err = json.Marshal(body); err != nil {
		return Draft{}, fmt.Errorf("%s: %w", op, err)
	}
	return d, nil
}

// tell decodes a good answer and says what it says.
func (t table[S]) tell(s S, op token.Operation, about Subject, ask func(into any) error) (Outcome, error) {
	r := t[op].answer
	into := r.empty()
	if err := ask(into); err != nil {
		return Outcome{}, err
	}
	out, err := r.tell(s, about, into)
	if err != nil && !errors.As(err, new(Declined)) {
		err = unread{err}
	}
	return out, err
}

// reading is how the answer of an operation is read and reported.
type reading[S any] struct {
	empty func() any // to decode into
	tell  func(s S, about Subject, got any) (Outcome, error)
}

// answerOf reads answers of one type.
func answerOf[S, T any](tell func(S, Subject, *T) (Outcome, error)) reading[S] {
	return reading[S]{
		empty: func() any { return new(T) },
		tell:  func(s S, about Subject, got any) (Outcome, error) { return tell(s, about, got.(*T)) },
	}
}

// line reads answers of one type that tell of no token: one line says it all.
func line[S, T any](says func(about Subject, got *T) string) reading[S] {
	return answerOf(func(_ S, about Subject, got *T) (Outcome, error) {
		return Outcome{Headline: says(about, got), Answer: got}, nil
	})
}

// tokenLine reads answers about a token that tell no status.
func tokenLine[S, T any](says func(got *T) string) reading[S] {
	return answerOf(func(_ S, about Subject, got *T) (Outcome, error) {
		return Outcome{Headline: fmt.Sprintf("token %s: %s", about.Token.Ref, says(got)), Ref: about.Token.Ref, Answer: got}, nil
	})
}

// plural counts things: one of them, or many.
func plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %ss", n, one)
}
