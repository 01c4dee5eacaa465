package simulator

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/simulator/clock"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/simulator/seed"
	"github.com/pantomime-dev/pantomime/simulator/store"
)

// maxSandboxes bounds how many exist at once.
const maxSandboxes = 2000

// house makes, resets and ends sandboxes. All share a sender and a log.
type house struct {
	options  Options
	registry *sandbox.Registry
	sender   *callback.Sender
	log      store.Log[sandbox.Change]

	mu     sync.Mutex
	plans  map[string]plan // guarded by mu; how each sandbox was made
	made   uint64          // guarded by mu; sandboxes made so far
	unused uint64          // guarded by mu; for ids nobody chose
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

func newHouse(o Options, registry *sandbox.Registry, sender *callback.Sender) *house {
	return &house{options: o, registry: registry, sender: sender, log: store.NewMemory[sandbox.Change](0), plans: map[string]plan{}}
}

// Create makes a sandbox and sets it going. Empty members of the request take
// the scenario's word, then the defaults; an empty id gets one that is free.
func (h *house) Create(r sandbox.Request) (*sandbox.Sandbox, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.plans) >= maxSandboxes {
		return nil, fmt.Errorf("%w: %d exist", sandbox.ErrTooMany, len(h.plans))
	}
	if r.ID == "" {
		r.ID = h.freeID()
	}
	p := plan{
		id: r.ID, seed: cmp.Or(r.Seed, r.Scenario.Seed, seed.Default), scenario: r.Scenario, notify: r.Notify,
		mode: cmp.Or(r.Mode, clock.Mode(r.Scenario.Clock.Mode), clock.System), start: r.Start,
	}
	if p.start.IsZero() {
		p.start = p.scenario.Clock.Start
	}
	if p.start.IsZero() {
		p.start = h.options.Wall.Now().UTC().Truncate(time.Second)
	}
	box, err := h.build(p)
	if err != nil {
		return nil, err
	}
	if err := h.registry.Add(box); err != nil {
		return nil, err
	}
	h.plans[p.id] = p
	box.Start()
	return box, nil
}

// freeID counts up to an id that nobody chose. It expects h.mu to be held.
func (h *house) freeID() string {
	for {
		h.unused++
		id := "box-" + strconv.FormatUint(h.unused, 10)
		if _, taken := h.plans[id]; !taken {
			return id
		}
	}
}

// build expects h.mu to be held.
func (h *house) build(p plan) (*sandbox.Sandbox, error) {
	h.made++
	c := clock.NewSystem(h.options.Wall)
	if p.mode == clock.Manual {
		c = clock.NewManual(h.options.Wall, p.start)
	}
	return sandbox.New(sandbox.Options{
		ID: p.id, LogName: p.id + "#" + strconv.FormatUint(h.made, 10), Seed: p.seed, Clock: c, Scenario: p.scenario, Notify: p.notify,
		Wall: h.options.Wall, Log: h.log, Sender: h.sender, Logger: h.options.Logger,
	})
}

// Reset puts a sandbox back to its beginning: same id, seed, credentials and
// scenario, nothing else. With a scenario it begins with that one.
func (h *house) Reset(id string, with *scenarios.Scenario) (*sandbox.Sandbox, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p, ok := h.plans[id]
	if !ok {
		return nil, fmt.Errorf("%q: %w", id, sandbox.ErrNoSandbox)
	}
	if with != nil {
		p.scenario = *with
	}
	box, err := h.build(p)
	if err != nil {
		return nil, err
	}
	old, err := h.registry.Replace(box)
	if err != nil {
		return nil, err
	}
	h.plans[id] = p
	box.Start()
	h.end(old)
	return box, nil
}

// Delete ends a sandbox. Notices under way get a moment to finish.
func (h *house) Delete(id string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if id == sandbox.Default {
		return sandbox.ErrDefault
	}
	old, err := h.registry.Remove(id)
	if err != nil {
		return err
	}
	delete(h.plans, id)
	h.end(old)
	return nil
}

// endGrace is how long notices under way may take when their sandbox ends.
const endGrace = 2 * time.Second

func (h *house) end(s *sandbox.Sandbox) {
	ctx, cancel := context.WithTimeout(context.Background(), endGrace)
	defer cancel()
	s.Stop(ctx)
	h.log.Drop(s.LogName())
}

// Stop ends every sandbox.
func (h *house) Stop(ctx context.Context) {
	for _, box := range h.registry.All() {
		box.Stop(ctx)
	}
}
