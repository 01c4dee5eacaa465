package server

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"sync/atomic"
)

// headerCorrelationID is on every answer, spelled as the wire spells it.
const headerCorrelationID = "correlation-id"

// correlation makes the ids by which support finds an answer again: 16 hex
// digits, a dash, 7 hex digits (docs/wire/mdes.md "Hosts and paths"). They are
// unique over all sandboxes and restarts, so they are drawn, not derived; no
// journal compares them.
type correlation struct {
	run  string // 16 hex digits, drawn when the face is made
	last *atomic.Uint64
}

func newCorrelation() correlation {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return correlation{hex.EncodeToString(b[:]), new(atomic.Uint64)}
}

// next counts through the seven digits; after 268 million answers of one run
// it begins anew.
func (c correlation) next() string { return fmt.Sprintf("%s-%07x", c.run, c.last.Add(1)&0xfffffff) }
