package sandbox

import (
	"slices"

	"github.com/pantomime-dev/pantomime/simulator/callback"
)

// Deliveries lists deliveries in the order in which they were made.
func (s *Sandbox) Deliveries(keep func(callback.Delivery) bool) []callback.Delivery {
	var out []callback.Delivery
	s.eachDelivery(0, func(d *callback.Delivery) bool {
		if keep == nil || keep(*d) {
			out = append(out, *d)
		}
		return true
	})
	slices.Reverse(out)
	return out
}

// Newest lists the newest deliveries of some kind, at most so many, in the order
// in which they were made, and says how many there are of that kind. Without
// keep all are.
func (s *Sandbox) Newest(most int, keep func(*callback.Delivery) bool) (list []callback.Delivery, total int) {
	s.eachDelivery(0, func(d *callback.Delivery) bool {
		if keep == nil || keep(d) {
			if total++; len(list) < most {
				list = append(list, *d)
			}
		}
		return keep != nil || len(list) < most // the number of all is known
	})
	slices.Reverse(list)
	if keep == nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		total = s.state.deliveries.Len()
	}
	return list, total
}

// Made says how many deliveries were ever made, so that those of a change can be
// distinguished from those before it.
func (s *Sandbox) Made() uint32 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.deliveries.Made()
}

// Since lists the deliveries that were made after so many others.
func (s *Sandbox) Since(made uint32, keep func(*callback.Delivery) bool) (list []callback.Delivery) {
	s.eachDelivery(made, func(d *callback.Delivery) bool {
		if keep(d) {
			list = append(list, *d)
		}
		return true
	})
	slices.Reverse(list)
	return list
}

// free has the oldest finished notices dropped, soon.
func (r *runner) free(bytes int64) {
	r.giveUp.Store(bytes)
	r.poke()
}

// freeStory has the oldest moments dropped, soon.
func (r *runner) freeStory(bytes int64) {
	r.untell.Store(bytes)
	r.poke()
}

// shorten drops the oldest moments while all stories together exceed their bound.
func (r *runner) shorten() {
	bytes := r.untell.Swap(0)
	if bytes == 0 {
		return
	}
	r.complain("cannot drop old moments", r.box.commit(func(x *step) error {
		x.change.Untold = int(bytes/momentBytes) + 1
		return nil
	}))
	r.box.logger.Warn("the oldest moments of tokens were dropped: the stories of all sandboxes take too much memory")
}

// forget drops the oldest notices while all together exceed their bound.
func (r *runner) forget() {
	bytes := r.giveUp.Swap(0)
	if bytes == 0 {
		return
	}
	var gone []string
	r.complain("cannot drop old notices", r.box.commit(func(x *step) error {
		gone = x.state.deliveries.Oldest(int(bytes))
		x.change.Forgotten = gone
		return nil
	}))
	r.box.logger.Warn("the oldest notices were dropped: those of all sandboxes take too much memory", "dropped", len(gone))
}

// Forgotten says how many deliveries were dropped to stay within the quota.
func (s *Sandbox) Forgotten() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.deliveries.Dropped()
}

// eachDelivery walks the deliveries that were made after so many others, newest
// first, until visit has enough. The lock is held for a page at a time, so that
// requests do not wait for whoever looks through many.
func (s *Sandbox) eachDelivery(made uint32, visit func(*callback.Delivery) bool) {
	for at := ^uint32(0); at > made; {
		s.mu.Lock()
		page, next := s.state.deliveries.Between(made, at)
		s.mu.Unlock()
		for _, d := range page {
			if !visit(d) {
				return
			}
		}
		at = next
	}
}
