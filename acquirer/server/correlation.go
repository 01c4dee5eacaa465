package server

import (
	"fmt"
	"net/http"
)

// Stamp is the header of every answer, which support finds it again by.
func (r *request) Stamp() http.Header {
	run, n := r.server.correlation.Next()
	return http.Header{"X-Correlation-Id": {fmt.Sprintf("%s%016x", run, n)}}
}
