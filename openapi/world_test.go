package openapi_test

import (
	"bytes"
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// world is a running simulator with a receiver of notices.
type world struct {
	t        *testing.T
	sim      *pantomime.Simulator
	admin    *control.Client
	env      control.Env
	receiver *httptest.Server
	refuses  *atomic.Bool // the receiver refuses, or closes the connection on card notices
	stalled  *stalled
}

// stalled makes the receiver wait.
type stalled struct {
	on      atomic.Bool
	arrived chan struct{}
	release chan struct{}
}

func (s *stalled) wait() {
	if s.on.CompareAndSwap(true, false) {
		close(s.arrived)
		<-s.release
	}
}

// story is played in the world. The receiver's address replaces RECEIVER.
const story = `
version: 1
name: what the descriptions are held against
clock: { mode: manual, start: 2026-03-01T09:00:00Z }
requestors:
  wallet:
    trid: { visa: "40010000001", mastercard: "50120000001" }
    notify: RECEIVER
    notify-own: true
    relationship-id: "24681921-40000000311"
  shop: { encryption: rsa, further-keys: [both], activation: 4500ms }
accounts: { store: { requestor: wallet } }
issuers:
  careful: { decision: step-up, methods: [sms, email, app, call, web, online-banking, customer-service] }
  strict: { decision: decline }
  poor: { funds: 500 }
acquirers: { first: { notify: RECEIVER }, second: {} }
cards:
  alice: { network: visa, pan: test/visa/1, expiry: "12/29" }
  anna: { network: visa, pan: test/visa/2, issuer: careful }
  arno: { network: visa, pan: test/visa/3, issuer: strict }
  alan: { network: visa, pan: test/visa/4, expiry: "12/29", issuer: poor }
  bob: { network: mastercard, pan: test/mastercard/1, expiry: "12/29" }
  bert: { network: mastercard, pan: test/mastercard/2, issuer: careful }
  bill: { network: mastercard, pan: test/mastercard/3, issuer: strict }
`

// newWorld starts a simulator; more is added to the story.
func newWorld(t *testing.T, more string, notice func(req *http.Request, body []byte)) *world {
	t.Helper()
	h := &world{t: t, refuses: new(atomic.Bool), stalled: &stalled{arrived: make(chan struct{}), release: make(chan struct{})}}
	h.receiver = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		h.stalled.wait()
		if h.refuses.Load() && lastSegment(r) == "panMetadata" {
			panic(http.ErrAbortHandler)
		}
		if h.refuses.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		if notice != nil {
			notice(r, body)
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, "{}")
	}))
	t.Cleanup(h.receiver.Close)
	scenario, findings := scenarios.Parse("story.yaml", []byte(strings.ReplaceAll(story, "RECEIVER", h.receiver.URL)+more))
	if err := findings.Err(); err != nil {
		t.Fatal(err)
	}
	sim, err := pantomime.Start(pantomime.Options{Scenario: scenario, Version: "v-test"})
	if err != nil {
		t.Fatal(err)
	}
	h.sim = sim
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := sim.Stop(ctx); err != nil {
			t.Error(err)
		}
	})
	h.admin = stage.Must(control.New(sim.AdminURL(), nil, ""))(t)
	h.env = stage.Must(h.admin.Env(t.Context()))(t)
	return h
}

func (h *world) credentials(requestor string) control.Credentials {
	h.t.Helper()
	c, ok := h.env.Requestor(requestor)
	if !ok {
		h.t.Fatalf("no requestor %s", requestor)
	}
	return c
}

// advance moves the clock and lets notices leave.
func (h *world) advance(d time.Duration) {
	h.t.Helper()
	by := control.Duration(d)
	got := stage.Must(h.admin.Advance(h.t.Context(), control.Advance{By: &by}))(h.t)
	if !got.Settled {
		h.t.Fatalf("not settled: %+v", got)
	}
}

// failNext makes the next call of an operation fail.
func (h *world) failNext(op token.Operation, f control.FailNext) {
	h.t.Helper()
	f.Operation, f.Network = op.Info().Wire, op.Network()
	stage.Must(h.admin.FailNext(h.t.Context(), f))(h.t)
}

// postRule lets the next call of an operation meet something. Unlike failNext
// it takes reasons of the wire that look like a misspelt key.
func (h *world) postRule(op token.Operation, then string) {
	h.t.Helper()
	rule := fmt.Sprintf("when: { network: %s, operation: %s }\ntimes: 1\nthen: { %s }\n", op.Network(), op.Info().Wire, then)
	stage.Must(h.admin.PostRules(h.t.Context(), []byte(rule)))(h.t)
}

func (h *world) visa(requestor string, hc *http.Client) *vts.Client {
	h.t.Helper()
	c := h.credentials(requestor)
	return stage.Must(vts.NewClient(vts.Config{
		BaseURL: h.env.BaseURL[token.PartyVisa], ClientAppID: "sample-app", WalletAccount: "cust-000311", HTTP: hc,
		Signing:    vts.Credential{APIKey: c.Visa.Signing.APIKey, Secret: string(c.Visa.Signing.Secret)},
		Encryption: vts.Credential{APIKey: c.Visa.Encryption.APIKey, Secret: string(c.Visa.Encryption.Secret)},
	}))(h.t)
}

// mastercardSide is a requestor's client at Mastercard with the keys it works with.
type mastercardSide struct {
	*mdes.Client
	signer mdes.Signer
	opener *mdes.Opener
	sealer mdes.Sealer
	trid   string
}

func (h *world) mastercard(requestor string, env mdes.Environment, hc *http.Client) mastercardSide {
	h.t.Helper()
	c := h.credentials(requestor)
	own := mdes.OwnKey{Key: h.private(c.Mastercard.Decryption), Certificates: []*x509.Certificate{h.certificate(c.Mastercard.Decryption)}}
	p := mastercardSide{
		opener: stage.Must(mdes.NewOpener(own))(h.t), trid: string(c.TRID[token.Mastercard]),
		sealer: stage.Must(mdes.NewSealer(h.certificate(c.Mastercard.Encryption), mdes.CertificateSHA256))(h.t),
		signer: mdes.Signer{ConsumerKey: mdes.ConsumerKey(c.Mastercard.ConsumerKey), Key: h.private(c.Mastercard.Signing), Wall: clock.Real()},
	}
	p.Client = stage.Must(mdes.NewClient(mdes.Config{
		BaseURL: h.env.BaseURL[token.PartyMastercard], Env: env, TRID: c.TRID[token.Mastercard], HTTP: hc,
		Network: p.sealer, Own: p.opener, Signer: p.signer,
	}))(h.t)
	return p
}

func (h *world) private(k control.Key) *rsa.PrivateKey {
	h.t.Helper()
	block, _ := pem.Decode([]byte(k.PrivateKey))
	if block == nil {
		h.t.Fatal("no PEM")
	}
	return stage.Must(x509.ParsePKCS8PrivateKey(block.Bytes))(h.t).(*rsa.PrivateKey)
}

func (h *world) certificate(k control.Key) *x509.Certificate {
	h.t.Helper()
	block, _ := pem.Decode([]byte(k.Certificate))
	if block == nil {
		h.t.Fatal("no PEM")
	}
	return stage.Must(x509.ParseCertificate(block.Bytes))(h.t)
}

// card gives the number behind a listed name of the story.
func (h *world) card(name string) token.PAN {
	h.t.Helper()
	for known := range h.sim.Sandbox().Cards() {
		if known.Name == name {
			return known.PAN
		}
	}
	h.t.Fatalf("no card %s", name)
	return ""
}

// lastSegment names the notice a request brings.
func lastSegment(req *http.Request) string { return path.Base(req.URL.Path) }

// send sends a request and demands a status.
func send(t *testing.T, hc *http.Client, req *http.Request, want int) []byte {
	t.Helper()
	resp, err := hc.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body := stage.Must(io.ReadAll(resp.Body))(t)
	if resp.StatusCode != want {
		t.Errorf("%s %s: %d, want %d: %s", req.Method, req.URL.Path, resp.StatusCode, want, cut(body))
	}
	return body
}

// with puts another body into a request.
func with(req *http.Request, body []byte) *http.Request {
	req.Body, req.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return req
}
