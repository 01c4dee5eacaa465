package scenarios

import (
	"time"

	"github.com/pantomime-dev/pantomime/token"
)

// What holds a connection open is wall time and bounded, or a typing mistake
// would hang a test run.
const (
	maxDelay      = 10 * time.Minute
	maxRetryAfter = day
)

type thenDraft struct {
	spot
	decision   word
	err        word
	status     value[int]
	delay      value[time.Duration]
	fault      word
	commit     value[bool]
	retryAfter value[time.Duration]
	body       word
	respond    patchDraft
	metadata   map[string]word
	metadataAt spot
	notify     variantsDraft
	notifyAt   spot

	broken bool // part of it was refused, and may be what another part needs
}

// thenKeys are what a matching request can meet.
var thenKeys = table[thenDraft]{
	{
		"decision", false, choiceOf(texts(token.Decisions())), "the issuer's answer, in place of its own. It is about provisioning: a rule with a decision and no `operation` matches `provision`",
		func(c cursor, d *thenDraft) { d.decision = c.choice(texts(token.Decisions())) },
	},
	{
		"error", false, anError, "the answer is this error and nothing is done; `pantomime list errors` lists the keys. A raw reason is sent as it is, in the network's form: `notReady` at Visa, `CRYPTOGRAPHY_ERROR` at Mastercard",
		func(c cursor, d *thenDraft) { d.err = c.text() },
	},
	{
		"status", false, whole("an HTTP status from 200 to 599", 200, 599), "in place of the error's own",
		func(c cursor, d *thenDraft) { d.status = c.status() },
	},
	{
		"delay", false,
		shape{"a duration of at most 10m", durationForm},
		"wall time before the answer",
		func(c cursor, d *thenDraft) { d.delay = c.span(maxDelay) },
	},
	{
		"fault", false, oneOf("a fault", token.FaultNames()), "what goes wrong on the wire; `pantomime list faults` lists all",
		func(c cursor, d *thenDraft) { d.fault = c.choice(token.FaultNames()) },
	},
	{
		"commit", false, aFlag, "whether the work is done although a fault strikes; without it, as the fault does",
		func(c cursor, d *thenDraft) { d.commit = c.flag() },
	},
	{
		"retry-after", false,
		shape{"a duration of whole seconds", durationForm},
		"the header of that name; needs an error, or a fault with a status that invites a retry",
		func(c cursor, d *thenDraft) { d.retryAfter = c.seconds() },
	},
	{
		"body", false, aRawBody, "sent instead of the answer's body; status and headers stay, and so does the work",
		func(c cursor, d *thenDraft) { d.body = c.raw() },
	},
	{
		"respond", false, aPatch, "merged into the answer's body as a JSON merge patch: members are added or replaced, `null` takes one out. What was encrypted is cipher text by then",
		func(c cursor, d *thenDraft) { d.respond = c.patch() },
	},
	{
		"metadata", false, aSet(metadataKeys), "[what this answer shows of the product](#metadata); other answers show it as ever",
		func(c cursor, d *thenDraft) {
			d.metadata, d.metadataAt = map[string]word{}, c.spot()
			metadataKeys.read(c, &d.metadata)
		},
	},
	{
		"notify", false, aSet(notifyKeys), "[what goes wrong with notices](#notify) that the request brings about, that of the token's delayed activation included",
		func(c cursor, d *thenDraft) {
			d.notifyAt = c.spot()
			notifyKeys.read(c, &d.notify)
		},
	},
}

// status reads an HTTP status. Those below 200 are not final: a client would
// go on waiting for the answer.
func (c cursor) status() value[int] { return c.whole(200, 599) }

// seconds reads what a Retry-After header can say.
func (c cursor) seconds() value[time.Duration] {
	d := c.span(maxRetryAfter)
	if d.set && (d.v < time.Second || d.v%time.Second != 0) {
		c.refuse("must be whole seconds, at least 1s, as the header Retry-After has no fractions")
		return value[time.Duration]{}
	}
	return d
}

// then compiles what a matching request meets.
func (c *compiler) then(d thenDraft, m match) Then {
	if !d.broken {
		c.conflicts(d)
		c.unseen(d)
	}
	return Then{
		Decision:   token.Decision(d.decision.v),
		Error:      c.errorKey(d.err, m),
		Status:     d.status.v,
		Delay:      d.delay.v,
		Fault:      token.Fault(d.fault.v),
		Commit:     d.commit.pointer(),
		RetryAfter: d.retryAfter.v,
	}
}

// conflicts refuses combinations of which one part could never be seen.
func (c *compiler) conflicts(d thenDraft) {
	fault := token.Fault(d.fault.v)
	replaces := fault.Replaces()
	commits := d.commit.set && d.commit.v
	refuse := func(wrong bool, at spot, message string) {
		if wrong {
			c.refuse(at, message)
		}
	}
	refuse(d.err.set && d.decision.set, d.err.spot, "excludes decision: a refused request never reaches the issuer")
	refuse(d.err.set && fault.Unseals(), d.fault.spot, "has nothing to damage: an error carries no cipher text")
	refuse(d.decision.v == string(token.Decline) && fault.Unseals(), d.fault.spot, "has nothing to damage: a declined card gets no token")
	refuse(d.err.set && replaces, d.err.spot, "would never be seen: fault "+d.fault.v+" replaces the answer")
	refuse(d.decision.set && replaces && !commits, d.decision.spot, "would have no effect: fault "+d.fault.v+" replaces the work; with commit: true the work is done")
	refuse(d.status.set && !d.err.set, d.status.spot, "needs an error, whose status it changes; for a bare status write fault: 503 or another fault")
	refuse(d.status.set && d.err.set && fault == token.FaultDropResponse, d.status.spot, "would never be seen: fault drop-response sends nothing")
	refuse(d.delay.set && fault == token.FaultHang, d.delay.spot, "would have no effect: fault hang never answers")
	refuse(d.commit.set && !d.fault.set, d.commit.spot, "needs a fault; without one the work counts as always")
	refuse(commits && d.err.set, d.commit.spot, "has nothing to commit: an error changes no state")
	refuse(d.retryAfter.set && !d.err.set && !busy(fault), d.retryAfter.spot, "needs an error, or one of the faults 429, 500, 502, 503 and 504")
	refuse(d.retryAfter.set && d.err.set && fault == token.FaultDropResponse, d.retryAfter.spot, "would never be seen: fault drop-response sends nothing")
}

// busy reports whether the fault answers with a status that invites a retry.
func busy(f token.Fault) bool {
	switch f {
	case token.Fault429, token.Fault500, token.Fault502, token.Fault503, token.Fault504:
		return true
	default:
		return false
	}
}
