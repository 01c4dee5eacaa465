package server_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/journal"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/vts"
	"github.com/pantomime-dev/pantomime/vts/server"
)

const (
	goodPAN   = "4622943120000600"
	walletID  = "cust0000000000000042"
	unlisted  = "4532015112830366" // passes Luhn and is on no list
	requestID = "6e1d0b52-4a53-4d0c-9a1f-0f7f3f7a9b11"
)

// world is a face with sandboxes behind it, reached over HTTP.
type world struct {
	stage.Stage
	t      testing.TB
	face   *server.Server
	url    string
	box    *sandbox.Sandbox
	who    *sandbox.Requestor
	client *vts.Client
	change func(*scenarios.Scenario)
}

func newWorld(t testing.TB, yaml ...string) *world {
	t.Helper()
	return newWorldWith(t, func(*scenarios.Scenario) {}, yaml...)
}

// newWorldWith changes the scenarios of all its sandboxes.
func newWorldWith(t testing.TB, change func(*scenarios.Scenario), yaml ...string) *world {
	t.Helper()
	w := &world{Stage: stage.New(), t: t, change: change}
	w.face = server.New(w.Base())
	w.box = w.add(sandbox.Default, strings.Join(yaml, "\n"), "")
	w.who = w.box.Requestors()[0]
	w.url = w.Serve(t, w.face)
	w.client = w.clientOf(w.keys().Signing, w.keys().Encryption)
	return w
}

// scenario reads a scenario as all sandboxes of this world have it.
func (w *world) scenario(yaml string) scenarios.Scenario {
	w.t.Helper()
	scenario := stage.Scenario(w.t, yaml)
	w.change(&scenario)
	return scenario
}

// keys are those of the requestor who calls.
func (w *world) keys() server.Keys { return server.KeysOf(w.who) }

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
	return w.Add(w.t, w.face, sandbox.Options{
		ID: id, Scenario: w.scenario(yaml), Notify: notify,
		Keyrings: []sandbox.Keyring{server.Keyring}, Masks: journal.NewMasks(server.Secrets()),
	})
}

func (w *world) clientOf(signing, encryption vts.Credential) *vts.Client {
	w.t.Helper()
	c, err := vts.NewClient(vts.Config{
		BaseURL: w.url, Signing: signing, Encryption: encryption,
		ClientAppID: "sandbox-app", WalletAccount: walletID, Wall: w.Wall,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// seal encrypts with one of the requestor's pairs.
func seal(t testing.TB, k vts.Credential, v any) string {
	t.Helper()
	key, err := vts.NewSharedKey(k)
	if err != nil {
		t.Fatal(err)
	}
	plain, raw := v.([]byte)
	if !raw {
		if plain, err = json.Marshal(v); err != nil {
			t.Fatal(err)
		}
	}
	sealed, err := key.Seal(plain, stage.WallStart, nil)
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

// sending is a request as it will be on the wire, and what was signed if
// that differs.
type sending struct {
	method, path, query string
	body                []byte
	header              http.Header

	key                     vts.Credential // signs
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
		method: method, path: path, query: "apiKey=" + w.keys().Signing.APIKey, body: body, header: http.Header{},
		key: w.keys().Signing, at: stage.WallStart, contentType: "application/json", rqID: requestID,
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
		members["encPaymentInstrument"] = seal(w.t, w.keys().Encryption, cardOf(goodPAN))
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
type reply struct{ stage.Answer }

// send signs and sends. No answer of this face may be a 500 unless a scenario
// asked for it, so every test that sends looks for one.
func (w *world) send(s *sending) reply {
	w.t.Helper()
	got := w.transmit(s)
	if got.Status == http.StatusInternalServerError {
		w.t.Errorf("answered 500: %s\n%s", got.Body, w.Log)
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
	signer, err := vts.NewSigner(s.key)
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
	return reply{stage.Ask(w.t, w.box, req)}
}

// envelope reads a refusal.
func (r reply) envelope(t testing.TB) vts.ErrorBody {
	t.Helper()
	return stage.Decode[vts.ErrorBody](t, r.Body)
}
