package sandbox

import (
	"errors"
	"fmt"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/simulator/callback"
)

// ErrLog says that a log is not that of a sandbox.
var ErrLog = errors.New("not the log of a sandbox")

// read folds a log into a sandbox that is not its owner yet.
func read(o Options) (s *Sandbox, err error) {
	err = o.Log.Read(o.LogName, 0, func(c Change) (err error) {
		if s == nil {
			s, err = first(o, c)
		}
		if err == nil {
			err = s.refold(c)
		}
		return err
	})
	switch {
	case err != nil:
		return nil, err
	case s == nil:
		return nil, fmt.Errorf("%w: %q holds nothing", ErrLog, o.LogName)
	}
	s.clock = clock.Restore(o.Wall, s.clock.Mode(), s.state.at, s.state.offset)
	s.epoch = s.state.epoch + 1
	return s, nil
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

// takeOver is the first change of an owner.
func (s *Sandbox) takeOver() error {
	return s.commit(func(x *step) error {
		s.inherited = x.inherit()
		x.sendAgain()
		return nil
	})
}

// sendAgain makes due again, in its old place, what was in progress to receivers
// when the former owner left: it is unknown whether
// it arrived.
func (x *step) sendAgain() {
	for at := x.state.deliveries.Made(); at > 0; {
		var page []*callback.Delivery
		page, at = x.state.deliveries.Between(0, at)
		for _, d := range page {
			if d.State == callback.Sending {
				again := *d
				again.State = callback.Scheduled
				x.change.Progress = append(x.change.Progress, again.Progress())
			}
		}
	}
}

// Reopen goes on with a sandbox as its log has it, in the place of the one
// that is there, as another owner would. The log must keep its history. The
// journal, which is not in the log, is handed on.
func (f *Factory) Reopen(id string) (*Sandbox, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	old, err := f.shared.Registry.Find(id)
	if err != nil {
		return nil, err
	}
	box, err := read(Options{
		LogName: old.LogName(), Hears: f.shared.Hears, Wall: f.shared.Wall, Log: f.log, Sender: f.shared.Sender, Logger: f.shared.Logger, Keyrings: f.shared.Keyrings,
		Journal: old.Journal(), Masks: f.shared.Masks, Proofs: f.shared.Proofs, JournalCap: f.shared.JournalCap, Journals: f.journals, Notices: f.notices,
		Stories: f.stories, MaxObjects: f.shared.MaxObjects,
	})
	if err != nil {
		return nil, err
	}
	if err := f.shared.Registry.succeed(old, box); err != nil {
		return nil, err
	}
	box.Start()
	f.leave(old)
	return box, nil
}

// succeed lets a sandbox take over from a former owner. Whoever looks for it
// meanwhile waits, and finds the next owner.
func (r *Registry) succeed(old, next *Sandbox) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.byID[old.ID()] != old {
		return fmt.Errorf("%q: %w", old.ID(), ErrNoSandbox)
	}
	old.next.Store(next) // before anybody is superseded
	if err := next.takeOver(); err != nil {
		old.next.Store(nil)
		return err
	}
	r.remove(old)
	r.add(next)
	old.mu.Lock()
	defer old.mu.Unlock()
	old.end(ErrSuperseded)
	return nil
}
