package server_test

import (
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/mdes/server"

	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/simulator/vault"
	"github.com/pantomime-dev/pantomime/token"
)

// Whoever is notified of a new number reads the token, so every answer has it
// before the notice has come.
func TestRedigitize_EveryAnswerShowsItBeforeTheNotice(t *testing.T) {
	w, in, ref := notifiedBy(t, "notice-token-number: true")
	before := w.vaulted(ref)
	w.settle(400 * 24 * time.Hour)
	w.later(t, ref)
	after := w.vaulted(ref)
	if after.Number == before.Number || after.Expiry != (token.Expiry{Year: 2030, Month: 4}) {
		t.Fatalf("%s %s after %s %s", after.Number, after.Expiry, before.Number, before.Expiry)
	}

	read := stage.Must(w.client.GetToken(t.Context(), ref, true))(t)
	if info := read.Token.TokenInfo; info.TokenPANSuffix != after.Number.Last4() || info.TokenExpiry != "0430" ||
		string(read.Clear.TokenNumber) != after.Number.Digits() || read.Clear.ExpiryMonth+read.Clear.ExpiryYear != "0430" {
		t.Errorf("getToken: %+v", info)
	}
	paid := stage.Must(w.client.Transact(t.Context(), mdes.TransactRequest{TokenUniqueReference: string(ref)}))(t)
	if string(paid.Clear.AccountNumber) != after.Number.Digits() || paid.Clear.ApplicationExpiryDate != "300430" {
		t.Errorf("transact: expiry %s", paid.Clear.ApplicationExpiryDate)
	}
	found := stage.Must(w.client.SearchTokens(t.Context(), mdes.FundingAccountInfo{TokenUniqueReference: string(ref)}, nil))(t)
	if len(found.Tokens) != 1 || found.Tokens[0].TokenUniqueReference != string(ref) || found.Tokens[0].Status != "ACTIVE" {
		t.Errorf("searchTokens: %+v", found.Tokens)
	}
	if len(in.all()) != 0 {
		t.Fatal("the notice came first")
	}
	w.settle(time.Hour)
	reported := stage.Decode[mdes.NoticeTokens](t, w.opened(t, in, 1)).Tokens[0]
	if string(reported.TokenInfo.TokenNumber) != after.Number.Digits() || reported.TokenInfo.TokenExpiry != "0430" || reported.EventReasonCode != "REDIGITIZATION_COMPLETE" {
		t.Errorf("reported: %s %s", reported.EventReasonCode, reported.TokenInfo.TokenExpiry)
	}
}

// A notice says what was so when it happened, however late it comes.
func TestRedigitize_EachNoticeHasTheNumberOfItsTime(t *testing.T) {
	w, in, ref := notifiedBy(t, "notice-token-number: true")
	var numbers []string
	for range 2 {
		w.later(t, ref)
		numbers = append(numbers, w.vaulted(ref).Number.Digits())
	}
	w.settle(time.Hour)
	for i, n := range in.all() {
		content := stage.Must(mdes.OpenNotice(opener(t, server.KeysOf(w.who).Requestor), n.body))(t)
		if info := content.Tokens[0].TokenInfo; string(info.TokenNumber) != numbers[i] || info.TokenPANSuffix != numbers[i][12:] {
			t.Errorf("notice %d reports the number that ends %s", i+1, info.TokenPANSuffix)
		}
	}
	if len(in.all()) != 2 {
		t.Errorf("%d notices", len(in.all()))
	}
}

// Where an account is given by a token's number, the old one is unknown.
func TestRedigitize_TheOldNumberIsNoAccount(t *testing.T) {
	w, _, ref := notifiedBy(t, "")
	old := w.vaulted(ref).Number
	w.act(scenarios.Action{Do: "redigitize", NewNumber: true}, sandbox.Target{Token: ref})
	for number, want := range map[token.TokenPAN]string{old: "PAN_INELIGIBLE", w.vaulted(ref).Number: ""} {
		got := w.send(w.request(token.MCTokenize, w.tokenAsAccount(number.Digits(), nil)))
		if code := stage.Decode[mdes.ErrorResponse](t, got.Body).ErrorCode; code != want {
			t.Errorf("from %s: %q, want %q", number, code, want)
		}
	}
}

func (w *world) vaulted(ref token.Ref) vault.Token {
	w.t.Helper()
	v, ok := w.box.Token(ref)
	if !ok {
		w.t.Fatalf("no token %s", ref)
	}
	return v.Token
}

// later gives a token a new number, of which it reports an hour later.
func (w *world) later(t *testing.T, ref token.Ref) {
	t.Helper()
	a := scenarios.Action{Do: "redigitize", NewNumber: true, Notify: scenarios.Variants{Late: time.Hour}}
	if err := w.box.Act(a, sandbox.Target{Token: ref}); err != nil {
		t.Fatal(err)
	}
}
