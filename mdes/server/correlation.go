package server

import "fmt"

// headerCorrelationID is on every answer, spelled as the wire spells it.
const headerCorrelationID = "correlation-id"

// correlationID is 16 hex digits, a dash, 7 hex digits (docs/wire/mdes.md "Hosts
// and paths"). After 268 million answers of one run the seven begin anew.
func (s *Server) correlationID() string {
	run, n := s.correlation.Next()
	return fmt.Sprintf("%s-%07x", run, n&0xfffffff)
}
