package sandbox

import (
	"cmp"
	"slices"

	"github.com/pantomime-dev/pantomime/simulator/callback"
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

// Card finds a card by its id or a number that it has or had.
func (s *Sandbox) Card(number token.PAN) (vault.Card, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.vault.Begin(s.world.ids, s.clock.Now()).Card(number)
}

// CardNamed finds a card by its name in the scenario.
func (s *Sandbox) CardNamed(name string) (vault.Card, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.vault.CardNamed(name)
}

// NamedCards lists the cards that the scenario names, by their names.
func (s *Sandbox) NamedCards() []vault.Card {
	s.mu.Lock()
	list := s.state.vault.NamedCards()
	s.mu.Unlock()
	slices.SortFunc(list, func(a, b vault.Card) int { return cmp.Compare(a.Name, b.Name) })
	return list
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

// Changes says how many changes the sandbox's log holds.
func (s *Sandbox) Changes() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.number
}
