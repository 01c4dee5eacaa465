package sandbox

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/authorization"
	"github.com/pantomime-dev/pantomime/token"
)

// The names of what is looked at when a merchant acts on a payment.
const (
	CheckPayment        = "payment"
	CheckIdempotencyKey = "idempotency key"
)

// What happens to a payment by itself. No scenario can ask for it by name.
var (
	expireAction  = scenarios.Action{Do: "expire payment"}
	proceedAction = scenarios.Action{Do: "clear or settle"}
)

// once gives a request that has a key of its own the answer of the first one with
// it (docs/wire/acquirer.md "Idempotency").
func once(do func(*step, Call) (Result, *token.Problem)) func(*step, Call) (Result, *token.Problem) {
	return func(x *step, c Call) (Result, *token.Problem) {
		if c.Once.Key == "" {
			return do(x, c)
		}
		before, known := x.state.payments.Answered(c.Requestor, c.Acquirer, c.Once.Key, x.now)
		if known {
			return repeated(before, c)
		}
		if x.inProgress(c) {
			return Result{}, token.Refuse(token.PendingRequest, "the issuer has not answered the first request with this idempotency key yet")
		}
		r, problem := do(x, c)
		if problem == errAsked { // no refusal
			return r, problem
		}
		answer := authorization.Remembered{Requestor: c.Requestor, Acquirer: c.Acquirer, Key: c.Once.Key, Digest: c.Once.Digest, At: x.now}
		if r.Paid != nil {
			answer.Authorization, answer.Entry = r.Paid.Authorization, r.Paid.Entry
		}
		if problem != nil {
			answer.Why, answer.Detail = problem.Key, problem.Detail
		}
		x.change.Payments.Remembered = append(x.change.Payments.Remembered, answer)
		return r, problem
	}
}

// inProgress reports whether an earlier request with the same key waits for its issuer.
func (x *step) inProgress(c Call) bool {
	return x.resumes == nil && slices.ContainsFunc(x.state.asked, func(p Pending) bool {
		return p.Once.Key == c.Once.Key && p.Requestor == c.Requestor && p.Acquirer == c.Acquirer
	})
}

// repeated is what came of the first request with a key.
func repeated(before authorization.Remembered, c Call) (r Result, _ *token.Problem) {
	if before.Digest != c.Once.Digest {
		r.Story.Fail(token.Check{
			Name: CheckIdempotencyKey, Expected: "the request that had this key first", Received: "another one",
			Hint: "a key represents one request, to the byte; a new request needs a new one",
		})
		return r, token.Refuse(token.OtherRequest, "another request had this idempotency key")
	}
	r.Story = token.Checks{{Name: CheckIdempotencyKey, OK: true, Hint: "the answer of the first request with it, of " + before.At.UTC().Format("2006-01-02T15:04:05Z") + "; nothing is done twice"}}
	r.Paid, r.Repeat = &Paid{before.Authorization, before.Entry}, true
	if before.Why != "" {
		return r, token.Refuse(before.Why, before.Detail)
	}
	return r, nil
}

// owing finds the payment that a merchant acts on. One of another requestor, or
// asked for through another acquirer, is one that nobody has heard of.
func (x *step) owing(c Call, story *token.Checks) (authorization.Authorization, *token.Problem) {
	a, known := x.state.payments.Get(c.Subject.Payment)
	if !known || a.Requestor != c.Requestor || a.Acquirer != c.Acquirer {
		story.Fail(token.Check{
			Name: CheckPayment, Expected: "the id of a payment of the requestor " + c.Requestor + " through the acquirer " + c.Acquirer,
			Received: token.Scrub(c.Subject.Payment),
		})
		return authorization.Authorization{}, token.Refuse(token.UnknownPayment, "no payment has this id")
	}
	return a.AsOf(x.now), nil
}

// readPayment answers the payment as it is.
func (x *step) readPayment(c Call) (r Result, problem *token.Problem) {
	a, problem := x.owing(c, &r.Story)
	r.Paid = &Paid{Authorization: a}
	if problem == nil && x.declines != "" {
		return r, decline(x.declines, "a rule says so")
	}
	r.Token, _ = x.tx.Token(a.Token)
	return r, problem
}

// acting makes the effect of an act: what the payment allows is judged first, then
// a rule may decline it, and only then anything changes.
func acting(do authorization.Act) func(*step, Call) (Result, *token.Problem) {
	return once(func(x *step, c Call) (r Result, problem *token.Problem) {
		a, problem := x.owing(c, &r.Story)
		if problem != nil {
			return r, problem
		}
		amount, problem := a.Judge(do, c.Asking, x.script.terms(a.Acquirer))
		if problem != nil {
			r.Story.Fail(token.Check{Name: CheckPayment, Expected: "a " + string(do) + " that the payment allows", Received: problem.Detail})
			return r, problem
		}
		why := x.declines
		if do == authorization.Increment && why == "" {
			if why, problem = x.asksMore(c, a, amount, &r.Story); problem != nil {
				return r, problem
			}
		}
		if why != "" {
			return r, decline(why, "the "+string(do)+" was declined")
		}
		after, entry := x.acted(a, do, amount, c.Asking.Final)
		r.Paid = &Paid{after, entry}
		r.Token, _ = x.tx.Token(a.Token)
		r.Story = append(r.Story, token.Check{
			Name: CheckPayment, OK: true, Hint: fmt.Sprintf("%s of %d %s: the payment is %s", do, amount, a.Currency, after.Status()),
		})
		return r, nil
	})
}

// asksMore asks the issuer whether it holds more for a payment than it does.
func (x *step) asksMore(c Call, a authorization.Authorization, amount int64, story *token.Checks) (token.Key, *token.Problem) {
	card, _ := x.tx.Card(a.Card)
	total := authorization.Amount{Value: a.Held + amount, Currency: a.Currency}
	why, problem := x.answer(c, card, authorization.Payment{Amount: total, Means: a.Means, Printed: card.Expiry, Closed: card.Closed}, a.Merchant)
	if problem != nil {
		return "", problem
	}
	*story = append(append(*story, x.hearing(card)...), issuerSays(card, total, a.Merchant, why))
	return why, nil
}

// acted puts the payment after an act in place, with what the clock has to do.
func (x *step) acted(a authorization.Authorization, do authorization.Act, amount int64, final bool) (authorization.Authorization, authorization.Entry) {
	id := x.world.ids.Hex(32, "payment act", a.ID, strconv.Itoa(a.Acts))
	a, e := a.Do(do, amount, final, id, x.now)
	switch {
	case a.Over() && a.Timer != 0:
		x.change.Dropped = append(x.change.Dropped, a.Timer)
		a.Timer = 0
	case !a.Over() && a.Timer == 0: // more was added after all was captured
		a.Timer = x.expiry(a)
	}
	x.put(a)
	switch do {
	case authorization.Capture:
		x.paymentEvent(token.PaymentCaptured, a, e, scenarios.Action{})
	case authorization.Expire:
		x.paymentEvent(token.PaymentExpired, a, authorization.Entry{}, scenarios.Action{})
	}
	if do == authorization.Capture || do == authorization.Refund {
		x.plan(Planned{Due: x.now.Add(x.script.terms(a.Acquirer).Clearing), Action: &proceedAction, Payment: a.ID, Entry: e.ID, Cause: "clearing"})
	}
	return a, e
}

func (x *step) put(a authorization.Authorization) {
	x.change.Payments.Put = append(x.change.Payments.Put, a)
}

// book keeps an approved payment and plans its expiry.
func (x *step) book(c Call, r Result, approved int64) authorization.Authorization {
	means, last4 := authorization.ByCard, c.Card.PAN.Last4()
	if c.FromToken != "" {
		means, last4 = authorization.ByToken, c.FromToken.Last4()
	}
	a := authorization.Authorization{
		Approval: authorization.Approve(x.world.ids, r.Card.Network, x.now, c.Requestor, string(r.Card.ID), strconv.Itoa(int(x.seq))),
		Acquirer: c.Acquirer, Requestor: c.Requestor, Reference: c.Reference,
		Network: r.Card.Network, Card: r.Card.ID, Token: r.Token.Ref, Means: means, Last4: last4, Merchant: c.Merchant,
		Currency: c.Amount.Currency, Asked: c.Amount.Value, Held: approved,
		At: x.now, Until: x.now.Add(x.script.terms(c.Acquirer).Expires),
	}
	a.Timer = x.expiry(a)
	x.put(a)
	return a
}

// expiry plans that of a payment, and reports its sequence.
func (x *step) expiry(a authorization.Authorization) uint64 {
	return x.plan(Planned{Due: a.Until, Action: &expireAction, Payment: a.ID, Cause: "expiry of a payment"})
}

// proceed does what the clock has to do with a payment: it expires, or an entry of
// it is cleared and, later, settled.
func (x *step) proceed(p Planned) error {
	a, known := x.state.payments.Get(p.Payment)
	if !known {
		return fmt.Errorf("payment %s: %w", p.Payment, ErrUnknown)
	}
	if p.Entry == "" {
		a.Timer = 0
		return x.force(a, authorization.Expire, authorization.Terms{})
	}
	a, e, left := a.Proceed(p.Entry, x.now)
	if !left {
		return fmt.Errorf("entry %s: %w", p.Entry, ErrNoEffect)
	}
	x.put(a)
	x.paymentEvent(map[bool]token.EventType{true: token.PaymentCleared, false: token.PaymentSettled}[e.Settled.IsZero()], a, e, scenarios.Action{})
	if e.Settled.IsZero() {
		p.Due, p.Cause = x.now.Add(x.script.terms(a.Acquirer).Settlement), "settlement"
		x.plan(p)
	}
	return nil
}

// Payment finds a payment by its id.
func (s *Sandbox) Payment(id string) (authorization.Authorization, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.payments.Get(id)
}
