package control_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	acquirerserver "github.com/pantomime-dev/pantomime/acquirer/server"
	mdesserver "github.com/pantomime-dev/pantomime/mdes/server"
	vtsserver "github.com/pantomime-dev/pantomime/vts/server"

	"github.com/gin-gonic/gin"

	"github.com/pantomime-dev/pantomime/clock"
	wire "github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/simulator/control"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

func TestMain(m *testing.M) {
	gin.SetMode(gin.ReleaseMode)
	os.Exit(m.Run())
}

// story is the scenario the tests run on.
const story = `
version: 1
name: for the control door
clock: { mode: manual, start: 2026-03-01T09:00:00Z }
requestors:
  wallet: { trid: { visa: "40010000001", mastercard: "50120000001" } }
  other: {}
cards:
  alice: { network: visa, pan: test/visa/1, expiry: "12/29" }
  bob: { network: mastercard, pan: test/mastercard/1, expiry: "12/29" }
rules:
  - name: busy twice
    when: { operation: provision, card: bob }
    times: 2
    then: { error: limit_exceeded, retry-after: 3s }
`

// world is a sandbox behind its control door.
type world struct {
	t      testing.TB
	box    *sandbox.Sandbox
	door   *httptest.Server
	client *wire.Client
	logs   *bytes.Buffer
}

// plain renders an event as JSON and posts it to its target as it is.
type plain struct{}

func (plain) Render(ev token.Event, try callback.Try) (callback.Request, error) {
	body, err := json.Marshal(ev)
	return callback.Request{Method: http.MethodPost, URL: try.Target + "/" + string(ev.Type), Body: body, Masked: string(body)}, err
}

type settings struct {
	notify  string
	options func(*control.Options)
}

func newWorld(t testing.TB, s settings) *world {
	t.Helper()
	w := &world{t: t, logs: &bytes.Buffer{}}
	registry := sandbox.NewRegistry()
	w.box = addBox(t, registry, sandbox.Default, s.notify)
	w.box.Start()
	o := control.Options{
		Registry: registry, Logger: slog.New(slog.NewTextHandler(w.logs, nil)), Version: "v-test", Faces: faces,
		NetworkURL: "http://127.0.0.1:8480", AdminURL: "http://127.0.0.1:8481", Wall: clock.Real(),
	}
	if s.options != nil {
		s.options(&o)
	}
	w.door = httptest.NewServer(control.New(o))
	t.Cleanup(w.door.Close)
	var err error
	if w.client, err = wire.New(w.door.URL, w.door.Client(), o.Token); err != nil {
		t.Fatal(err)
	}
	return w
}

// The faces whose credentials are shown.
var (
	faces    = []control.Face{vtsserver.Keyring, mdesserver.Keyring, acquirerserver.Keyring}
	keyrings = []sandbox.Keyring{vtsserver.Keyring, mdesserver.Keyring, acquirerserver.Keyring}
)

func addBox(t testing.TB, registry *sandbox.Registry, id, notify string) *sandbox.Sandbox {
	t.Helper()
	box := stage.Box(t, map[string]callback.Renderer{"visa": plain{}, "mastercard": plain{}}, sandbox.Options{
		ID: id, Seed: 7, Scenario: stage.Scenario(t, story), Notify: notify, Keyrings: keyrings,
	})
	if err := registry.Add(box); err != nil {
		t.Fatal(err)
	}
	return box
}

// token makes a token of alice's card for the wallet.
func (w *world) token() token.Ref {
	w.t.Helper()
	card, _ := fixture("test/visa/1")
	r, _, _ := w.box.Do(sandbox.Call{
		Op: token.VisaProvisionWithPAN, Effect: sandbox.EffectProvision, Requestor: "wallet",
		Making: sandbox.Making{Wallet: "w", Presentation: "ECOM"}, Subject: sandbox.Subject{Card: sandbox.CardInput{PAN: card, Expiry: token.Expiry{Year: 2029, Month: 12}}},
	})
	if r.Problem != nil {
		w.t.Fatal(r.Problem)
	}
	return r.Token.Ref
}

// answer is what the door said.
type answer struct {
	status  int
	header  http.Header
	body    string
	problem wire.Problem
}

// do sends a request as it is given; headers are "Name: value".
func (w *world) do(method, path, body string, headers ...string) answer {
	w.t.Helper()
	req, err := http.NewRequest(method, w.door.URL+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		if name == "Host" {
			req.Host = value
			continue
		}
		req.Header.Set(name, value)
	}
	got := stage.Do(w.t, w.door.Client(), req)
	a := answer{status: got.Status, header: got.Header, body: string(got.Body)}
	if got.Header.Get("Content-Type") == wire.ProblemType {
		a.problem = stage.Decode[wire.Problem](w.t, got.Body)
	}
	return a
}
