package pantomime_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/acquirer"
	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/token"
)

// ledger is a merchant's receiver of an acquirer's notices.
type ledger struct {
	mu    sync.Mutex
	heard []string // guarded by mu; type and status, or why it is not believed
	keys  acquirer.Credential
}

func (l *ledger) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	l.mu.Lock()
	defer l.mu.Unlock()
	n, err := acquirer.JudgeNotice(l.keys, r.Header, body, clock.Real().Now())
	if err != nil {
		l.heard = append(l.heard, err.Error())
		return
	}
	line := r.URL.Path + " " + n.Type + " " + n.Payment.Status
	if n.Dispute != nil {
		line += fmt.Sprintf(" %d %s", n.Dispute.Amount, n.Dispute.Reason)
	}
	l.heard = append(l.heard, line)
}

// since says what was heard since it was asked last.
func (l *ledger) since() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	heard := strings.Join(l.heard, "\n")
	l.heard = nil
	return heard
}

// listened is a till whose first acquirer has a receiver.
func listened(t *testing.T) (merchant, *ledger) {
	t.Helper()
	l := &ledger{}
	receiver := httptest.NewServer(l)
	t.Cleanup(receiver.Close)
	c := newTill(t, "acquirers: { first: { notify: \""+receiver.URL+"\" }, second: {} }\ntimeline: [{ on: dispute.lost, card: bob, after: 1h, do: close-account }]\n")
	l.keys = c.keys["wallet"]
	return c.merchant("wallet"), l
}

func (m merchant) trigger(e control.Event) error {
	m.t.Helper()
	_, err := m.admin.Trigger(m.t.Context(), e)
	m.advance(0)
	return err
}

// A dispute is opened and ended by the issuer; meanwhile nothing of what is
// disputed is refunded, and the merchant hears of each step.
func TestPayment_Disputes(t *testing.T) {
	m, l := listened(t)
	for _, c := range []struct {
		end          token.EventType
		status       string
		refundable   int64
		heard, after string
	}{
		{token.DisputeWon, "partially_refunded", 600, "dispute.won partially_refunded 600 ", "dispute.opened disputed 600 FRAUD"},
		{token.DisputeLost, "charged_back", 0, "dispute.lost charged_back 600 ", "dispute.opened disputed 600 FRAUD"},
	} {
		id := m.paid("wallet", "alice", 1000)
		if err := m.trigger(control.Event{Event: token.DisputeOpened, Payment: id}); err == nil {
			t.Error("what was not captured is disputed")
		}
		for _, a := range []act{{op: token.Capture, amount: "1000"}, {op: token.Refund, amount: "400"}} {
			if _, err := m.act(id, a); err != nil {
				t.Fatal(err)
			}
		}
		m.advance(0)
		if got := l.since(); got != "/payments payment.captured captured" {
			t.Errorf("after the capture: %q", got)
		}
		for _, done := range []struct {
			control.Event
			allowed bool
		}{
			{control.Event{Event: token.PaymentExpired, Payment: id}, false}, // all was captured
			{control.Event{Event: token.DisputeOpened, Card: "alice", Reason: "FRAUD"}, true},
		} {
			if err := m.trigger(done.Event); (err == nil) != done.allowed {
				t.Fatal(done.Event.Event, err)
			}
		}
		if got := l.since(); got != "/payments "+c.after {
			t.Errorf("after the dispute began: %q, want %q", got, c.after)
		}
		if _, err := m.act(id, act{op: token.Refund, amount: "1"}); codeOf(err) != "amount_too_high" {
			t.Errorf("a refund of what is disputed: %v", err)
		}
		if err := m.trigger(control.Event{Event: c.end, Payment: id}); err != nil {
			t.Fatal(err)
		}
		if got := l.since(); got != "/payments "+c.heard {
			t.Errorf("after the dispute ended: %q, want %q", got, c.heard)
		}
		got, err := m.client.GetPayment(t.Context(), id)
		if err != nil || got.Status != c.status || got.Balances.Refundable != c.refundable || got.Dispute.Amount != 600 {
			t.Errorf("%+v %v", got, err)
		}
		if err := m.trigger(control.Event{Event: c.end, Payment: id}); err == nil {
			t.Error("a dispute ends twice")
		}
	}
}

// The clock reports expiry, clearing and settlement, and the timeline follows
// what happens to payments.
func TestPayment_TheClockTells(t *testing.T) {
	m, l := listened(t)
	id := m.paid("wallet", "bob", 1000)
	m.paid("wallet", "alice", 1000)
	if _, err := m.act(id, act{op: token.Capture}); err != nil {
		t.Fatal(err)
	}
	m.advance(7 * 24 * time.Hour)
	want := "/payments payment.captured captured\n/payments payment.cleared captured\n/payments payment.settled captured\n/payments payment.expired expired"
	if got := l.since(); got != want {
		t.Errorf("heard\n%s\nwant\n%s", got, want)
	}
	for _, kind := range []token.EventType{token.DisputeOpened, token.DisputeLost} {
		if err := m.trigger(control.Event{Event: kind, Card: "bob"}); err != nil {
			t.Fatal(err)
		}
	}
	m.advance(time.Hour)
	if got := m.declined("wallet", wallet.Subject{Card: m.cards["bob"]}); got != "closed_account" {
		t.Errorf("an hour after the lost dispute a payment is declined for %q", got)
	}
}

// What is wrong with a notice is found by whoever judges it.
func TestPayment_NoticesGoWrong(t *testing.T) {
	m, l := listened(t)
	id := m.paid("wallet", "alice", 1000)
	if _, err := m.act(id, act{op: token.Capture}); err != nil {
		t.Fatal(err)
	}
	m.advance(0)
	l.since()
	for variant, want := range map[string]string{
		token.VariantWrongSignature: acquirer.ErrSignature.Error(), token.VariantUnknownKey: acquirer.ErrSignature.Error(),
		token.VariantStaleTime: acquirer.ErrStale.Error(), token.VariantUnknownField: "/payments dispute.opened disputed 1000 ",
	} {
		if err := m.trigger(control.Event{Event: token.DisputeOpened, Payment: id, Variants: control.Variants{Variant: []string{variant}}}); err != nil {
			t.Fatal(err)
		}
		if got := l.since(); got != want {
			t.Errorf("%s: %q, want %q", variant, got, want)
		}
		if err := m.trigger(control.Event{Event: token.DisputeWon, Payment: id}); err != nil {
			t.Fatal(err)
		}
		l.since()
	}
	var refused *control.Problem
	if err := m.trigger(control.Event{Event: token.TokenSuspended, Payment: id}); !errors.As(err, &refused) || refused.Field != "payment" {
		t.Errorf("an event of tokens at a payment: %v", err)
	}
	if err := m.trigger(control.Event{Event: token.DisputeWon, Payment: strings.Repeat("0", 32)}); !errors.As(err, &refused) || refused.Status != http.StatusNotFound {
		t.Errorf("a payment of nobody: %v", err)
	}
}

// What leads to an event of a payment is answered with its card, its token and the
// acquirer's notice, whichever way the payment was named.
func TestPayment_AnEventSaysWhatItIsAbout(t *testing.T) {
	m, _ := listened(t)
	one, paying := m.token("wallet", "alice")
	m.token("wallet", "bob") // has nothing to do with it
	id := m.do("wallet", token.Authorize, paying).Payment
	if _, err := m.act(id, act{op: token.Capture}); err != nil {
		t.Fatal(err)
	}
	for _, e := range []control.Event{{Event: token.DisputeOpened, Payment: id}, {Event: token.DisputeWon, Card: "alice"}, {Event: token.DisputeOpened, Token: one.Token.Ref}} {
		got, err := m.admin.Trigger(t.Context(), e)
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Tokens) != 1 || got.Tokens[0].Ref != one.Token.Ref || got.Card == nil || got.Card.Name != "alice" {
			t.Errorf("%s is about %+v and %+v", e.Event, got.Tokens, got.Card)
		}
		if len(got.Callbacks) != 1 || got.Callbacks[0].Event.Type != e.Event || got.Callbacks[0].Event.Subject != id {
			t.Errorf("%s: notices %+v", e.Event, got.Callbacks)
		}
	}
}

// What the timeline does because of a payment, it does to that payment, not to the
// newest one of the card or of the token.
func TestTimeline_ActsOnThePaymentOfItsEvent(t *testing.T) {
	c := newTill(t, "timeline: [{ on: payment.captured, after: 1d, do: open-dispute }, { on: dispute.opened, after: 1d, do: win-dispute }]\n")
	m := c.merchant("wallet")
	first, newest := m.paid("wallet", "alice", 1000), m.paid("wallet", "alice", 2000)
	statuses := func(when, one, other string) {
		t.Helper()
		for id, want := range map[string]string{first: one, newest: other} {
			if got, err := m.client.GetPayment(t.Context(), id); err != nil || got.Status != want {
				t.Errorf("%s: %s %v, want %s", when, got.Status, err, want)
			}
		}
	}
	for _, id := range []string{first, newest} {
		if _, err := m.act(id, act{op: token.Capture}); err != nil {
			t.Fatal(err)
		}
		m.advance(12 * time.Hour)
	}
	statuses("a day after the first capture", "disputed", "captured")
	m.advance(12 * time.Hour)
	statuses("a day after the second capture", "disputed", "disputed")
	m.advance(12 * time.Hour)
	statuses("a day after the first dispute", "captured", "disputed")
}
