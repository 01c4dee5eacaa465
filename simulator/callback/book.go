package callback

import (
	"cmp"
	"slices"

	"github.com/pantomime-dev/pantomime/simulator/token"
)

// Book holds one sandbox's deliveries. The sandbox's lock guards it.
type Book struct {
	all    map[string]Delivery
	held   map[string]string // requestor → id of the delivery held for reordering
	counts map[State]int
}

// NewBook makes an empty book.
func NewBook() *Book {
	return &Book{all: map[string]Delivery{}, held: map[string]string{}, counts: map[State]int{}}
}

// Put stores a delivery, new or changed.
func (b *Book) Put(d Delivery) {
	if old, known := b.all[d.ID]; known {
		b.counts[old.State]--
		if old.State == Held {
			delete(b.held, old.Event.Requestor)
		}
	}
	b.counts[d.State]++
	if d.State == Held {
		b.held[d.Event.Requestor] = d.ID
	}
	b.all[d.ID] = d
}

// Get finds a delivery.
func (b *Book) Get(id string) (Delivery, bool) {
	d, ok := b.all[id]
	return d, ok
}

// HeldFor finds the delivery that waits for the requestor's next one.
func (b *Book) HeldFor(requestor string) (Delivery, bool) {
	id, ok := b.held[requestor]
	if !ok {
		return Delivery{}, false
	}
	return b.Get(id)
}

// Count tells how many deliveries are in a state.
func (b *Book) Count(s State) int { return b.counts[s] }

// Pending tells how many deliveries may still leave by themselves.
func (b *Book) Pending() int { return b.counts[Scheduled] + b.counts[Held] + b.counts[Sending] }

// List returns the deliveries, by sequence.
func (b *Book) List(keep func(Delivery) bool) []Delivery {
	var out []Delivery
	for _, d := range b.all {
		if keep == nil || keep(d) {
			out = append(out, d)
		}
	}
	slices.SortFunc(out, func(x, y Delivery) int { return cmp.Compare(x.Seq, y.Seq) })
	return out
}

// New makes a delivery of an event. Copies of one event differ by n.
func New(id string, ev token.Event, target string) Delivery {
	d := Delivery{ID: id, Event: ev, Target: target, State: Scheduled, Due: ev.At}
	if target == "" {
		d.State = Unrouted
	}
	return d
}
