package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/mdes/server"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/simulator/clock"
	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/simulator/journal"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/simulator/store"
	"github.com/pantomime-dev/pantomime/simulator/token"
)

// start is the sandboxes' time, wallStart the machine's: the two differ, so that
// a mix-up shows.
var (
	start     = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	wallStart = time.Date(2026, 7, 14, 12, 0, 0, 0, time.UTC)
)

const (
	goodPAN  = "5204731600014784" // docs/wire/mdes.md "Test data": a token is created
	otherPAN = "5204731600013711"
	ownTRID  = "50120000001"
	plain    = "version: 1\nname: plain\n"
)

// unlisted passes Luhn and is on no list.
var unlisted = func() string {
	const body = "541234567890123"
	return body + string(token.CheckDigit(body))
}()

// world is a face with sandboxes behind it, reached over HTTP.
type world struct {
	t        testing.TB
	registry *sandbox.Registry
	wall     *clock.Fixed
	face     *server.Server
	url      string // of the door, without /mdes
	box      *sandbox.Sandbox
	who      *sandbox.Requestor
	client   *mdes.Client
	log      *bytes.Buffer
	tasks    *int // made so far, for ids
}

func newWorld(t testing.TB, yaml ...string) *world {
	t.Helper()
	return newWorldAt(t, "", yaml...)
}

// newWorldAt makes a world whose clients know it by a public URL.
func newWorldAt(t testing.TB, publicURL string, yaml ...string) *world {
	t.Helper()
	w := &world{t: t, registry: sandbox.NewRegistry(), wall: clock.NewFixed(wallStart), log: new(bytes.Buffer), tasks: new(int)}
	logger := slog.New(slog.NewTextHandler(w.log, nil))
	w.face = server.New(server.Options{
		Registry: w.registry, Wall: w.wall, Logger: logger, Guard: fixtures.NewGuard().Allowed, PublicURL: publicURL,
	})
	w.box = w.add(sandbox.Default, strings.Join(yaml, "\n"), "")
	w.who = w.box.Requestors()[0]
	w.url = serve(t, w.face, w.wall, logger)
	w.client = w.clientOf(w.who, mdes.Sandbox)
	return w
}

// in is the same world for another test.
func (w *world) in(t testing.TB) *world {
	t.Helper()
	other := *w
	other.t = t
	return &other
}

// add makes a further sandbox.
func (w *world) add(id, yaml, notify string) *sandbox.Sandbox {
	w.t.Helper()
	if yaml == "" {
		yaml = plain
	}
	scenario, findings := scenarios.Parse("test.yaml", []byte(yaml))
	if err := findings.Err(); err != nil {
		w.t.Fatal(err)
	}
	sender := callback.NewSender(w.wall, callback.Targets{}, map[token.Network]callback.Renderer{token.Mastercard: w.face})
	box, err := sandbox.New(sandbox.Options{
		ID: id, Seed: 4711, Clock: clock.NewManual(w.wall, start), Scenario: scenario, Notify: notify,
		Wall: w.wall, Log: store.NewMemory[sandbox.Change](0), Sender: sender, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		w.t.Fatal(err)
	}
	if err := w.registry.Add(box); err != nil {
		w.t.Fatal(err)
	}
	box.Start()
	w.t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		box.Stop(ctx)
		sender.Close()
	})
	return box
}

// serve puts the face behind a door like the simulator's.
func serve(t testing.TB, face *server.Server, wall clock.Wall, logger *slog.Logger) string {
	t.Helper()
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.HandleMethodNotAllowed, engine.RedirectTrailingSlash, engine.UseRawPath = true, false, true
	face.Routes(engine)
	f := door.Face{Wall: wall, Logger: logger}
	miss := func(status int) gin.HandlerFunc {
		return f.Handle(func(x *door.Exchange) door.Reply { return face.Miss(x, status) })
	}
	engine.NoRoute(miss(http.StatusNotFound))
	engine.NoMethod(miss(http.StatusMethodNotAllowed))
	s := httptest.NewServer(door.Addressed(engine))
	t.Cleanup(s.Close)
	return s.URL
}

func (w *world) clientOf(who *sandbox.Requestor, env mdes.Environment) *mdes.Client {
	w.t.Helper()
	return must(mdes.NewClient(mdes.Config{
		BaseURL: w.url + "/mdes", Env: env, TRID: who.TRID[token.Mastercard], Signer: w.signer(who),
		Network: sealer(w.t, who.Mastercard.Network), Own: opener(w.t, who.Mastercard.Requestor),
	}))(w.t)
}

func (w *world) signer(who *sandbox.Requestor) mdes.Signer {
	return mdes.Signer{
		ConsumerKey: mdes.ConsumerKey(who.Mastercard.ConsumerKey), Key: who.Mastercard.Signing.Private, Wall: w.wall,
	}
}

// sending is a request as it will stand on the wire, and what was signed if
// that differs.
type sending struct {
	method, path, query string
	body                []byte
	header              http.Header
	host, contentType   string

	signer     mdes.Signer
	signMethod string
	signURL    string
	signBody   []byte
	authorize  func(right string) string // nil: the right header; "" sends none
}

// request is one that is in order.
func (w *world) request(op token.Operation, body any) *sending {
	w.t.Helper()
	raw, given := body.([]byte)
	if !given {
		raw = marshal(w.t, body)
	}
	return &sending{
		method: http.MethodPost, path: "/mdes" + mdes.Sandbox.Path(op), body: raw, header: http.Header{},
		contentType: "application/json; charset=utf-8", signer: w.signer(w.who),
	}
}

// reply is what came back, with the journal's view of it.
type reply struct {
	status int
	header http.Header
	body   []byte
	entry  journal.Entry
}

func (w *world) send(s *sending) reply {
	w.t.Helper()
	target := w.url + s.path
	if s.query != "" {
		target += "?" + s.query
	}
	req, err := http.NewRequest(s.method, target, bytes.NewReader(s.body))
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header, req.Host = s.header.Clone(), s.host
	if s.contentType != "" {
		req.Header.Set("Content-Type", s.contentType)
	}
	if header := w.authorization(s, req); header != "" {
		req.Header.Set("Authorization", header)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return reply{resp.StatusCode, resp.Header, body, w.last(w.box)}
}

func (w *world) authorization(s *sending, req *http.Request) string {
	w.t.Helper()
	method, signed, body := s.method, *req.URL, s.body
	if s.host != "" {
		signed.Host = s.host
	}
	if s.signMethod != "" {
		method = s.signMethod
	}
	if s.signURL != "" {
		signed = *must(url.Parse(s.signURL))(w.t)
	}
	if s.signBody != nil {
		body = s.signBody
	}
	right := must(s.signer.Header(method, &signed, body))(w.t)
	if s.authorize == nil {
		return right
	}
	return s.authorize(right)
}

// last is the newest journal entry.
func (*world) last(box *sandbox.Sandbox) journal.Entry {
	entries := box.Journal().List(journal.Query{Limit: 1})
	if len(entries) == 0 {
		return journal.Entry{}
	}
	return entries[0]
}

// failed names the check that refused, "" for none.
func (r reply) failed() string {
	check, _ := r.entry.Checks.Failed()
	return check.Name
}

// refused reads an application error.
func (r reply) refused(t testing.TB) mdes.ErrorResponse {
	t.Helper()
	return decode[mdes.ErrorResponse](t, r.body)
}

// gateway reads the one error of a gateway answer.
func (r reply) gateway(t testing.TB) mdes.GatewayError {
	t.Helper()
	body := decode[mdes.GatewayErrors](t, r.body)
	if len(body.Errors.Error) != 1 {
		t.Fatalf("no gateway error: %d %s", r.status, r.body)
	}
	return body.Errors.Error[0]
}

// object reads the body as it stands.
func (r reply) object(t testing.TB) map[string]any {
	t.Helper()
	return decode[map[string]any](t, r.body)
}

func decode[T any](t testing.TB, raw []byte) (v T) {
	t.Helper()
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatalf("not the JSON wanted: %q: %v", raw, err)
	}
	return v
}
