package pantomime_test

import (
	"fmt"
	"testing"

	"github.com/pantomime-dev/pantomime/acquirer"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/requestor"
	"github.com/pantomime-dev/pantomime/token"
)

// lostOrders are the ways in which an acquirer's answer gets lost.
var lostOrders = []token.Fault{token.FaultReset, token.FaultDropResponse, token.FaultTruncate, token.FaultMalformedJSON, token.Fault500, token.Fault503, token.Fault504}

// losesOrders is a counter whose acquirer's answers to an operation get lost, so many times.
func losesOrders(t *testing.T, op token.Operation, f token.Fault, times int, done bool) (*counter, requestor.Method) {
	t.Helper()
	c := openCounter(t, fmt.Sprintf("rules: [{ when: { operation: %s }, times: %d, then: { fault: %q, commit: %v } }]\n", op.Info().Wire, times, f, done))
	return c, c.made(token.Visa)
}

// orders counts the requests for an operation, and says whether all are one to the byte.
func (c *counter) orders(op token.Operation) (n int, one bool) {
	c.Helper()
	list, err := c.admin.Requests(c.Context(), control.ExchangeQuery{Operation: string(op)})
	if err != nil {
		c.Fatal(err)
	}
	what := map[string]bool{}
	for _, item := range list.Items {
		r, err := c.admin.Request(c.Context(), item.ID)
		if err != nil {
			c.Fatal(err)
		}
		what[r.Request.Path+r.Request.Body] = true
	}
	return list.Total, len(what) == 1
}

// read is a payment as the acquirer shows it.
func (c *counter) read(m requestor.Method, id string) *acquirer.Payment {
	c.Helper()
	got, err := c.shop.ReadPayment(c.Context(), m.Token, id)
	answer, ok := got.Answer.(*acquirer.Payment)
	if err != nil || !ok || !got.Done || got.Status != answer.Status {
		c.Fatalf("%+v %v", got, err)
	}
	return answer
}

// Where the acquirer's answer gets lost the same is asked for again by the same key: a
// purchase is authorized once and captured once, whether the acquirer had done it or not. Without
// the key its cryptogram would be spent, and nothing left to capture.
func TestRequestor_ALostPaymentIsAskedForAgain(t *testing.T) {
	for _, op := range []token.Operation{token.Authorize, token.Capture} {
		for _, f := range lostOrders {
			for _, done := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s/%s/done=%v", op, f, done), func(t *testing.T) {
					t.Parallel()
					c, m := losesOrders(t, op, f, 2, done)
					p := c.pays(m, requestor.AbilityPurchase)
					if !p.Approved || p.Unknown || p.Decision.Use != requestor.ByToken {
						t.Fatalf("%+v", p)
					}
					if got := c.read(m, p.ID); got.Status != "captured" || got.Balances.Captured != 100 || len(got.Entries) != 1 {
						t.Errorf("%+v", got)
					}
					if n, one := c.orders(op); n != 3 || !one {
						t.Errorf("%d requests; are they one and the same: %v", n, one)
					}
					if f := c.shop.Report().Findings; len(f) != 0 {
						t.Errorf("findings: %+v", f)
					}
				})
			}
		}
	}
}

// Where it stays unknown whether a purchase was captured, a finding names the payment
// until an answer says what became of it.
func TestRequestor_APaymentInDoubtIsAFinding(t *testing.T) {
	for _, f := range lostOrders {
		for done, status := range map[bool]string{false: "authorized", true: "captured"} {
			t.Run(fmt.Sprintf("%s/done=%v", f, done), func(t *testing.T) {
				t.Parallel()
				c, m := losesOrders(t, token.Capture, f, 3, done)
				p := c.pays(m, requestor.AbilityPurchase)
				findings := c.shop.Report().Findings
				if p.Approved || !p.Unknown || p.ID == "" || len(findings) != 1 {
					t.Fatalf("%+v, findings %+v", p, findings)
				}
				if got := findings[0]; got.Kind != requestor.LostPayment || got.Payment != p.ID || got.Method != m.Token || got.Settled != "" {
					t.Errorf("%+v", got)
				}
				if n, _ := c.orders(token.Void); n != 0 {
					t.Error("what may be captured is voided")
				}
				if got := c.read(m, p.ID); got.Status != status {
					t.Errorf("it is %s, want %s", got.Status, status)
				}
				if got := c.shop.Report().Findings; len(got) != 1 || got[0].Settled != "the payment is "+status {
					t.Errorf("after it was read: %+v", got)
				}
			})
		}
	}
	c, m := losesOrders(t, token.Authorize, token.Fault503, 3, true)
	if p, f := c.pays(m, requestor.AbilityAuthorize), c.shop.Report().Findings; p.Approved || !p.Unknown || p.ID != "" || len(f) != 1 || f[0].Kind != requestor.LostPayment || f[0].Payment != "" {
		t.Errorf("an authorization in doubt: %+v %+v", p, f)
	}
}

// A purchase whose capture is refused is given up: the cardholder has the money again.
func TestRequestor_APurchaseThatIsNotCapturedIsVoided(t *testing.T) {
	for _, how := range []control.FailNext{{Operation: "capture", Error: "suspected_fraud"}, {Operation: "capture", Fault: token.Fault429}} {
		c := openCounter(t, "")
		m := c.made(token.Visa)
		c.fails(how)
		p := c.pays(m, requestor.AbilityPurchase)
		if p.Approved || p.Unknown || p.Reason == "" || c.read(m, p.ID).Status != "voided" {
			t.Errorf("%+v: %+v", how, p)
		}
		c.fails(how)
		c.fails(control.FailNext{Operation: "void", Error: "suspected_fraud"})
		p = c.pays(m, requestor.AbilityPurchase)
		if f := c.shop.Report().Findings; len(f) != 1 || f[0].Payment != p.ID || f[0].Settled != "" {
			t.Errorf("%+v, and it cannot be voided: %+v", how, f)
		}
	}
}

// What a payment method paid is captured, given back, given up and read by the
// account, also after the method was redacted.
func TestRequestor_ActsOnWhatItPaid(t *testing.T) {
	for _, n := range token.Networks() {
		c := openCounter(t, "")
		m := c.made(n)
		one, other := c.pays(m, requestor.AbilityAuthorize), c.pays(m, requestor.AbilityAuthorize)
		if _, err := c.shop.Redact(t.Context(), m.Token); err != nil {
			t.Fatal(err)
		}
		part := func(amount int64) requestor.Act {
			return requestor.Act{Method: m.Token, Payment: one.ID, Amount: amount, Currency: "USD"}
		}
		all := requestor.Act{Method: m.Token, Payment: one.ID}
		for i, row := range []struct {
			do   func() (requestor.Acted, error)
			want string // the status, or why not
		}{
			{func() (requestor.Acted, error) { return c.shop.Refund(t.Context(), part(1)) }, "payment_status"},
			{func() (requestor.Acted, error) { return c.shop.Capture(t.Context(), part(60)) }, "partially_captured"},
			{func() (requestor.Acted, error) { return c.shop.Capture(t.Context(), part(41)) }, "amount_too_high"},
			{func() (requestor.Acted, error) { return c.shop.Void(t.Context(), m.Token, one.ID) }, "payment_status"},
			{func() (requestor.Acted, error) { return c.shop.Capture(t.Context(), all) }, "captured"},
			{func() (requestor.Acted, error) { return c.shop.Refund(t.Context(), part(40)) }, "partially_refunded"},
			{func() (requestor.Acted, error) { return c.shop.Refund(t.Context(), all) }, "refunded"},
			{func() (requestor.Acted, error) { return c.shop.ReadPayment(t.Context(), m.Token, one.ID) }, "refunded"},
			{func() (requestor.Acted, error) { return c.shop.Void(t.Context(), m.Token, other.ID) }, "voided"},
			{func() (requestor.Acted, error) { return c.shop.ReadPayment(t.Context(), m.Token, "0") }, "not_found"},
		} {
			got, err := row.do()
			if err != nil || got.Status+got.Reason != row.want || got.Done != (got.Status == row.want) || got.Unknown {
				t.Errorf("%s, step %d: %+v %v, want %s", n, i+1, got, err, row.want)
			}
		}
	}
}
