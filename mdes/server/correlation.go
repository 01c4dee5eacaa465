package server

import "encoding/hex"

// headerCorrelationID is on every answer, spelled as the wire spells it.
const headerCorrelationID = "correlation-id"

// correlationID is 16 hex digits, a dash, 7 hex digits (docs/wire/mdes.md "Hosts
// and paths"). After 268 million answers of one run the seven begin anew.
func (s *Server) correlationID() string {
	run, n := s.correlation.Next()
	var room [32]byte
	digits := [4]byte{byte(n >> 24 & 0xf), byte(n >> 16), byte(n >> 8), byte(n)}
	text := hex.AppendEncode(append(room[:0], run...), digits[:])
	text[len(run)] = '-' // in the place of the first of eight digits, which is 0
	return string(text)
}
