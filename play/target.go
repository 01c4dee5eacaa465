package play

import (
	"cmp"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/simulator/vault"
	"github.com/pantomime-dev/pantomime/token"
)

// requestor finds who calls: the one named, else the scenario's first.
func (p *player) requestor(s scenarios.Step) *sandbox.Requestor {
	name := s.Requestor
	if name == "" && len(p.script.Requestors) > 0 {
		name = p.script.Requestors[0].Name
	}
	r, _ := p.box.Requestor(cmp.Or(name, scenarios.DefaultRequestor))
	return r
}

// card is how a card stands now: its number may have been replaced.
func (p *player) card(pan token.PAN) vault.Card {
	for _, c := range p.box.Cards() {
		if c.ID == pan || c.PAN == pan {
			return c
		}
	}
	return vault.Card{ID: pan, PAN: pan, Network: pan.Network()}
}
