package control_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	wire "github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/simulator/clock"
	"github.com/pantomime-dev/pantomime/simulator/control"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/simulator/store"
	"github.com/pantomime-dev/pantomime/simulator/token"
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

// start is where the clock of the story begins.
var start = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

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
		Registry: registry, Logger: slog.New(slog.NewTextHandler(w.logs, nil)), Version: "v-test",
		NetworkURL: "http://127.0.0.1:8480", AdminURL: "http://127.0.0.1:8481", Wall: clock.Real(),
	}
	if s.options != nil {
		s.options(&o)
	}
	w.door = httptest.NewServer(control.New(o))
	t.Cleanup(func() {
		w.door.Close()
		w.box.Stop(context.Background())
	})
	var err error
	if w.client, err = wire.New(w.door.URL, w.door.Client(), o.Token); err != nil {
		t.Fatal(err)
	}
	return w
}

func addBox(t testing.TB, registry *sandbox.Registry, id, notify string) *sandbox.Sandbox {
	t.Helper()
	sc, findings := scenarios.Parse("story.yaml", []byte(story))
	if err := findings.Err(); err != nil {
		t.Fatal(err)
	}
	wall := clock.Real()
	sender := callback.NewSender(wall, callback.Targets{}, map[token.Network]callback.Renderer{token.Visa: plain{}, token.Mastercard: plain{}})
	box, err := sandbox.New(sandbox.Options{
		ID: id, Seed: 7, Clock: clock.NewManual(wall, start), Scenario: sc, Notify: notify, Wall: wall,
		Log: store.NewMemory[sandbox.Change](0), Sender: sender, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := registry.Add(box); err != nil {
		t.Fatal(err)
	}
	return box
}

// token makes a token of alice's card for the wallet.
func (w *world) token() token.Ref {
	w.t.Helper()
	card, _ := fixture("test/visa/1")
	r, _ := w.box.Do(sandbox.Call{
		Op: token.VisaProvisionWithPAN, Requestor: "wallet", Wallet: "w", Presentation: "ECOM",
		Card: sandbox.CardInput{PAN: card, Expiry: token.Expiry{Year: 2029, Month: 12}},
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
	resp, err := w.door.Client().Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	a := answer{status: resp.StatusCode, header: resp.Header, body: string(text)}
	if resp.Header.Get("Content-Type") == wire.ProblemType {
		if err := json.Unmarshal(text, &a.problem); err != nil {
			w.t.Fatal(err)
		}
	}
	return a
}

func must[T any](t *testing.T) func(T, error) T {
	t.Helper()
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}
