package server

import (
	"fmt"
	"net/http"

	"github.com/pantomime-dev/pantomime/acquirer"
)

// Stamp is the header of every answer, which support finds it again by.
func (r *request) Stamp() http.Header {
	run, n := r.server.Correlation.Next()
	return http.Header{acquirer.HeaderCorrelationID: {fmt.Sprintf("%s%016x", run, n)}}
}
