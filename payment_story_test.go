package pantomime_test

import (
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/acquirer"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/token"
)

// One payment method from its token to a dispute, at each network, over HTTP alone.
func TestPayment_WholeStory(t *testing.T) {
	for _, card := range []string{"alice", "bob"} {
		t.Run(card, func(t *testing.T) {
			c := newTill(t)
			m := c.merchant("wallet")
			one, first := c.token("wallet", card)
			second := c.again("wallet", card, one)
			issuer := func(do string) {
				t.Helper()
				if _, err := c.admin.Transition(t.Context(), one.Token.Ref, control.Transition{Do: do}); err != nil {
					t.Fatal(err)
				}
			}
			pay := func(r acquirer.AuthorizeRequest, want string) string {
				t.Helper()
				got := m.authorize(r)
				if got.Reason != want || (got.Outcome == "approved") != (want == "") || (got.NetworkTransactionID != "") != (want == "") {
					t.Fatalf("%+v, want %q", got, want)
				}
				return got.ID
			}
			pay(by(m.request(card), first, first.Pay.Cryptogram), "")
			pay(by(m.request(card), first, first.Pay.Cryptogram), "cryptogram_used")
			issuer("suspend")
			pay(by(m.request(card), second, second.Pay.Cryptogram), "token_suspended")
			fallback := pay(m.request(card), "")
			issuer("resume")
			id := pay(by(m.request(card), second, second.Pay.Cryptogram), "")
			m.lives(id, act{op: token.Capture, amount: "400", status: "partially_captured"}, act{op: token.Capture, amount: "600", status: "captured"},
				act{op: token.Refund, amount: "300", status: "partially_refunded"})
			if err := m.trigger(control.Event{Event: token.DisputeOpened, Payment: id, Reason: "FRAUD"}); err != nil {
				t.Fatal(err)
			}
			c.advance(7*24*time.Hour - time.Second)
			m.lives(fallback, act{op: token.GetPayment, status: "authorized"})
			c.advance(time.Second)
			m.lives(fallback, act{op: token.GetPayment, status: "expired"}, act{op: token.Capture, code: "payment_status"})
			m.lives(id, act{op: token.GetPayment, status: "disputed"}, act{op: token.Refund, amount: "1", code: "amount_too_high"})
			if got, err := m.client.GetPayment(t.Context(), id); err != nil || got.Dispute.Amount != 700 || got.Balances.Captured != 1000 || got.Balances.Refunded != 300 {
				t.Errorf("in the end: %+v %v", got, err)
			}
		})
	}
}

// lives does one thing after the other with a payment.
func (m merchant) lives(id string, story ...act) {
	m.t.Helper()
	for i, a := range story {
		got, err := m.act(id, a)
		if codeOf(err) != a.code || (a.code == "" && (err != nil || got.Status != a.status)) {
			m.t.Fatalf("step %d, %s %s: %q %v, want %q %q", i+1, a.op, a.amount, got.Status, err, a.status, a.code)
		}
	}
}
