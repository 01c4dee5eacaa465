package sandbox

import (
	"strconv"
	"time"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/simulator/vault"
	"github.com/pantomime-dev/pantomime/token"
)

// activationAction is what a planned activation does.
var activationAction = scenarios.Action{Do: string(vault.Activate), By: token.ByIssuer}

// happening is something to tell of: to the requestor, unless silent, and to
// the timeline, always.
type happening struct {
	kind   token.EventType
	token  token.Ref     // the token it happened to or, if empty,
	card   token.CardRef // the enrolment
	by     token.Suspender
	reason string
	silent bool
	notify scenarios.Variants

	numbered bool // the token got a new number, which its notice may tell
}

// happened makes the event, schedules its notices and the timeline's answers.
func (x *step) happened(h happening) {
	x.tell(Deed{Token: h.token, Card: h.card, Event: h.kind, By: h.by, Reason: h.reason})
	if h.silent && h.token != "" && len(x.script.timeline) == 0 {
		x.tx.Untold(h.token)
		return
	}
	var ev token.Event
	var card token.PAN
	if h.token != "" {
		ev = x.tx.Event(h.kind, h.token, h.by, h.reason)
		t, _ := x.tx.Token(h.token)
		card = t.Card
		if h.numbered {
			ev.Token.Number = t.Number
		}
	} else {
		ev = x.tx.CardEvent(h.kind, h.card, h.reason)
		e, _ := x.tx.Enrolment(h.card)
		card = e.Card
	}
	ev.Sandbox = x.world.id
	if h.notify == (scenarios.Variants{}) {
		h.notify = x.notify
	}
	if !h.silent && !x.suppressed(ev) {
		x.change.Deeds[len(x.change.Deeds)-1].EventID = ev.ID
		x.schedule(ev, h.notify)
	}
	x.react(ev, card)
}

// suppressed reports whether the network was asked not to notify of this:
// activations at Mastercard can be (docs/wire/mdes.md "Notifications").
func (x *step) suppressed(ev token.Event) bool {
	return ev.Type == token.TokenActivated && !x.choices(ev.Network).activations
}

// schedule puts the event's notices into the queue, variants included.
func (x *step) schedule(ev token.Event, v scenarios.Variants) {
	target := x.world.requestors[ev.Requestor].target(ev)
	if ev.Type.OfPayment() {
		target = x.script.reports[ev.Payment.Acquirer]
	}
	ev.Variants = v.Names()
	var made []callback.Delivery
	for n := range v.Duplicate + 1 {
		d := callback.New(x.world.ids.Hex(32, "delivery", ev.ID, strconv.Itoa(n)), &ev, target)
		d.Due = x.now.Add(v.Late)
		d.Seq = x.nextSeq()
		switch {
		case d.State == callback.Unrouted:
		case v.Never:
			d.State = callback.Withheld
		case v.Reorder:
			d.State = callback.Held
		}
		made = append(made, d)
	}
	x.change.Deliveries = append(x.change.Deliveries, made...)
	if !v.Reorder {
		x.releaseHeld(ev.Requestor, x.now.Add(v.Late))
	}
}

// releaseHeld lets the notices that waited for the requestor's next one follow it.
func (x *step) releaseHeld(requestor string, due time.Time) {
	for _, d := range x.state.deliveries.HeldFor(requestor) {
		d.State, d.Due, d.Seq = callback.Scheduled, due, x.nextSeq()
		x.change.Progress = append(x.change.Progress, d.Progress())
	}
}

func (x *step) nextSeq() uint64 {
	x.change.Seq++
	return x.change.Seq
}

// plan schedules an action and reports its sequence. A token has at most one pending
// activation: a new one replaces it.
func (x *step) plan(p Planned) uint64 {
	p.Seq = x.nextSeq()
	if p.Token != "" && p.Action.Do == string(vault.Activate) {
		x.dropActivation(p.Token)
	}
	x.change.Planned = append(x.change.Planned, p)
	return p.Seq
}

func (x *step) dropActivation(ref token.Ref) {
	if old, pending := x.state.activation[ref]; pending {
		x.change.Dropped = append(x.change.Dropped, old)
	}
	for i, p := range x.change.Planned {
		if p.Token == ref && p.Action.Do == string(vault.Activate) {
			x.change.Planned = append(x.change.Planned[:i:i], x.change.Planned[i+1:]...)
			return
		}
	}
}

// react plans what the timeline says follows an event.
func (x *step) react(ev token.Event, card token.PAN) {
	for n := range x.script.timeline {
		entry := &x.script.timeline[n]
		if !follows(entry, ev, card) || (entry.Times > 0 && x.state.timeline[n] >= entry.Times) {
			continue
		}
		round, since, restless := x.chain.next(x.now)
		p := Planned{Round: round, Since: since, Due: x.now.Add(entry.After), Action: &entry.Action, Cause: "timeline " + strconv.Itoa(n+1), Place: entry.At.String()}
		does := token.EventOf(entry.Action.Do)
		if p.Token = ev.Token.Ref; p.Token == "" || !does.OfToken() {
			p.Token, p.Card = "", card
		}
		if does.OfPayment() {
			p.Payment = ev.Payment.ID
		}
		if restless || x.crowded(&p) {
			x.chain.stopped = true
			continue
		}
		x.change.Timeline = append(x.change.Timeline, n)
		x.plan(p)
		x.before = x.before || (entry.After == 0 && entry.Action.Notify.BeforeResponse)
	}
}

func follows(e *scenarios.Entry, ev token.Event, card token.PAN) bool {
	return e.On == ev.Type &&
		(e.Network == "" || e.Network == ev.Network) &&
		(e.Card == "" || e.Card == card) &&
		(e.Requestor == "" || e.Requestor == ev.Requestor) &&
		(e.Status == "" || e.Status == ev.Token.Status)
}
