package callback

import (
	"iter"
	"slices"
	"time"
)

// Item is a place in a schedule: what is due when, and in which order among
// things due at the same instant.
type Item struct {
	Due time.Time
	Seq uint64
	ID  string // of a delivery; "" for what its owner knows by Seq
}

// Before is the order of a schedule.
func (it Item) Before(other Item) bool {
	if c := it.Due.Compare(other.Due); c != 0 {
		return c < 0
	}
	return it.Seq < other.Seq
}

// Schedule is a heap of items by (due, sequence). An item that no longer
// counts stays until it comes up; its owner recognises it as stale by its
// sequence. One timer and this heap serve a million pending callbacks. It is
// not container/heap, which would put every item into a box of its own.
type Schedule struct{ items []Item }

// Push adds an item.
func (s *Schedule) Push(it Item) {
	s.items = append(s.items, it)
	for i := len(s.items) - 1; i > 0; {
		up := (i - 1) / 2
		if !it.Before(s.items[up]) {
			break
		}
		s.items[i], s.items[up] = s.items[up], it
		i = up
	}
}

// Peek returns the first item without removing it.
func (s *Schedule) Peek() (Item, bool) {
	if len(s.items) == 0 {
		return Item{}, false
	}
	return s.items[0], true
}

// Pop removes and returns the first item; the schedule must not be empty.
func (s *Schedule) Pop() Item {
	first, end := s.items[0], len(s.items)-1
	last := s.items[end]
	s.items[end] = Item{}
	s.items = s.items[:end]
	for i := 0; i < end; {
		down := 2*i + 1
		if right := down + 1; right < end && s.items[right].Before(s.items[down]) {
			down = right
		}
		if down >= end || !s.items[down].Before(last) {
			s.items[i] = last
			break
		}
		s.items[i] = s.items[down]
		i = down
	}
	return first
}

// mostLooked is how many items [Schedule.Soonest] looks at.
const mostLooked = 300

// Soonest lists the first items that count, in order, at most so many. It looks
// at no more than 300, so that it is quick however many of those in front do not
// count, and may therefore list fewer than there are.
func (s *Schedule) Soonest(most int, counts func(Item) bool) (next []Item) {
	var ahead []int // places in the heap, one of which is the next
	look := func(at int) {
		if at < len(s.items) {
			ahead = append(ahead, at)
		}
	}
	look(0)
	for looked := 0; len(ahead) > 0 && len(next) < most && looked < mostLooked; looked++ {
		first := 0
		for i, at := range ahead {
			if s.items[at].Before(s.items[ahead[first]]) {
				first = i
			}
		}
		at := ahead[first]
		ahead = slices.Delete(ahead, first, first+1)
		if counts(s.items[at]) {
			next = append(next, s.items[at])
		}
		look(2*at + 1)
		look(2*at + 2)
	}
	return next
}

// All walks the items in no order, stale ones included.
func (s *Schedule) All() iter.Seq[Item] { return slices.Values(s.items) }

// Len counts the items, stale ones included.
func (s *Schedule) Len() int { return len(s.items) }
