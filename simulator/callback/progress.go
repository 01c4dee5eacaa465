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

// Progress is what leads to the delivery as it is now. It holds the last
// attempt if made is true.
func (d Delivery) Progress(made bool) Progress {
	p := Progress{ID: d.ID, State: d.State, Due: d.Due, Seq: d.Seq, Target: d.Target, Tries: d.Tries}
	if made {
		p.Attempt = &d.Attempts[len(d.Attempts)-1]
	}
	return p
}

// Proceed lets a delivery go on and returns it as it is then. One that the book
// does not have is ignored.
func (b *Book) Proceed(p Progress) Delivery {
	d, ok := b.Get(p.ID)
	if !ok {
		return d
	}
	d.State, d.Due, d.Seq, d.Target, d.Tries = p.State, p.Due, p.Seq, p.Target, p.Tries
	if p.Attempt != nil {
		d.Attempts = append(slices.Clip(d.Attempts), *p.Attempt)
	}
	b.Put(d)
	return d
}
