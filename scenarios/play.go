package scenarios

import (
	"slices"
	"time"

	"github.com/pantomime-dev/pantomime/internal/yamldoc"
	"github.com/pantomime-dev/pantomime/token"
)

// Limits on what a play asks of whoever performs it.
const (
	maxStepTimes = 1000
	maxPatience  = time.Minute
	maxAdvance   = maxActivation
	maxBatch     = 20
)

type stepDraft struct {
	spot
	call      word
	act       word
	advance   value[time.Duration]
	cards     []word
	account   word
	requestor word
	acquirer  word
	times     value[int]
	timeout   value[time.Duration]
	header    []condition
	body      patchDraft
	by        word
	reason    word
	expiry    value[token.Expiry]
	pan       word
	newNumber value[bool]
	notify    variantsDraft
	expect    outcomeDraft
	given     map[string]spot
}

type outcomeDraft struct {
	err      word
	http     value[int]
	status   word
	decision word
	body     []condition
}

var accountKind = oneWord(AccountCard, AccountReference, AccountToken)

// playKeys are what a step can say. Exactly one of the first three is given.
var playKeys = table[stepDraft]{
	{
		"call", false, oneOf("an operation", token.OperationNames()), "a request to the card's network: a neutral name, or the network's own, with its network before it or without. `provision` at Visa is `provisionTokenWithPan`",
		func(c cursor, d *stepDraft) { d.call = c.choice(token.OperationNames()) },
	},
	{
		"act", false, choiceOf(token.ActionNames()), "what the issuer or another party does, as in the [timeline](#timeline)",
		func(c cursor, d *stepDraft) { d.act = c.choice(token.ActionNames()) },
	},
	{
		"advance", false, aDuration, "moves the clock, and waits for what falls due; `0` waits for what is due now",
		func(c cursor, d *stepDraft) { d.advance = c.span(maxAdvance) },
	},
	{
		"card", false, some("a card name, or a list of them", aName), "whose newest token it is about, or which card. A list is a batch, for Mastercard's `suspend`, `unsuspend` and `delete`",
		func(c cursor, d *stepDraft) { d.cards = c.words(cursor.text) },
	},
	{
		"requestor", false, aRequestor, "who calls; without it, the first one",
		func(c cursor, d *stepDraft) { d.requestor = c.text() },
	},
	{
		"acquirer", false, anAcquirer, "through whom a payment is asked for; without it, the first one",
		func(c cursor, d *stepDraft) { d.acquirer = c.text() },
	},
	{
		"account", false, accountKind.shape, "what `provision`, `enrollPan` and `searchTokens` name the account by: the card's number, the handle of its enrolment, or its newest token; without it, the number. `authorize` pays by the number, or by the newest token with its newest cryptogram",
		func(c cursor, d *stepDraft) { w := accountKind.read(c); d.account = word{w.spot, w.set, string(w.v)} },
	},
	{
		"header", false, headersShape, "further headers of the request",
		func(c cursor, d *stepDraft) { d.header = c.headers() },
	},
	{
		"body", false, aPatch, "merged into the body of the request before it is encrypted, as `respond` into an answer",
		func(c cursor, d *stepDraft) { d.body = c.patch() },
	},
	{
		"times", false, whole("a whole number from 1 to 1000", 1, maxStepTimes), "how often the same request is sent, one after the other; what is expected holds for each",
		func(c cursor, d *stepDraft) { d.times = c.whole(1, maxStepTimes) },
	},
	{
		"timeout", false,
		shape{"a duration of at most 1m", durationForm},
		"wall time that the caller waits for an answer; without it, ten seconds",
		func(c cursor, d *stepDraft) { d.timeout = c.span(maxPatience) },
	},
	{
		"by", false, choiceOf(partyNames()), "who acts; without it, the issuer",
		func(c cursor, d *stepDraft) { d.by = c.choice(partyNames()) },
	},
	{"reason", false, aReason, "why, of an `act`", func(c cursor, d *stepDraft) { d.reason = c.reason() }},
	{"expiry", false, anExpiry, "the new expiry, of `update-expiry` and `replace-pan`", func(c cursor, d *stepDraft) { d.expiry = c.expiry() }},
	{"pan", false, aNumber, "the new number, of `replace-pan`", func(c cursor, d *stepDraft) { d.pan = c.pan() }},
	{"new-number", false, aFlag, "whether the token of a `redigitize` gets a new number next to its new expiry", func(c cursor, d *stepDraft) { d.newNumber = c.flag() }},
	{"notify", false, aSet(actNotifyKeys), "[what goes wrong with the notice](#notify) of an `act`, but `before-response`, as an act has no answer", func(c cursor, d *stepDraft) { actNotifyKeys.read(c, &d.notify) }},
	{
		"expect-error", false, anOutcome, "the answer of a `call` is this error; without it, and without `expect-http`, the call succeeds. `no-answer`: the connection ends, or the time is up, before there is an answer. `unreadable`: the answer is not what the operation answers: no JSON, cut short, or not to be decrypted",
		func(c cursor, d *stepDraft) { d.expect.err = c.text() },
	},
	{
		"expect-http", false, whole("an HTTP status from 200 to 599", 200, 599), "the status of the answer; with 400 or more, the call may fail with any error",
		func(c cursor, d *stepDraft) { d.expect.http = c.status() },
	},
	{
		"expect-decision", false, choiceOf(texts(token.Decisions())), "the issuer's answer to a provisioning that succeeds",
		func(c cursor, d *stepDraft) { d.expect.decision = c.choice(texts(token.Decisions())) },
	},
	{
		"expect-body", false, conditionsOn(bodyPathForm), "[conditions](#conditions) on the answer's body, decrypted",
		func(c cursor, d *stepDraft) { d.expect.body = c.conditions(bodyPath) },
	},
	{
		"expect-status", false, choiceOf(texts(token.Statuses())), "the status of the card's newest token after the step; after a `call`, of its requestor's",
		func(c cursor, d *stepDraft) { d.expect.status = c.choice(texts(token.Statuses())) },
	},
}

var anOutcome = shape{"a documented key, a raw reason, no-answer or unreadable", func() *form {
	f := anError.form()
	f.AnyOf = append(f.AnyOf, enum([]string{string(NoAnswer), string(Unreadable)})())
	return f
}}

var headersShape = shape{"text by header", func() *form {
	return &form{Type: "object", MinProperties: 1, PropertyNames: &form{Pattern: headerForm.String()}, Additional: scalarForm()}
}}

// headers reads headers to send: their names and a text each.
func (c cursor) headers() []condition {
	all := c.conditions(headerName)
	for _, h := range all {
		if h.Equals == nil {
			c.refuse("must have a single text for each header")
			return nil
		}
	}
	return all
}

// stepForm is a step with one of its three kinds, and without the keys of others.
func stepForm() *form {
	f := playKeys.form()
	for _, kind := range stepKinds {
		needs := []string{string(kind), "card"}
		if kind == StepAdvance {
			needs = needs[:1]
		}
		others := &form{}
		for _, key := range playKeys.keys() {
			if kinds, limited := belongs[key]; limited && !slices.Contains(kinds, kind) {
				others.AnyOf = append(others.AnyOf, demand(key))
			}
		}
		one := demand(needs...)
		one.Not = others
		f.OneOf = append(f.OneOf, one)
	}
	return f
}

func readPlay(c cursor, d *draft) {
	for item := range c.items(false) {
		s := stepDraft{spot: item.spot(), given: map[string]spot{}}
		if item.node.Kind == yamldoc.Map {
			for _, f := range item.node.Fields {
				s.given[f.Key.Text] = item.onKey(f).spot()
			}
		}
		if playKeys.read(item, &s) {
			d.play = append(d.play, s)
		}
	}
}
