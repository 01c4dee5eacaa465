package sandbox

import (
	"slices"
	"time"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/authorization"
	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/simulator/outcome"
	"github.com/pantomime-dev/pantomime/simulator/vault"
	"github.com/pantomime-dev/pantomime/token"
)

// state is the fold. The sandbox's lock guards it.
type state struct {
	vault      *vault.Vault
	rules      *outcome.Book
	deliveries *callback.Book
	records    records
	payments   *authorization.Book
	planned    map[uint64]Planned   // by sequence
	activation map[token.Ref]uint64 // sequence of the pending activation by token
	onward     map[string]int       // planned actions of round 2 and later, by token or card
	timeline   map[int]int          // firings by timeline entry
	entities   map[uint64]uint32
	story      story
	asked      []Pending     // requests that wait for the endpoint of an issuer
	seq        uint64        // schedule sequence
	number     uint64        // of the last change
	epoch      uint64        // of its owner
	at         time.Time     // when it was made: a manual clock is there
	offset     time.Duration // of a system clock since then
}

// newState is the state before the first change.
func newState() *state {
	return &state{
		vault: vault.New(), rules: outcome.New(nil, scenarios.Magic()), deliveries: callback.NewBook(),
		records:  newRecords(),
		payments: authorization.NewBook(),
		planned:  map[uint64]Planned{}, activation: map[token.Ref]uint64{}, onward: map[string]int{},
		timeline: map[int]int{}, entities: map[uint64]uint32{},
	}
}

// apply folds the next change into the state.
func (s *state) apply(c Change) {
	s.number, s.epoch, s.at, s.offset = c.Number, c.Epoch, c.At, c.Offset
	if c.Scenario != nil {
		s.rules.ReplaceFile(c.Scenario.Rules)
		clear(s.timeline)
	}
	s.vault.Apply(c.Vault)
	s.rules.Apply(c.Rules)
	s.payments.Apply(c.Payments)
	for _, seq := range c.Dropped {
		if p, ok := s.planned[seq]; ok {
			delete(s.planned, seq)
			if s.activation[p.Token] == seq {
				delete(s.activation, p.Token)
			}
			s.countOnward(p, -1)
		}
	}
	for _, p := range c.Planned {
		s.planned[p.Seq] = p
		s.countOnward(p, 1)
		if p.Token != "" && p.Action.Do == string(vault.Activate) {
			s.activation[p.Token] = p.Seq
		}
	}
	for _, d := range c.Deliveries {
		s.deliveries.Put(d)
	}
	for _, p := range c.Progress {
		s.deliveries.Proceed(p)
	}
	for _, id := range c.Forgotten {
		s.deliveries.Forget(id)
	}
	for _, rec := range c.Records {
		s.records.put(rec, c.Number)
	}
	for _, n := range c.Timeline {
		s.timeline[n]++
	}
	s.story.add(&c)
	s.asked = append(s.asked, c.Asked...)
	if len(c.Answered) > 0 {
		s.asked = slices.DeleteFunc(s.asked, func(p Pending) bool { return slices.Contains(c.Answered, p.ID) })
	}
	if c.Entity != 0 {
		s.entities[c.Entity]++
	}
	if c.Seq > s.seq {
		s.seq = c.Seq
	}
}

// counts reports whether an item still represents what it was scheduled for.
func (s *state) counts(it callback.Item) bool {
	if it.ID == "" {
		_, ok := s.planned[it.Seq]
		return ok
	}
	return s.deliveries.Scheduled(it)
}
