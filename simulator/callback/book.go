package callback

import (
	"slices"

	"github.com/pantomime-dev/pantomime/token"
)

// Book holds one sandbox's deliveries. The sandbox's lock guards it.
type Book struct {
	places  map[string]uint32 // id → place on the shelf
	shelf   shelf
	held    map[string][]string // requestor → ids of the deliveries held for reordering, oldest first
	front   map[Lane]string     // → id of the delivery that those behind it wait for
	counts  map[State]int
	bytes   int    // about what all deliveries take
	dropped uint64 // deliveries forgotten to stay within the quota
}

// NewBook makes an empty book.
func NewBook() *Book {
	return &Book{places: map[string]uint32{}, held: map[string][]string{}, front: map[Lane]string{}, counts: map[State]int{}}
}

// get is a delivery, which never changes; nil for none.
func (b *Book) get(id string) *Delivery {
	if place, ok := b.places[id]; ok {
		return *b.shelf.at(place)
	}
	return nil
}

// Put stores a delivery, new or changed.
func (b *Book) Put(d Delivery) {
	if old := b.get(d.ID); old != nil {
		b.leave(old)
		*b.shelf.at(b.places[d.ID]) = &d
	} else {
		b.places[d.ID] = b.shelf.add(&d)
	}
	b.counts[d.State]++
	b.bytes += d.size()
	if d.State == Held {
		b.held[d.Event.Requestor] = append(b.held[d.Event.Requestor], d.ID)
	}
	b.lead(&d)
}

// leave takes back what an older value of a delivery counted for.
func (b *Book) leave(old *Delivery) {
	b.counts[old.State]--
	b.bytes -= old.size()
	if old.State == Held {
		b.release(old)
	}
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
	if d := b.get(id); d != nil {
		return *d, true
	}
	return Delivery{}, false
}

// Scheduled reports whether an item still represents what it was pushed for.
func (b *Book) Scheduled(it Item) bool {
	d := b.get(it.ID)
	return d != nil && d.State == Scheduled && d.Seq == it.Seq
}

// HeldFor lists the deliveries that wait for the requestor's next one, oldest
// first.
func (b *Book) HeldFor(requestor string) []Delivery {
	var out []Delivery
	for _, id := range b.held[requestor] {
		out = append(out, *b.get(id))
	}
	return out
}

// Count says how many deliveries are in a state.
func (b *Book) Count(s State) int { return b.counts[s] }

// Pending says how many deliveries may still leave by themselves.
func (b *Book) Pending() int { return b.counts[Scheduled] + b.counts[Held] + b.counts[Sending] }

// Len is how many deliveries there are.
func (b *Book) Len() int { return len(b.places) }

// Made is how many deliveries were ever made.
func (b *Book) Made() uint32 { return b.shelf.next }

// Between copies the newest deliveries, newest first, that were made before end
// others were and after begin others were, and says which end to go on with; begin
// is the end of it. They never change.
func (b *Book) Between(begin, end uint32) (list []*Delivery, next uint32) {
	return b.shelf.between(begin, end)
}

// New makes a delivery of an event. Copies of one event differ by n.
func New(id string, ev *token.Event, target string) Delivery {
	d := Delivery{ID: id, Event: ev, Target: target, State: Scheduled, Due: ev.At}
	if target == "" {
		d.State = Unrouted
	}
	return d
}
