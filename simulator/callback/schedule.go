package callback

import (
	"container/heap"
	"iter"
	"slices"
	"time"
)

// Item is a place in a schedule: what is due when, and in which order among
// things due at the same instant.
type Item struct {
	Due time.Time
	Seq uint64
	ID  string
}

// Schedule is a heap of items by (due, sequence). An item that no longer
// counts stays until it comes up; its owner recognises it as stale by its
// sequence. One timer and this heap serve a million pending callbacks.
type Schedule struct{ items items }

// Push adds an item.
func (s *Schedule) Push(it Item) { heap.Push(&s.items, it) }

// Peek returns the first item without removing it.
func (s *Schedule) Peek() (Item, bool) {
	if len(s.items) == 0 {
		return Item{}, false
	}
	return s.items[0], true
}

// Pop removes and returns the first item; the schedule must not be empty.
func (s *Schedule) Pop() Item { return heap.Pop(&s.items).(Item) }

// All walks the items in no order, stale ones included.
func (s *Schedule) All() iter.Seq[Item] { return slices.Values(s.items) }

// Len counts the items, stale ones included.
func (s *Schedule) Len() int { return len(s.items) }

type items []Item

func (h items) Len() int { return len(h) }
func (h items) Less(i, j int) bool {
	if !h[i].Due.Equal(h[j].Due) {
		return h[i].Due.Before(h[j].Due)
	}
	return h[i].Seq < h[j].Seq
}
func (h items) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *items) Push(x any)   { *h = append(*h, x.(Item)) }
func (h *items) Pop() any {
	old := *h
	it := old[len(old)-1]
	old[len(old)-1] = Item{}
	*h = old[:len(old)-1]
	return it
}
