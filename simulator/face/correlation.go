package face

import (
	"crypto/rand"
	"encoding/hex"
	"sync/atomic"
)

// Correlation numbers the answers of a face, so that support finds each again.
// The numbers are unique over all sandboxes and restarts, so they are drawn, not
// derived; no journal compares them. How they are written is the face's. It may
// be used by several goroutines at once.
type Correlation struct {
	run  string
	last atomic.Uint64
}

// NewCorrelation draws what distinguishes this run from all others.
func NewCorrelation() *Correlation {
	var b [8]byte
	_, _ = rand.Read(b[:])             // never fails
	for _, i := range [...]int{3, 7} { // a letter at the end of each half: no number looks like a card's, which would be masked
		b[i] = b[i]&0xf0 | (0xa + b[i]%6)
	}
	return &Correlation{run: hex.EncodeToString(b[:])}
}

// Next is the run, 16 hex digits, and the number of one more answer.
func (c *Correlation) Next() (run string, n uint64) { return c.run, c.last.Add(1) }
