package sandbox_test

import (
	"errors"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/outcome"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

// What comes to a sandbox that has ended learns that, whatever it wants to
// change; what it had recorded can still be read.
func TestEnd_NothingChangesAnEndedSandbox(t *testing.T) {
	w := newWorld(t, plain, nil)
	made := w.provision(token.Visa)
	changes := w.box.Changes()
	w.box.End()
	<-w.box.Ended()
	for name, call := range map[string]func() error{
		"a request": func() error {
			_, _, err := w.box.Do(sandbox.Call{
				Op: token.VisaGetToken, Effect: sandbox.EffectReadToken, Requestor: "wallet", Subject: sandbox.Subject{Token: made.Token.Ref},
			})
			return err
		},
		"an act": func() error {
			return w.box.Act(scenarios.Action{Do: "suspend"}, sandbox.Target{Token: made.Token.Ref})
		},
		"a rule": func() error {
			_, err := w.box.AddRules(outcome.Posted, scenarios.Rule{})
			return err
		},
		"another scenario": func() error { return w.box.Adopt(scenarios.Scenario{}) },
		"a move of the clock": func() error {
			_, err := w.box.Advance(t.Context(), time.Hour, time.Minute)
			return err
		},
	} {
		if err := call(); !errors.Is(err, sandbox.ErrEnded) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := w.box.Quiet(t.Context()); err == nil {
		t.Error("an ended sandbox came to rest")
	}
	if v, ok := w.box.Token(made.Token.Ref); !ok || v.Token.Status != token.Active || w.box.Changes() != changes {
		t.Errorf("%+v after %d changes, %d before", v.Token, w.box.Changes(), changes)
	}
}

// A fault of our own is the network's documented one, and not the end.
func TestDo_AnUnknownEffectIsOurFault(t *testing.T) {
	box := newBox(t, stage.Scenario(t, plain), "")
	for op, want := range map[token.Operation]token.Key{token.VisaGetToken: token.ServiceError, token.MCGetToken: token.InternalServerError} {
		r, _, err := box.Do(sandbox.Call{Op: op, Effect: "no such effect", Requestor: "wallet"})
		if err != nil || keyOf(r) != want {
			t.Errorf("%s: %v %v", op, r.Problem, err)
		}
	}
}
