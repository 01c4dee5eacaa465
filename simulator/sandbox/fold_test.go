package sandbox

import (
	"log/slog"
	"reflect"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/simulator/outcome"
	"github.com/pantomime-dev/pantomime/simulator/store"
	"github.com/pantomime-dev/pantomime/token"
)

// The state must be the fold of its log: read again from the first change, it
// is the same to the last counter.
func TestState_IsTheFoldOfItsLog(t *testing.T) {
	delay := time.Minute
	scenario := scenarios.Scenario{
		Requestors: []scenarios.Requestor{{Name: "wallet", Activation: &delay}},
		Timeline:   []scenarios.Entry{{On: token.TokenProvisioned, After: time.Hour, Action: scenarios.Action{Do: "suspend"}}},
	}
	log := store.NewMemory[Change](10_000)
	sender := callback.NewSender(callback.Options{Wall: clock.Real()})
	defer sender.Close()
	s, err := New(Options{
		ID: Default, Seed: 1, Clock: clock.NewManual(clock.Real(), time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)), Scenario: scenario,
		Wall: clock.Real(), Log: log, Sender: sender, Logger: slog.New(slog.DiscardHandler), Notify: "http://127.0.0.1:1",
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.AddRules(outcome.FailNext, scenarios.Rule{Times: 2, Then: scenarios.Then{Error: token.Declined}}); err != nil {
		t.Fatal(err)
	}
	for range 4 {
		_, _, _ = s.Do(Call{Op: token.VisaProvisionWithPAN, Effect: EffectProvision, Requestor: "wallet", Subject: Subject{Card: CardInput{PAN: "4622943120000600"}}, Making: Making{Presentation: "ECOM"}})
		_, _, _ = s.Do(Call{Op: token.MCTokenize, Effect: EffectProvision, Requestor: "wallet", Subject: Subject{Card: CardInput{PAN: "5204731600014784"}}, Making: Making{TaskID: "t"}})
	}
	if set, err := s.Advance(t.Context(), 2*time.Hour, 30*time.Second); err != nil || set.Actions == 0 || set.Sent == 0 {
		t.Fatalf("%+v %v", set, err)
	}

	again := newState()
	if err := log.Read(Default, 0, func(c Change) error {
		if c.Number != again.number+1 || c.Epoch != 1 || (c.Number == 1) != (c.Begin != nil) {
			t.Fatalf("change %d of epoch %d follows change %d", c.Number, c.Epoch, again.number)
		}
		again.apply(c)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if again.number != s.Changes() || again.number == 0 {
		t.Fatalf("%d changes read, %d made", again.number, s.Changes())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !reflect.DeepEqual(s.state, again) {
		t.Errorf("the fold of the log differs from the state:\n%+v\n%+v", again, s.state)
	}
}
