package face

import (
	"crypto/sha256"
	"sync"
	"time"
)

// Replays remembers what of one caller must not come twice, for as long as it
// could be used again. It may be used by several goroutines at once, and is kept
// with what [World.Ready] keeps, so that it ends with its world.
type Replays struct {
	most int

	mu    sync.Mutex
	known map[[sha256.Size]byte]struct{} // guarded by mu; digests, for what a caller sends may be long
	order []sighting                     // guarded by mu; in the order in which they came
}

type sighting struct {
	what [sha256.Size]byte
	at   time.Time
}

// NewReplays makes a memory that forgets the oldest beyond a number; 0 is no
// limit.
func NewReplays(most int) *Replays {
	return &Replays{most: most, known: map[[sha256.Size]byte]struct{}{}}
}

// Again notes a text and reports whether it was noted before. at is the instant
// by which [Replays.Forget] judges it.
func (m *Replays) Again(text string, at time.Time) bool {
	what := sha256.Sum256([]byte(text))
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, before := m.known[what]; before {
		return true
	}
	if m.most > 0 && len(m.order) == m.most {
		m.drop()
	}
	m.known[what] = struct{}{}
	m.order = append(m.order, sighting{what, at})
	return false
}

// Forget drops what is older than an instant, as far as it came first.
func (m *Replays) Forget(before time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for len(m.order) > 0 && m.order[0].at.Before(before) {
		m.drop()
	}
}

// drop expects m.mu to be held.
func (m *Replays) drop() {
	delete(m.known, m.order[0].what)
	m.order = m.order[1:]
}
