package callback

import (
	"cmp"
	"slices"

	"github.com/pantomime-dev/pantomime/simulator/token"
)

// Book holds one sandbox's deliveries. The sandbox's lock guards it.
type Book struct {
	all    map[string]Delivery
	held   map[string][]string // requestor → ids of the deliveries held for reordering, oldest first
	counts map[State]int
}

// NewBook makes an empty book.
func NewBook() *Book {
	return &Book{all: map[string]Delivery{}, held: map[string][]string{}, counts: map[State]int{}}
}

// Put stores a delivery, new or changed.
func (b *Book) Put(d Delivery) {
	if old, known := b.all[d.ID]; known {
		b.counts[old.State]--
		if old.State == Held {
			q := old.Event.Requestor
			if b.held[q] = slices.DeleteFunc(b.held[q], func(id string) bool { return id == d.ID }); len(b.held[q]) == 0 {
				delete(b.held, q)
			}
		}
	}
	b.counts[d.State]++
	if d.State == Held {
		b.held[d.Event.Requestor] = append(b.held[d.Event.Requestor], d.ID)
	}
	b.all[d.ID] = d
}

// Get finds a delivery.
func (b *Book) Get(id string) (Delivery, bool) {
	d, ok := b.all[id]
	return d, ok
}

// HeldFor lists the deliveries that wait for the requestor's next one, oldest
// first.
func (b *Book) HeldFor(requestor string) []Delivery {
	var out []Delivery
	for _, id := range b.held[requestor] {
		out = append(out, b.all[id])
	}
	return out
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
