package pantomime_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/token"
)

// tokenize makes a Mastercard token.
func tokenize(t *testing.T, net *pantomime.Running) token.Ref {
	t.Helper()
	return tokenizeCard(t, net, 7)
}

// tokenizeCard makes one for the n-th card.
func tokenizeCard(t *testing.T, net *pantomime.Running, n int) token.Ref {
	t.Helper()
	pan, err := fixtures.Synthetic(token.Mastercard, n)
	if err != nil {
		t.Fatal(err)
	}
	made, err := net.MDES.Tokenize(t.Context(), mdes.TokenizeRequest{TaskID: fmt.Sprint("task-", n)}, &mdes.FundingAccountData{
		CardAccountData: &mdes.CardAccountData{AccountNumber: mdes.Sensitive(pan.Digits()), ExpiryMonth: "12", ExpiryYear: "29"},
		Source:          "ACCOUNT_ON_FILE",
	})
	if err != nil {
		t.Fatal(err)
	}
	return token.Ref(made.TokenUniqueReference)
}

// arrivals collects the statuses that notices reported, in the order they came, and how
// many were in their receiver at once.
type arrivals struct {
	mu       sync.Mutex
	statuses []token.Status // guarded by mu
	inside   int            // guarded by mu
	most     int            // guarded by mu
	hold     func(n int)    // is called with the number of the notice while it is in the receiver; nil: nothing
}

func (l *arrivals) take(n wallet.Notice) {
	l.mu.Lock()
	l.statuses = append(l.statuses, n.Status)
	l.inside++
	l.most = max(l.most, l.inside)
	count := len(l.statuses)
	l.mu.Unlock()
	if l.hold != nil {
		l.hold(count)
	}
	l.mu.Lock()
	l.inside--
	l.mu.Unlock()
}

// turns suspends and resumes a token, whose notices are late by so much, and reports
// what they must say.
func turns(t *testing.T, net *pantomime.Running, ref token.Ref, times int, late time.Duration) (want []token.Status) {
	t.Helper()
	for range times {
		want = append(want, token.Suspended, token.Active)
		for _, do := range []string{"suspend", "resume"} {
			if _, err := net.Control.Transition(t.Context(), ref, control.Transition{Do: do, Variants: control.Variants{Late: control.Duration(late)}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	return want
}

// [E1] Notices of one token leave one after the other on the system clock too.
func TestNotices_OfOneTokenKeepTheirOrder(t *testing.T) {
	got := &arrivals{}
	net := pantomime.Run(t, "", pantomime.Notices(got.take))
	want := turns(t, net, tokenize(t, net), 60, 0)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := net.Sandbox().Quiet(ctx); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got.statuses, want) {
		t.Errorf("arrived %v", got.statuses)
	}
	if got.most != 1 {
		t.Errorf("%d notices of one token were in the receiver at once", got.most)
	}
}

// [A5] An advance that runs out of time leaves every notice in its place: the one
// that it sent is still in the receiver, and none of its token overtakes it.
func TestNotices_KeepTheirOrderWhenAnAdvanceRunsOutOfTime(t *testing.T) {
	release := make(chan struct{})
	got := &arrivals{hold: func(n int) {
		if n == 1 {
			<-release
		}
	}}
	net := pantomime.Run(t, "", pantomime.Notices(got.take), pantomime.With(func(o *pantomime.Options) { o.ClockMode = clock.Manual }))
	want := turns(t, net, tokenize(t, net), 20, time.Minute)
	for range 5 {
		s, err := net.Control.Advance(t.Context(), control.Advance{
			By: new(control.Duration(2 * time.Minute)), Timeout: new(control.Duration(20 * time.Millisecond)),
		})
		if err != nil || s.Settled || s.Left != len(want) {
			t.Errorf("%+v, %v", s, err)
		}
	}
	close(release)
	if s, err := net.Control.Advance(t.Context(), control.Advance{By: new(control.Duration(time.Minute))}); err != nil || !s.Settled {
		t.Fatalf("%+v, %v", s, err)
	}
	if !slices.Equal(got.statuses, want) {
		t.Errorf("arrived %v", got.statuses)
	}
	if got.most != 1 {
		t.Errorf("%d notices of one token were in the receiver at once", got.most)
	}
}

// A schedule of `every` and `for` is so many attempts at even distances.
func TestNotices_AreRetriedAtEvenDistances(t *testing.T) {
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }))
	defer receiver.Close()
	net := pantomime.Run(t, "version: 1\ncallbacks: { retry: { every: 10m, for: 35m } }\n", pantomime.With(func(o *pantomime.Options) {
		o.ClockMode, o.Notify = clock.Manual, receiver.URL
	}))
	stage.Must(net.Control.Transition(t.Context(), tokenize(t, net), control.Transition{Do: "suspend"}))(t)
	stage.Must(net.Control.Advance(t.Context(), control.Advance{By: new(control.Duration(2 * time.Hour))}))(t)
	notice := stage.Must(net.Control.Callbacks(t.Context(), control.CallbackQuery{}))(t).Items[0]
	var after []time.Duration
	for _, a := range notice.Attempts {
		after = append(after, a.At.Sub(notice.Attempts[0].At))
	}
	if want := []time.Duration{0, 10 * time.Minute, 20 * time.Minute, 30 * time.Minute}; notice.State != "failed" || !slices.Equal(after, want) {
		t.Errorf("%s after attempts at %s, want %s", notice.State, after, want)
	}
}
