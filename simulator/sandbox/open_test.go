package sandbox_test

import (
	"bytes"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/simulator/store"
	"github.com/pantomime-dev/pantomime/token"
)

// storyYAML holds what must not be in the clear in any log.
const storyYAML = `
version: 1
name: story
cards: { alice: { network: visa, pan: test/visa/1 } }
requestors: { wallet: { activation: 1h } }
networks: { visa: { step-up-otp: "918273" } }
`

func newLog(t *testing.T) *store.Encoded[sandbox.Change] {
	t.Helper()
	log, err := store.NewEncoded(sandbox.Codec{}, [32]byte{7}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return log
}

// written is a sandbox with a token that waits for its activation.
func written(t *testing.T, c *clock.Clock, notify string) (*store.Encoded[sandbox.Change], *sandbox.Sandbox) {
	t.Helper()
	log := newLog(t)
	box := stage.Box(t, nil, sandbox.Options{Clock: c, Scenario: stage.Scenario(t, storyYAML), Log: log, Notify: notify})
	provision(t, box, token.Visa, 1)
	return log, box
}

// open goes on with a sandbox.
func open(t *testing.T, log store.Log[sandbox.Change], wall clock.Wall) (*sandbox.Sandbox, error) {
	t.Helper()
	sender := callback.NewSender(callback.Options{Wall: wall})
	t.Cleanup(sender.Close)
	return sandbox.Open(sandbox.Options{LogName: sandbox.Default, Log: log, Wall: wall, Sender: sender, Logger: slog.New(slog.DiscardHandler)})
}

func TestOpen_GoesOnWhereTheLogEnds(t *testing.T) {
	wall := clock.NewFixed(stage.WallStart)
	for name, c := range map[string]*clock.Clock{"manual": clock.NewManual(wall, stage.Start), "system": clock.NewSystem(wall)} {
		t.Run(name, func(t *testing.T) {
			log, box := written(t, c, "")
			if _, err := box.Advance(t.Context(), time.Minute, time.Minute); err != nil { // nothing is due, and yet the time is written
				t.Fatal(err)
			}
			next, err := open(t, log, wall)
			if err != nil {
				t.Fatal(err)
			}
			if next.ID() != box.ID() || next.Seed() != box.Seed() || next.ClockMode() != box.ClockMode() || !next.Now().Equal(box.Now()) {
				t.Errorf("%s %d %s %s", next.ID(), next.Seed(), next.ClockMode(), next.Now())
			}
			if next.Changes() != box.Changes()+1 {
				t.Errorf("%d changes after %d: one is to take over", next.Changes(), box.Changes())
			}
			planned, all := next.Planned(2)
			if !slices.Equal(stage.Cards(next), stage.Cards(box)) || len(planned) != 1 || all != 1 || next.Switches().Visa.StepUpOTP != "918273" {
				t.Errorf("%v %v of %d", stage.Cards(next), planned, all)
			}
			if set, err := next.Advance(t.Context(), time.Hour, time.Minute); err != nil || set.Actions != 1 {
				t.Errorf("%+v %v", set, err)
			}
			if got := stage.Tokens(next)[0].Status; got != token.Active {
				t.Errorf("the token is %s", got)
			}
		})
	}
}

// A clock never goes back, though a wall may.
func TestOpen_OnAMachineWhoseClockIsSlow(t *testing.T) {
	log, box := written(t, clock.NewSystem(clock.NewFixed(stage.WallStart)), "")
	next, err := open(t, log, clock.NewFixed(stage.WallStart.Add(-time.Hour)))
	if err != nil || next.Now().Before(box.Now()) {
		t.Errorf("%v: %s after %s", err, next.Now(), box.Now())
	}
}

func TestOpen_TheFormerOwnerIsOver(t *testing.T) {
	log, box := written(t, nil, "")
	next, err := open(t, log, clock.Real())
	if err != nil {
		t.Fatal(err)
	}
	target := sandbox.Target{Token: stage.Tokens(box)[0].Ref}
	if err := box.Act(scenarios.Action{Do: "activate"}, target); !errors.Is(err, sandbox.ErrSuperseded) || !errors.Is(err, sandbox.ErrEnded) {
		t.Errorf("the former owner: %v", err)
	}
	<-box.Ended()
	if err := next.Act(scenarios.Action{Do: "activate"}, target); err != nil {
		t.Errorf("the next owner: %v", err)
	}
}

// What was on its way when its owner left leaves once more, in its old place.
func TestOpen_NoticesUnderWayLeaveAgain(t *testing.T) {
	log, box := written(t, nil, "http://127.0.0.1:9/")
	box.Start() // its receiver refuses, so the notice is scheduled again
	if _, err := box.Advance(t.Context(), time.Hour, time.Minute); err != nil {
		t.Fatal(err)
	}
	cut, begun := newLog(t), false
	if err := log.Read(sandbox.Default, 0, func(c sandbox.Change) error {
		if begun {
			return nil
		}
		begun = len(c.Progress) > 0 && c.Progress[0].State == callback.Sending
		_, err := cut.Append(sandbox.Default, c.Number-1, c)
		return err
	}); err != nil || !begun {
		t.Fatal(err, begun)
	}
	next, err := open(t, cut, clock.Real())
	if err != nil {
		t.Fatal(err)
	}
	if d, ok := next.NextNotice(); !ok || d.State != callback.Scheduled || len(d.Attempts) != 0 || d.Due.After(next.Now()) {
		t.Errorf("%t %+v", ok, d)
	}
}

func TestOpen_RefusesWhatIsNoSandbox(t *testing.T) {
	log, _ := written(t, nil, "")
	var all []sandbox.Change
	if err := log.Read(sandbox.Default, 0, func(c sandbox.Change) error { all = append(all, c); return nil }); err != nil {
		t.Fatal(err)
	}
	for name, changes := range map[string][]sandbox.Change{"nothing": nil, "an end without a beginning": all[1:], "a hole": {all[0], {Number: 3}}} {
		log := store.NewMemory[sandbox.Change](10)
		if _, err := log.Append(sandbox.Default, 0, changes...); err != nil {
			t.Fatal(err)
		}
		if _, err := open(t, log, clock.Real()); !errors.Is(err, sandbox.ErrLog) {
			t.Errorf("%s: %v", name, err)
		}
	}
	var file bytes.Buffer
	if err := log.Export(sandbox.Default, &file); err != nil {
		t.Fatal(err)
	}
	altered := file.Bytes()
	for _, secret := range []string{"4622943120000600", "918273", "alice", string(all[len(all)-1].Vault.Tokens[0].Number)} {
		if strings.Contains(file.String(), secret) {
			t.Errorf("the log holds %q in the clear", secret)
		}
	}
	altered[len(altered)-1] ^= 1
	if err := log.Import(sandbox.Default, bytes.NewReader(altered)); err != nil {
		t.Fatal(err)
	}
	if _, err := open(t, log, clock.Real()); !errors.Is(err, store.ErrQuarantined) {
		t.Errorf("one that was changed: %v", err)
	}
}
