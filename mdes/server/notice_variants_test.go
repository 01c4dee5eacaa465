package server_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/mdes/server"

	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

// hostile lets the issuer suspend a token and returns the notice of it, which
// has the variants.
func hostile(t *testing.T, v scenarios.Variants, set ...string) (*world, token.Ref, []byte) {
	t.Helper()
	yaml := withInbox
	if len(set) > 0 {
		yaml += "networks: { mastercard: { " + strings.Join(set, ", ") + " } }\n"
	}
	w, in, ref := notified(t, yaml)
	w.settle(2 * time.Hour) // so that an hour ago is between the token's making and now
	w.act(scenarios.Action{Do: "suspend", By: token.ByIssuer, Reason: "SUSPECTED_FRAUD", Notify: v}, sandbox.Target{Token: ref})
	got := in.all()
	if len(got) != 1 {
		t.Fatalf("%d notices", len(got))
	}
	return w, ref, got[0].body
}

// content opens a notice with the requestor's key.
func (w *world) content(raw []byte) (mdes.NoticeContent, error) {
	w.t.Helper()
	return mdes.OpenNotice(opener(w.t, server.KeysOf(w.who).Requestor), raw)
}

func TestHostile_StaleTime(t *testing.T) {
	w, ref, raw := hostile(t, scenarios.Variants{StaleTime: true})
	one := stage.Must(w.content(raw))(t).Tokens[0]
	v, _ := w.box.Token(ref)
	if !one.StatusTimestamp.Equal(v.Token.StatusAt.Add(-time.Hour)) || one.Status != "SUSPENDED" {
		t.Errorf("%+v of a change at %s", one, v.Token.StatusAt)
	}
}

func TestHostile_UnknownKey(t *testing.T) {
	for _, form := range []string{"cert-sha256", "cert-sha1"} {
		w, _, raw := hostile(t, scenarios.Variants{UnknownKey: true}, "fingerprint: "+form)
		_, err := w.content(raw)
		failedWith(t, err, mdes.CauseFingerprint)
		payload := stage.Decode[mdes.Notice](t, raw).EncryptedPayload
		if want := map[string]int{"cert-sha256": 64, "cert-sha1": 40}[form]; len(payload.PublicKeyFingerprint) != want {
			t.Errorf("%s: fingerprint %s", form, payload.PublicKeyFingerprint)
		}
		if len(openBy(t, server.KeysOf(w.who).Requestor.Private, *payload)) == 0 {
			t.Error("more is wrong than the fingerprint")
		}
	}
}

func TestHostile_CutCiphertext(t *testing.T) {
	w, _, raw := hostile(t, scenarios.Variants{CutCiphertext: true})
	_, err := w.content(raw)
	failedWith(t, err, mdes.CauseDataLength)
}

func TestHostile_UnknownField(t *testing.T) {
	w, ref, raw := hostile(t, scenarios.Variants{UnknownField: true})
	clear := openBy(t, server.KeysOf(w.who).Requestor.Private, *stage.Decode[mdes.Notice](t, raw).EncryptedPayload)
	for name, text := range map[string]string{"body": string(raw), "token": string(clear)} {
		if !strings.Contains(text, `"notInTheSpecification":"`) {
			t.Errorf("%s: %s", name, text)
		}
	}
	if one := stage.Must(w.content(raw))(t).Tokens[0]; one.TokenUniqueReference != string(ref) || one.Status != "SUSPENDED" {
		t.Errorf("%+v", one)
	}
}

func TestHostile_UnknownToken(t *testing.T) {
	w, ref, raw := hostile(t, scenarios.Variants{UnknownToken: true})
	one := stage.Must(w.content(raw))(t).Tokens[0]
	if _, known := w.box.Token(token.Ref(one.TokenUniqueReference)); known || one.TokenUniqueReference == string(ref) || len(one.TokenUniqueReference) != 48 {
		t.Errorf("%+v", one)
	}
	if one.TokenRequestorID != ownTRID || one.Status != "SUSPENDED" {
		t.Errorf("the rest is not as usual: %+v", one)
	}
}

func TestHostile_HugeBatch(t *testing.T) {
	w, ref, raw := hostile(t, scenarios.Variants{HugeBatch: true})
	var known, different []string
	for _, one := range stage.Must(w.content(raw))(t).Tokens {
		if _, ok := w.box.Token(token.Ref(one.TokenUniqueReference)); ok {
			known = append(known, one.TokenUniqueReference)
		}
		if one.Status != "SUSPENDED" || one.TokenRequestorID != ownTRID || len(one.TokenUniqueReference) != 48 {
			t.Fatalf("%+v", one)
		}
		different = append(different, one.TokenUniqueReference)
	}
	slices.Sort(different)
	if !slices.Equal(known, []string{string(ref)}) || len(slices.Compact(different)) != 1000 {
		t.Errorf("%v among %d", known, len(different))
	}
	all := scenarios.Variants{HugeBatch: true, UnknownToken: true, UnknownField: true}
	if w, ref, raw = hostile(t, all, "clear-notices: true"); strings.Contains(string(raw), string(ref)) || !json.Valid(raw) {
		t.Error("all variants at once, in the clear: the token is in it")
	}
	if got := stage.Must(w.content(raw))(t); len(got.Tokens) != 1000 || got.Encrypted {
		t.Errorf("%d tokens", len(got.Tokens))
	}
}

// Notices are not signed, so there is no signature to be wrong.
func TestHostile_WrongSignatureMeansNothing(t *testing.T) {
	w, ref, raw := hostile(t, scenarios.Variants{WrongSignature: true})
	if one := stage.Must(w.content(raw))(t).Tokens[0]; one.TokenUniqueReference != string(ref) {
		t.Errorf("%+v", one)
	}
}

// What a notice says is the same at each attempt, hostile or not.
func TestHostile_AnotherAttemptSaysTheSame(t *testing.T) {
	w, in, ref := notified(t, withInbox)
	in.answer = func(n int) int {
		return map[bool]int{true: http.StatusServiceUnavailable, false: http.StatusOK}[n == 1]
	}
	w.act(scenarios.Action{Do: "suspend", Notify: scenarios.Variants{UnknownToken: true, HugeBatch: true}}, sandbox.Target{Token: ref})
	w.settle(time.Hour)
	got := in.all()
	if len(got) != 2 {
		t.Fatalf("%d attempts", len(got))
	}
	first, second := stage.Must(w.content(got[0].body))(t), stage.Must(w.content(got[1].body))(t)
	if first.Tokens[7].TokenUniqueReference != second.Tokens[7].TokenUniqueReference || first.RequestID != second.RequestID {
		t.Error("the second attempt reports something else")
	}
}

// A notice that shall come before the answer has been taken when the answer is
// there.
func TestNotices_BeforeTheAnswer(t *testing.T) {
	w, in, ref := notified(t, withInbox+`
timeline:
  - { on: token.provisioned, do: suspend, by: issuer, reason: SUSPECTED_FRAUD, notify: { before-response: true } }
`)
	if got := len(in.all()); got != 1 { // no waiting: the answer has come
		t.Fatalf("%d notices when the answer came", got)
	}
	if one := stage.Must(w.content(in.all()[0].body))(t).Tokens[0]; one.TokenUniqueReference != string(ref) || one.Status != "SUSPENDED" {
		t.Errorf("%+v", one)
	}
}

// No request waits for ever: a client that gives up does not keep the face busy.
func TestNotices_BeforeTheAnswerEndWithTheClient(t *testing.T) {
	release := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	t.Cleanup(srv.Close)
	defer close(release)
	w := newWorld(t, strings.ReplaceAll(withInbox, "INBOX", srv.URL)+`
timeline:
  - { on: token.provisioned, do: suspend, notify: { before-response: true } }
`)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err := w.client.Tokenize(ctx, mdes.TokenizeRequest{TaskID: "t"}, &mdes.FundingAccountData{
		CardAccountData: &mdes.CardAccountData{AccountNumber: goodPAN, ExpiryMonth: "12", ExpiryYear: "29"}, Source: "ACCOUNT_ON_FILE",
	})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
}
