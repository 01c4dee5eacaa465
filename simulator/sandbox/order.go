package sandbox

import "github.com/pantomime-dev/pantomime/simulator/callback"

// Notices of one token leave one after the other. One that falls due while
// another of its token is on its way leaves the schedule and waits; it comes back
// to its old place when the other one was answered or given up for this attempt.
// Where the order is strict, it waits until that one needs no further try.

// keepWaiting sets a delivery aside. It expects box.mu to be held.
func (r *runner) keepWaiting(lane callback.Lane, it callback.Item) {
	w := r.waiting[lane]
	if w == nil {
		w = &callback.Schedule{}
		r.waiting[lane] = w
	}
	w.Push(it)
}

// letFollow puts the next one that waits behind a delivery back onto the
// schedule. It expects box.mu to be held.
func (r *runner) letFollow(id string) {
	lane, _ := r.box.state.deliveries.Lane(id)
	w := r.waiting[lane]
	for w != nil && w.Len() > 0 {
		if it := w.Pop(); r.box.state.counts(it) {
			r.due.push(it)
			break
		}
	}
	if w != nil && w.Len() == 0 {
		delete(r.waiting, lane)
	}
}
