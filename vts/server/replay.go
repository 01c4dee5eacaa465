package server

import (
	"sync"
	"time"

	"github.com/pantomime-dev/pantomime/vts"
)

// seen remembers the x-pay-tokens of one requestor for as long as they could be
// used again: a timestamp may lie a whole window ahead
// (docs/wire/vts.md "Authentication"). It is asked only where a scenario
// switches it on.
type seen struct {
	mu     sync.Mutex
	tokens map[string]struct{} // guarded by mu
	order  []sighting          // guarded by mu; oldest first
}

type sighting struct {
	token string
	at    time.Time
}

func newSeen() *seen { return &seen{tokens: map[string]struct{}{}} }

// again notes a token and reports whether it was noted before.
func (s *seen) again(payToken string, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.order) > 0 && now.Sub(s.order[0].at) > 2*vts.Window {
		delete(s.tokens, s.order[0].token)
		s.order = s.order[1:]
	}
	if _, before := s.tokens[payToken]; before {
		return true
	}
	s.tokens[payToken] = struct{}{}
	s.order = append(s.order, sighting{payToken, now})
	return false
}
