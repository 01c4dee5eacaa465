package control_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/simulator/control"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
)

// [D6] Ten wrong bearer tokens within ten seconds from an address, and none from
// there is looked at for a second, be it the right one. Other addresses, this
// machine, and who shows no token at all are not concerned.
func TestDoor_WrongTokensAreLimited(t *testing.T) {
	const there, here, elsewhere = "203.0.113.9:4711", "127.0.0.1:4711", "203.0.113.10:4711"
	const right, wrong, none = "Bearer open-sesame", "Bearer open-sesamee", ""
	wall := clock.NewFixed(time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC))
	door := control.New(control.Options{
		Registry: sandbox.NewRegistry(), Wall: wall, Token: "open-sesame", AdminURL: "http://0.0.0.0:8481", NetworkURL: "http://0.0.0.0:8480",
	})
	ask := func(from, token string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, "http://localhost/__admin/v1", nil)
		r.RemoteAddr = from
		if token != none {
			r.Header.Set("Authorization", token)
		}
		w := httptest.NewRecorder()
		door.ServeHTTP(w, r)
		return w
	}
	for n, step := range []struct {
		from, token   string
		times, status int
		after         time.Duration
	}{
		{there, none, 20, 401, 0},
		{there, wrong, 9, 401, 0},
		{there, right, 1, 200, 0},
		{there, wrong, 1, 401, 0},
		{there, wrong, 3, 429, 0},
		{there, right, 1, 429, 0},
		{elsewhere, wrong, 1, 401, 0},
		{elsewhere, right, 1, 200, 0},
		{here, wrong, 30, 401, 0},
		{here, right, 1, 200, 0},
		{there, right, 1, 429, 999 * time.Millisecond},
		{there, right, 1, 200, time.Millisecond},
		{there, wrong, 1, 401, 0},
		{there, right, 1, 429, 0},
		{there, wrong, 9, 401, 20 * time.Second},
		{there, right, 1, 200, 0},
		{"[2001:db8::1]:1", wrong, 10, 401, 0},
		{"[2001:db8::2]:1", right, 1, 429, 0},
		{"[2001:db8:0:1::2]:1", right, 1, 200, 0},
	} {
		wall.Add(step.after)
		for range step.times {
			got := ask(step.from, step.token)
			if got.Code != step.status || (got.Code == 429) != (got.Header().Get("Retry-After") == "1") {
				t.Errorf("step %d: %s", n, fmt.Sprint(step, " is answered ", got.Code, got.Header()))
			}
		}
	}
}
