// Package room bounds what many holders keep together: the journals of all
// sandboxes, or their notices. Whoever holds most gives some up when all together
// hold too much.
//
// It knows no holder, and what they keep.
package room

import "sync"

// Room is so many bytes for all. The nil Room has no bound.
type Room struct {
	most int64

	mu      sync.Mutex
	used    int64            // guarded by mu
	tenants map[*Tenant]bool // guarded by mu
}

// New makes room for so many bytes.
func New(most int64) *Room { return &Room{most: most, tenants: map[*Tenant]bool{}} }

// Tenant is one holder. The nil Tenant has no bound.
type Tenant struct {
	room   *Room
	held   int64 // guarded by room.mu
	asked  bool  // guarded by room.mu; it is to give up some and has not yet
	giveUp func(bytes int64)
}

// Enter admits a holder. giveUp lets go of about so many bytes, at once or soon;
// it is called by whoever made the room too small, with no lock of the room held.
func (r *Room) Enter(giveUp func(bytes int64)) *Tenant {
	if r == nil {
		return nil
	}
	t := &Tenant{room: r, giveUp: giveUp}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tenants[t] = true
	return t
}

// Leave gives all back.
func (t *Tenant) Leave() {
	if t == nil {
		return
	}
	t.room.mu.Lock()
	defer t.room.mu.Unlock()
	if t.room.tenants[t] {
		delete(t.room.tenants, t)
		t.room.used -= t.held
	}
}

// Holds tells how much the holder holds now. It must not hold a lock that its
// giveUp takes.
func (t *Tenant) Holds(bytes int64) {
	if t == nil {
		return
	}
	if largest, bytes := t.room.note(t, bytes); largest != nil {
		largest.giveUp(bytes)
	}
}

// note tells who has to give up how much, if anybody has.
func (r *Room) note(t *Tenant, bytes int64) (largest *Tenant, giveUp int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.tenants[t] {
		return nil, 0
	}
	t.asked = t.asked && bytes >= t.held
	r.used += bytes - t.held
	t.held = bytes
	if r.used <= r.most {
		return nil, 0
	}
	if largest = r.largest(); largest.asked {
		return nil, 0
	}
	largest.asked = true
	return largest, r.used - r.most + r.most/16 // a sixteenth more, so as not to ask each time
}

// largest is who holds most. It expects r.mu to be held.
func (r *Room) largest() (most *Tenant) {
	for t := range r.tenants {
		if most == nil || t.held > most.held {
			most = t
		}
	}
	return most
}
