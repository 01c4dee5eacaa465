package server

import (
	"net/http"
	"strconv"

	"github.com/pantomime-dev/pantomime/vts"
)

// correlationID is 32 hex digits (docs/wire/vts.md "Transport").
func (s *Server) correlationID() string {
	run, n := s.correlation.Next()
	const zeros = "0000000000000000"
	count := strconv.FormatUint(n, 16)
	return run + zeros[len(count):] + count
}

// header starts an answer's header: the correlation id and, if the client gave
// a usable one, its request id.
func (s *Server) header(x http.Header) http.Header {
	h := http.Header{vts.HeaderCorrelationID: {s.correlationID()}}
	if id := x.Get(vts.HeaderRequestID); vts.ValidRequestID(id) {
		h[vts.HeaderRequestID] = []string{id}
	}
	return h
}
