package server_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/acquirer"
	"github.com/pantomime-dev/pantomime/acquirer/server"
	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/simulator/journal"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

const good = `{"reference":"order-1","amount":{"value":1000,"currency":"EUR"},"merchant":{"id":"m-1","category":"5411","country":"DE"},` +
	`"instrument":{"type":"card","number":"4622943120000600","expiryMonth":"12","expiryYear":"2029"}}`

// world is the face with sandboxes behind it, reached over HTTP.
type world struct {
	stage.Stage
	t    *testing.T
	face *server.Server
	url  string
	box  *sandbox.Sandbox
}

func newWorld(t *testing.T, yaml string) *world {
	t.Helper()
	w := &world{Stage: stage.New(), t: t}
	w.face = server.New(w.Base())
	w.box = w.add(sandbox.Default, yaml)
	w.url = w.Serve(t, w.face)
	return w
}

func (w *world) add(id, yaml string) *sandbox.Sandbox {
	w.t.Helper()
	return w.Add(w.t, w.face, sandbox.Options{
		ID: id, Scenario: stage.Scenario(w.t, yaml), Keyrings: []sandbox.Keyring{server.Keyring}, Masks: journal.NewMasks(server.Secrets()),
	})
}

// send posts a payment with the key of a sandbox's first requestor, and edits the
// request before it goes out.
func (w *world) send(box *sandbox.Sandbox, path, body string, edit func(*http.Request)) stage.Answer {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, w.url+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	keys := server.KeysOf(box.Requestors()[0])[0]
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	req.SetBasicAuth(keys.Key, keys.Secret)
	if edit != nil {
		edit(req)
	}
	return stage.Ask(w.t, w.box, req)
}

func TestServer_Refusals(t *testing.T) {
	w := newWorld(t, "version: 1\nrequestors: { wallet: {}, shop: {} }\n")
	other, path := w.add("other", "version: 1\n"), acquirer.RouteAuthorize.Path
	keys := server.KeysOf(w.box.Requestors()[0])[0]
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	for _, c := range []struct {
		name, path, body string
		box              *sandbox.Sandbox
		edit             func(*http.Request)
		status           int
		says, check      string
	}{
		{"in order", path, good, w.box, nil, 201, `"outcome":"approved"`, ""},
		{"below its sandbox", "/s/default" + path, good, w.box, nil, 201, `"reference":"order-1"`, ""},
		{"no credential", path, good, w.box, func(r *http.Request) { r.Header.Del("Authorization") }, 401, `"code":"unauthenticated"`, "key"},
		{"another scheme", path, good, w.box, header("Authorization", "Bearer "+keys.Key), 401, `"code":"unauthenticated"`, "key"},
		{"a wrong secret", path, good, w.box, func(r *http.Request) { r.SetBasicAuth(keys.Key, keys.Secret+"x") }, 401, `"code":"unauthenticated"`, "secret"},
		{"another sandbox's key", "/s/default" + path, good, other, nil, 401, `"code":"unauthenticated"`, "sandbox"},
		{"a sandbox that is not there", "/s/nowhere" + path, good, w.box, nil, 404, `"code":"not_found"`, "sandbox"},
		{"no JSON by its type", path, good, w.box, header("Content-Type", "text/plain"), 415, `"code":"unsupported_media_type"`, "Content-Type header"},
		{"no JSON", path, "{", w.box, nil, 400, `"code":"invalid_request"`, "JSON body"},
		{"bad fields", path, strings.Replace(good, "EUR", "E", 1), w.box, nil, 400, `"fields":["amount.currency"]`, "field amount.currency"},
		{"maybe a real card", path, strings.Replace(good, "4622943120000600", "4532015112830366", 1), w.box, nil, 403, `"code":"card_refused"`, "pan-guard"},
		{"a bad check digit", path, strings.Replace(good, "4622943120000600", "4622943120000601", 1), w.box, nil, 200, `"reason":"invalid_card_number"`, "card"},
		{"a card of no network", path, strings.Replace(good, "4622943120000600", "371449635398431", 1), w.box, nil, 200, `"reason":"invalid_card_number"`, ""},
		{"another method", path, good, w.box, func(r *http.Request) { r.Method = http.MethodPut }, 405, `"code":"method_not_allowed"`, "route"},
		{"another path", path + "/x/y", good, w.box, nil, 404, `"code":"not_found"`, "route"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := w.send(c.box, c.path, c.body, c.edit)
			if got.Status != c.status || !strings.Contains(string(got.Body), c.says) || len(got.Header.Get("X-Correlation-Id")) != 32 {
				t.Errorf("%d %v %s, want %d with %s", got.Status, got.Header, got.Body, c.status, c.says)
			}
			if failed, _ := got.Entry.Checks.Failed(); failed.Name != c.check {
				t.Errorf("the check %q failed, want %q", failed.Name, c.check)
			}
		})
	}
}

// Faults of the wire and what rules merge into an answer work here as at a network.
func TestServer_FaultsAndOverrides(t *testing.T) {
	w := newWorld(t, `version: 1
rules:
  - { times: 1, when: { operation: authorize }, then: { fault: 503, retry-after: 2s } }
  - { times: 1, when: { operation: authorize }, then: { fault: 502 } }
  - { times: 1, when: { operation: authorize }, then: { respond: { outcome: pending } } }
  - { times: 1, when: { operation: authorize }, then: { error: do_not_honor, status: 402 } }
  - { when: { bin: "462294" }, then: { error: json_parse_error } }
`)
	for _, want := range []struct {
		status int
		says   string
	}{
		{503, `"code":"unavailable"`},
		{502, "<html"},
		{201, `"outcome":"pending"`},
		{402, `"responseCode":"05"`},
		{201, `"outcome":"approved"`}, // an error of the networks is none of a payment's
	} {
		got := w.send(w.box, acquirer.RouteAuthorize.Path, good, nil)
		if got.Status != want.status || !strings.Contains(string(got.Body), want.says) {
			t.Errorf("%d %s, want %d with %s", got.Status, got.Body, want.status, want.says)
		}
	}
}

func TestServer_TellsOfNoToken(t *testing.T) {
	if _, err := newWorld(t, "version: 1\n").face.Render(token.Event{Type: token.TokenDeleted}, callback.Try{}); err == nil {
		t.Error("it renders a notice")
	}
}
