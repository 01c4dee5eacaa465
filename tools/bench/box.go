package main

import (
	"fmt"
	"log/slog"
	"time"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/seed"
	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/simulator/store"
	"github.com/pantomime-dev/pantomime/token"
)

// newBox makes a sandbox without doors, for what cannot be seen through one.
func newBox(sender *callback.Sender, notify string) (*sandbox.Sandbox, error) {
	wall := clock.Real()
	return sandbox.New(sandbox.Options{
		ID: sandbox.Default, Seed: seed.Default, Clock: clock.NewSystem(wall), Wall: wall, Notify: notify, Sender: sender,
		Log: store.NewMemory[sandbox.Change](0), Logger: slog.New(slog.DiscardHandler),
		Scenario: scenarios.Scenario{Callbacks: scenarios.Callbacks{Retry: []time.Duration{}}}, // a notice is tried once
	})
}

// fill gives a sandbox n active Visa tokens, each of a card of its own.
func fill(box *sandbox.Sandbox, n int, made func(i int, ref token.Ref)) error {
	who := box.Requestors()[0].Name
	for i := range n {
		pan, err := fixtures.Synthetic(token.Visa, i)
		if err != nil {
			return err
		}
		result, _, err := box.Do(sandbox.Call{
			Op: token.VisaProvisionWithPAN, Effect: sandbox.EffectProvision, Requestor: who,
			Making: sandbox.Making{Wallet: "cust0000000000000042", Presentation: "ECOM"}, Subject: sandbox.Subject{Card: sandbox.CardInput{PAN: pan, Expiry: expiry}},
		})
		switch {
		case err != nil:
			return err
		case result.Problem != nil:
			return fmt.Errorf("card %d: %w", i, result.Problem)
		case result.Token.Status != token.Active:
			return fmt.Errorf("card %d: the token is %s", i, result.Token.Status)
		case made != nil:
			made(i, result.Token.Ref)
		}
	}
	return nil
}
