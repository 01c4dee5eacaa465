package sandbox

import (
	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/vault"
	"github.com/pantomime-dev/pantomime/token"
)

type productKey struct {
	network  token.Network
	issuer   string
	revision int
}

// Product is the product configuration of an issuer's cards: names, contacts,
// colours and asset ids. Cards whose scenario names no issuer share one a
// network.
func (s *Sandbox) Product(network token.Network, issuer string, revision int) fixtures.Product {
	k := productKey{network, issuer, revision}
	if p, ok := s.products.Load(k); ok {
		return p.(fixtures.Product)
	}
	p := fixtures.ProductFor(s.world.ids.Uint64("products"), network, issuer, revision)
	s.products.Store(k, p)
	return p
}

// ProductOf is the product configuration of a card as it is now.
func (s *Sandbox) ProductOf(c vault.Card) fixtures.Product {
	script := s.script.Load()
	own := script.card(c.ID)
	p := s.Product(c.Network, c.Issuer, c.Product).Flagged(script.issuer(c.Issuer).Flags).Flagged(own.Flags).As(own.Product)
	if own.VectorArt {
		p = p.Vector()
	}
	return p
}

// Declared is what the scenario says of a card, zero of one that it does not
// name.
func (s *Sandbox) Declared(c vault.Card) scenarios.Card { return s.script.Load().card(c.ID) }

// Asset finds card art, a logo or terms by id.
func (s *Sandbox) Asset(id string) (fixtures.Asset, bool) { return s.gallery.Asset(id) }
