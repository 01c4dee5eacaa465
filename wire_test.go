package pantomime_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/token"
)

// heard is a notice as its receiver sees it.
type heard struct {
	path, requestID, payToken string
	body                      []byte
}

// ears keep the notices of a sandbox as they come.
type ears struct {
	mu  sync.Mutex
	all []heard // guarded by mu
}

// ServeHTTP takes every notice.
func (e *ears) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	e.mu.Lock()
	defer e.mu.Unlock()
	e.all = append(e.all, heard{r.URL.RequestURI(), r.Header.Get("x-request-id"), r.Header.Get("x-pay-token"), body})
	_, _ = w.Write([]byte("{}"))
}

// take gives what was heard since the last time.
func (e *ears) take() []heard {
	e.mu.Lock()
	defer e.mu.Unlock()
	all := e.all
	e.all = nil
	return all
}

const twoBanks = `version: 1
name: what others hear
clock: { mode: manual, start: 2026-03-01T09:00:00Z }
issuers: { careful: {} }
cards:
  alice: { network: visa, pan: test/visa/1, expiry: "12/29", issuer: careful }
  bob: { network: mastercard, pan: test/mastercard/1, expiry: "12/29" }
`

// listening is a simulator whose wall clock does not move, so that all notices leave in
// one second, with a token at each network.
func listening(t *testing.T) (net *pantomime.Running, heard *ears, visa, mastercard token.Ref) {
	t.Helper()
	heard = new(ears)
	receiver := httptest.NewServer(heard)
	t.Cleanup(receiver.Close)
	net = pantomime.Run(t, twoBanks, pantomime.With(func(o *pantomime.Options) {
		o.Notify, o.Wall = receiver.URL, clock.NewFixed(stage.WallStart)
	}))
	visa = token.Ref(provisionAlice(t, net))
	made := stage.Must(net.MDES.Tokenize(t.Context(), mdes.TokenizeRequest{TaskID: "task-1"}, &mdes.FundingAccountData{
		CardAccountData: &mdes.CardAccountData{AccountNumber: "5204731600014784", ExpiryMonth: "12", ExpiryYear: "29"}, Source: mdes.SourceOnFile,
	}))(t)
	return net, heard, visa, token.Ref(made.TokenUniqueReference)
}

// suspended has the issuer suspend a token, and gives the notices of it.
func suspended(t *testing.T, net *pantomime.Running, from *ears, ref token.Ref, duplicates int) []heard {
	t.Helper()
	stage.Must(net.Control.Transition(t.Context(), ref, control.Transition{
		Do: "suspend", Reason: "SUSPECTED_FRAUD", Variants: control.Variants{Duplicate: duplicates},
	}))(t)
	stage.Must(net.Control.Advance(t.Context(), control.Advance{By: new(control.Duration)}))(t)
	return from.take()
}

// Duplicates at Mastercard are one notice, and keep its id [E2]; at Visa each has
// an id and a pay token of its own, also within one second [E3].
func TestNotices_DuplicatesOfOneSecond(t *testing.T) {
	net, from, visa, mastercard := listening(t)
	ids, tokens, bodies := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, n := range suspended(t, net, from, visa, 3) {
		ids[n.requestID], tokens[n.payToken], bodies[string(n.body)] = true, true, true
	}
	if len(ids) != 4 || len(tokens) != 4 || len(bodies) != 1 {
		t.Errorf("four notices of Visa have %d ids, %d pay tokens and %d bodies", len(ids), len(tokens), len(bodies))
	}
	requests, sealed := map[string]bool{}, map[string]bool{}
	for _, n := range suspended(t, net, from, mastercard, 3) {
		reported := stage.Decode[mdes.Notice](t, n.body)
		requests[string(reported.RequestID)], sealed[reported.EncryptedPayload.EncryptedData] = true, true
	}
	if len(requests) != 1 || len(sealed) != 4 {
		t.Errorf("four notices of Mastercard have %d ids and %d cipher texts", len(requests), len(sealed))
	}
}

// A suspension's reason reaches the requestor in the notice too [F11].
func TestNotices_TellTheReasonOfASuspension(t *testing.T) {
	net, from, visa, _ := listening(t)
	all := suspended(t, net, from, visa, 0)
	if len(all) != 1 || !bytes.Contains(all[0].body, []byte(`"tokenInfo":{"statusReason":"SUSPECTED_FRAUD"}`)) {
		t.Errorf("%s", all)
	}
}

// The issuer hears of each new token, and the journal has that leg [F11].
func TestJournal_HasTheIssuersHearingOfANewToken(t *testing.T) {
	net, _, visa, mastercard := listening(t)
	list := stage.Must(net.Control.Requests(t.Context(), control.ExchangeQuery{}))(t)
	var legs []token.Leg
	for _, e := range list.Items {
		legs = append(legs, e.Legs...)
	}
	for _, want := range []token.Leg{
		{From: "visa", To: "issuer careful", Event: token.TokenProvisioned, Token: visa},
		{From: "mastercard", To: "issuer", Event: token.TokenProvisioned, Token: mastercard},
	} {
		if !slices.Contains(legs, want) {
			t.Errorf("%+v is not in %+v", want, legs)
		}
	}
	if len(legs) != 2 {
		t.Errorf("%d legs", len(legs))
	}
}

// The one asset that Mastercard's own sandbox has is a PDF [F9].
func TestAsset_OfTheSandboxIsAPDF(t *testing.T) {
	net, _, _, _ := listening(t)
	asset := stage.Must(net.MDES.GetAsset(t.Context(), "3789637f-32a1-4810-a138-4bf34501c509"))(t)
	if one := asset.MediaContents[0]; one.Type != "image/pdf" || !strings.HasPrefix(one.Data, "JVBERi0") || one.Height != "" {
		t.Errorf("%s", stage.Must(json.Marshal(asset))(t))
	}
}

// [F1] Card metadata says what the issuer offers for a card.
func TestCardMetadata_HasIssuerFlags(t *testing.T) {
	net := pantomime.Run(t, "version: 1\nname: flags\n")
	made, err := provision(t.Context(), net.VTS)
	if err != nil {
		t.Fatal(err)
	}
	stage.Must(net.VTS.CardMetadata(t.Context(), made.VPanEnrollmentID))(t)
	answer := stage.Must(net.Control.Request(t.Context(), "last"))(t).Response.Body
	for _, name := range []string{
		"deviceBinding", "cardholderVerification", "trustedBeneficiaryEnrollment", "delegatedAuthenticationSupported", "oboDeviceBinding",
	} {
		if _, flags, _ := strings.Cut(answer, `"issuerFlags":{`); !strings.Contains(flags, `"`+name+`":`) {
			t.Errorf("no %s in %s", name, answer)
		}
	}
}

// [F7] What the older description names as a reason of unsuspend is taken.
func TestUnsuspend_BySuspectedFraud(t *testing.T) {
	net := pantomime.Run(t, "")
	about := mdes.LifecycleRequest{
		TokenUniqueReferences: mdes.References{string(tokenize(t, net))}, CausedBy: "TOKEN_REQUESTOR", ReasonCode: "SUSPECTED_FRAUD",
	}
	stage.Must(net.MDES.Suspend(t.Context(), about))(t)
	if back := stage.Must(net.MDES.Unsuspend(t.Context(), about))(t); len(back.Tokens) != 1 || back.Tokens[0].Status != "ACTIVE" {
		t.Errorf("%+v", back.Tokens)
	}
}

// [F10] A responseHost without a port is taken, as a client sends it; the strict
// profile wants the specified form.
func TestTokenize_AResponseHostWithoutAPort(t *testing.T) {
	for profile, taken := range map[string]bool{"default": true, "strict": false} {
		net := pantomime.Run(t, "version: 1\nprofile: "+profile+"\n")
		_, err := net.MDES.Tokenize(t.Context(), mdes.TokenizeRequest{TaskID: "t-1", ResponseHost: "assist.ru"}, &mdes.FundingAccountData{
			CardAccountData: &mdes.CardAccountData{AccountNumber: mdes.Sensitive(someCard(0).PAN.Digits()), ExpiryMonth: "12", ExpiryYear: "29"},
			Source:          "ACCOUNT_ON_FILE",
		})
		if (err == nil) != taken {
			t.Errorf("%s: %v", profile, err)
		}
	}
}
