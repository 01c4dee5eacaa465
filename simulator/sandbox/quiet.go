package sandbox

import (
	"context"
	"time"
)

// quietPause is how long Quiet leaves the runner alone between two looks.
const quietPause = time.Millisecond

// Quiet waits until everything that is due by now has happened, its notices and
// what issuers were asked outside have been answered, or until ctx or the sandbox ends.
func (s *Sandbox) Quiet(ctx context.Context) error {
	ctx, cancel := s.within(ctx)
	defer cancel()
	for {
		idle, err := s.runner.idle(ctx)
		if err == nil && !idle {
			s.runner.poke()
			err = s.wall.Sleep(ctx, quietPause)
		}
		if over := s.ended(); over != nil {
			return over
		}
		if idle || err != nil {
			return err
		}
	}
}

// idle reports whether nothing is due by now. It then has waited for the notices
// and inquiries in progress.
func (r *runner) idle(ctx context.Context) (bool, error) {
	if err := r.driver.Acquire(ctx, 1); err != nil {
		return false, err
	}
	defer r.driver.Release(1)
	if err := r.senders.Acquire(ctx, maxSenders); err != nil {
		return false, err
	}
	r.senders.Release(maxSenders)
	if err := r.box.answered(ctx); err != nil {
		return false, ctx.Err()
	}
	due := r.nextDue() // one that waited for another of its token may follow now
	return due.IsZero() || due.After(r.box.clock.Now()), nil
}
