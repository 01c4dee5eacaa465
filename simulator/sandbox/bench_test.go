package sandbox_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/simulator/store"
	"github.com/pantomime-dev/pantomime/token"
)

type taken struct{}

var errTaken = errors.New("taken")

func (taken) Render(token.Event, callback.Try) (callback.Request, error) {
	return callback.Request{}, errTaken
}

// BenchmarkDeliver hands over notices that are all due, to a sender that drops
// them: what the schedule, the log of changes and the books cost for one.
func BenchmarkDeliver(b *testing.B) {
	sender := callback.NewSender(callback.Options{Wall: clock.Real(), Renderers: map[string]callback.Renderer{"visa": taken{}}})
	box, err := sandbox.New(sandbox.Options{
		ID: sandbox.Default, Seed: 1, Clock: clock.NewSystem(clock.Real()), Wall: clock.Real(), Notify: "http://127.0.0.1:9/", Sender: sender,
		Log: store.NewMemory[sandbox.Change](0), Logger: slog.New(slog.DiscardHandler),
		Scenario: scenarios.Scenario{Callbacks: scenarios.Callbacks{Retry: []time.Duration{}}},
	})
	if err != nil {
		b.Fatal(err)
	}
	pan, err := fixtures.Synthetic(token.Visa, 0)
	if err != nil {
		b.Fatal(err)
	}
	made, _ := do(box, sandbox.Call{Op: token.VisaProvisionWithPAN, Requestor: box.Requestors()[0].Name, Making: sandbox.Making{Wallet: "w"}, Subject: sandbox.Subject{Card: sandbox.CardInput{PAN: pan, Expiry: token.Expiry{Year: 2035, Month: 12}}}})
	if made.Problem != nil {
		b.Fatal(made.Problem)
	}
	do := [...]string{"suspend", "resume"}
	for i := range b.N {
		if err := box.Act(scenarios.Action{Do: do[i%2]}, sandbox.Target{Token: made.Token.Ref}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	b.ResetTimer()
	box.Start()
	if err := box.Quiet(context.Background()); err != nil {
		b.Fatal(err)
	}
	b.StopTimer()
	box.Stop(context.Background())
}
