package pantomime_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/acquirer"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/issuer"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/token"
)

// bank is an issuer that is played outside.
type bank struct {
	*httptest.Server
	says  atomic.Pointer[http.HandlerFunc]
	asked chan issuer.Inquiry // of one that answers with decides
}

// decisionStory has a card of each network whose issuer is asked at an endpoint.
const decisionStory = `version: 1
clock: { mode: manual, start: 2026-03-01T09:00:00Z }
requestors: { wallet: {}, shop: {} }
issuers: { mine: { decide: %q, within: %s, late: %s } }
cards:
  alice: { network: visa, pan: test/visa/1, expiry: "12/29", issuer: mine }
  bob: { network: mastercard, pan: test/mastercard/1, expiry: "12/29", issuer: mine }
  carol: { network: visa, pan: test/visa/2, expiry: "12/29" }
`

// newBank starts an issuer and a till whose cards are its.
func newBank(t *testing.T, within, late string) (*bank, *till) {
	t.Helper()
	return newBankWith(t, within, late, "", pantomime.Options{})
}

// newBankWith has more cards in its story.
func newBankWith(t *testing.T, within, late, more string, o pantomime.Options) (*bank, *till) {
	t.Helper()
	b := &bank{asked: make(chan issuer.Inquiry, 1000)}
	b.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { (*b.says.Load())(w, r) }))
	b.decides(`{"decision":"approve"}`)
	c := tillOf(t, fmt.Sprintf(decisionStory, b.URL+"/decide", within, late)+more, o)
	t.Cleanup(b.Close) // before the simulator stops, so that nobody holds that up
	return b, c
}

func (b *bank) answers(h http.HandlerFunc) { b.says.Store(&h) }

// decides answers with a text and keeps what was asked.
func (b *bank) decides(answer string) {
	b.answers(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if q, err := issuer.DecodeInquiry(body); err == nil {
			b.asked <- q
		}
		_, _ = io.WriteString(w, answer)
	})
}

// provisioned says what came of a provisioning: a decision, or why it was refused.
func (c *till) provisioned(who, card string) string {
	c.t.Helper()
	op := token.VisaProvisionWithPAN
	if c.cards[card].PAN.Network() == token.Mastercard {
		op = token.MCTokenize
	}
	got, err := c.wallets[who].Do(c.t.Context(), op, wallet.Subject{Card: c.cards[card]})
	var no wallet.Declined
	answer, mastercard := got.Answer.(*mdes.TokenizeResponse)
	switch {
	case mastercard:
		return answer.Decision
	case errors.As(err, &no):
		return "declined"
	case err != nil:
		return wallet.RefusalOf(err).Reason
	}
	return got.Status
}

// paid says what came of a payment by card: "approved", or why not.
func (c *till) paid(card string, amount int64) string {
	c.t.Helper()
	if why := c.declined("wallet", wallet.Subject{Card: c.cards[card], Pay: wallet.Pay{Amount: amount}}); why != "" {
		return why
	}
	return acquirer.Approved
}

// What an endpoint says is reported at both networks and by the acquirer, each in its
// own words (docs/wire/issuer.md "Reasons").
func TestDecision_EachAnswerAtEachDoor(t *testing.T) {
	b, c := newBank(t, "2s", "decline")
	for _, row := range []struct{ says, visa, mastercard, acquirer string }{
		{`{"decision":"decline"}`, "declined", "DECLINED", "do_not_honor"},
		{`{"decision":"decline","reason":"insufficient_funds"}`, "declined", "DECLINED", "insufficient_funds"},
		{`{"decision":"decline","reason":"closed_account"}`, "declined", "DECLINED", "closed_account"},
		{`{"decision":"decline","reason":"suspected_fraud"}`, "declined", "DECLINED", "suspected_fraud"},
		{`{"decision":"decline","reason":"expired_card"}`, "cardVerificationFailed", "INVALID_PAN", "expired_card"},
		{`{"decision":"decline","reason":"lost_card"}`, "notAllowed", "PAN_INELIGIBLE", "lost_card"},
		{`{"decision":"decline","reason":"stolen_card"}`, "notAllowed", "PAN_INELIGIBLE", "stolen_card"},
		{`{"decision":"decline","reason":"not_permitted"}`, "cardNotAllowed", "PAN_INELIGIBLE", "not_permitted"},
		{`{"decision":"decline","reason":"response_too_late"}`, "serviceError", "NO_RESPONSE_FROM_ISSUER", "response_too_late"},
		{`{"decision":"decline","reason":"issuer_unavailable"}`, "serviceError", "NO_RESPONSE_FROM_ISSUER", "issuer_unavailable"},
		{`{"decision":"decline","reason":"system_malfunction"}`, "serviceError", "INTERNAL_SERVICE_FAILURE", "system_malfunction"},
		{`{"decision":"step-up"}`, "INACTIVE", "REQUIRE_ADDITIONAL_AUTHENTICATION", "response_too_late"},
	} {
		b.decides(row.says)
		got := [...]string{c.provisioned("wallet", "alice"), c.provisioned("wallet", "bob"), c.paid("alice", 1000)}
		if want := [...]string{row.visa, row.mastercard, row.acquirer}; got != want {
			t.Errorf("%s: %q, want %q", row.says, got, want)
		}
	}
	b.decides(`{"decision":"approve"}`)
	if got := c.provisioned("shop", "alice") + c.provisioned("shop", "bob") + c.paid("bob", 1000); got != "ACTIVEAPPROVEDapproved" {
		t.Errorf("approved: %s", got)
	}
}

// An endpoint sees the card and what is asked of it, and can say who asks by the
// secret that env shows. The requestor and the journal see none of that.
func TestDecision_WhatAnEndpointSees(t *testing.T) {
	b, c := newBank(t, "2s", "decline")
	env, err := c.admin.Env(t.Context())
	if err != nil || len(env.Issuers) != 1 || env.Issuers[0].Decide != b.URL+"/decide" {
		t.Fatalf("%v %+v", err, env.Issuers)
	}
	secret := string(env.Issuers[0].Secret)
	var bodies []string
	b.answers(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		at, signed, _ := strings.Cut(r.Header.Get("X-Pantomime-Signature"), ",v1=")
		mac := hmac.New(sha256.New, []byte(secret)) // as docs/wire/issuer.md says, by hand
		mac.Write([]byte(strings.TrimPrefix(at, "t=") + "." + string(body)))
		if signed != hex.EncodeToString(mac.Sum(nil)) || r.Method != http.MethodPost || r.URL.Path != "/decide" {
			t.Errorf("%s %s signed %s", r.Method, r.URL, r.Header.Get("X-Pantomime-Signature"))
		}
		bodies = append(bodies, string(body))
		_, _ = io.WriteString(w, `{"decision":"approve"}`)
	})
	one, paying := c.token("wallet", "alice")
	if got := c.declined("wallet", paying) + c.declined("wallet", wallet.Subject{Card: c.cards["alice"]}); got != "" {
		t.Errorf("declined: %s", got)
	}
	card := `"network":"visa","requestor":"wallet","at":"2026-03-01T09:00:00Z","card":{"number":"` + c.cards["alice"].PAN.Digits() + `","expiryMonth":"12","expiryYear":"2029"},`
	for i, want := range []string{
		`"kind":"provisioning","sandbox":"default","issuer":"mine",` + card + `"provisioning":{`,
		`"kind":"payment","sandbox":"default","issuer":"mine",` + card + `"payment":{"amount":{"value":1000,"currency":"EUR"},"merchant":{"id":"merchant-1",`,
		`"kind":"payment","sandbox":"default","issuer":"mine",` + card + `"payment":{"amount":{"value":1000,"currency":"EUR"},"merchant":{"id":"merchant-1",`,
	} {
		if i >= len(bodies) || !strings.Contains(bodies[i], want) {
			t.Fatalf("inquiry %d: %q lacks %q", i, bodies, want)
		}
	}
	if !strings.Contains(bodies[1], `"means":"token","eci":"07"`) || !strings.Contains(bodies[2], `"means":"card"`) {
		t.Errorf("by token %s\nby card %s", bodies[1], bodies[2])
	}
	if strings.Contains(bodies[1], one.Token.Number.Digits()+`"`) && one.Token.Number != "" {
		t.Error("the issuer sees the token's number")
	}
	c.hidden(secret, c.cards["alice"].PAN.Digits())
}

// hidden looks for what is secret in all that the journal says.
func (c *till) hidden(secrets ...string) {
	c.t.Helper()
	all, err := c.admin.Requests(c.t.Context(), control.ExchangeQuery{})
	if err != nil {
		c.t.Fatal(err)
	}
	for _, e := range all.Items {
		why, err := c.admin.Explain(c.t.Context(), e.ID)
		if err != nil {
			c.t.Fatal(err)
		}
		for _, secret := range secrets {
			if told := fmt.Sprintf("%+v %+v", e, why); strings.Contains(told, secret) {
				c.t.Errorf("%s shows %d characters of what is secret", e.ID, len(secret))
			}
		}
	}
}
