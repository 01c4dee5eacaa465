package sandbox

import (
	"iter"

	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/simulator/outcome"
	"github.com/pantomime-dev/pantomime/simulator/vault"
	"github.com/pantomime-dev/pantomime/token"
)

// someAtOnce is how many cards or tokens a listing looks at while it holds the
// lock: a tenth of a millisecond. Requests go on in between.
const someAtOnce = 500

// Tokens walks the tokens of a card or, with an empty id, all of the sandbox,
// those made last first. It holds no lock while the caller looks at one.
func (s *Sandbox) Tokens(card token.PAN) iter.Seq[vault.Glance] {
	return func(yield func(vault.Glance) bool) {
		s.mu.Lock()
		group := s.state.vault.Group(card)
		s.mu.Unlock()
		for {
			s.mu.Lock()
			some := group.Next(someAtOnce)
			s.mu.Unlock()
			for _, t := range some {
				if !yield(t) {
					return
				}
			}
			if len(some) < someAtOnce {
				return
			}
		}
	}
}

// Cards walks the cards of the sandbox in the order they became known. It holds
// no lock while the caller looks at one.
func (s *Sandbox) Cards() iter.Seq[vault.Card] {
	return func(yield func(vault.Card) bool) {
		for at := 0; ; at += someAtOnce {
			s.mu.Lock()
			some := s.state.vault.CardsFrom(at, someAtOnce)
			s.mu.Unlock()
			for _, c := range some {
				if !yield(c) {
					return
				}
			}
			if len(some) < someAtOnce {
				return
			}
		}
	}
}

// Count says how many cards and tokens there are, deleted ones too.
func (s *Sandbox) Count() (cards, tokens int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.vault.Count()
}

// Live says how many tokens of a card are not deleted.
func (s *Sandbox) Live(card token.PAN) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.vault.Live(card)
}

// Planned lists actions that will happen by themselves, next first, at most so
// many, and says how many there are.
func (s *Sandbox) Planned(most int) (next []Planned, all int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	actions := &s.runner.due.actions
	for first, ok := actions.Peek(); ok && !s.state.counts(first); first, ok = actions.Peek() {
		actions.Pop()
	}
	for _, it := range actions.Soonest(most, s.state.counts) {
		next = append(next, s.state.planned[it.Seq])
	}
	return next, len(s.state.planned)
}

// NextNotice is the delivery that leaves next by itself, if one is scheduled.
func (s *Sandbox) NextNotice() (callback.Delivery, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, it := range s.runner.due.notices.Soonest(1, s.state.counts) {
		return s.state.deliveries.Get(it.ID)
	}
	return callback.Delivery{}, false
}

// RuleView is a rule with the number of times it has fired.
type RuleView struct {
	outcome.Rule
	Fired int
}

// Rules walks the rules of a layer in the order they are asked. It holds no lock
// while the caller looks at one.
func (s *Sandbox) Rules(layer outcome.Layer) iter.Seq[RuleView] {
	return func(yield func(RuleView) bool) {
		for at, more := 0, true; more; more = at > 0 {
			s.mu.Lock()
			list, next := s.state.rules.ListFrom(layer, at, someAtOnce)
			some := make([]RuleView, len(list))
			for i, r := range list {
				some[i] = RuleView{r, s.state.rules.Fired(r.ID)}
			}
			s.mu.Unlock()
			for _, r := range some {
				if !yield(r) {
					return
				}
			}
			at = next
		}
	}
}

// CountRules says how many rules a layer has.
func (s *Sandbox) CountRules(layer outcome.Layer) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.rules.Count(layer)
}

// Rule finds a rule by its id.
func (s *Sandbox) Rule(id string) (RuleView, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.state.rules.Rule(id)
	return RuleView{r, s.state.rules.Fired(r.ID)}, ok
}
