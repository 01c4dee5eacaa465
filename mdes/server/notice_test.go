package server_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/mdes/server"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

// received is a notice as it arrived.
type received struct {
	path   string
	header http.Header
	body   []byte
}

// inbox collects notices and answers as planned.
type inbox struct {
	mu     sync.Mutex
	got    []received
	answer func(n int) int // status for the n-th notice; nil: 200
	url    string
}

func newInbox(t *testing.T) *inbox {
	t.Helper()
	in := &inbox{}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		in.mu.Lock()
		in.got = append(in.got, received{r.Method + " " + r.URL.Path, r.Header, body})
		n := len(in.got)
		in.mu.Unlock()
		if in.answer != nil {
			w.WriteHeader(in.answer(n))
		}
	}))
	t.Cleanup(srv.Close)
	in.url = srv.URL
	return in
}

func (in *inbox) all() []received {
	in.mu.Lock()
	defer in.mu.Unlock()
	return slices.Clone(in.got)
}

// notified is a world whose requestor has an inbox, with one token.
func notified(t *testing.T, yaml string) (*world, *inbox, token.Ref) {
	t.Helper()
	in := newInbox(t)
	w := newWorld(t, strings.ReplaceAll(yaml, "INBOX", in.url))
	return w, in, token.Ref(w.tokenize(goodPAN).TokenUniqueReference)
}

const withInbox = `
version: 1
name: notices
requestors:
  wallet: { trid: { mastercard: "50120000001" }, notify: { mastercard: "INBOX/hooks" } }
`

// act lets the issuer act and waits for what it says.
func (w *world) act(a scenarios.Action, target sandbox.Target) {
	w.t.Helper()
	if err := w.box.Act(a, target); err != nil {
		w.t.Fatal(err)
	}
	w.settle(0)
}

func (w *world) settle(d time.Duration) {
	w.t.Helper()
	s, err := w.box.Advance(w.t.Context(), d, 5*time.Second)
	if err != nil || !s.Settled {
		w.t.Fatalf("%+v %v", s, err)
	}
}

// TestNotices_SayWhatHappenedAndNothingElse follows docs/wire/mdes.md
// "Notifications", event by event.
func TestNotices_SayWhatHappenedAndNothingElse(t *testing.T) {
	for name, act := range map[string]scenarios.Action{
		"suspended":       {Do: "suspend", By: token.ByIssuer, Reason: "SUSPECTED_FRAUD"},
		"deleted":         {Do: "delete", By: token.ByIssuer, Reason: "ACCOUNT_CLOSED"},
		"pan-updated":     {Do: "replace-pan", PAN: otherPAN, Expiry: token.Expiry{Year: 2032, Month: 6}},
		"expiry-updated":  {Do: "update-expiry", Expiry: token.Expiry{Year: 2032, Month: 6}},
		"product-updated": {Do: "update-metadata"},
		"account-closed":  {Do: "close-account"},
		"new-expiry":      {Do: "redigitize"},
		"other-words":     {Do: "suspend", By: token.ByIssuer, Reason: "the customer rang"},
	} {
		t.Run(name, func(t *testing.T) {
			w, in, ref := notified(t, withInbox)
			w.act(act, sandbox.Target{Token: ref})
			clear := w.opened(t, in, 1)
			golden(t, "notice-"+name, clear)
		})
	}
	t.Run("resumed", func(t *testing.T) {
		w, in, ref := notified(t, withInbox)
		w.act(scenarios.Action{Do: "suspend", By: token.ByIssuer, Reason: "SUSPECTED_FRAUD"}, sandbox.Target{Token: ref})
		w.act(scenarios.Action{Do: "resume", By: token.ByIssuer, Reason: "NOT_FRAUD"}, sandbox.Target{Token: ref})
		golden(t, "notice-resumed", w.opened(t, in, 2))
	})
	t.Run("activated", func(t *testing.T) {
		w, in, ref := notified(t, withInbox+"timeline: []\n"+`
issuers:
  late: { activation: 4500ms }
cards:
  bob: { network: mastercard, pan: "5204731600014784", expiry: "12/29", issuer: late }
`)
		if v, _ := w.box.Token(ref); v.Token.Status != token.Inactive {
			t.Fatalf("the token is %s", v.Token.Status)
		}
		w.settle(time.Minute)
		golden(t, "notice-activated", w.opened(t, in, 1))
	})
	t.Run("provisioned, which somebody triggers", func(t *testing.T) {
		w, in, ref := notified(t, withInbox)
		if err := w.box.Trigger(token.TokenProvisioned, scenarios.Action{}, sandbox.Target{Token: ref}); err != nil {
			t.Fatal(err)
		}
		w.settle(0)
		golden(t, "notice-provisioned", w.opened(t, in, 1))
	})
}

// opened checks that n notices came and opens the last.
func (w *world) opened(t *testing.T, in *inbox, n int) []byte {
	t.Helper()
	got := in.all()
	if len(got) != n {
		t.Fatalf("%d notices, want %d", len(got), n)
	}
	notice := stage.Decode[mdes.Notice](t, got[n-1].body)
	if notice.EncryptedPayload == nil {
		t.Fatalf("%s", got[n-1].body)
	}
	return openBy(t, server.KeysOf(w.who).Requestor.Private, *notice.EncryptedPayload)
}

func TestTrap_NoticesAreUnsignedAndEncryptedToTheRequestor(t *testing.T) {
	w, in, ref := notified(t, withInbox)
	w.act(scenarios.Action{Do: "suspend", By: token.ByIssuer}, sandbox.Target{Token: ref})
	got := in.all()[0]
	if got.path != "POST /hooks/digitization/static/1/0/notifyTokenUpdated" || got.header.Get("Authorization") != "" || got.header.Get("Content-Type") != "application/json" {
		t.Errorf("%s %v", got.path, got.header)
	}
	if strings.Contains(string(got.body), string(ref)) {
		t.Error("the reference is in clear")
	}
	golden(t, "notice-outer", got.body)
	content := stage.Must(mdes.OpenNotice(opener(t, server.KeysOf(w.who).Requestor), got.body))(t)
	if !content.Encrypted || content.Tokens[0].TokenUniqueReference != string(ref) {
		t.Errorf("%+v", content)
	}
	if _, err := mdes.OpenNotice(opener(t, server.KeysOf(w.who).Network), got.body); err == nil {
		t.Error("another key opens it")
	}
}

func TestNotices_KeepTheirRequestIDOverAttempts(t *testing.T) {
	w, in, ref := notified(t, withInbox)
	in.answer = func(n int) int {
		if n <= 2 {
			return http.StatusServiceUnavailable
		}
		return http.StatusOK
	}
	w.act(scenarios.Action{Do: "suspend", By: token.ByIssuer}, sandbox.Target{Token: ref})
	w.settle(time.Hour)
	w.act(scenarios.Action{Do: "resume", By: token.ByIssuer}, sandbox.Target{Token: ref})
	var ids, ciphers []string
	for _, r := range in.all() {
		n := stage.Decode[mdes.Notice](t, r.body)
		ids, ciphers = append(ids, string(n.RequestID)), append(ciphers, n.EncryptedPayload.EncryptedKey)
	}
	if len(ids) != 4 || ids[0] != ids[1] || ids[1] != ids[2] || ids[2] == ids[3] {
		t.Errorf("request ids %v", ids)
	}
	slices.Sort(ciphers)
	if len(slices.Compact(ciphers)) != 4 {
		t.Error("an attempt repeats the encryption of another")
	}
	d := w.box.Deliveries(nil)[0]
	if d.State != callback.Delivered || len(d.Attempts) != 3 || !json.Valid([]byte(d.Attempts[0].Body)) || !strings.Contains(d.Attempts[0].Body, `"SUSPENDED"`) {
		t.Errorf("attempt log %+v", d)
	}
}

func TestNotices_GoWhereTheTokenWasAskedFor(t *testing.T) {
	in := newInbox(t)
	w := newWorld(t)
	host := strings.TrimPrefix(in.url, "http://")
	for path, want := range map[string]string{
		"/mdes/digitization/mtf/1/0/tokenize": "POST /mc/digitization/mtf/1/0/notifyTokenUpdated",
		"/mdes/digitization/1/0/tokenize":     "POST /mc/digitization/1/0/notifyTokenUpdated",
	} {
		s := w.request(token.MCTokenize, w.tokenizeBody(goodPAN, object{"responseHost": host + "/mc"}))
		s.path = path
		ref := stage.Decode[mdes.TokenizeResponse](t, w.send(s).Body).TokenUniqueReference
		w.act(scenarios.Action{Do: "suspend", By: token.ByIssuer}, sandbox.Target{Token: token.Ref(ref)})
		got := in.all()
		if last := got[len(got)-1]; last.path != want {
			t.Errorf("%s leads to %s, want %s", path, last.path, want)
		}
	}
}

// [C1] Where a request wants notices and none may go, explain says so at once, and
// the notice is given up at its first attempt.
func TestNotices_NoneGoesWhereItMayNot(t *testing.T) {
	w := newWorld(t)
	s := w.request(token.MCTokenize, w.tokenizeBody(goodPAN, object{"responseHost": "10.1.2.3:9000/mc"}))
	answered := w.send(s)
	ref := stage.Decode[mdes.TokenizeResponse](t, answered.Body).TokenUniqueReference
	said := false
	for _, c := range answered.Entry.Checks {
		said = said || c.OK && strings.Contains(c.Hint, "10.1.2.3 is not loopback; start with --callback-allow 10.1.2.3")
	}
	if !said {
		t.Errorf("nothing is said of it: %+v", answered.Entry.Checks)
	}
	w.act(scenarios.Action{Do: "suspend", By: token.ByIssuer}, sandbox.Target{Token: token.Ref(ref)})
	d := w.box.Deliveries(nil)[0]
	if d.State != callback.Failed || len(d.Attempts) != 1 || !d.Attempts[0].Next.IsZero() || !strings.Contains(d.Attempts[0].Error, "10.1.2.3 is not loopback") {
		t.Errorf("attempt log %+v", d)
	}
}

func TestNotices_TheRequestorsOwnChangesAreNotTold(t *testing.T) {
	w, in, ref := notified(t, withInbox)
	stage.Must(w.client.Suspend(t.Context(), mdes.LifecycleRequest{TokenUniqueReferences: mdes.References{string(ref)}}))(t)
	stage.Must(w.client.Delete(t.Context(), mdes.LifecycleRequest{TokenUniqueReferences: mdes.References{string(ref)}}))(t)
	w.settle(time.Minute)
	if got := in.all(); len(got) != 0 {
		t.Errorf("%d notices", len(got))
	}
}

func TestRender_RefusesWhatIsNoNotice(t *testing.T) {
	w := newWorld(t)
	ref := token.Ref(w.tokenize(goodPAN).TokenUniqueReference)
	good := token.Event{
		Type: token.TokenSuspended, Network: token.Mastercard, Sandbox: sandbox.Default, Requestor: "wallet", Token: token.TokenState{Ref: ref},
	}
	try := callback.Try{Delivery: "d", N: 1, Target: "http://127.0.0.1:9"}
	if _, err := w.face.Render(good, try); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*token.Event, *callback.Try){
		"an event of a card":   func(ev *token.Event, _ *callback.Try) { ev.Token = token.TokenState{} },
		"a sandbox that ended": func(ev *token.Event, _ *callback.Try) { ev.Sandbox = "gone" },
		"a requestor unknown":  func(ev *token.Event, _ *callback.Try) { ev.Requestor = "nobody" },
		"a target of no host":  func(_ *token.Event, try *callback.Try) { try.Target = "http://" },
	} {
		ev, try := good, try
		change(&ev, &try)
		_, err := w.face.Render(ev, try)
		if err == nil || (!errors.Is(err, server.ErrNotice) && !errors.Is(err, mdes.ErrNotice)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
