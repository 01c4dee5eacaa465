package harness

import (
	"context"
	"errors"
	"net"
	"sync/atomic"
)

// mostSilence is how many calls in a row may go without an answer in time. A
// suite makes many: with each waited for, a run against a target that accepts
// and never answers would take hours.
const mostSilence = 3

// silence counts the calls in a row that were not answered in time.
type silence struct{ calls atomic.Int64 }

// hear counts how a call ended. One that was refused or broken off has ended
// quickly, and is no silence.
func (s *silence) hear(err error) {
	if tooLate(err) {
		s.calls.Add(1)
		return
	}
	s.calls.Store(0)
}

// lasts says that no answer is to be waited for any more.
func (s *silence) lasts() bool { return s.calls.Load() >= mostSilence }

func tooLate(err error) bool {
	var late net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &late) && late.Timeout()
}

// mustAnswer goes before every check: it could not run where the target has
// fallen silent.
func (c *Config) mustAnswer() {
	if c.mute.lasts() {
		CouldNotRun("the target did not answer %d requests in a row, each within %s", mostSilence, c.Target.Timeouts.CallTime())
	}
}
