package sandbox

import (
	"time"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/simulator/outcome"
	"github.com/pantomime-dev/pantomime/simulator/vault"
	"github.com/pantomime-dev/pantomime/token"
)

// Change is everything one step alters, as one value: state, counters and
// scheduled callbacks together. The state is the fold of all changes.
type Change struct {
	At         time.Time
	Vault      vault.Delta
	Rules      outcome.Delta
	Deliveries []callback.Delivery
	Planned    []Planned
	Dropped    []uint64            // planned actions that are done or replaced, by their sequence
	Timeline   []int               // timeline entries that fired
	Entity     uint64              // entity counted, 0 for none
	Seq        uint64              // schedule sequence after this change
	Scenario   *scenarios.Scenario // adopted version, nil for none
}

// Planned is an action that will happen by itself.
type Planned struct {
	Due    time.Time
	Seq    uint64            // names it
	Action *scenarios.Action // read only; many share one
	Token  token.Ref         // acts on this token or, if empty,
	Card   token.PAN         // on this card
	Cause  string            // "activation" or "timeline 3"
}

// state is the fold. The sandbox's lock guards it.
type state struct {
	vault      *vault.Vault
	rules      *outcome.Book
	deliveries *callback.Book
	planned    map[uint64]Planned   // by sequence
	activation map[token.Ref]uint64 // sequence of the pending activation by token
	timeline   map[int]int          // firings by timeline entry
	entities   map[uint64]uint32
	schedule   callback.Schedule // planned actions and deliveries by due time
	seq        uint64
}

func newState(rules *outcome.Book) *state {
	return &state{
		vault: vault.New(), rules: rules, deliveries: callback.NewBook(),
		planned: map[uint64]Planned{}, activation: map[token.Ref]uint64{},
		timeline: map[int]int{}, entities: map[uint64]uint32{},
	}
}

// apply folds one change into the state.
func (s *state) apply(c Change) {
	if c.Scenario != nil {
		s.rules.ReplaceFile(c.Scenario.Rules)
		clear(s.timeline)
	}
	s.vault.Apply(c.Vault)
	s.rules.Apply(c.Rules)
	for _, seq := range c.Dropped {
		if p, ok := s.planned[seq]; ok {
			delete(s.planned, seq)
			if s.activation[p.Token] == seq {
				delete(s.activation, p.Token)
			}
		}
	}
	for _, p := range c.Planned {
		s.planned[p.Seq] = p
		if p.Token != "" && p.Action.Do == string(vault.Activate) {
			s.activation[p.Token] = p.Seq
		}
		s.schedule.Push(callback.Item{Due: p.Due, Seq: p.Seq})
	}
	for _, d := range c.Deliveries {
		s.deliveries.Put(d)
		if d.State == callback.Scheduled {
			s.schedule.Push(callback.Item{Due: d.Due, Seq: d.Seq, ID: d.ID})
		}
	}
	for _, n := range c.Timeline {
		s.timeline[n]++
	}
	if c.Entity != 0 {
		s.entities[c.Entity]++
	}
	if c.Seq > s.seq {
		s.seq = c.Seq
	}
}

// next drops stale items and returns the first that still counts.
func (s *state) next() (callback.Item, bool) {
	for {
		it, ok := s.schedule.Peek()
		if !ok || s.counts(it) {
			return it, ok
		}
		s.schedule.Pop()
	}
}

// counts reports whether an item still stands for what it was pushed for.
func (s *state) counts(it callback.Item) bool {
	if it.ID == "" {
		_, ok := s.planned[it.Seq]
		return ok
	}
	return s.deliveries.Scheduled(it)
}
