package callback

import (
	"cmp"
	"slices"

	"github.com/pantomime-dev/pantomime/token"
)

// Book holds one sandbox's deliveries. The sandbox's lock guards it.
type Book struct {
	all    map[string]*Delivery // changed in place: what is handed out are copies
	held   map[string][]string  // requestor → ids of the deliveries held for reordering, oldest first
	front  map[Lane]string      // → id of the delivery that those behind it wait for
	counts map[State]int
}

// NewBook makes an empty book.
func NewBook() *Book {
	return &Book{all: map[string]*Delivery{}, held: map[string][]string{}, front: map[Lane]string{}, counts: map[State]int{}}
}

// Put stores a delivery, new or changed.
func (b *Book) Put(d Delivery) {
	old := b.all[d.ID]
	if old == nil {
		old = new(Delivery)
		b.all[d.ID] = old
	} else {
		b.counts[old.State]--
		if old.State == Held {
			b.release(old)
		}
	}
	b.counts[d.State]++
	if d.State == Held {
		b.held[d.Event.Requestor] = append(b.held[d.Event.Requestor], d.ID)
	}
	*old = d
	b.lead(old)
}

// release strikes a delivery off the list of those that wait for another.
func (b *Book) release(d *Delivery) {
	q := d.Event.Requestor
	b.held[q] = slices.DeleteFunc(b.held[q], func(id string) bool { return id == d.ID })
	if len(b.held[q]) == 0 {
		delete(b.held, q)
	}
}

// Get finds a delivery.
func (b *Book) Get(id string) (Delivery, bool) {
	if d := b.all[id]; d != nil {
		return *d, true
	}
	return Delivery{}, false
}

// Scheduled reports whether an item still stands for what it was pushed for.
func (b *Book) Scheduled(it Item) bool {
	d := b.all[it.ID]
	return d != nil && d.State == Scheduled && d.Seq == it.Seq
}

// HeldFor lists the deliveries that wait for the requestor's next one, oldest
// first.
func (b *Book) HeldFor(requestor string) []Delivery {
	var out []Delivery
	for _, id := range b.held[requestor] {
		out = append(out, *b.all[id])
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
		if keep == nil || keep(*d) {
			out = append(out, *d)
		}
	}
	slices.SortFunc(out, func(x, y Delivery) int { return cmp.Compare(x.Seq, y.Seq) })
	return out
}

// New makes a delivery of an event. Copies of one event differ by n.
func New(id string, ev *token.Event, target string) Delivery {
	d := Delivery{ID: id, Event: ev, Target: target, State: Scheduled, Due: ev.At}
	if target == "" {
		d.State = Unrouted
	}
	return d
}
