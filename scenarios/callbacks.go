package scenarios

import "time"

// maxTimeout bounds the wall time a delivery may wait for its answer.
const maxTimeout = 5 * time.Minute

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
		shape{"a list of at most 100 durations", func() *form { return &form{Type: "array", Items: durationForm(), MaxItems: 100} }},
		"the pause before each further attempt; `[]` for one attempt only. Without it: 1, 5 and 30 minutes",
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

// retry reads the pauses before each further attempt; an empty list means one
// attempt only.
func (c cursor) retry() value[[]time.Duration] {
	pauses := []time.Duration{}
	for item := range c.items(false) {
		pauses = append(pauses, item.span(maxActivation).v)
	}
	if len(pauses) > 100 {
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
