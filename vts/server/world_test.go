package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/simulator/clock"
	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/simulator/journal"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/simulator/store"
	"github.com/pantomime-dev/pantomime/simulator/token"
	"github.com/pantomime-dev/pantomime/vts"
	"github.com/pantomime-dev/pantomime/vts/server"
)

// start is the sandboxes' time, wallStart the machine's: the two differ, so that
// a mix-up shows.
var (
	start     = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	wallStart = time.Date(2026, 7, 14, 12, 0, 0, 0, time.UTC)
)

const (
	goodPAN   = "4622943120000600"
	walletID  = "cust0000000000000042"
	unlisted  = "4532015112830366" // passes Luhn and is on no list
	requestID = "6e1d0b52-4a53-4d0c-9a1f-0f7f3f7a9b11"
)

// world is a face with sandboxes behind it, reached over HTTP.
type world struct {
	t        testing.TB
	registry *sandbox.Registry
	wall     *clock.Fixed
	face     *server.Server
	url      string
	box      *sandbox.Sandbox
	who      *sandbox.Requestor
	client   *vts.Client
	log      *bytes.Buffer
	change   func(*scenarios.Scenario)
}

func newWorld(t testing.TB, yaml ...string) *world {
	t.Helper()
	return newWorldWith(t, func(*scenarios.Scenario) {}, yaml...)
}

// newWorldWith changes the scenarios of all its sandboxes.
func newWorldWith(t testing.TB, change func(*scenarios.Scenario), yaml ...string) *world {
	t.Helper()
	w := &world{t: t, registry: sandbox.NewRegistry(), wall: clock.NewFixed(wallStart), log: new(bytes.Buffer), change: change}
	logger := slog.New(slog.NewTextHandler(w.log, nil))
	w.face = server.New(server.Options{Registry: w.registry, Wall: w.wall, Logger: logger, Guard: fixtures.NewGuard().Allowed})
	w.box = w.add(sandbox.Default, strings.Join(yaml, "\n"), "")
	w.who = w.box.Requestors()[0]
	w.url = serve(t, w.face, w.wall, logger)
	w.client = w.clientOf(w.who.Visa.Signing, w.who.Visa.Encryption)
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
		yaml = "version: 1\nname: plain\n"
	}
	scenario, findings := scenarios.Parse("test.yaml", []byte(yaml))
	if err := findings.Err(); err != nil {
		w.t.Fatal(err)
	}
	w.change(&scenario)
	sender := callback.NewSender(w.wall, callback.Targets{}, map[token.Network]callback.Renderer{token.Visa: w.face})
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

func (w *world) clientOf(signing, encryption sandbox.VisaKey) *vts.Client {
	w.t.Helper()
	c, err := vts.NewClient(vts.Config{
		BaseURL: w.url, Signing: credential(signing), Encryption: credential(encryption),
		ClientAppID: "sandbox-app", WalletAccount: walletID, Wall: w.wall,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

func credential(k sandbox.VisaKey) vts.Credential {
	return vts.Credential{APIKey: k.APIKey, Secret: k.Secret}
}

// seal encrypts with one of the requestor's pairs.
func seal(t testing.TB, k sandbox.VisaKey, v any) string {
	t.Helper()
	key, err := vts.NewSharedKey(credential(k))
	if err != nil {
		t.Fatal(err)
	}
	plain, raw := v.([]byte)
	if !raw {
		if plain, err = json.Marshal(v); err != nil {
			t.Fatal(err)
		}
	}
	sealed, err := key.Seal(plain, wallStart, nil)
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

// sending is a request as it will stand on the wire, and what was signed if
// that differs.
type sending struct {
	method, path, query string
	body                []byte
	header              http.Header

	key                     sandbox.VisaKey // signs
	at                      time.Time
	signPath, signQuery     string
	signBody                []byte
	payToken                func(right string) []string // nil: the right one
	host, contentType, rqID string
}

// good is a request that is in order: provision with PAN data.
func (w *world) good(changes ...func(*sending)) *sending {
	w.t.Helper()
	s := w.request(http.MethodPost, "/vts/provisionedTokens", w.body(nil))
	for _, change := range changes {
		change(s)
	}
	return s
}

func (w *world) request(method, path string, body []byte) *sending {
	return &sending{
		method: method, path: path, query: "apiKey=" + w.who.Visa.Signing.APIKey, body: body, header: http.Header{},
		key: w.who.Visa.Signing, at: wallStart, contentType: "application/json", rqID: requestID,
	}
}

// body is the smallest known body of provision with PAN data, with members
// replaced, added, or (nil) left out.
func (w *world) body(changes map[string]any) []byte {
	w.t.Helper()
	members := map[string]any{
		"locale": "en_US", "panSource": "MANUALLYENTERED", "presentationType": []string{"ECOM"}, "consumerEntryMode": "KEYENTERED",
		"protectionType": "CLOUD", "clientAppID": "sandbox-app", "clientWalletAccountID": walletID,
		"clientWalletAccountEmailAddress":     "alex@example.com",
		"clientWalletAccountEmailAddressHash": "c2FtcGxlLWhhc2gtb2YtYW4tZW1haWwtYWRkcmVzcy0",
	}
	if _, given := changes["encPaymentInstrument"]; !given {
		members["encPaymentInstrument"] = seal(w.t, w.who.Visa.Encryption, cardOf(goodPAN))
	}
	for name, value := range changes {
		if members[name] = value; value == nil {
			delete(members, name)
		}
	}
	raw, err := json.Marshal(members)
	if err != nil {
		w.t.Fatal(err)
	}
	return raw
}

func cardOf(pan string) map[string]any {
	return map[string]any{
		"accountNumber": pan, "name": "Alex Example", "cvv2": "123", "expirationDate": map[string]any{"month": "12", "year": "2029"},
	}
}

// card is a card as client calls take it.
func card(pan string) *vts.PaymentInstrument {
	return &vts.PaymentInstrument{
		AccountNumber: pan, CVV2: "123", Name: "Alex Example", ExpirationDate: &vts.ExpirationDate{Month: "12", Year: "2029"},
	}
}

// reply is what came back, with the journal's view of it.
type reply struct {
	status int
	header http.Header
	body   []byte
	entry  journal.Entry
}

// send signs and sends. No answer of this face may be a 500 unless a scenario
// asked for it, so every test that sends looks for one.
func (w *world) send(s *sending) reply {
	w.t.Helper()
	got := w.transmit(s)
	if got.status == http.StatusInternalServerError {
		w.t.Errorf("answered 500: %s\n%s", got.body, w.log)
	}
	return got
}

func (w *world) transmit(s *sending) reply {
	w.t.Helper()
	req, err := http.NewRequest(s.method, w.url+s.path+question(s.query), bytes.NewReader(s.body))
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header = s.header.Clone()
	if s.contentType != "" {
		req.Header.Set("Content-Type", s.contentType)
	}
	if s.rqID != "" {
		req.Header.Set("x-request-id", s.rqID)
	}
	req.Host = s.host
	for _, value := range w.payTokens(s) {
		req.Header.Add("x-pay-token", value)
	}
	return w.do(req)
}

func question(query string) string {
	if query == "" {
		return ""
	}
	return "?" + query
}

func (w *world) payTokens(s *sending) []string {
	signer, err := vts.NewSigner(credential(s.key))
	if err != nil {
		w.t.Fatal(err)
	}
	m := vts.Message{Path: strings.TrimPrefix(s.path, "/"), Query: s.query, Body: s.body}
	if s.signPath != "" {
		m.Path = s.signPath
	}
	if s.signQuery != "" {
		m.Query = s.signQuery
	}
	if s.signBody != nil {
		m.Body = s.signBody
	}
	right := signer.Sign(s.at, m)
	if s.payToken == nil {
		return []string{right}
	}
	return s.payToken(right)
}

func (w *world) do(req *http.Request) reply {
	w.t.Helper()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return reply{resp.StatusCode, resp.Header, body, w.last()}
}

// last is the newest journal entry.
func (w *world) last() journal.Entry {
	entries := w.box.Journal().List(journal.Query{Limit: 1})
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

// envelope reads a refusal.
func (r reply) envelope(t testing.TB) vts.ErrorBody {
	t.Helper()
	var e vts.ErrorBody
	if err := json.Unmarshal(r.body, &e); err != nil {
		t.Fatalf("not JSON: %q: %v", r.body, err)
	}
	return e
}
