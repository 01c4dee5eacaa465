package pantomime_test

import (
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/acquirer"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/token"
)

// once sends a request with an idempotency key.
func (m merchant) once(op token.Operation, id, key string, body any) (answer acquirer.Payment, err error) {
	req, err := m.client.NewRequest(m.t.Context(), op, id, body)
	if err != nil {
		return answer, err
	}
	req.Header.Set(acquirer.IdempotencyHeader, key)
	return answer, m.client.Do(req, &answer)
}

// However many send one request with one key at once, it is done once, and all get
// the same answer; without a key no more is taken than there is.
func TestPayment_IdempotencyKeysForManyAtOnce(t *testing.T) {
	m := newTill(t).merchant("wallet")
	id := m.paid("wallet", "bob", 1000)
	part := acquirer.ActRequest{Amount: &acquirer.Amount{Value: "300", Currency: "EUR"}}
	answers, taken := make(chan acquirer.Payment), make(chan string)
	for range 16 {
		go func() {
			got, err := m.once(token.Capture, id, "k-1", part)
			if err != nil {
				t.Error(err)
			}
			answers <- got
		}()
	}
	done := map[string]bool{}
	for range 16 {
		if got := <-answers; got.Action != nil {
			done[got.Action.ID] = true
		}
	}
	if now, err := m.client.GetPayment(t.Context(), id); err != nil || len(done) != 1 || now.Balances.Captured != 300 {
		t.Errorf("%d captures, %+v %v", len(done), now.Balances, err)
	}
	for range 16 {
		go func() {
			_, err := m.client.Capture(t.Context(), id, part)
			taken <- codeOf(err)
		}()
	}
	codes := map[string]int{}
	for range 16 {
		codes[<-taken]++
	}
	if codes[""] != 2 || codes["amount_too_high"] != 14 {
		t.Errorf("of 700 were captured in parts of 300: %v", codes)
	}
}

// The same key has the same answer and no second effect; another body is refused.
func TestPayment_IdempotencyKeys(t *testing.T) {
	c := newTill(t)
	m := c.merchant("wallet")
	id := m.paid("wallet", "alice", 1000)
	send := m.once
	part := acquirer.ActRequest{Amount: &acquirer.Amount{Value: "400", Currency: "EUR"}}
	first, err := send(token.Capture, id, "k-1", part)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.act(id, act{op: token.Capture, amount: "100"}); err != nil {
		t.Fatal(err)
	}
	if again, err := send(token.Capture, id, "k-1", part); err != nil || again.Action == nil || *again.Action != *first.Action || again.Balances.Captured != 400 {
		t.Errorf("the same request: %+v %v, first %+v", again, err, first)
	}
	if now, _ := m.client.GetPayment(t.Context(), id); now.Balances.Captured != 500 {
		t.Errorf("%d are captured, want 500", now.Balances.Captured)
	}
	if _, err := send(token.Capture, id, "k-1", acquirer.ActRequest{}); codeOf(err) != "idempotency_key_reused" {
		t.Errorf("another body: %v", err)
	}
	if _, err := send(token.Refund, id, "k-1", part); codeOf(err) != "idempotency_key_reused" {
		t.Errorf("another operation: %v", err)
	}
	for range 2 { // what was refused stays refused
		if _, err := send(token.Capture, id, "k-2", acquirer.ActRequest{Amount: &acquirer.Amount{Value: "501", Currency: "EUR"}}); codeOf(err) != "amount_too_high" {
			t.Errorf("too much: %v", err)
		}
		if _, err := m.act(id, act{op: token.Increment, amount: "1"}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.admin.FailNext(t.Context(), control.FailNext{Operation: "refund", Fault: token.FaultDropResponse}); err != nil {
		t.Fatal(err)
	}
	_, _ = send(token.Refund, id, "k-3", part) // net/http repeats what has a key by itself, on a connection that it used before
	if got, err := send(token.Refund, id, "k-3", part); err != nil || got.Balances.Refunded != 400 {
		t.Errorf("after a lost answer: %+v %v", got, err)
	}
	c.advance(24 * time.Hour)
	if _, err := send(token.Capture, id, "k-1", acquirer.ActRequest{}); err != nil {
		t.Errorf("a day later the key is free: %v", err)
	}
	if _, err := send(token.Capture, id, "two words", part); codeOf(err) != "invalid_request" {
		t.Errorf("a key with a blank: %v", err)
	}
}
