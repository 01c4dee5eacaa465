package server

import (
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"strconv"
	"sync/atomic"

	"github.com/pantomime-dev/pantomime/vts"
)

// correlation makes the ids by which support finds an answer again. They are
// unique over all sandboxes and restarts, so they are drawn, not derived; no
// journal compares them (docs/wire/vts.md "Transport").
type correlation struct {
	run  string // 16 hex digits, drawn when the face is made
	last *atomic.Uint64
}

func newCorrelation() correlation {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return correlation{hex.EncodeToString(b[:]), new(atomic.Uint64)}
}

// next gives 32 hex digits.
func (c correlation) next() string {
	n := strconv.FormatUint(c.last.Add(1), 16)
	const zeros = "0000000000000000"
	return c.run + zeros[len(n):] + n
}

// header starts an answer's header: the correlation id and, if the client gave
// a usable one, its request id.
func (s *Server) header(x http.Header) http.Header {
	h := http.Header{vts.HeaderCorrelationID: {s.correlation.next()}}
	if id := x.Get(vts.HeaderRequestID); vts.ValidRequestID(id) {
		h[vts.HeaderRequestID] = []string{id}
	}
	return h
}
