package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/scenarios"
)

// notified starts a server whose notices meet a receiver that refuses the first
// of them, and suspends a token there.
func notified(t *testing.T) (admin string) {
	t.Helper()
	var met atomic.Int32
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if met.Add(1) == 1 {
			w.WriteHeader(http.StatusBadGateway)
		}
	}))
	t.Cleanup(receiver.Close)
	sim, err := pantomime.Start(pantomime.Options{
		Notify: receiver.URL, ClockMode: clock.Manual, ClockStart: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC),
		Scenario: scenarios.Scenario{Requestors: []scenarios.Requestor{{Name: "wallet"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = stop(sim) })
	for _, args := range [][]string{
		{"call", "provision", "--card", "test/visa/1"},
		{"trigger", "token.suspended", "--card", "test/visa/1", "--reason", "SUSPECTED_FRAUD"},
		{"clock", "advance", "1s"},
	} {
		if code, _, stderr := command(t, sim.AdminURL(), args...); code != 0 {
			t.Fatalf("%v: %s", args, stderr)
		}
	}
	return sim.AdminURL()
}

// ids are those of the notices that `callbacks` lists, with which others work.
func ids(t *testing.T, admin string, args ...string) []string {
	t.Helper()
	code, out, stderr := command(t, admin, append([]string{"callbacks", "-o", "json"}, args...)...)
	var list control.List[control.Callback]
	if err := json.Unmarshal([]byte(out), &list); err != nil || code != 0 {
		t.Fatalf("%d %s%s %v", code, out, stderr, err)
	}
	var found []string
	for _, n := range list.Items {
		found = append(found, n.ID)
	}
	return found
}

func TestCallbacks_ShowTellsOfEachAttempt(t *testing.T) {
	admin := notified(t)
	waiting := ids(t, admin, "--state", "scheduled")
	if len(waiting) != 1 {
		t.Fatalf("%d notices wait for another attempt, want one", len(waiting))
	}
	if code, _, stderr := command(t, admin, "clock", "advance", "1m"); code != 0 {
		t.Fatal(stderr)
	}
	code, out, stderr := command(t, admin, "callbacks", "show", waiting[0])
	if code != 0 {
		t.Fatal(stderr)
	}
	for _, want := range []string{
		waiting[0] + "  token.", " at visa, sandbox default\n", "to wallet: delivered\n", "card     462294******0600\n",
		"ATTEMPT  TIME ", "1        2026-03-01T09:00:", "  502 ", "  2026-03-01T09:01:", "2        2026-03-01T09:01:", "  200 ",
		"attempt 1 sent to http://127.0.0.1:", `"vProvisionedTokenID": "`,
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not shown:\n%s", want, out)
		}
	}
	if code, out, stderr := command(t, admin, "resend", waiting[0]); code != 0 || !strings.Contains(out, waiting[0]) {
		t.Errorf("resend: %d %s%s", code, out, stderr)
	}
}

func TestCallbacks_FollowTellsWhatChanges(t *testing.T) {
	admin := notified(t)
	waiting := ids(t, admin, "--state", "scheduled")[0]
	text, lines := begin(t, admin, "callbacks", "--follow"), begin(t, admin, "callbacks", "-f", "-o", "json")
	if !text.out.has(t.Context(), " scheduled ") || !lines.out.has(t.Context(), `{"id":"`+waiting+`","state":"scheduled"`) {
		t.Fatalf("what is there is not printed: %s%s", text.out, lines.out)
	}
	if code, _, stderr := command(t, admin, "clock", "advance", "1m"); code != 0 {
		t.Fatal(stderr)
	}
	if !lines.out.has(t.Context(), `{"id":"`+waiting+`","state":"delivered"`) {
		t.Errorf("the delivery is not followed: %s", lines.out)
	}
	for _, f := range []*running{text, lines} {
		if code := f.finish(); code != 0 {
			t.Errorf("asked to stop, it exits with %d: %s", code, f.err)
		}
	}
}
