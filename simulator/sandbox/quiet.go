package sandbox

import (
	"context"
	"sync"
	"time"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/simulator/callback"
)

// quietPause is how long the runner is left alone between two looks.
const quietPause = time.Millisecond

// Idle waits until everything that is due by now has happened: notices and what
// issuers were asked outside have been answered, and work is done. It ends early
// when ctx or the sandbox ends.
func (s *Sandbox) Idle(ctx context.Context) error { return s.until(ctx, s.runner.idle) }

// Quiet is [Sandbox.Idle] without the work that goes on: what waits here is an
// answer, and work may wait for just that answer.
func (s *Sandbox) Quiet(ctx context.Context) error { return s.until(ctx, s.runner.told) }

// until looks again and again.
func (s *Sandbox) until(ctx context.Context, reached func(context.Context) (bool, error)) error {
	ctx, cancel := s.within(ctx)
	defer cancel()
	for {
		done, err := reached(ctx)
		if err == nil && !done {
			s.runner.poke()
			err = s.wall.Sleep(ctx, quietPause)
		}
		if over := s.ended(); over != nil {
			return over
		}
		if done || err != nil {
			return err
		}
	}
}

// idle reports whether nothing is due by now. It then has waited for the notices,
// inquiries and work in progress.
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
	due, err := r.nextTaken(ctx) // one that waited for another of its token may follow now
	return due.IsZero() || due.After(r.box.clock.Now()), err
}

// told reports whether no notice is due by now and none is in progress.
func (r *runner) told(ctx context.Context) (bool, error) {
	if err := r.box.answered(ctx); err != nil {
		return false, ctx.Err()
	}
	if err := r.taking.Acquire(ctx, 1); err != nil {
		return false, err
	}
	defer r.taking.Release(1)
	if r.working.Load() > 0 {
		r.tell()
	} else if due := r.nextDue(); !due.IsZero() && !due.After(r.box.clock.Now()) {
		return false, nil
	}
	r.box.mu.Lock()
	defer r.box.mu.Unlock()
	return r.box.state.deliveries.Count(callback.Sending) <= int(r.working.Load()), nil
}

// tell sends the notices that are due, and carries out what is planned, while work
// keeps the driver or the senders.
func (r *runner) tell() {
	atOnce := r.atOnce()
	for {
		list, acted := r.take(r.box.clock.Now(), atOnce, false)
		if len(list) == 0 && !acted {
			return
		}
		var sending sync.WaitGroup
		for i := range list {
			sending.Go(func() { r.record(attempted{list[i].ID, r.try(&list[i])}) })
		}
		sending.Wait()
	}
}

// atOnce is how many notices may be on their way: on a manual clock they go one
// after the other, so that their order is the schedule's.
func (r *runner) atOnce() int {
	if r.box.clock.Mode() == clock.Manual {
		return 1
	}
	return maxSenders
}
