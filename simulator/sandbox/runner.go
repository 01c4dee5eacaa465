package sandbox

import (
	"context"
	"errors"
	"time"

	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/simulator/clock"
)

// Start sets the runner going: it applies what is due and sends notices, on a
// manual clock too, where things fall due only when a request or an advance
// makes them. Stop ends it.
func (s *Sandbox) Start() {
	ctx, cancel := context.WithCancel(context.Background())
	s.runStop = cancel
	s.running.Go(func() { s.run(ctx) })
}

// Stop ends the runner and waits for notices under way until ctx ends; then
// they are given up.
func (s *Sandbox) Stop(ctx context.Context) {
	if s.runStop != nil {
		s.runStop()
	}
	if s.senders.Acquire(ctx, maxSenders) == nil {
		s.senders.Release(maxSenders)
	}
	s.sendStop()
	s.running.Wait()
}

func (s *Sandbox) run(ctx context.Context) {
	for ctx.Err() == nil {
		if s.driver.Acquire(ctx, 1) != nil {
			return
		}
		s.takeDue(ctx)
		s.driver.Release(1)
		if s.clock.Wait(ctx, s.nextDue(), s.wake) != nil {
			return
		}
	}
}

// takeDue handles everything that is due by now. On a manual clock notices go
// one after the other, so their order is the schedule's.
func (s *Sandbox) takeDue(ctx context.Context) {
	for ctx.Err() == nil {
		d, took := s.take(s.clock.Now())
		switch {
		case took == tookNothing:
			return
		case took == tookAction:
		case s.senders.Acquire(ctx, 1) != nil:
			s.giveBack(d)
			return
		default:
			done := s.dispatch(d)
			if s.clock.Mode() == clock.Manual {
				<-done
			}
		}
	}
}

func (s *Sandbox) nextDue() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	it, ok := s.state.next()
	if !ok {
		return time.Time{}
	}
	return it.Due
}

// errStale says that an item changed between being seen and being taken.
var errStale = errors.New("no longer due")

type took int

const (
	tookNothing took = iota
	tookAction
	tookDelivery
)

// take handles the first item due at limit or before: a planned action is
// carried out, a delivery is marked as being sent and returned.
func (s *Sandbox) take(limit time.Time) (callback.Delivery, took) {
	s.mu.Lock()
	it, ok := s.state.next()
	if !ok || it.Due.After(limit) {
		s.mu.Unlock()
		return callback.Delivery{}, tookNothing
	}
	p, isAction := s.state.planned[it.ID]
	s.mu.Unlock()
	if isAction {
		s.carryOut(p)
		return callback.Delivery{}, tookAction
	}
	var d callback.Delivery
	err := s.commit(func(x *step) error {
		if d, _ = x.state.deliveries.Get(it.ID); d.State != callback.Scheduled {
			return errStale
		}
		d.State = callback.Sending
		x.change.Deliveries = append(x.change.Deliveries, d)
		return nil
	})
	if errors.Is(err, errStale) {
		return callback.Delivery{}, tookAction
	}
	if err != nil {
		s.logger.Error("cannot take a delivery", "delivery", it.ID, "error", err)
		return callback.Delivery{}, tookNothing
	}
	return d, tookDelivery
}

// carryOut does a planned action. One that the token's status no longer allows
// is dropped with a word in the log.
func (s *Sandbox) carryOut(p Planned) {
	var refused error
	err := s.commit(func(x *step) error {
		if _, still := x.state.planned[p.ID]; !still {
			return nil
		}
		if refused = x.act(p.Action, p.Token, p.Card); refused != nil {
			x.tx = x.state.vault.Begin(x.world.ids, x.now)
			x.change = Change{At: x.now, Seq: x.state.seq}
		}
		x.change.Dropped = append(x.change.Dropped, p.ID)
		return nil
	})
	if err != nil {
		s.logger.Error("planned action failed", "action", p.Action.Do, "error", err)
	}
	if refused != nil {
		s.logger.Warn("planned action had no effect", "action", p.Action.Do, "cause", p.Cause, "why", refused)
	}
}

// dispatch sends a delivery in the background; the channel is closed when its
// outcome is recorded. The caller has acquired one unit of senders.
func (s *Sandbox) dispatch(d callback.Delivery) <-chan struct{} {
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer s.senders.Release(1)
		a := s.sender.Send(s.sendCtx, d, s.clock.Now(), s.script.Load().policy.Timeout)
		s.record(d.ID, a)
	}()
	return done
}

// record puts an attempt into its delivery's log and schedules a retry.
func (s *Sandbox) record(id string, a callback.Attempt) {
	err := s.commit(func(x *step) error {
		d, ok := x.state.deliveries.Get(id)
		if !ok {
			return nil
		}
		d = d.After(a, x.script.policy)
		if d.State == callback.Scheduled {
			d.Seq = x.nextSeq()
		}
		x.change.Deliveries = append(x.change.Deliveries, d)
		return nil
	})
	if err != nil {
		s.logger.Error("cannot record an attempt", "delivery", id, "error", err)
	}
}

// quietPause is how long Quiet leaves the runner alone between two looks.
const quietPause = time.Millisecond

// Quiet waits until everything that is due by now has happened and its notices
// have been answered, or until ctx ends.
func (s *Sandbox) Quiet(ctx context.Context) error {
	for {
		if err := s.driver.Acquire(ctx, 1); err != nil {
			return err
		}
		due := s.nextDue()
		idle := due.IsZero() || due.After(s.clock.Now())
		if idle {
			if err := s.senders.Acquire(ctx, maxSenders); err != nil {
				s.driver.Release(1)
				return err
			}
			s.senders.Release(maxSenders)
		}
		s.driver.Release(1)
		if idle {
			return nil
		}
		s.poke()
		if err := s.wall.Sleep(ctx, quietPause); err != nil {
			return err
		}
	}
}

// giveBack returns a delivery that could not be sent to the schedule.
func (s *Sandbox) giveBack(d callback.Delivery) {
	err := s.commit(func(x *step) error {
		d.State, d.Seq = callback.Scheduled, x.nextSeq()
		x.change.Deliveries = append(x.change.Deliveries, d)
		return nil
	})
	if err != nil {
		s.logger.Error("cannot give back a delivery", "delivery", d.ID, "error", err)
	}
}
