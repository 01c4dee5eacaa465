package pantomime

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/vts"
)

// Tester is what [Run] needs of a test: *testing.T, *testing.B and *testing.F
// are ones, and so is what Ginkgo gives.
type Tester interface {
	Helper()
	Cleanup(end func())
	Failed() bool
	Logf(format string, args ...any)
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// Running is a simulator in a test, with clients of its first token requestor
// made ready.
type Running struct {
	*Simulator
	Control *control.Client // of the default sandbox
	Env     control.Env     // base URLs, credentials and cards, for a client of your own
	VTS     *vts.Client
	MDES    *mdes.Client
}

// Setting changes what [Run] starts.
type Setting func(*settings)

type settings struct {
	options Options
	notices func(wallet.Notice)
}

// Notices hands each notice to a function, verified and decrypted, before it
// is answered. It may be called by several goroutines at once.
func Notices(tell func(wallet.Notice)) Setting {
	return func(s *settings) { s.notices = tell }
}

// With changes the options of the simulator.
func With(change func(*Options)) Setting {
	return func(s *settings) { change(&s.options) }
}

// Run starts a simulator that plays a scenario, the text of a scenario file or
// "" for none, on free loopback ports, and ends it with the test. What the
// scenario expects is compared at the end, and when the test failed the log reports
// what was asked and answered. Anything that keeps it from starting ends the test.
func Run(t Tester, scenario string, with ...Setting) *Running {
	t.Helper()
	var s settings
	for _, set := range with {
		set(&s)
	}
	var err error
	if scenario != "" {
		if s.options.Scenario, _ = scenarios.Parse("scenario.yaml", []byte(scenario)); s.options.Scenario.Err() != nil {
			t.Fatalf("pantomime: %v", s.options.Scenario.Err())
		}
	}
	var inbox *wallet.Inbox
	if s.notices != nil {
		if inbox, err = wallet.OpenInbox(wallet.InboxOptions{Wall: s.options.Wall, Tell: s.notices}); err != nil {
			t.Fatalf("pantomime: receiver of notices: %v", err)
		}
		t.Cleanup(inbox.Close)
		s.options.Notify = inbox.URL()
	}
	r := &Running{}
	if r.Simulator, err = Start(s.options); err != nil {
		t.Fatalf("pantomime: %v", err)
	}
	t.Cleanup(func() { r.end(t) })
	if err := r.connect(inbox); err != nil {
		t.Fatalf("pantomime: %v", err)
	}
	return r
}

// connect makes the clients ready, and lets the inbox know their keys.
func (r *Running) connect(inbox *wallet.Inbox) (err error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if r.Control, err = control.New(r.AdminURL(), nil, r.AdminToken()); err != nil {
		return err
	}
	if r.Env, err = r.Control.Env(ctx); err != nil {
		return err
	}
	for i, requestor := range r.Env.Requestors {
		w, err := wallet.New(wallet.Config{
			BaseURL: r.Env.BaseURL, Env: mdes.MTF, Credentials: Credentials(requestor), Wall: r.options.Wall,
		})
		if err != nil {
			return fmt.Errorf("clients of %s: %w", requestor.Requestor, err)
		}
		if i == 0 {
			r.VTS, r.MDES = w.Visa(), w.Mastercard()
		}
		if inbox != nil {
			inbox.Trust(w)
		}
	}
	return nil
}

// patience is how long the end of a test may take: what is due leaves, and is
// answered.
const patience = 10 * time.Second

// end compares what the scenario expects, says what happened if the test failed,
// and stops.
func (r *Running) end(t Tester) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if r.Control != nil {
		_ = r.Sandbox().Idle(ctx) // what a late notice would change is reported by verify
		r.verify(ctx, t)
		if t.Failed() {
			r.tell(ctx, t)
		}
	}
	if err := r.Stop(ctx); err != nil {
		t.Errorf("pantomime: stopping: %v", err)
	}
}

func (r *Running) verify(ctx context.Context, t Tester) {
	t.Helper()
	v, err := r.Control.Verify(ctx)
	if err != nil {
		t.Errorf("pantomime: verify: %v", err)
	}
	for _, e := range v.Verdicts {
		if !e.OK {
			t.Errorf("pantomime: %s: expected %s, found %s", strings.TrimSpace(e.Place+" "+e.What), e.Expected, e.Found)
		}
	}
}

// tell logs the exchanges, each with how it ended.
func (r *Running) tell(ctx context.Context, t Tester) {
	t.Helper()
	list, err := r.Control.Requests(ctx, control.ExchangeQuery{Limit: 100})
	if err != nil {
		t.Logf("pantomime: journal: %v", err)
		return
	}
	t.Logf("pantomime: %d requests, the last of them:", list.Total)
	for _, e := range list.Items {
		why, err := r.Control.Explain(ctx, e.ID)
		if err != nil {
			why.Summary = err.Error()
		}
		t.Logf("%s  %s %s -> HTTP %d: %s", e.ID, e.Request.Method, e.Request.Path, e.Response.Status, why.Summary)
	}
}
