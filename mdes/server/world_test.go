package server_test

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/mdes/server"
	"github.com/pantomime-dev/pantomime/simulator/journal"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
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
	stage.Stage
	t      testing.TB
	face   *server.Server
	url    string // of the door, without /mdes
	box    *sandbox.Sandbox
	who    *sandbox.Requestor
	client *mdes.Client
	tasks  *int // made so far, for ids
}

func newWorld(t testing.TB, yaml ...string) *world {
	t.Helper()
	return newWorldAt(t, "", yaml...)
}

// newWorldAt makes a world whose clients know it by a public URL.
func newWorldAt(t testing.TB, publicURL string, yaml ...string) *world {
	t.Helper()
	w := &world{Stage: stage.New(), t: t, tasks: new(int)}
	on := w.Base()
	on.PublicURL = publicURL
	w.face = server.New(on)
	w.box = w.add(sandbox.Default, strings.Join(yaml, "\n"), "")
	w.who = w.box.Requestors()[0]
	w.url = w.Serve(t, w.face)
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
	return w.Add(w.t, w.face, sandbox.Options{
		ID: id, Scenario: stage.Scenario(w.t, yaml), Notify: notify,
		Keyrings: []sandbox.Keyring{server.Keyring}, Masks: journal.NewMasks(server.Secrets()),
	})
}

func (w *world) clientOf(who *sandbox.Requestor, env mdes.Environment) *mdes.Client {
	w.t.Helper()
	return stage.Must(mdes.NewClient(mdes.Config{
		BaseURL: w.url + "/mdes", Env: env, TRID: who.TRID[token.Mastercard], Signer: w.signer(who),
		Network: sealer(w.t, server.KeysOf(who).Network), Own: opener(w.t, server.KeysOf(who).Requestor),
	}))(w.t)
}

func (w *world) signer(who *sandbox.Requestor) mdes.Signer {
	return mdes.Signer{
		ConsumerKey: server.KeysOf(who).ConsumerKey, Key: server.KeysOf(who).Signing.Private, Wall: w.Wall,
	}
}

// sending is a request as it will be on the wire, and what was signed if
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
		raw = stage.Marshal(w.t, body)
	}
	route, _ := mdes.RouteOf(op)
	return &sending{
		method: http.MethodPost, path: "/mdes" + strings.TrimSuffix(route.In(mdes.Sandbox).Path, "/{"+route.Param()+"}"), body: raw, header: http.Header{},
		contentType: "application/json; charset=utf-8", signer: w.signer(w.who),
	}
}

// reply is what came back, with the journal's view of it.
type reply struct{ stage.Answer }

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
	return reply{stage.Ask(w.t, w.box, req)}
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
		signed = *stage.Must(url.Parse(s.signURL))(w.t)
	}
	if s.signBody != nil {
		body = s.signBody
	}
	right := stage.Must(s.signer.Header(method, &signed, body))(w.t)
	if s.authorize == nil {
		return right
	}
	return s.authorize(right)
}

// refused reads an application error.
func (r reply) refused(t testing.TB) mdes.ErrorResponse {
	t.Helper()
	return stage.Decode[mdes.ErrorResponse](t, r.Body)
}

// gateway reads the one error of a gateway answer.
func (r reply) gateway(t testing.TB) mdes.GatewayError {
	t.Helper()
	body := stage.Decode[mdes.GatewayErrors](t, r.Body)
	if len(body.Errors.Error) != 1 {
		t.Fatalf("no gateway error: %d %s", r.Status, r.Body)
	}
	return body.Errors.Error[0]
}

// object reads the body as it is.
func (r reply) object(t testing.TB) map[string]any {
	t.Helper()
	return stage.Decode[map[string]any](t, r.Body)
}
