package scenarios

import "github.com/pantomime-dev/pantomime/simulator/token"

// allUsed is the one thing that can be expected of rules and faults.
const allUsed = "all-used"

type expectDraft struct {
	tokens    []tokensDraft
	callbacks deliveriesDraft
	faults    word
	rules     word
}

type tokensDraft struct {
	spot
	card   word
	count  value[int]
	status word
}

type deliveriesDraft struct {
	pending, delivered, failed, unrouted value[int]
}

var expectKeys = table[expectDraft]{
	{"tokens", false, "a list", func(c cursor, d *expectDraft) {
		for _, item := range c.items(false) {
			d.readTokens(item)
		}
	}},
	{"callbacks", false, "a set of keys", func(c cursor, d *expectDraft) { expectCallbackKeys.read(c, &d.callbacks) }},
	{"faults", false, allUsed, func(c cursor, d *expectDraft) { d.faults = c.choice([]string{allUsed}) }},
	{"rules", false, allUsed, func(c cursor, d *expectDraft) { d.rules = c.choice([]string{allUsed}) }},
}

var expectTokenKeys = table[tokensDraft]{
	{"card", true, "a card name", func(c cursor, d *tokensDraft) { d.card = c.text() }},
	{"count", false, "a whole number from 0", func(c cursor, d *tokensDraft) { d.count = c.whole(0, maxCount) }},
	{"status", false, list(token.Statuses()), func(c cursor, d *tokensDraft) { d.status = c.choice(texts(token.Statuses())) }},
}

var expectCallbackKeys = table[deliveriesDraft]{
	{"pending", false, "a whole number from 0", func(c cursor, d *deliveriesDraft) { d.pending = c.whole(0, maxCount) }},
	{"delivered", false, "a whole number from 0", func(c cursor, d *deliveriesDraft) { d.delivered = c.whole(0, maxCount) }},
	{"failed", false, "a whole number from 0", func(c cursor, d *deliveriesDraft) { d.failed = c.whole(0, maxCount) }},
	{"unrouted", false, "a whole number from 0", func(c cursor, d *deliveriesDraft) { d.unrouted = c.whole(0, maxCount) }},
}

func (d *expectDraft) readTokens(c cursor) {
	t := tokensDraft{spot: c.spot()}
	if !expectTokenKeys.read(c, &t) {
		return
	}
	if !c.has("count") && !c.has("status") {
		c.refuse("expects nothing; give a count, a status or both")
	}
	d.tokens = append(d.tokens, t)
}

func readExpect(c cursor, d *draft) { expectKeys.read(c, &d.expect) }

// expect compiles what all files expect. Each number of deliveries may be
// named by one file only, or by several that agree.
func (c *compiler) expect() {
	out := &c.sc.Expect
	for _, d := range c.drafts {
		for _, t := range d.expect.tokens {
			c.expectTokens(t)
		}
		out.FaultsUsed = out.FaultsUsed || d.expect.faults.set
		out.RulesUsed = out.RulesUsed || d.expect.rules.set
	}
	one := func(pick func(deliveriesDraft) value[int]) *int {
		return single(c, func(d draft) value[int] { return pick(d.expect.callbacks) }).pointer()
	}
	out.Callbacks = ExpectCallbacks{
		Pending:   one(func(d deliveriesDraft) value[int] { return d.pending }),
		Delivered: one(func(d deliveriesDraft) value[int] { return d.delivered }),
		Failed:    one(func(d deliveriesDraft) value[int] { return d.failed }),
		Unrouted:  one(func(d deliveriesDraft) value[int] { return d.unrouted }),
	}
}

func (c *compiler) expectTokens(d tokensDraft) {
	if card, ok := c.card(d.card); ok {
		c.sc.Expect.Tokens = append(c.sc.Expect.Tokens, ExpectTokens{
			At: d.at, Card: card.pan, Count: d.count.pointer(), Status: token.Status(d.status.v),
		})
	}
}
