package sandbox_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

const delayed = `
version: 1
name: delayed activation
requestors:
  wallet: { trid: { visa: "40010000001", mastercard: "50120000001" }, activation: 4500ms }
`

func TestAdvance_ActivatesAtItsOwnInstantAndTells(t *testing.T) {
	w := newWorld(t, delayed, nil)
	r := w.provision(token.Visa)
	if r.Token.Status != token.Inactive {
		t.Fatalf("a token with a pending activation is %s", r.Token.Status)
	}
	if s := w.advance(4 * time.Second); !s.Settled || s.Actions != 0 {
		t.Fatalf("nothing is due after 4 s: %+v", s)
	}
	s := w.advance(time.Hour)
	if !s.Settled || s.Actions != 1 || s.Sent != 1 || s.Left != 0 {
		t.Fatalf("settlement %+v", s)
	}
	if want := []string{"/token.activated/active"}; !slices.Equal(w.received(), want) {
		t.Fatalf("received %v, want %v", w.received(), want)
	}
	if want := stage.Start.Add(4500 * time.Millisecond); !w.when[0].Equal(want) {
		t.Errorf("received at %s, want %s", w.when[0], want)
	}
	if want := stage.Start.Add(4*time.Second + time.Hour); !s.Now.Equal(want) {
		t.Errorf("clock is at %s, want %s", s.Now, want)
	}
}

// The variants that a rule gives to the notices of a provisioning are those of the
// activation that follows it, and of no other's.
func TestAdvance_TheActivationsNoticeHasTheVariantsOfTheRule(t *testing.T) {
	w := newWorld(t, delayed+`
rules:
  - when: { operation: provision, network: visa }
    then: { notify: { duplicate: 1, unknown-field: true } }
`, nil)
	w.provision(token.Visa)
	w.provision(token.Mastercard)
	w.advance(time.Hour)
	got := map[token.Network]int{}
	for _, d := range w.box.Deliveries(nil) {
		got[d.Event.Network]++
		if hostile := d.Event.Has(token.VariantUnknownField); hostile != (d.Event.Network == token.Visa) {
			t.Errorf("%s's notice has an unknown field: %t", d.Event.Network, hostile)
		}
	}
	if got[token.Visa] != 2 || got[token.Mastercard] != 1 {
		t.Errorf("notices %v, want two of Visa's and one of Mastercard's", got)
	}
}

func TestAdvance_RetriesOnTheSandboxClock(t *testing.T) {
	w := newWorld(t, delayed, func(_ *testWorld, n int) int {
		if n <= 2 {
			return http.StatusInternalServerError
		}
		return http.StatusOK
	})
	w.provision(token.Mastercard)
	if s := w.advance(time.Hour); !s.Settled || s.Sent != 3 || s.Left != 0 {
		t.Fatalf("settlement %+v", s)
	}
	at := stage.Start.Add(4500 * time.Millisecond)
	want := []time.Time{at, at.Add(time.Minute), at.Add(6 * time.Minute)}
	for i, when := range w.when {
		if !when.Equal(want[i]) {
			t.Errorf("attempt %d at %s, want %s", i+1, when, want[i])
		}
	}
	d := w.box.Deliveries(nil)[0]
	if d.State != callback.Delivered || len(d.Attempts) != 3 || d.Attempts[0].Status != 500 {
		t.Errorf("attempt log %+v", d)
	}
}

func TestAdvance_GivesUpAfterTheLastRetryAndCanBeResent(t *testing.T) {
	answer := http.StatusBadGateway
	w := newWorld(t, delayed, func(*testWorld, int) int { return answer })
	w.provision(token.Visa)
	if s := w.advance(24 * time.Hour); !s.Settled || s.Sent != 4 || s.Left != 0 {
		t.Fatalf("settlement %+v", s)
	}
	d := w.box.Deliveries(nil)[0]
	if d.State != callback.Failed {
		t.Fatalf("state %s, want failed", d.State)
	}
	for i, after := range []time.Duration{0, time.Minute, 6 * time.Minute, 36 * time.Minute} {
		if want := stage.Start.Add(4500*time.Millisecond + after); !d.Attempts[i].At.Equal(want) {
			t.Errorf("attempt %d at %s, want %s", i+1, d.Attempts[i].At, want)
		}
	}
	answer = http.StatusOK
	if _, err := w.box.Resend(d.ID); err != nil {
		t.Fatal(err)
	}
	w.advance(0)
	if d, _ = w.box.Delivery(d.ID); d.State != callback.Delivered || len(d.Attempts) != 5 {
		t.Errorf("after resend: %s with %d attempts", d.State, len(d.Attempts))
	}
}

func TestAdvance_AReceiverMayCallBackFromInsideItsHandler(t *testing.T) {
	var inside sandbox.Result
	w := newWorld(t, delayed, func(w *testWorld, n int) int {
		if n == 1 {
			ref := stage.Tokens(w.box)[0].Ref
			inside, _ = do(w.box, sandbox.Call{Op: token.VisaSuspend, Requestor: "wallet", Subject: sandbox.Subject{Token: ref}})
		}
		return http.StatusOK
	})
	w.provision(token.Visa)
	s := w.advance(time.Minute)
	if inside.Problem != nil || !inside.At.Equal(stage.Start.Add(4500*time.Millisecond)) {
		t.Fatalf("the call from inside met %v at %s", inside.Problem, inside.At)
	}
	if want := []string{"/token.activated/active", "/token.suspended/suspended"}; !s.Settled || !slices.Equal(w.received(), want) {
		t.Errorf("settled %t, received %v", s.Settled, w.received())
	}
}

func TestAdvance_AHangingReceiverLeavesItUnsettled(t *testing.T) {
	release := make(chan struct{})
	w := newWorld(t, delayed, func(*testWorld, int) int { <-release; return http.StatusOK })
	w.provision(token.Visa)
	s, err := w.box.Advance(context.Background(), time.Minute, 50*time.Millisecond)
	if err != nil || s.Settled || s.Left != 1 || s.Why == "" {
		t.Fatalf("%+v %v", s, err)
	}
	if want := stage.Start.Add(4500 * time.Millisecond); !s.Now.Equal(want) {
		t.Errorf("the clock is at %s, want %s", s.Now, want)
	}
	if s, _ := w.box.Advance(context.Background(), time.Minute, 50*time.Millisecond); s.Settled || !strings.Contains(s.Why, "still waiting for an answer") {
		t.Errorf("a second one says %q", s.Why)
	}
	close(release)
	if s := w.advance(time.Minute); !s.Settled || s.Left != 0 {
		t.Errorf("once it answers: %+v", s)
	}
}

// Nothing is in progress in an idle sandbox, whatever the time allowed.
func TestAdvance_WithoutTimeSaysSo(t *testing.T) {
	w := newWorld(t, delayed, nil)
	if s, err := w.box.Advance(context.Background(), time.Second, 0); err != nil || s.Settled || s.Left != 0 || s.Why != "out of time" {
		t.Errorf("%+v %v", s, err)
	}
}

func TestAdvance_OneAtATime(t *testing.T) {
	release, entered := make(chan struct{}), make(chan struct{})
	w := newWorld(t, delayed, func(*testWorld, int) int { close(entered); <-release; return http.StatusOK })
	w.provision(token.Visa)
	done := make(chan sandbox.Settlement)
	go func() {
		s, _ := w.box.Advance(context.Background(), time.Minute, 5*time.Second)
		done <- s
	}()
	<-entered
	if _, err := w.box.Advance(context.Background(), time.Hour, time.Second); !errors.Is(err, sandbox.ErrClockBusy) {
		t.Errorf("second advance: %v", err)
	}
	close(release)
	if s := <-done; !s.Settled {
		t.Errorf("first advance: %+v", s)
	}
}

// The language refuses such a timeline; the engine must survive one all the same.
func TestAdvance_ATimelineThatFeedsItselfIsStopped(t *testing.T) {
	restless := scenarios.Scenario{Timeline: []scenarios.Entry{
		{On: token.TokenProvisioned, After: time.Hour, Action: scenarios.Action{Do: "suspend"}},
		{On: token.TokenSuspended, Action: scenarios.Action{Do: "resume"}},
		{On: token.TokenResumed, Action: scenarios.Action{Do: "suspend"}},
	}}
	w := play(t, restless, nil)
	w.provision(token.Visa)
	s, err := w.box.Advance(context.Background(), 2*time.Hour, 200*time.Millisecond)
	if err != nil || s.Settled || s.Why == "" || !s.Now.Equal(stage.Start.Add(time.Hour)) {
		t.Errorf("%+v %v", s, err)
	}
}

func TestTimeline_SuspendsAndResumesMonthsLater(t *testing.T) {
	w := newWorld(t, `
version: 1
name: story
cards:
  alice: { network: mastercard, pan: test/mastercard/1, expiry: "12/29" }
timeline:
  - { on: token.provisioned, card: alice, after: 36h, do: suspend, reason: SUSPECTED_FRAUD }
  - { on: token.suspended, card: alice, after: 30d, do: resume, reason: NOT_FRAUD }
  - { on: token.resumed, card: alice, after: 30d, do: close-account }
`, nil)
	pan, _ := fixturesCard("test/mastercard/1")
	r, _ := do(w.box, sandbox.Call{Op: token.MCTokenize, Requestor: "wallet", Subject: sandbox.Subject{Card: sandbox.CardInput{PAN: pan}}, Making: sandbox.Making{TaskID: "t1"}})
	if r.Problem != nil {
		t.Fatal(r.Problem)
	}
	s := w.advance(90 * 24 * time.Hour)
	want := []string{"/token.suspended/suspended", "/token.resumed/active", "/token.deleted/deactivated"}
	if !s.Settled || !slices.Equal(w.received(), want) {
		t.Fatalf("settled %t, received %v, want %v", s.Settled, w.received(), want)
	}
	if at := w.when[2]; !at.Equal(stage.Start.Add(36*time.Hour + 60*24*time.Hour)) {
		t.Errorf("closed at %s", at)
	}
}

// The nearest word counts (docs/scenarios.md "cards").
func TestActivation_CardBeforeIssuerBeforeRequestor(t *testing.T) {
	box := newBox(t, stage.Scenario(t, `
version: 1
requestors: { wallet: { activation: 1h } }
issuers: { slow: { activation: 2h } }
cards:
  own: { network: visa, pan: test/visa/1, issuer: slow, activation: 3h }
  slow: { network: visa, pan: test/visa/2, issuer: slow }
  none: { network: visa, pan: test/visa/3 }
`), "")
	for name, want := range map[string]time.Duration{"test/visa/1": 3 * time.Hour, "test/visa/2": 2 * time.Hour, "test/visa/3": time.Hour} {
		pan, _ := fixturesCard(name)
		made, _ := do(box, sandbox.Call{Op: token.VisaProvisionWithPAN, Requestor: "wallet", Subject: sandbox.Subject{Card: sandbox.CardInput{PAN: pan}}})
		planned, _ := box.Planned(3)
		for _, p := range planned {
			if p.Token == made.Token.Ref && !p.Due.Equal(stage.Start.Add(want)) {
				t.Errorf("%s becomes active at %s, want after %s", name, p.Due, want)
			}
		}
	}
	if _, n := box.Planned(1); n != 3 {
		t.Errorf("%d activations planned", n)
	}
}

func TestActivation_AtMostOneIsPending(t *testing.T) {
	w := newWorld(t, delayed+`
timeline:
  - { on: token.provisioned, after: 36h, do: activate }
`, nil)
	w.provision(token.Visa)
	if p, n := w.box.Planned(10); n != 1 {
		t.Fatalf("%d activations pending, want one: %+v", n, p)
	}
	w.advance(35 * time.Hour)
	if len(w.received()) != 0 {
		t.Fatalf("activated early: %v", w.received())
	}
	if w.advance(2 * time.Hour); len(w.received()) != 1 {
		t.Errorf("received %v", w.received())
	}
}

func TestTimeline_AnEntryFollowsSoManyEventsAsItSays(t *testing.T) {
	w := newWorld(t, plain+`
timeline:
  - { on: token.suspended, times: 2, do: resume }
`, nil)
	tok := w.provision(token.Visa).Token
	for n, want := range []token.Status{token.Active, token.Active, token.Suspended} {
		if err := w.box.Act(scenarios.Action{Do: "suspend"}, sandbox.Target{Token: tok.Ref}); err != nil {
			t.Fatal(err)
		}
		w.advance(0)
		if got, _ := w.box.Token(tok.Ref); got.Token.Status != want {
			t.Errorf("suspended %d times: %s, want %s", n+1, got.Token.Status, want)
		}
	}
}

// A notice that is reported later than the next one waits for one that is reported at once.
func TestHostile_ReorderedNoticesDoNotFollowEachOther(t *testing.T) {
	w := newWorld(t, plain, nil)
	r := w.provision(token.Visa)
	for _, c := range []struct {
		do      string
		reorder bool
		pending int
		want    []string
	}{
		{"suspend", true, 1, nil},
		{"resume", true, 2, nil},
		{"delete", false, 0, []string{"/token.deleted/deactivated", "/token.suspended/suspended", "/token.resumed/active"}},
	} {
		if err := w.box.Act(scenarios.Action{Do: c.do, Notify: scenarios.Variants{Reorder: c.reorder}}, sandbox.Target{Token: r.Token.Ref}); err != nil {
			t.Fatal(err)
		}
		w.advance(0)
		if c.reorder { // what waits is not sent again
			if _, err := w.box.Resend(w.box.Deliveries(nil)[0].ID); !errors.Is(err, sandbox.ErrPending) {
				t.Errorf("%s: sent again: %v", c.do, err)
			}
		}
		if got := w.received(); !slices.Equal(got, c.want) || w.box.Pending() != c.pending {
			t.Errorf("%s: received %v, want %v; %d pending, want %d", c.do, got, c.want, w.box.Pending(), c.pending)
		}
	}
}

func TestHostile_DuplicateReorderNever(t *testing.T) {
	w := newWorld(t, "version: 1\nname: x\n", nil)
	r := w.provision(token.Visa)
	act := func(do string, v scenarios.Variants) {
		t.Helper()
		if err := w.box.Act(scenarios.Action{Do: do, Notify: v}, sandbox.Target{Token: r.Token.Ref}); err != nil {
			t.Fatal(err)
		}
		w.advance(0)
	}
	act("suspend", scenarios.Variants{Reorder: true})
	act("resume", scenarios.Variants{Duplicate: 1})
	act("suspend", scenarios.Variants{Never: true})
	want := []string{"/token.resumed/active", "/token.resumed/active", "/token.suspended/suspended"}
	if !slices.Equal(w.received(), want) {
		t.Errorf("received %v, want %v", w.received(), want)
	}
	if n := len(w.box.Deliveries(func(d callback.Delivery) bool { return d.State == callback.Withheld })); n != 1 {
		t.Errorf("%d withheld, want 1", n)
	}
}

// [E1] Later notices of a token pass one that will be tried again, unless the
// order is strict; then they wait until it was accepted.
func TestNotices_OrderIsOfAttemptsOrStrict(t *testing.T) {
	for order, want := range map[string][]string{
		"attempt": {"/token.suspended/suspended", "/token.resumed/active", "/token.suspended/suspended"},
		"strict":  {"/token.suspended/suspended", "/token.suspended/suspended", "/token.resumed/active"},
	} {
		w := newWorld(t, "version: 1\nname: x\ncallbacks: { order: "+order+" }\n", func(_ *testWorld, n int) int {
			if n == 1 {
				return http.StatusInternalServerError
			}
			return http.StatusOK
		})
		r := w.provision(token.Mastercard)
		for _, do := range []string{"suspend", "resume"} {
			if err := w.box.Act(scenarios.Action{Do: do}, sandbox.Target{Token: r.Token.Ref}); err != nil {
				t.Fatal(err)
			}
		}
		if s := w.advance(time.Minute); !s.Settled || s.Left != 0 || !slices.Equal(w.received(), want) {
			t.Errorf("%s: received %v, %+v", order, w.received(), s)
		}
	}
}
