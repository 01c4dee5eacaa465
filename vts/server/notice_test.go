package server_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
	"github.com/pantomime-dev/pantomime/vts/server"
)

// receiver is a token requestor's side: it verifies each notice and reads the
// token from inside its handler, as the network's clients do.
type receiver struct {
	w      *world
	signer *vts.Signer
	refuse int // so many notices are answered 500

	unsigned bool // notices are not to be signed

	mu       sync.Mutex
	notices  []vts.Notice
	statuses []vts.TokenStatus
	ids      []string
	tokens   []string
}

func (rc *receiver) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	rc.mu.Lock()
	defer rc.mu.Unlock()
	body, _ := io.ReadAll(r.Body)
	n, checks, err := vts.VerifyNotice(r, body, rc.signer, rc.w.Wall.Now())
	if rc.unsigned {
		path, query := vts.Target(r)
		n, err = vts.ParseNotice(path, query, body)
	}
	if err != nil {
		rc.w.t.Errorf("notice does not verify: %v %+v", err, checks)
	}
	rc.ids = append(rc.ids, r.Header.Get("x-request-id"))
	rc.tokens = append(rc.tokens, r.Header.Get("x-pay-token"))
	if rc.refuse > 0 {
		rc.refuse--
		rc.w.Wall.Add(time.Second)
		rw.WriteHeader(http.StatusInternalServerError)
		return
	}
	rc.notices = append(rc.notices, n)
	if n.Kind == vts.NoticeToken {
		now, err := rc.w.client.GetToken(r.Context(), n.ID)
		if err != nil {
			rc.w.t.Error(err)
			return
		}
		rc.statuses = append(rc.statuses, now.TokenInfo.TokenStatus)
	}
}

// listening is a world whose requestor has a receiver.
func listening(t *testing.T, yaml string) (*world, *receiver) {
	t.Helper()
	return listeningWith(t, func(*scenarios.Scenario) {}, yaml)
}

func listeningWith(t *testing.T, change func(*scenarios.Scenario), yaml string) (*world, *receiver) {
	t.Helper()
	w := newWorldWith(t, change)
	rc := &receiver{w: w}
	target := httptest.NewServer(rc)
	t.Cleanup(target.Close)
	w.box = w.add("told", yaml, target.URL+"/requestor/visa")
	w.who = w.box.Requestors()[0]
	w.client = w.clientOf(w.keys().Signing, w.keys().Encryption)
	rc.signer = stage.Must(vts.NewSigner(w.keys().Outbound))(t)
	return w, rc
}

func (w *world) advance(d time.Duration) {
	w.t.Helper()
	if s, err := w.box.Advance(context.Background(), d, 10*time.Second); err != nil || !s.Settled {
		w.t.Fatalf("%v %+v", err, s)
	}
}

func TestNotice_ActivatedSuspendedResumedDeleted(t *testing.T) {
	w, rc := listening(t, "version: 1\nname: late\ncards:\n  alice: { network: visa, pan: \"4622943120000600\", expiry: \"12/29\", activation: 4500ms }\n")
	made := parse(t, w.send(w.good()).Body)
	id := made["vProvisionedTokenID"].(string)
	w.advance(5 * time.Second)
	for _, do := range []string{"suspend", "resume", "delete"} {
		if err := w.box.Act(scenarios.Action{Do: do, Reason: "SUSPECTED_FRAUD"}, sandbox.Target{Token: token.Ref(id)}); err != nil {
			t.Fatal(err)
		}
		w.advance(time.Hour)
	}
	want := []vts.TokenStatus{vts.StatusActive, vts.StatusSuspended, vts.StatusActive, vts.StatusDeleted}
	if len(rc.statuses) != len(want) {
		t.Fatalf("%d notices: %+v", len(rc.notices), rc.notices)
	}
	for i, n := range rc.notices {
		if rc.statuses[i] != want[i] || n.Kind != vts.NoticeToken || n.EventType != vts.EventTokenStatusUpdated || n.ID != id ||
			n.APIKey != w.keys().Outbound.APIKey || n.RelationshipID != "" {
			t.Errorf("notice %d: %+v, status then %s, want %s", i, n, rc.statuses[i], want[i])
		}
	}
	if at := rc.notices[0].Date.Time(); !at.Equal(stage.Start.Add(4*time.Second)) && !at.Equal(stage.Start.Add(4500*time.Millisecond)) {
		t.Errorf("the date is %v, want the sandbox's time of the activation", at)
	}
}

func TestNotice_CardChanged(t *testing.T) {
	for _, do := range []string{"update-expiry", "replace-pan", "update-metadata"} {
		t.Run(do, func(t *testing.T) {
			w, rc := listening(t, oneCard)
			made := parse(t, w.send(w.good()).Body)
			before := stage.Must(w.client.CardMetadata(context.Background(), made["vPanEnrollmentID"].(string)))(t)
			if err := w.box.Act(scenarios.Action{Do: do}, sandbox.Target{Card: "alice"}); err != nil {
				t.Fatal(err)
			}
			w.advance(time.Minute)
			if len(rc.notices) != 1 || rc.notices[0].Kind != vts.NoticePAN || rc.notices[0].ID != made["vPanEnrollmentID"] || rc.notices[0].EventType != "" {
				t.Fatalf("notices %+v", rc.notices)
			}
			after := stage.Must(w.client.CardMetadata(context.Background(), rc.notices[0].ID))(t)
			changed := map[string]bool{
				"update-expiry":   *before.PaymentInstrument.ExpirationDate != *after.PaymentInstrument.ExpirationDate,
				"replace-pan":     before.PaymentInstrument.Last4 != after.PaymentInstrument.Last4,
				"update-metadata": before.CardMetaData.CardData[0].GUID != after.CardMetaData.CardData[0].GUID,
			}
			if !changed[do] {
				t.Errorf("card metadata shows nothing of it: %+v", after)
			}
			id := made["vProvisionedTokenID"].(string)
			if now := stage.Must(w.client.GetToken(context.Background(), id))(t); now.TokenInfo.TokenStatus != vts.StatusActive {
				t.Errorf("the token is %s", now.TokenInfo.TokenStatus)
			}
		})
	}
}

func TestNotice_CreatedWhenTriggered(t *testing.T) {
	w, rc := listening(t, oneCard)
	id := parse(t, w.send(w.good()).Body)["vProvisionedTokenID"].(string)
	if err := w.box.Trigger(token.TokenProvisioned, scenarios.Action{}, sandbox.Target{Token: token.Ref(id)}); err != nil {
		t.Fatal(err)
	}
	w.advance(0)
	if len(rc.notices) != 1 || rc.notices[0].EventType != vts.EventTokenCreated || rc.notices[0].ID != id {
		t.Errorf("notices %+v", rc.notices)
	}
}

// TestNotice_NewSignatureAtEachAttempt keeps the body and renews id and token.
func TestNotice_NewSignatureAtEachAttempt(t *testing.T) {
	w, rc := listening(t, oneCard)
	rc.refuse = 2
	id := parse(t, w.send(w.good()).Body)["vProvisionedTokenID"].(string)
	why := vts.UpdateReason{ReasonCode: "FRAUD"}
	if err := w.client.Suspend(context.Background(), id, why); err != nil {
		t.Fatal(err)
	}
	w.advance(time.Hour)
	if len(rc.ids) != 3 || rc.ids[0] == rc.ids[1] || rc.ids[1] == rc.ids[2] || rc.tokens[0] == rc.tokens[1] || rc.tokens[1] == rc.tokens[2] {
		t.Errorf("request ids %v, tokens %v", rc.ids, rc.tokens)
	}
	for _, id := range rc.ids {
		if !vts.ValidRequestID(id) || len(id) != 36 {
			t.Errorf("request id %q", id)
		}
	}
	if len(rc.notices) != 1 {
		t.Errorf("notices %+v", rc.notices)
	}
}

func TestNotice_Golden(t *testing.T) {
	w := newWorld(t)
	event := token.Event{
		ID: "e", Sandbox: sandbox.Default, Requestor: w.who.Name, Network: token.Visa, At: time.Unix(1700000000, 0),
		Token: token.TokenState{Ref: "00112233445566778899aabbccddeeff"}, Card: token.AccountState{Ref: "5f0e3c7a9b1d4e6280c1a2b3c4d5e6f7"},
	}
	key := w.keys().Outbound.APIKey
	for kind, want := range map[token.EventType]struct{ url, body string }{
		token.TokenSuspended: {
			"http://127.0.0.1:9/visa/provisionedToken?eventType=TOKEN_STATUS_UPDATED&apiKey=" + key,
			`{"vProvisionedTokenID":"00112233445566778899aabbccddeeff","date":1700000000}`,
		},
		token.PANReplaced: {
			"http://127.0.0.1:9/visa/panMetadata?apiKey=" + key,
			`{"vPanEnrollmentID":"5f0e3c7a9b1d4e6280c1a2b3c4d5e6f7","date":1700000000}`,
		},
		token.AccountClosed: {
			"http://127.0.0.1:9/visa/panMetadata?apiKey=" + key,
			`{"vPanEnrollmentID":"5f0e3c7a9b1d4e6280c1a2b3c4d5e6f7","date":1700000000}`,
		},
	} {
		event.Type = kind
		got, err := w.face.Render(event, callback.Try{Delivery: "d", N: 1, Target: "http://127.0.0.1:9/visa"})
		if err != nil {
			t.Fatal(err)
		}
		if got.Method != "POST" || got.URL != want.url || string(got.Body) != want.body || got.Masked != want.body {
			t.Errorf("%s: %s %s %s", kind, got.Method, got.URL, got.Body)
		}
		pay := stage.Must(vts.ParsePayToken(got.Header.Get("x-pay-token")))(t)
		if late := pay.At.Sub(stage.WallStart); late < 0 || late > time.Second || // two of them are alike, and signed a second apart [E3]
			got.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: %v", kind, got.Header)
		}
	}
}

func TestNotice_Refused(t *testing.T) {
	w := newWorld(t)
	good := token.Event{Type: token.TokenSuspended, Sandbox: sandbox.Default, Requestor: w.who.Name, Token: token.TokenState{Ref: "x"}}
	for name, change := range map[string]func(ev *token.Event, try *callback.Try){
		"an unknown sandbox":   func(ev *token.Event, _ *callback.Try) { ev.Sandbox = "gone" },
		"an unknown requestor": func(ev *token.Event, _ *callback.Try) { ev.Requestor = "gone" },
		"an unknown event":     func(ev *token.Event, _ *callback.Try) { ev.Type = "moon.eclipsed" },
		"no token":             func(ev *token.Event, _ *callback.Try) { ev.Token.Ref = "" },
		"no card":              func(ev *token.Event, _ *callback.Try) { ev.Type = token.PANReplaced },
		"no target":            func(_ *token.Event, try *callback.Try) { try.Target = "" },
	} {
		ev, try := good, callback.Try{Delivery: "d", N: 1, Target: "http://127.0.0.1:9"}
		change(&ev, &try)
		if got, err := w.face.Render(ev, try); !errors.Is(err, server.ErrNotice) || got.URL != "" {
			t.Errorf("%s: %v, %v", name, got, err)
		} else if strings.Contains(err.Error(), w.keys().Outbound.Secret) {
			t.Errorf("%s: the error holds a secret", name)
		}
	}
}
