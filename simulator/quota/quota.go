// Package quota bounds the bytes that many holders keep together: the journals of
// all sandboxes, or their notices. When all together hold too much, the largest
// holder is asked to free some.
//
// It knows neither what a holder is nor what it keeps.
package quota

import "sync"

// Quota is the bound on all holders together. The nil Quota has no bound.
type Quota struct {
	limit int64 // bytes

	mu      sync.Mutex
	used    int64            // guarded by mu; bytes
	holders map[*Holder]bool // guarded by mu
}

// New makes a quota of so many bytes.
func New(limit int64) *Quota { return &Quota{limit: limit, holders: map[*Holder]bool{}} }

// Holder is one of those who share a quota. The nil Holder has no bound.
type Holder struct {
	quota *Quota
	held  int64 // guarded by quota.mu; bytes
	asked bool  // guarded by quota.mu; it was asked to free some and has not yet
	free  func(bytes int64)
}

// Join adds a holder. free lets go of about so many bytes, at once or soon; it is
// called by the holder that exceeds the quota, without the quota's lock.
func (q *Quota) Join(free func(bytes int64)) *Holder {
	if q == nil {
		return nil
	}
	h := &Holder{quota: q, free: free}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.holders[h] = true
	return h
}

// Leave removes the holder and gives back what it holds.
func (h *Holder) Leave() {
	if h == nil {
		return
	}
	h.quota.mu.Lock()
	defer h.quota.mu.Unlock()
	if h.quota.holders[h] {
		delete(h.quota.holders, h)
		h.quota.used -= h.held
	}
}

// Holds reports how many bytes the holder keeps now. The caller must not hold a
// lock that its free function takes.
func (h *Holder) Holds(bytes int64) {
	if h == nil {
		return
	}
	if largest, bytes := h.quota.update(h, bytes); largest != nil {
		largest.free(bytes)
	}
}

// update notes what a holder keeps and returns the one that has to free some, and
// how much; nil for none.
func (q *Quota) update(h *Holder, bytes int64) (largest *Holder, free int64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.holders[h] {
		return nil, 0
	}
	h.asked = h.asked && bytes >= h.held
	q.used += bytes - h.held
	h.held = bytes
	if q.used <= q.limit {
		return nil, 0
	}
	if largest = q.largest(); largest.asked {
		return nil, 0
	}
	largest.asked = true
	return largest, q.used - q.limit + q.limit/16 // a sixteenth more, so as not to ask each time
}

// largest is the holder that keeps most. The caller holds q.mu.
func (q *Quota) largest() (most *Holder) {
	for h := range q.holders {
		if most == nil || h.held > most.held {
			most = h
		}
	}
	return most
}
