package callback

import "cmp"

// Lane is what notices follow one another in: those of one token to one
// requestor, or of one card where no token is in view, and what a requestor does
// about one of its own things.
type Lane struct{ requestor, subject string }

// lane says which lane the delivery is in.
func (d *Delivery) lane() Lane {
	return Lane{d.Event.Requestor, cmp.Or(string(d.Event.Token.Ref), string(d.Event.Card.Ref), d.Event.Subject)}
}

// lead keeps track of who is in front of its lane: the delivery whose attempt
// began last, until it is delivered or has failed for good.
func (b *Book) lead(d *Delivery) {
	lane := d.lane()
	switch {
	case d.State == Sending:
		b.front[lane] = d.ID
	case b.front[lane] == d.ID && (d.State != Scheduled || d.Tries == 0):
		delete(b.front, lane)
	}
}

// Lane says which lane a delivery is in.
func (b *Book) Lane(id string) (Lane, bool) {
	d := b.get(id)
	if d == nil {
		return Lane{}, false
	}
	return d.lane(), true
}

// Work reports whether what a delivery brings is work and no notice.
func (b *Book) Work(id string) bool {
	d := b.get(id)
	return d != nil && d.Work()
}

// Free reports whether an attempt of the delivery may begin: no other one of its
// lane waits for its answer nor, where the order is strict, for another try.
func (b *Book) Free(id string, strict bool) bool {
	front := b.front[b.get(id).lane()]
	if front == "" || front == id {
		return true
	}
	return !strict && b.get(front).State != Sending
}
