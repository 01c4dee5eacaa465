package server

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/pantomime-dev/pantomime/mdes"
)

// correlationID is 16 hex digits, a dash, 7 hex digits (docs/wire/mdes.md "Hosts
// and paths"). After 268 million answers of one run the seven begin again.
func (s *Server) correlationID() string {
	run, n := s.Correlation.Next()
	const digits = 7
	count := strconv.FormatUint(n&(1<<(4*digits)-1), 16)
	return run + "-" + strings.Repeat("0", digits-len(count)) + count
}

// Stamp starts an answer's header: the correlation id.
func (r *request) Stamp() http.Header {
	return http.Header{mdes.HeaderCorrelationID: {r.server.correlationID()}}
}
