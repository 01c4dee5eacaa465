package callback

import (
	"slices"
	"time"
)

// Progress is how a delivery goes on: what of it may change, as it is
// afterwards, and the attempt that was made, if one was.
type Progress struct {
	ID      string
	State   State
	Due     time.Time
	Seq     uint64
	Target  string
	Tries   int
	Attempt *Attempt
}

// Progress is what leads to the delivery as it is now, without an attempt.
func (d Delivery) Progress() Progress {
	return Progress{ID: d.ID, State: d.State, Due: d.Due, Seq: d.Seq, Target: d.Target, Tries: d.Tries}
}

// After says how the delivery goes on after an attempt: delivered, scheduled
// again, or failed when the policy is exhausted
// or no other attempt can do better.
func (d Delivery) After(a Attempt, policy Policy) Progress {
	p := d.Progress()
	p.Tries++
	switch {
	case a.ok():
		p.State = Delivered
	case !a.Final && p.Tries <= len(policy.Retry):
		p.State, p.Due = Scheduled, a.At.Add(policy.Retry[p.Tries-1])
		a.Next = p.Due
	default:
		p.State = Failed
	}
	p.Attempt = &a
	return p
}

// With is the delivery as it has gone on.
func (d Delivery) With(p Progress) Delivery {
	d.State, d.Due, d.Seq, d.Target, d.Tries = p.State, p.Due, p.Seq, p.Target, p.Tries
	if p.Attempt != nil {
		d.Attempts = append(slices.Clip(d.Attempts), *p.Attempt)
	}
	return d
}

// Proceed lets a delivery go on. One that the book does not have is ignored.
func (b *Book) Proceed(p Progress) {
	if d := b.get(p.ID); d != nil {
		b.Put(d.With(p))
	}
}
