package scenarios

import (
	"slices"
	"time"

	"github.com/pantomime-dev/pantomime/internal/yamldoc"
)

const (
	maxTimeout  = 5 * time.Minute // wall time that a delivery may wait for its answer
	maxPauses   = 100             // that a file lists
	maxAttempts = 1000            // that an even schedule makes after the first
)

// How notices of one token follow one another.
const (
	OrderAttempt NoticeOrder = "attempt" // the next begins when the one before was answered or given up for this attempt
	OrderStrict  NoticeOrder = "strict"  // it waits until the one before was accepted or has failed for good
)

type callbacksDraft struct {
	retry   value[[]time.Duration]
	timeout value[time.Duration]
	order   value[NoticeOrder]
}

var orderKind = oneWord(OrderAttempt, OrderStrict)

var callbackKeys = table[callbacksDraft]{
	{
		"retry", false,
		shape{"a list of at most 100 durations, or every and for", func() *form {
			return &form{AnyOf: []*form{{Type: "array", Items: durationForm(), MaxItems: maxPauses}, evenlyKeys.form()}}
		}},
		"the pause before each further attempt; `[]` for one attempt only; `{ every: 10m, for: 1d }` for attempts at even distances, of which the last " +
			"begins at most so long after the first, and at most 1000. Without it: 1, 5 and 30 minutes",
		func(c cursor, d *callbacksDraft) { d.retry = c.retry() },
	},
	{
		"timeout", false,
		shape{"a duration from 1ms to 5m", durationForm},
		"wall time to wait for an answer; without it, ten seconds",
		func(c cursor, d *callbacksDraft) { d.timeout = c.timeout() },
	},
	{
		"order", false, orderKind.shape,
		"what a notice waits for that follows another one of its token: the end of that one's attempt, or that it was accepted or has failed for good. Without it: attempt",
		func(c cursor, d *callbacksDraft) { d.order = orderKind.read(c) },
	},
}

// evenlyDraft is a schedule of attempts at even distances.
type evenlyDraft struct{ every, last value[time.Duration] }

var evenlyKeys = table[evenlyDraft]{
	{
		"every", true,
		shape{"a duration", durationForm},
		"the pause between two attempts",
		func(c cursor, d *evenlyDraft) { d.every = c.span(maxActivation) },
	},
	{
		"for", true,
		shape{"a duration", durationForm},
		"how long after the first attempt another one may begin",
		func(c cursor, d *evenlyDraft) { d.last = c.span(maxActivation) },
	},
}

// evenly reads a schedule of attempts at even distances as its pauses.
func (c cursor) evenly() value[[]time.Duration] {
	var d evenlyDraft
	if c.findsIn(func() { evenlyKeys.read(c, &d) }) {
		return value[[]time.Duration]{}
	}
	switch n := d.last.v / max(1, d.every.v); {
	case d.every.v <= 0:
		c.refuse("every must be longer than 0s")
	case n < 1:
		c.refuse("for is shorter than every, so there is one attempt only; for that give []")
	case n > maxAttempts:
		c.refuse("makes more than 1000 further attempts; give a longer every or a shorter for")
	default:
		return of(c, slices.Repeat([]time.Duration{d.every.v}, int(n)))
	}
	return value[[]time.Duration]{}
}

// retry reads the pauses before each further attempt; an empty list means one
// attempt only.
func (c cursor) retry() value[[]time.Duration] {
	if c.node.Kind == yamldoc.Map {
		return c.evenly()
	}
	pauses := []time.Duration{}
	for item := range c.items(false) {
		pauses = append(pauses, item.span(maxActivation).v)
	}
	if len(pauses) > maxPauses {
		c.refuse("has more than 100 items")
	}
	return of(c, pauses)
}

func (c cursor) timeout() value[time.Duration] {
	d := c.span(maxTimeout)
	if d.set && d.v < time.Millisecond {
		c.refuse("must be at least 1ms")
		return value[time.Duration]{}
	}
	return d
}
