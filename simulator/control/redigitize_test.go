package control_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	wire "github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

// bobs makes a token of bob's card, which is Mastercard's, for the wallet.
func (w *world) bobs() token.Ref {
	w.t.Helper()
	card, _ := fixture("test/mastercard/1")
	for range 3 { // the network is busy twice
		r, _, _ := w.box.Do(sandbox.Call{
			Op: token.MCTokenize, Effect: sandbox.EffectProvision, Requestor: "wallet",
			Making: sandbox.Making{TaskID: "t-1"}, Subject: sandbox.Subject{Card: sandbox.CardInput{PAN: card, Expiry: token.Expiry{Year: 2029, Month: 12}}},
		})
		if r.Problem == nil {
			return r.Token.Ref
		}
	}
	w.t.Fatal("no token")
	return ""
}

func TestDoor_Redigitize(t *testing.T) {
	w := newWorld(t, settings{})
	ref := w.bobs()
	before := stage.Must(w.client.Token(t.Context(), ref))(t)
	twoMonths := wire.Duration(62 * 24 * time.Hour)
	stage.Must(w.client.Advance(t.Context(), wire.Advance{By: &twoMonths}))(t)

	byCall := stage.Must(w.client.Transition(t.Context(), ref, wire.Transition{Do: "redigitize"}))(t)
	if got := byCall.Tokens[0]; got.Ref != ref || got.Number != before.Number || got.Expiry.String() != "05/29" {
		t.Errorf("a new expiry: %+v, before %+v", got, before)
	}
	byEvent := stage.Must(w.client.Trigger(t.Context(), wire.Event{Event: token.TokenRedigitized, Card: "bob", NewNumber: true}))(t)
	got := byEvent.Tokens[0]
	if got.Ref != ref || got.Number == before.Number || got.Status != token.Active {
		t.Errorf("a new number: %+v, before %+v", got, before)
	}
	for _, e := range []wire.Effect{byCall, byEvent} {
		if len(e.Callbacks) != 1 || e.Callbacks[0].Event.Type != token.TokenRedigitized || e.Callbacks[0].Event.Reason != "REDIGITIZATION_COMPLETE" {
			t.Errorf("the notices are %+v", e.Callbacks)
		}
	}

	stage.Must(w.client.Transition(t.Context(), ref, wire.Transition{Do: "delete"}))(t)
	visa := w.token()
	seen := stage.Must(w.client.Trigger(t.Context(), wire.Event{Event: token.TokenRedigitized, Token: visa, NewNumber: true}))(t)
	if len(seen.Tokens) != 1 || len(seen.Callbacks) != 0 { // its requestor sees it when it reads [F11]
		t.Errorf("a token of Visa's: %+v", seen)
	}
	for name, try := range map[string]func() (wire.Effect, error){
		"a deleted token": func() (wire.Effect, error) {
			return w.client.Transition(t.Context(), ref, wire.Transition{Do: "redigitize"})
		},
		"a deleted token by its event": func() (wire.Effect, error) {
			return w.client.Trigger(t.Context(), wire.Event{Event: token.TokenRedigitized, Token: ref})
		},
	} {
		var p *wire.Problem
		if _, err := try(); !errors.As(err, &p) || p.Status != http.StatusConflict || p.Code != wire.CodeNotAllowed {
			t.Errorf("%s: %v", name, err)
		}
	}
}
