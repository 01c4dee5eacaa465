package sandbox_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/simulator/store"
	"github.com/pantomime-dev/pantomime/token"
)

// plainRenderer sends the event's type and the token's status, nothing else.
type plainRenderer struct{}

func (plainRenderer) Render(ev token.Event, try callback.Try) (callback.Request, error) {
	return callback.Request{Method: http.MethodPost, URL: try.Target + "/" + string(ev.Type) + "/" + string(ev.Token.Status)}, nil
}

// world is a sandbox on a manual clock with a receiver that is asked what to
// answer.
type testWorld struct {
	t   *testing.T
	box *sandbox.Sandbox

	mu   sync.Mutex
	got  []string
	when []time.Time
}

func newWorld(t *testing.T, yaml string, answer func(w *testWorld, n int) int) *testWorld {
	t.Helper()
	return play(t, stage.Scenario(t, yaml), answer)
}

func play(t *testing.T, scenario scenarios.Scenario, answer func(w *testWorld, n int) int) *testWorld {
	t.Helper()
	w := &testWorld{t: t}
	receiver := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		w.got = append(w.got, r.URL.Path)
		w.when = append(w.when, w.box.Now())
		n := len(w.got)
		w.mu.Unlock()
		status := http.StatusOK
		if answer != nil {
			status = answer(w, n)
		}
		rw.WriteHeader(status)
	}))
	t.Cleanup(receiver.Close)
	w.box = newBox(t, scenario, receiver.URL)
	return w
}

func newBox(t *testing.T, scenario scenarios.Scenario, notify string) *sandbox.Sandbox {
	t.Helper()
	box := stage.Box(t, map[string]callback.Renderer{"visa": plainRenderer{}, "mastercard": plainRenderer{}}, sandbox.Options{
		Scenario: scenario, Notify: notify, Log: store.NewMemory[sandbox.Change](1000),
	})
	box.Start()
	return box
}

func (w *testWorld) provision(network token.Network) sandbox.Result {
	w.t.Helper()
	return provision(w.t, w.box, network, 1)
}

// provision makes a token for the network's n-th plain test card.
func provision(t *testing.T, box *sandbox.Sandbox, network token.Network, n int) sandbox.Result {
	t.Helper()
	call := sandbox.Call{Op: token.VisaProvisionWithPAN, Requestor: "wallet", Subject: sandbox.Subject{Card: card(t, network, n)}, Making: sandbox.Making{Presentation: "ECOM"}}
	if network == token.Mastercard {
		call.Op, call.Presentation = token.MCTokenize, ""
	}
	r, _ := do(box, call)
	if r.Problem != nil {
		t.Fatalf("provision: %v", r.Problem)
	}
	return r
}

func card(t *testing.T, network token.Network, n int) sandbox.CardInput {
	t.Helper()
	pan, err := fixtures.Synthetic(network, n)
	if err != nil {
		t.Fatal(err)
	}
	return sandbox.CardInput{PAN: pan, Expiry: token.Expiry{Year: 2029, Month: 12}}
}

func (w *testWorld) advance(d time.Duration) sandbox.Settlement {
	w.t.Helper()
	s, err := w.box.Advance(context.Background(), d, 5*time.Second)
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

func (w *testWorld) received() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]string(nil), w.got...)
}

// The ids of notices are the same whether or not a timeline listens to what
// no notice reports.
func TestNotices_IDsDependOnNoListener(t *testing.T) {
	var ids [2][]string
	for i, timeline := range []string{"", "timeline: [ { on: token.deleted, do: update-metadata } ]\n"} {
		w := newWorld(t, plain+timeline, nil)
		made := w.provision(token.Visa)
		for _, do := range []string{"suspend", "resume"} {
			if err := w.box.Act(scenarios.Action{Do: do}, sandbox.Target{Token: made.Token.Ref}); err != nil {
				t.Fatal(err)
			}
		}
		for _, d := range w.box.Deliveries(nil) {
			ids[i] = append(ids[i], d.ID, d.Event.ID)
		}
	}
	if len(ids[0]) != 4 || !slices.Equal(ids[0], ids[1]) {
		t.Errorf("without a timeline %v, with one %v", ids[0], ids[1])
	}
}

// The target on the command line is for what the scenario leaves open.
func TestSandbox_NotifyLeavesWhatTheScenarioSays(t *testing.T) {
	box := newBox(t, stage.Scenario(t, `
version: 1
requestors:
  first: { notify: { visa: "http://127.0.0.1:9000/own" } }
  second: {}
`), "http://127.0.0.1:9001/given")
	first, _ := box.Requestor("first")
	second, _ := box.Requestor("second")
	if v, m := first.Notify[token.Visa], first.Notify[token.Mastercard]; v != "http://127.0.0.1:9000/own" || m != "http://127.0.0.1:9001/given" {
		t.Errorf("the first is notified at %q and %q", v, m)
	}
	if len(second.Notify) > 0 {
		t.Errorf("the second is notified at %v", second.Notify)
	}
}
