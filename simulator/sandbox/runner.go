package sandbox

import (
	"context"
	"time"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/simulator/callback"
)

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
	atOnce := maxSenders
	if s.clock.Mode() == clock.Manual {
		atOnce = 1
	}
	for s.senders.Acquire(ctx, 1) == nil {
		free := 1
		for free < atOnce && s.senders.TryAcquire(1) {
			free++
		}
		list, action := s.take(s.clock.Now(), free)
		s.senders.Release(int64(free - len(list)))
		if len(list) == 0 && !action {
			return
		}
		for i := range list {
			if done := s.dispatch(&list[i]); s.clock.Mode() == clock.Manual {
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

// take handles what is due first, at limit or before: a planned action is
// carried out, which is reported, or up to most deliveries are marked as being
// sent and returned. Marking many in one change keeps a crowd that falls due at
// once from paying for a change each.
func (s *Sandbox) take(limit time.Time, most int) (list []callback.Delivery, acted bool) {
	items, action := s.due(limit, most)
	if action != nil {
		s.carryOut(*action)
		return nil, true
	}
	if len(items) == 0 {
		return nil, false
	}
	err := s.commit(func(x *step) error {
		list = make([]callback.Delivery, 0, len(items))
		for _, it := range items {
			if d, _ := x.state.deliveries.Get(it.ID); d.State == callback.Scheduled && d.Seq == it.Seq {
				d.State = callback.Sending
				list = append(list, d)
			}
		}
		x.change.Deliveries = list
		return nil
	})
	if err != nil {
		s.complain("cannot take deliveries", err, "first", items[0].ID)
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, it := range items {
			s.state.schedule.Push(it)
		}
		return nil, false
	}
	return list, len(list) == 0 // all changed between being seen and being taken: look again
}

// due takes what falls due first off the schedule: one planned action or up to
// most deliveries.
func (s *Sandbox) due(limit time.Time, most int) (items []callback.Item, action *Planned) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(items) < most {
		it, ok := s.state.next()
		if !ok || it.Due.After(limit) {
			break
		}
		if it.ID == "" {
			if len(items) == 0 {
				p := s.state.planned[it.Seq]
				action = &p
			}
			break
		}
		items = append(items, s.state.schedule.Pop())
	}
	return items, action
}

// carryOut does a planned action. One that the token's status no longer allows
// is dropped with a word in the log.
func (s *Sandbox) carryOut(p Planned) {
	var refused error
	err := s.commit(func(x *step) error {
		if _, still := x.state.planned[p.Seq]; !still {
			return nil
		}
		if refused = x.act(*p.Action, p.Token, p.Card); refused != nil {
			x.tx = x.state.vault.Begin(x.world.ids, x.now)
			x.change = Change{At: x.now, Seq: x.state.seq}
		}
		x.change.Dropped = append(x.change.Dropped, p.Seq)
		return nil
	})
	s.complain("planned action failed", err, "action", p.Action.Do)
	if refused != nil {
		s.logger.Warn("planned action had no effect", "action", p.Action.Do, "cause", p.Cause, "why", refused)
	}
}

// quietPause is how long Quiet leaves the runner alone between two looks.
const quietPause = time.Millisecond

// Quiet waits until everything that is due by now has happened and its notices
// have been answered, or until ctx or the sandbox ends.
func (s *Sandbox) Quiet(ctx context.Context) error {
	ctx, cancel := s.within(ctx)
	defer cancel()
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
	s.complain("cannot give back a delivery", err, "delivery", d.ID)
}
