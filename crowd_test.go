package pantomime_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/internal/sweep"
	"github.com/pantomime-dev/pantomime/token"
)

// timed does something that must not take long.
func timed(t *testing.T, what string, do func() error) {
	t.Helper()
	const longest = 500 * time.Millisecond
	start := clock.Real().Now()
	err := do()
	took := clock.Real().Now().Sub(start)
	t.Logf("%-40s %s", what, took.Round(time.Microsecond))
	if err != nil || took > longest {
		t.Errorf("%s: %s, %v", what, took, err)
	}
}

// [D4] What is asked of a sandbox with 200,000 notices costs what is asked, and
// no other request waits for it.
func TestSweep_CostIsByWhatIsAsked(t *testing.T) {
	sweep.Mark(t)
	const notices = 200_000
	net := pantomime.Run(t, "", pantomime.With(func(o *pantomime.Options) {
		o.ClockMode, o.NoticeBytes = clock.Manual, 1<<40
	}))
	ref := tokenize(t, net)
	const atOnce = 1000
	for n := 0; n < notices; n += atOnce { // without a target they stay where they are
		do := []string{"suspend", "resume"}[n/atOnce%2]
		stage.Must(net.Control.Transition(t.Context(), ref, control.Transition{Do: do, Variants: control.Variants{Duplicate: atOnce - 1}}))(t)
	}
	for range 2000 { // so that followers have something to look through
		_, _ = net.MDES.GetTaskStatus(t.Context(), "nobody-made-it")
	}
	ctx, stop := context.WithCancel(t.Context())
	var asking sync.WaitGroup
	for _, q := range []control.CallbackQuery{{Limit: 1}, {Limit: 1, State: "failed"}, {Limit: 1000}} {
		asking.Go(func() {
			for ctx.Err() == nil {
				if list, err := net.Control.Callbacks(ctx, q); err == nil && list.Total != notices && q.State == "" {
					t.Errorf("%d notices", list.Total)
				}
			}
		})
	}
	for range 5 {
		asking.Go(func() {
			for ctx.Err() == nil {
				_, _ = net.Control.Requests(ctx, control.ExchangeQuery{Operation: "visa/getToken", Wait: control.Duration(30 * time.Second)})
			}
		})
	}
	timed(t, "GET /callbacks?limit=1", func() error {
		_, err := net.Control.Callbacks(t.Context(), control.CallbackQuery{Limit: 1})
		return err
	})
	timed(t, "GET /clock", func() error { _, err := net.Control.Clock(t.Context()); return err })
	timed(t, "GET /sandboxes", func() error { _, err := net.Control.Sandboxes(t.Context(), control.Page{}); return err })
	for n := range 50 {
		timed(t, fmt.Sprint("a request at the network door ", n), func() error {
			_, err := net.MDES.GetToken(t.Context(), ref, false)
			return err
		})
	}
	stop()
	asking.Wait()
	timed(t, "one transition", func() error {
		_, err := net.Control.Transition(t.Context(), ref, control.Transition{Do: "suspend"})
		return err
	})
}

// [D4] Journals and notices have a bound over all sandboxes; what is dropped is
// reported in the log and in each listing, and counts for verify all the same.
func TestBounds_OverAllSandboxes(t *testing.T) {
	const bytes = 256 << 10
	log := new(buffer)
	net := pantomime.Run(t, "", pantomime.With(func(o *pantomime.Options) {
		o.JournalBytes, o.NoticeBytes, o.Logger = bytes, bytes, slog.New(slog.NewTextHandler(log, nil))
	}))
	ref := tokenize(t, net)
	other := stage.Must(net.Control.CreateSandbox(t.Context(), control.NewSandbox{}))(t)
	for n := range 400 {
		resp, err := http.Get(other.Sandbox.BaseURL[token.PartyVisa] + "/nothing/" + strings.Repeat("x", n))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		stage.Must(net.Control.Transition(t.Context(), ref, control.Transition{Do: []string{"suspend", "resume"}[n%2]}))(t)
	}
	if err := net.Sandbox().Quiet(t.Context()); err != nil {
		t.Fatal(err)
	}
	requests := stage.Must(net.Control.In(other.Sandbox.ID).Requests(t.Context(), control.ExchangeQuery{}))(t)
	if requests.Dropped == 0 || int(requests.Dropped)+requests.Total != 400 {
		t.Errorf("%d exchanges and %d dropped", requests.Total, requests.Dropped)
	}
	if own := stage.Must(net.Control.Requests(t.Context(), control.ExchangeQuery{}))(t); own.Dropped != 0 || own.Total != 1 {
		t.Errorf("the small journal gave up %d", own.Dropped)
	}
	callbacks := stage.Must(net.Control.Callbacks(t.Context(), control.CallbackQuery{}))(t)
	if callbacks.Dropped == 0 || int(callbacks.Dropped)+callbacks.Total != 400 {
		t.Errorf("%d notices and %d dropped", callbacks.Total, callbacks.Dropped)
	}
	for _, said := range []string{"the journal drops its oldest exchanges", "the oldest notices were dropped"} {
		if !strings.Contains(log.String(), said) {
			t.Errorf("the log does not say that %s", said)
		}
	}
}
