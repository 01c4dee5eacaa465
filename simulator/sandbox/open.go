package sandbox

import (
	"context"
	"errors"
	"fmt"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/simulator/callback"
)

// ErrLog says that a log is not that of a sandbox.
var ErrLog = errors.New("not the log of a sandbox")

// Open goes on with a sandbox as its log tells it; Start sets it going. Of the
// options, ID, Seed, Clock, Scenario and Notify count for nothing: they stand in
// the first change. Notices that were under way leave once more.
//
// Whoever opens a sandbox owns it: with one change it takes over, and whatever a
// former owner would still do fails as ErrSuperseded.
func Open(o Options) (*Sandbox, error) {
	var s *Sandbox
	err := o.Log.Read(o.LogName, 0, func(c Change) (err error) {
		if s == nil {
			s, err = first(o, c)
		}
		if err == nil {
			err = s.refold(c)
		}
		return err
	})
	if err == nil && s == nil {
		err = fmt.Errorf("%w: %q holds nothing", ErrLog, o.LogName)
	}
	if err != nil {
		return nil, err
	}
	s.clock = clock.Restore(o.Wall, s.clock.Mode(), s.state.at, s.state.offset)
	s.epoch = s.state.epoch + 1
	return s, s.commit((*step).takeOver)
}

// first builds a sandbox as its first change says.
func first(o Options, c Change) (*Sandbox, error) {
	if c.Begin == nil || c.Scenario == nil {
		return nil, fmt.Errorf("%w: %q does not begin with one", ErrLog, o.LogName)
	}
	o.ID, o.Seed, o.Notify, o.Scenario = c.Begin.ID, c.Begin.Seed, c.Begin.Notify, *c.Scenario
	s, err := build(o)
	if err == nil {
		s.clock = clock.Restore(o.Wall, c.Begin.Mode, c.At, c.Offset)
	}
	return s, err
}

// refold folds a change that was read.
func (s *Sandbox) refold(c Change) error {
	if c.Number != s.state.number+1 {
		return fmt.Errorf("%w: change %d follows change %d", ErrLog, c.Number, s.state.number)
	}
	s.fold(c)
	return nil
}

// takeOver is the first change of an owner. What was under way to receivers
// when the former one left is due again, in its old place: nobody knows whether
// it arrived.
func (x *step) takeOver() error {
	for _, d := range x.state.deliveries.List(func(d callback.Delivery) bool { return d.State == callback.Sending }) {
		d.State = callback.Scheduled
		x.change.Progress = append(x.change.Progress, d.Progress(false))
	}
	return nil
}

// Reopen goes on with a sandbox as its log tells it, in the place of the one
// that is there, as another owner would. The log must keep its history. The
// journal, which is not in the log, is handed on.
func (f *Factory) Reopen(id string) (*Sandbox, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	old, err := f.shared.Registry.Find(id)
	if err != nil {
		return nil, err
	}
	box, err := Open(Options{
		LogName: old.LogName(), Wall: f.shared.Wall, Log: f.log, Sender: f.shared.Sender, Logger: f.shared.Logger, Journal: old.Journal(),
	})
	if err != nil {
		return nil, err
	}
	if _, err := f.shared.Registry.Replace(box); err != nil {
		return nil, err
	}
	box.Start()
	f.leaving.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), endGrace)
		defer cancel()
		old.Stop(ctx)
	})
	return box, nil
}
