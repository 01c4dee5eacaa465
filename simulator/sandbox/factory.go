package sandbox

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/seed"
	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/simulator/journal"
	"github.com/pantomime-dev/pantomime/simulator/quota"
	"github.com/pantomime-dev/pantomime/simulator/store"
	"github.com/pantomime-dev/pantomime/token"
)

// maxSandboxes bounds how many exist at once.
const maxSandboxes = 2000

// maxTogether is how many bytes the journals of all sandboxes take, and their
// notices, by default.
const maxTogether = 256 << 20

// maxStories is how many bytes the stories of all sandboxes take by default.
const maxStories = 64 << 20

// Shared is what all sandboxes of a process have in common.
type Shared struct {
	Registry *Registry
	Sender   *callback.Sender
	Wall     clock.Wall
	Logger   *slog.Logger
	Log      store.Log[Change] // nil: one in memory, without history
	Keyrings []Keyring         // of each face that requestors have credentials at
	Proofs   []Proof           // of each network whose cryptograms can pay
	Masks    *journal.Masks
	Hears    func(box, account string, n token.Network) string // where accounts hear the networks; nil for nowhere

	JournalCap int           // bytes of each journal; 0: journal.DefaultCap
	Journals   int64         // bytes of the journals of all sandboxes; 0: 256 MiB
	Notices    int64         // bytes of their notices; 0: 256 MiB
	Stories    int64         // bytes of their stories; 0: 64 MiB
	MaxObjects int           // cards, enrolments and tokens of a sandbox, of each; 0: DefaultMaxObjects
	EndGrace   time.Duration // how long notices in progress may take when their sandbox is removed; 0: 2 s
}

// Factory makes, resets and ends sandboxes. It is safe for concurrent use.
type Factory struct {
	shared   Shared
	log      store.Log[Change]
	journals *quota.Quota
	notices  *quota.Quota
	stories  *quota.Quota

	mu     sync.Mutex
	plans  map[string]plan // guarded by mu; how each sandbox was made
	hurry  context.Context // ends when nothing that is ending may take any longer
	cut    context.CancelFunc
	ending sync.WaitGroup // sandboxes whose deliveries are being cut; added to with mu held
	made   uint64         // guarded by mu; sandboxes made so far
	unused uint64         // guarded by mu; for ids that were not chosen
}

// plan is all that makes a sandbox what it is at its beginning.
type plan struct {
	id       string
	seed     uint64
	mode     clock.Mode
	start    time.Time
	scenario scenarios.Scenario
	notify   string
}

// NewFactory makes a factory.
func NewFactory(s Shared) *Factory {
	if s.Log == nil {
		s.Log = store.NewMemory[Change](0)
	}
	s.EndGrace = cmp.Or(s.EndGrace, 2*time.Second)
	f := &Factory{
		shared: s, log: s.Log, plans: map[string]plan{},
		journals: quota.New(cmp.Or(s.Journals, maxTogether)), notices: quota.New(cmp.Or(s.Notices, maxTogether)),
		stories: quota.New(cmp.Or(s.Stories, maxStories)),
	}
	f.hurry, f.cut = context.WithCancel(context.Background())
	return f
}

// Create makes a sandbox and sets it going. Empty members of the request take
// the scenario's word, then the defaults; an empty id gets one that is free.
func (f *Factory) Create(r Request) (*Sandbox, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.plans) >= maxSandboxes {
		return nil, fmt.Errorf("%w: %d exist", ErrTooMany, len(f.plans))
	}
	if r.ID == "" {
		r.ID = f.freeID()
	}
	p := plan{
		id: r.ID, seed: cmp.Or(r.Seed, r.Scenario.Seed, seed.Default), scenario: r.Scenario, notify: r.Notify,
		mode: cmp.Or(r.Mode, clock.Mode(r.Scenario.Clock.Mode), clock.System), start: r.Start,
	}
	if p.start.IsZero() {
		p.start = p.scenario.Clock.Start
	}
	if p.start.IsZero() {
		p.start = f.shared.Wall.Now().UTC().Truncate(time.Second)
	}
	box, err := f.build(p)
	if err != nil {
		return nil, err
	}
	if err := f.shared.Registry.Add(box); err != nil {
		return nil, err
	}
	f.plans[p.id] = p
	box.Start()
	return box, nil
}

// freeID counts up to an id that was not chosen. It expects f.mu to be held.
func (f *Factory) freeID() string {
	for {
		f.unused++
		id := "box-" + strconv.FormatUint(f.unused, 10)
		if _, taken := f.plans[id]; !taken {
			return id
		}
	}
}

// build expects f.mu to be held.
func (f *Factory) build(p plan) (*Sandbox, error) {
	f.made++
	c := clock.NewSystem(f.shared.Wall)
	if p.mode == clock.Manual {
		c = clock.NewManual(f.shared.Wall, p.start)
	}
	return New(Options{
		ID: p.id, LogName: p.id + "#" + strconv.FormatUint(f.made, 10), Seed: p.seed, Clock: c, Scenario: p.scenario, Notify: p.notify, Hears: f.shared.Hears,
		Wall: f.shared.Wall, Log: f.log, Sender: f.shared.Sender, Logger: f.shared.Logger, Keyrings: f.shared.Keyrings,
		Proofs: f.shared.Proofs, Masks: f.shared.Masks, JournalCap: f.shared.JournalCap, Journals: f.journals, Notices: f.notices,
		Stories: f.stories, MaxObjects: f.shared.MaxObjects,
	})
}

// Reset puts a sandbox back to its beginning: same id, seed, credentials and
// scenario, nothing else. With a scenario it begins with that one. Notices under
// way in the former one get a moment to finish; no call waits for it.
func (f *Factory) Reset(id string, with *scenarios.Scenario) (*Sandbox, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	p, ok := f.plans[id]
	if !ok {
		return nil, fmt.Errorf("%q: %w", id, ErrNoSandbox)
	}
	if with != nil {
		p.scenario = *with
	}
	box, err := f.build(p)
	if err != nil {
		return nil, err
	}
	old, err := f.shared.Registry.Replace(box)
	if err != nil {
		return nil, err
	}
	f.plans[id] = p
	box.Start()
	f.end(old)
	return box, nil
}

// Delete ends a sandbox. Notices in progress get a moment to finish; the call
// does not wait for it.
func (f *Factory) Delete(id string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if id == Default {
		return ErrDefault
	}
	old, err := f.shared.Registry.Remove(id)
	if err != nil {
		return err
	}
	delete(f.plans, id)
	f.end(old)
	return nil
}

// end forgets a sandbox that cannot be found any more. Its notices are cut in the
// background. It expects f.mu to be held.
func (f *Factory) end(s *Sandbox) {
	f.log.Drop(s.LogName()) // it has ended and is not written again
	s.Journal().Leave()
	f.leave(s)
}

// leave cuts the notices of a sandbox in the background. It expects f.mu to be
// held.
func (f *Factory) leave(s *Sandbox) {
	f.ending.Go(func() {
		ctx, cancel := context.WithTimeout(f.hurry, f.shared.EndGrace)
		defer cancel()
		s.Stop(ctx)
	})
}

// Stop ends every sandbox, and waits for those that were removed before. Notices
// that are due leave until begin ends; those in progress then are waited for until
// end. It says what is left of those of all sandboxes.
func (f *Factory) Stop(begin, end context.Context) Left {
	defer context.AfterFunc(end, f.cut)()
	boxes := f.shared.Registry.All()
	lefts := make([]Left, len(boxes))
	var all sync.WaitGroup
	for i, box := range boxes {
		all.Go(func() { lefts[i] = box.drain(begin, end) })
	}
	all.Wait()
	f.Wait()
	var sum Left
	for _, l := range lefts {
		sum.Due, sum.Unanswered = sum.Due+l.Due, sum.Unanswered+l.Unanswered
	}
	return sum
}

// Wait returns when all that was removed so far has ended. Nothing is made or
// removed meanwhile.
func (f *Factory) Wait() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ending.Wait()
}
