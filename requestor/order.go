package requestor

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/token"
)

// maxOrders is how often an acquirer is asked for one thing as long as no answer
// says whether it was done.
const maxOrders = 3

// Act is what a merchant asks for of a payment that was authorized.
type Act struct {
	Method   string // that paid
	Payment  string // the acquirer's id of it
	Amount   int64  // in the smallest unit of the currency; 0: all there is
	Currency string
}

// Acted is how it came out.
type Acted struct {
	Done    bool
	Unknown bool   // no answer says whether it was done: a finding does
	Reason  string // of what was not done, the acquirer's own
	Status  string // of the payment afterwards, "" if that is not known
	Answer  any    // the acquirer's; nil where none could be read
}

// Capture takes money of a payment.
func (q *Requestor) Capture(ctx context.Context, a Act) (Acted, error) {
	return q.act(ctx, token.Capture, a)
}

// Refund gives money back that was captured.
func (q *Requestor) Refund(ctx context.Context, a Act) (Acted, error) {
	return q.act(ctx, token.Refund, a)
}

// Void gives up a payment of which nothing was captured.
func (q *Requestor) Void(ctx context.Context, method, payment string) (Acted, error) {
	return q.act(ctx, token.Void, Act{Method: method, Payment: payment})
}

// ReadPayment finds out what became of a payment.
func (q *Requestor) ReadPayment(ctx context.Context, method, payment string) (Acted, error) {
	return q.act(ctx, token.GetPayment, Act{Method: method, Payment: payment})
}

// act also serves a payment method that was redacted: what it paid can be given back.
func (q *Requestor) act(ctx context.Context, op token.Operation, a Act) (Acted, error) {
	m, err := q.change(a.Method, func(m *Method) { m.Orders++ })
	if err != nil {
		return Acted{}, err
	}
	about := wallet.Subject{ID: a.Payment, Pay: wallet.Pay{Amount: a.Amount, Currency: a.Currency}}
	out, ending, err := q.order(ctx, m, op, about)
	return Acted{
		Done: ending.Kind == wallet.EndedWell, Unknown: ending.Unknown(), Reason: reasonOf(out, ending), Status: out.Status, Answer: out.Answer,
	}, err
}

// order asks the acquirer for one thing, again while no answer says whether it was
// done. All its requests have one idempotency key, so it is done once; where it stays
// unknown a finding says so, until an answer says what became of the payment.
func (q *Requestor) order(ctx context.Context, m Method, op token.Operation, about wallet.Subject) (out wallet.Outcome, ending wallet.Ending, err error) {
	about.Once = q.derive("once", m.Token, string(op), strconv.Itoa(m.Orders)).Hex(32, "key")
	for range maxOrders {
		if out, ending = q.ask(ctx, m, op, about, m.Orders); !ending.Unknown() || ctx.Err() != nil {
			break
		}
	}
	switch {
	case ending.Kind == wallet.EndedWell && about.ID != "":
		err = q.cleared(m, about.ID, "the payment is "+out.Status)
	case ending.Unknown() && op != token.GetPayment:
		err = q.doubt(m, about.ID, fmt.Sprintf("no answer says whether the acquirer did what %s asks for", op))
	}
	return out, ending, err
}

// reasonOf is why something was not done, "" where it was.
func reasonOf(out wallet.Outcome, e wallet.Ending) string {
	switch {
	case e.Kind == wallet.EndedWell:
		return ""
	case out.Reason != "":
		return out.Reason
	case e.Reason != "":
		return e.Reason
	}
	return string(e.Kind)
}

// doubt records that nobody knows how far a payment came.
func (q *Requestor) doubt(m Method, payment, says string) error {
	_, err := q.change(m.Token, func(m *Method) {
		m.find(Finding{At: q.world.Now(), Kind: LostPayment, Payment: payment, Says: says})
	})
	return err
}

// cleared closes the open findings about a payment.
func (q *Requestor) cleared(m Method, payment, how string) error {
	about := func(f Finding) bool { return f.Kind == LostPayment && f.Payment == payment && f.Settled == "" }
	if m, err := q.Method(m.Token); err != nil || !slices.ContainsFunc(m.Findings, about) {
		return err
	}
	_, err := q.change(m.Token, func(m *Method) {
		for i := range m.Findings {
			if about(m.Findings[i]) {
				m.Findings[i].Settled = how
			}
		}
	})
	return err
}
