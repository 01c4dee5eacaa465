package sandbox

import (
	"cmp"
	"slices"

	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/simulator/outcome"
	"github.com/pantomime-dev/pantomime/simulator/vault"
	"github.com/pantomime-dev/pantomime/token"
)

// TokenView is a token with the card behind it, for listings.
type TokenView struct {
	Token vault.Token
	Card  vault.Card
}

// Token finds a token.
func (s *Sandbox) Token(ref token.Ref) (TokenView, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	tx := s.state.vault.Begin(s.world.ids, s.clock.Now())
	t, ok := tx.Token(ref)
	card, _ := tx.Card(t.Card)
	return TokenView{t, card}, ok
}

// Tokens lists tokens in the order of their last change, then reference.
func (s *Sandbox) Tokens(keep func(TokenView) bool) []TokenView {
	s.mu.Lock()
	defer s.mu.Unlock()
	tx := s.state.vault.Begin(s.world.ids, s.clock.Now())
	var out []TokenView
	for t := range s.state.vault.All() {
		card, _ := tx.Card(t.Card)
		if v := (TokenView{t, card}); keep == nil || keep(v) {
			out = append(out, v)
		}
	}
	slices.SortFunc(out, byLastChange)
	return out
}

// TokensOf lists the tokens of a card in the order of their last change, then
// reference.
func (s *Sandbox) TokensOf(id token.PAN) (out []TokenView) {
	s.mu.Lock()
	defer s.mu.Unlock()
	tx := s.state.vault.Begin(s.world.ids, s.clock.Now())
	card, _ := tx.Card(id)
	for e := range tx.EnrolmentsOf(card.ID) {
		for t := range tx.Tokens(e.Ref) {
			out = append(out, TokenView{t, card})
		}
	}
	slices.SortFunc(out, byLastChange)
	return out
}

func byLastChange(a, b TokenView) int {
	return cmp.Or(a.Token.StatusAt.Compare(b.Token.StatusAt), cmp.Compare(a.Token.Ref, b.Token.Ref))
}

// Card finds a card by its id or a number that it has or had.
func (s *Sandbox) Card(number token.PAN) (vault.Card, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.vault.Begin(s.world.ids, s.clock.Now()).Card(number)
}

// Cards lists the cards of the sandbox, named ones first.
func (s *Sandbox) Cards() []vault.Card {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []vault.Card
	for c := range s.state.vault.Cards() {
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b vault.Card) int {
		return cmp.Or(cmp.Compare(b.Name, a.Name), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// IsEntity reports whether an entity of the journal is a requestor's card.
func (s *Sandbox) IsEntity(entity, requestor string, card token.PAN) bool {
	return entity == s.world.entity(requestor, string(card))
}

// Permits says why notices may not go to a target, nil if they may, as far as
// that can be said before its name is looked up.
func (s *Sandbox) Permits(target string) error { return s.runner.sender.Permits(target) }

// Delivery finds a delivery.
func (s *Sandbox) Delivery(id string) (callback.Delivery, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.deliveries.Get(id)
}

// Pending counts the deliveries that may still leave by themselves.
func (s *Sandbox) Pending() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.deliveries.Pending()
}

// Planned lists the actions that will happen by themselves, next first.
func (s *Sandbox) Planned() []Planned {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Planned
	for _, p := range s.state.planned {
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b Planned) int { return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Seq, b.Seq)) })
	return out
}

// NextNotice is the delivery that leaves next by itself, if one is scheduled.
// It looks at what is due only, not at everything that was ever delivered.
func (s *Sandbox) NextNotice() (callback.Delivery, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var next callback.Delivery
	found := false
	for it := range s.runner.due.All() {
		if !s.state.counts(it) || found && cmp.Or(it.Due.Compare(next.Due), cmp.Compare(it.Seq, next.Seq)) >= 0 {
			continue
		}
		if d, ok := s.state.deliveries.Get(it.ID); ok {
			next, found = d, true
		}
	}
	return next, found
}

// RuleView is a rule with the number of times it has fired.
type RuleView struct {
	outcome.Rule
	Fired int
}

// Rules lists the rules of a layer in the order they are asked.
func (s *Sandbox) Rules(layer outcome.Layer) []RuleView {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []RuleView
	for _, r := range s.state.rules.List(layer) {
		out = append(out, RuleView{r, s.state.rules.Fired(r.ID)})
	}
	return out
}

// Changes says how many changes the sandbox's log holds.
func (s *Sandbox) Changes() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.number
}
