package sandbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/simulator/callback"
)

// ErrClockBusy says that another advance is in progress in the sandbox.
var ErrClockBusy = errors.New("another advance is in progress; wait for it, or ask again later")

// Settlement says how an advance ended.
type Settlement struct {
	From    time.Time
	Now     time.Time // the time of the clock
	Settled bool
	Why     string // when not settled
	Actions int    // planned actions carried out
	Sent    int    // delivery attempts made
	Left    int    // deliveries still pending, later retries included
}

// Advance moves the clock by d; see [Sandbox.AdvanceTo].
func (s *Sandbox) Advance(ctx context.Context, d, timeout time.Duration) (Settlement, error) {
	if d < 0 {
		return Settlement{}, clock.ErrBackwards
	}
	return s.AdvanceTo(ctx, s.clock.Now().Add(d), timeout)
}

// AdvanceTo moves the clock to an instant, stopping at each due one on the way:
// what is due then happens, its notices go out in (due, sequence) order and
// are waited for, retries are scheduled, and so on. Requests that arrive
// meanwhile are served at the instant that the clock shows, and it waits for what
// issuers are asked outside; no lock is held while a notice is on its way. After
// timeout of wall time it returns with
// Settled false and the rest goes on by itself. The error is ErrClockBusy, the
// clock's ErrBackwards or an ErrEnded.
func (s *Sandbox) AdvanceTo(ctx context.Context, target time.Time, timeout time.Duration) (Settlement, error) {
	if !s.runner.advancing.CompareAndSwap(false, true) {
		return Settlement{}, ErrClockBusy
	}
	defer s.runner.advancing.Store(false)
	result := Settlement{From: s.clock.Now()}
	if target.Before(result.From) && s.clock.Mode() == clock.Manual {
		return result, fmt.Errorf("%w: it is at %s", clock.ErrBackwards, result.From.Format(time.RFC3339))
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	ctx, leave := s.within(ctx)
	defer leave()

	err := s.runner.settle(ctx, target, &result)
	if over := s.ended(); over != nil {
		return result, over
	}
	s.mu.Lock()
	result.Left = s.state.deliveries.Pending()
	s.mu.Unlock()
	result.Now, result.Settled = s.clock.Now(), err == nil
	if err != nil {
		result.Why = err.Error()
	}
	return result, nil
}

func (r *runner) settle(ctx context.Context, target time.Time, result *Settlement) error {
	if err := r.driver.Acquire(ctx, 1); err != nil {
		return r.outOfTime()
	}
	defer func() {
		r.driver.Release(1)
		r.poke()
	}()
	if err := r.senders.Acquire(ctx, maxSenders); err != nil {
		return r.outOfTime()
	}
	r.senders.Release(maxSenders)

	r.restless.Store(false)
	for at := r.box.clock.Now(); ; {
		if err := r.box.answered(ctx); err != nil {
			return err
		}
		due, err := r.nextTaken(ctx)
		if err != nil {
			return errOutOfTime
		}
		if due.IsZero() || due.After(target) {
			return r.moveTo(target)
		}
		if due.After(at) {
			at = due
			if err := r.box.clock.Set(due); err != nil {
				return err
			}
		}
		if err := r.oneDue(ctx, at, result); err != nil {
			return err
		}
		if r.restless.Load() {
			return errRestless
		}
	}
}

// moveTo moves the clock to where nothing happens, which is a change as well:
// every other one reports the time by itself.
func (r *runner) moveTo(target time.Time) error {
	if !target.After(r.box.clock.Now()) {
		return nil
	}
	if err := r.box.clock.Set(target); err != nil {
		return err
	}
	return r.box.commit(func(*step) error { return nil })
}

// errOutOfTime says why an advance ended when no notice keeps it waiting.
var errOutOfTime = errors.New("out of time")

// outOfTime says what an advance waited for before it moved the clock.
func (r *runner) outOfTime() error {
	r.box.mu.Lock()
	defer r.box.mu.Unlock()
	if r.box.state.deliveries.Count(callback.Sending) > 0 {
		return errors.New("notices sent earlier are still waiting for an answer")
	}
	return errOutOfTime
}

// oneDue handles one due item and, if it is a notice, waits for its answer.
func (r *runner) oneDue(ctx context.Context, at time.Time, result *Settlement) error {
	if ctx.Err() != nil || r.senders.Acquire(ctx, 1) != nil {
		return errOutOfTime
	}
	if r.taking.Acquire(ctx, 1) != nil {
		r.senders.Release(1)
		return errOutOfTime
	}
	defer r.taking.Release(1)
	list, acted := r.take(at, 1, true)
	if len(list) == 0 {
		r.senders.Release(1)
		if acted {
			result.Actions++
		}
		return nil
	}
	d := &list[0]
	result.Sent++
	if !r.await(ctx, d, r.dispatch(d)) {
		return fmt.Errorf("no answer yet to delivery %s (%s for %s)", d.ID, d.Event.Type, d.Event.Requestor)
	}
	return nil
}
