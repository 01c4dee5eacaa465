package scenarios

import "time"

// maxTimeout bounds the wall time a delivery may wait for its answer.
const maxTimeout = 5 * time.Minute

type callbacksDraft struct {
	retry   value[[]time.Duration]
	timeout value[time.Duration]
}

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
}

// retry reads the pauses before each further attempt; an empty list means one
// attempt only.
func (c cursor) retry() value[[]time.Duration] {
	pauses := []time.Duration{}
	for _, item := range c.items(false) {
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
