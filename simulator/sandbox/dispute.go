package sandbox

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/authorization"
	"github.com/pantomime-dev/pantomime/token"
)

// paymentFace is the face that reports what happens to payments.
const paymentFace = "acquirer"

// paymentMoves bring the events of a payment about, for an issuer or whoever acts
// in the place of the clock.
var paymentMoves = map[token.EventType]func(*step, authorization.Authorization, scenarios.Action) error{
	token.PaymentCaptured: func(x *step, a authorization.Authorization, _ scenarios.Action) error {
		return x.force(a, authorization.Capture, x.script.terms(a.Acquirer))
	},
	token.PaymentExpired: func(x *step, a authorization.Authorization, _ scenarios.Action) error {
		return x.force(a, authorization.Expire, authorization.Terms{})
	},
	token.PaymentCleared: func(x *step, a authorization.Authorization, _ scenarios.Action) error {
		return x.hasten(a, func(e authorization.Entry) bool { return e.Cleared.IsZero() })
	},
	token.PaymentSettled: func(x *step, a authorization.Authorization, _ scenarios.Action) error {
		return x.hasten(a, func(e authorization.Entry) bool { return !e.Cleared.IsZero() && e.Settled.IsZero() })
	},
	token.DisputeOpened: disputes(authorization.DisputeOpened),
	token.DisputeWon:    disputes(authorization.DisputeWon),
	token.DisputeLost:   disputes(authorization.DisputeLost),
}

// disputes is the move that brings a dispute to a state.
func disputes(to authorization.DisputeState) func(*step, authorization.Authorization, scenarios.Action) error {
	return func(x *step, a authorization.Authorization, act scenarios.Action) error {
		a, problem := a.Disputed(to, x.world.ids.Hex(32, "dispute", a.ID, strconv.Itoa(a.Acts)), act.Reason, x.now)
		if problem != nil {
			return problem
		}
		x.put(a)
		x.paymentEvent(token.EventType("dispute."+to), a, authorization.Entry{}, act)
		return nil
	}
}

// force does an act to all there is.
func (x *step) force(a authorization.Authorization, do authorization.Act, terms authorization.Terms) error {
	amount, problem := a.Judge(do, authorization.Asking{}, terms)
	if problem != nil {
		return problem
	}
	x.acted(a, do, amount, false)
	return nil
}

// hasten clears or settles the first entry that waits for it, and drops what the
// clock would have done.
func (x *step) hasten(a authorization.Authorization, waits func(authorization.Entry) bool) error {
	at := slices.IndexFunc(a.Entries, waits)
	if at < 0 {
		return fmt.Errorf("no capture or refund of payment %s waits for it: %w", a.ID, ErrNoEffect)
	}
	p := Planned{Payment: a.ID, Entry: a.Entries[at].ID, Action: &proceedAction, Cause: "clearing"}
	for seq, planned := range x.state.planned {
		if planned.Payment == p.Payment && planned.Entry == p.Entry {
			x.change.Dropped = append(x.change.Dropped, seq)
		}
	}
	return x.proceed(p)
}

// actOnPayments brings an event about at the payment named, or at the newest one of
// the token or the card that it can happen to.
func (x *step) actOnPayments(kind token.EventType, a scenarios.Action, t Target) error {
	does := paymentMoves[kind]
	if t.Payment != "" {
		known, ok := x.state.payments.Get(t.Payment)
		if !ok {
			return fmt.Errorf("payment %s: %w", token.Scrub(t.Payment), ErrUnknown)
		}
		return refused(does(x, known, a))
	}
	why := fmt.Errorf("the card or token has no payment: %w", ErrNoEffect)
	for _, known := range slices.Backward(x.state.payments.All()) {
		if t.Token != "" && known.Token != t.Token || t.Token == "" && known.Card != token.PAN(t.Card) {
			continue
		}
		err := does(x, known, a)
		if err == nil {
			return nil
		}
		why = refused(err)
	}
	return why
}

// refused says what a payment does not allow as an error of acting.
func refused(err error) error {
	var problem *token.Problem
	if errors.As(err, &problem) {
		return fmt.Errorf("%s: %w", problem.Detail, ErrNoEffect)
	}
	return err
}

// paymentEvent reports what happened to a payment: its merchant, if its acquirer
// has a target, and the timeline.
func (x *step) paymentEvent(kind token.EventType, a authorization.Authorization, e authorization.Entry, act scenarios.Action) {
	card, _ := x.tx.Card(a.Card)
	ev := token.Event{
		ID:   x.world.ids.Hex(32, "payment event", a.ID, string(kind), cmp.Or(e.ID, a.Dispute.ID)),
		Type: kind, Network: a.Network, Sandbox: x.world.id, Requestor: a.Requestor, At: x.now, By: act.By, Reason: act.Reason,
		Card:  token.AccountState{First6: card.PAN.First6(), Last4: card.PAN.Last4(), Expiry: card.Expiry, Issuer: card.Issuer, Revision: card.Product},
		Party: paymentFace, Subject: a.ID, Payment: paymentState(a, e),
	}
	if kind.OfDispute() {
		ev.Payment.Act, ev.Payment.Amount, ev.Payment.Dispute = string(a.Dispute.State), a.Dispute.Amount, a.Dispute.ID
	}
	told := x.script.reports[a.Acquirer] != ""
	if a.Token != "" {
		d := Deed{Token: a.Token, Event: kind, By: act.By, Reason: act.Reason}
		if told {
			d.EventID = ev.ID
		}
		x.tell(d)
	}
	if told {
		notify := act.Notify
		if notify == (scenarios.Variants{}) {
			notify = x.notify
		}
		x.schedule(ev, notify)
	}
	x.react(ev, a.Card)
}

func paymentState(a authorization.Authorization, e authorization.Entry) token.PaymentState {
	return token.PaymentState{
		ID: a.ID, Acquirer: a.Acquirer, Reference: a.Reference, Merchant: a.Merchant.ID, Transaction: a.Transaction,
		Status: string(a.Status()), Currency: a.Currency, Held: a.Held, Captured: a.Captured, Refunded: a.Refunded,
		Entry: e.ID, Act: string(e.Act), Amount: e.Amount,
	}
}
