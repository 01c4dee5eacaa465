package sandbox

import (
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/authorization"
	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/simulator/vault"
	"github.com/pantomime-dev/pantomime/token"
)

// script is what a scenario sets, besides its rules, indexed for the step. It is
// replaced whole when a better version of the scenario is adopted.
type script struct {
	cards     map[token.PAN]scenarios.Card
	accounts  map[string]scenarios.MerchantAccount
	of        map[string][]string // accounts by requestor, in the order of the file
	issuers   map[string]scenarios.Issuer
	banks     map[string]bank // how issuers answer payments
	acquirers map[string]authorization.Terms
	reports   map[string]string // where an acquirer reports payments, by its name
	timeline  []scenarios.Entry
	policy    callback.Policy
	switches  scenarios.Switches
	choices   map[token.Network]choices // that the switches leave, by network
	expect    scenarios.Expect
}

func newScript(s scenarios.Scenario) *script {
	out := &script{
		cards: map[token.PAN]scenarios.Card{}, accounts: map[string]scenarios.MerchantAccount{}, of: map[string][]string{}, issuers: map[string]scenarios.Issuer{}, banks: map[string]bank{}, timeline: s.Timeline,
		policy: policyOf(s.Callbacks), switches: switchesOf(s), choices: map[token.Network]choices{}, expect: s.Expect,
		acquirers: map[string]authorization.Terms{}, reports: map[string]string{},
	}
	for n, has := range networks {
		out.choices[n] = has.choices(out.switches)
	}
	for _, c := range s.Cards {
		out.cards[c.PAN] = c
	}
	for _, a := range s.Accounts {
		out.accounts[a.Name], out.of[a.Requestor] = a, append(out.of[a.Requestor], a.Name)
	}
	for _, a := range acquirersOf(s) {
		out.reports[a.Name] = a.Notify
		out.acquirers[a.Name] = authorization.Terms{
			Expires: a.Expires, Over: a.OverCapture, Late: a.LateCapture, Clearing: a.Clearing, Settlement: a.Settlement,
		}
	}
	for _, i := range s.Issuers {
		out.issuers[i.Name], out.banks[i.Name] = i, bankOf(i)
	}
	return out
}

// terms are what an acquirer allows.
func (s *script) terms(acquirer string) authorization.Terms { return s.acquirers[acquirer] }

// Terms are what an acquirer allows.
func (s *Sandbox) Terms(acquirer string) authorization.Terms { return s.script.Load().terms(acquirer) }

func (s *script) card(pan token.PAN) scenarios.Card { return s.cards[pan] }

func (s *script) issuer(name string) scenarios.Issuer { return s.issuers[name] }

func policyOf(c scenarios.Callbacks) callback.Policy {
	p := callback.DefaultPolicy()
	p.Strict = c.Order == scenarios.OrderStrict
	if c.Retry != nil {
		p.Retry = c.Retry
	}
	if c.Timeout > 0 {
		p.Timeout = c.Timeout
	}
	return p
}

// acquirersOf are those of a scenario or, where it names none, the usual ones.
func acquirersOf(s scenarios.Scenario) []scenarios.Acquirer {
	if len(s.Acquirers) > 0 {
		return s.Acquirers
	}
	return scenarios.DefaultAcquirers()
}

func switchesOf(s scenarios.Scenario) scenarios.Switches {
	if s.Switches != nil {
		return *s.Switches
	}
	return scenarios.DefaultSwitches(scenarios.ProfileDefault)
}

// Switches are the sandbox's settings of what the networks leave open.
func (s *Sandbox) Switches() *scenarios.Switches { return &s.script.Load().switches }

// Adopt takes another version of the scenario in: rules, timeline, issuers,
// switches and expectations change; tokens, counters of rules added at run time
// and everything already scheduled stay. The file's rules count from the start. New cards
// become known; requestors are those the sandbox was made with. The error may be
// a scenarios.ErrBudget.
func (s *Sandbox) Adopt(scenario scenarios.Scenario) error {
	if err := scenario.Err(); err != nil {
		return err
	}
	return s.commit(func(x *step) error {
		if err := x.state.rules.FitFile(scenario.Rules); err != nil {
			return err
		}
		for _, c := range scenario.Cards {
			if _, known := x.tx.Card(c.PAN); !known {
				x.tx.PutCard(x.newCard(c))
			}
		}
		x.change.Scenario = &scenario
		return nil
	})
}

// newCard is a card of the scenario before anybody used it.
func (x *step) newCard(c scenarios.Card) vault.Card {
	return vault.Card{
		ID: c.PAN, PAN: c.PAN, Name: c.Name, Network: c.Network, Expiry: c.Expiry, Issuer: c.Issuer,
		PAR: vault.PARFor(x.world.ids, c.Network, c.PAN),
	}
}
