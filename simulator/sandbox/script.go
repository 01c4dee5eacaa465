package sandbox

import (
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/token"
)

// script is a scenario indexed for the step.
type script struct {
	cards    map[token.PAN]scenarios.Card
	issuers  map[string]scenarios.Issuer
	timeline []scenarios.Entry
}

func newScript(s scenarios.Scenario) script {
	out := script{cards: map[token.PAN]scenarios.Card{}, issuers: map[string]scenarios.Issuer{}, timeline: s.Timeline}
	for _, c := range s.Cards {
		out.cards[c.PAN] = c
	}
	for _, i := range s.Issuers {
		out.issuers[i.Name] = i
	}
	return out
}

func (s script) card(pan token.PAN) scenarios.Card { return s.cards[pan] }

func (s script) issuer(name string) scenarios.Issuer { return s.issuers[name] }
