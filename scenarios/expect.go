package scenarios

import "github.com/pantomime-dev/pantomime/token"

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
	{"tokens", false, listOf("a list", withOneOf(expectTokenKeys, "count", "status")), "[the tokens of single cards](#expect-tokens)", func(c cursor, d *expectDraft) {
		for item := range c.items(false) {
			d.readTokens(item)
		}
	}},
	{
		"callbacks", false, aSet(expectCallbackKeys), "[the numbers of deliveries](#expect-callbacks)",
		func(c cursor, d *expectDraft) { expectCallbackKeys.read(c, &d.callbacks) },
	},
	{
		"faults", false, choiceOf([]string{allUsed}), "each rule with an error or a fault fired, as often as its `times` say; magic cards do not count",
		func(c cursor, d *expectDraft) { d.faults = c.choice([]string{allUsed}) },
	},
	{
		"rules", false, choiceOf([]string{allUsed}), "the same of every rule",
		func(c cursor, d *expectDraft) { d.rules = c.choice([]string{allUsed}) },
	},
}

var expectTokenKeys = table[tokensDraft]{
	{"card", true, aCardName, "whose tokens", func(c cursor, d *tokensDraft) { d.card = c.text() }},
	{
		"count", false, aCount, "how many tokens have the status, or how many there are",
		func(c cursor, d *tokensDraft) { d.count = c.whole(0, maxCount) },
	},
	{
		"status", false, choiceOf(texts(token.Statuses())), "without `count`: there is a token, and all have this status",
		func(c cursor, d *tokensDraft) { d.status = c.choice(texts(token.Statuses())) },
	},
}

var expectCallbackKeys = table[deliveriesDraft]{
	{"pending", false, aCount, "still to be sent", func(c cursor, d *deliveriesDraft) { d.pending = c.whole(0, maxCount) }},
	{"delivered", false, aCount, "taken by their receiver", func(c cursor, d *deliveriesDraft) { d.delivered = c.whole(0, maxCount) }},
	{"failed", false, aCount, "given up after the last retry", func(c cursor, d *deliveriesDraft) { d.failed = c.whole(0, maxCount) }},
	{"unrouted", false, aCount, "without a receiver to go to", func(c cursor, d *deliveriesDraft) { d.unrouted = c.whole(0, maxCount) }},
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
	one := func(pick func(deliveriesDraft) value[int]) *ExpectNumber {
		n := single(c, func(d draft) value[int] { return pick(d.expect.callbacks) })
		if !n.set {
			return nil
		}
		return &ExpectNumber{At: n.at, N: n.v}
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
