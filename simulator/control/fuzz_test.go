package control_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	wire "github.com/pantomime-dev/pantomime/control"
)

// Whatever comes in, what goes out is JSON, and never a fault of our own.
func FuzzDoor(f *testing.F) {
	for _, r := range refusals {
		if len(r.body) < 4096 {
			f.Add(r.method, r.path, r.body, r.body != "" && r.method == http.MethodPost)
		}
	}
	f.Add("POST", "/__admin/v1/faults", `{"operation":"provision","card":"alice","error":"declined","times":2}`, true)
	f.Add("POST", "/__admin/v1/events", `{"event":"pan.replaced","card":"test/visa/1","variant":["stale-time"]}`, true)
	f.Add("POST", "/__admin/v1/rules", "- when: { card: bob }\n  then: { fault: reset }\n", false)
	f.Add("POST", "/__admin/v1/cards/test%2Fvisa%2F1/reissue", `{"expiry":"12/31"}`, true)
	w := newWorld(f, settings{})
	w.token()
	f.Fuzz(func(t *testing.T, method, path, body string, asJSON bool) {
		r, err := http.NewRequest(method, "http://localhost"+path, strings.NewReader(body))
		if err != nil || !strings.HasPrefix(path, "/") || strings.Contains(path, "wait=") {
			t.Skip()
		}
		r.Header.Set("Content-Type", "application/yaml")
		if asJSON {
			r.Header.Set("Content-Type", "application/json")
		}
		got := httptest.NewRecorder()
		w.door.Config.Handler.ServeHTTP(got, r)
		if got.Code >= 500 {
			t.Fatalf("%s %s %q: %d %s", method, path, body, got.Code, got.Body)
		}
		if kind := got.Header().Get("Content-Type"); (kind == wire.ProblemType) != (got.Code >= 400) && got.Code/100 != 3 {
			t.Fatalf("%s %s: %d as %s", method, path, got.Code, kind)
		}
		if got.Code/100 != 3 && !json.Valid(got.Body.Bytes()) {
			t.Fatalf("%s %s: %s is no JSON", method, path, got.Body)
		}
	})
}
