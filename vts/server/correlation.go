package server

import (
	"net/http"
	"strconv"

	"github.com/pantomime-dev/pantomime/vts"
)

// correlationID is 32 hex digits (docs/wire/vts.md "Transport").
func (s *Server) correlationID() string {
	run, n := s.Correlation.Next()
	const zeros = "0000000000000000"
	count := strconv.FormatUint(n, 16)
	return run + zeros[len(count):] + count
}

// Stamp starts an answer's header: the correlation id and, if the client gave a
// usable one, its request id.
func (r *request) Stamp() http.Header {
	h := http.Header{vts.HeaderCorrelationID: {r.server.correlationID()}}
	if id := r.In.Header.Get(vts.HeaderRequestID); vts.ValidRequestID(id) {
		h[vts.HeaderRequestID] = []string{id}
	}
	return h
}
