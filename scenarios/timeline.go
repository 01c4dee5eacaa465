package scenarios

import (
	"regexp"
	"time"

	"github.com/pantomime-dev/pantomime/token"
)

// The actions that take more than a reason.
const (
	doUpdateExpiry = "update-expiry"
	doReplacePAN   = "replace-pan"
)

// parties are who may cause a change, as scenario files spell them.
var parties = []struct {
	name string
	by   token.Suspender
}{
	{"issuer", token.ByIssuer},
	{"requestor", token.ByRequestor},
	{"cardholder", token.ByCardholder},
}

func partyNames() []string {
	names := make([]string, len(parties))
	for i, p := range parties {
		names[i] = p.name
	}
	return names
}

func partyOf(name string) token.Suspender {
	for _, p := range parties {
		if p.name == name {
			return p.by
		}
	}
	return ""
}

func eventNames() []string {
	var names []string
	for _, e := range token.Events() {
		names = append(names, string(e.Type))
	}
	return names
}

type entryDraft struct {
	spot
	on        word
	network   value[token.Network]
	card      word
	requestor word
	after     value[time.Duration]
	times     value[int]
	do        word
	by        word
	reason    word
	expiry    value[token.Expiry]
	pan       word
	newNumber value[bool]
	notify    variantsDraft
}

var timelineKeys = table[entryDraft]{
	{
		"on", true, oneOf("an event", eventNames()), "`pantomime list events` lists all. A token that is active at once is `token.provisioned` and never `token.activated`",
		func(c cursor, d *entryDraft) { d.on = c.choice(eventNames()) },
	},
	{"network", false, aNetwork, "only at this network", func(c cursor, d *entryDraft) { d.network = c.network() }},
	{"card", false, aCardName, "only for this card", func(c cursor, d *entryDraft) { d.card = c.text() }},
	{"requestor", false, aRequestor, "only for this requestor's tokens", func(c cursor, d *entryDraft) { d.requestor = c.text() }},
	{
		"after", false, aDuration, "how long after the event; without it, at the same instant",
		func(c cursor, d *entryDraft) { d.after = c.span(maxActivation) },
	},
	{
		"times", false, oneOrMore, "how often the entry acts before it is used up; without it, always",
		func(c cursor, d *entryDraft) { d.times = c.whole(1, maxCount) },
	},
	{"do", true, choiceOf(token.ActionNames()), "what is done to the token or the card", func(c cursor, d *entryDraft) { d.do = c.choice(token.ActionNames()) }},
	{
		"by", false, choiceOf(partyNames()).unlessGiven("issuer"), "who causes it; without it, the issuer",
		func(c cursor, d *entryDraft) { d.by = c.choice(partyNames()) },
	},
	{
		"reason", false, aReason, "capital letters and underscores, at most 32; Mastercard's notices carry it, Visa's carry none",
		func(c cursor, d *entryDraft) { d.reason = c.reason() },
	},
	{
		"expiry", false, anExpiry, "for `update-expiry` and `replace-pan`: the new expiry; without it, three years later than the present one",
		func(c cursor, d *entryDraft) { d.expiry = c.expiry() },
	},
	{
		"pan", false, aNumber, "for `replace-pan` of a named card: the new number; without it, one of a test range",
		func(c cursor, d *entryDraft) { d.pan = c.pan() },
	},
	{
		"new-number", false, aFlag, "for `redigitize`: whether the token gets a new number next to its new expiry; without it, the expiry alone",
		func(c cursor, d *entryDraft) { d.newNumber = c.flag() },
	},
	{
		"notify", false, aSet(notifyKeys), "[what goes wrong with the notice](#notify)",
		func(c cursor, d *entryDraft) { notifyKeys.read(c, &d.notify) },
	},
}

var aReason = shape{"a reason code, SUSPECTED_FRAUD", pattern(reasonForm.String())}

// reasonForm is Mastercard's eventReasonCode (docs/wire/mdes.md
// "notifyTokenUpdated"); Visa does not send reasons.
var reasonForm = regexp.MustCompile(`^[A-Z_]{1,32}$`)

func (c cursor) reason() word {
	w := c.text()
	if w.set && !reasonForm.MatchString(w.v) {
		c.refuse("must be 1 to 32 capital letters and underscores, such as SUSPECTED_FRAUD")
		return word{}
	}
	return w
}

func readTimeline(c cursor, d *draft) {
	for item := range c.items(false) {
		e := entryDraft{spot: item.spot()}
		if timelineKeys.read(item, &e) {
			d.timeline = append(d.timeline, e)
		}
	}
}

// timeline compiles the entries of all files.
func (c *compiler) timeline() {
	for _, d := range drafts(c, func(d draft) []entryDraft { return d.timeline }) {
		network := d.network.v
		if known, ok := c.lookup(d.card.v); ok && d.card.set {
			network = known.network
		}
		e := Entry{
			At: d.at, On: token.EventType(d.on.v), Network: d.network.v,
			Requestor: c.requestor(d.requestor), After: d.after.v, Times: d.times.v,
			Action: Action{
				Do: d.do.v, By: partyOf(d.by.v), Reason: d.reason.v, Expiry: d.expiry.v, NewNumber: d.newNumber.v,
				Notify: c.notify(d.notify, reachFor(network)),
			},
		}
		if card, ok := c.card(d.card); ok {
			e.Card = card.pan
			if d.network.set && card.network != d.network.v {
				c.warn(d.spot, "can never happen: network is "+string(d.network.v)+", card is "+string(card.network))
			}
		}
		c.futile(d, network)
		e.Action.PAN = c.newPAN(d)
		c.misplaced(d)
		c.sc.Timeline = append(c.sc.Timeline, e)
		c.loops.add(d.spot, e, network)
	}
	c.loops.report(c.report)
}

// misplaced refuses details that the action has no use for.
func (c *compiler) misplaced(d entryDraft) {
	if !d.do.set {
		return
	}
	if d.newNumber.set && d.do.v != token.Redigitize {
		c.refuse(d.newNumber.spot, "belongs to redigitize, not to "+d.do.v)
	}
	if d.expiry.set && d.do.v != doUpdateExpiry && d.do.v != doReplacePAN {
		c.refuse(d.expiry.spot, "belongs to update-expiry and replace-pan, not to "+d.do.v)
	}
	if d.pan.set && d.do.v != doReplacePAN {
		c.refuse(d.pan.spot, "belongs to replace-pan, not to "+d.do.v)
	}
	if d.notify.BeforeResponse && d.after.v > 0 {
		c.refuse(d.notify.given["before-response"], "needs an action at the same instant as its event; with an after no request is waiting")
	}
}
