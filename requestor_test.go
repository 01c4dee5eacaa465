package pantomime_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/requestor"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/token"
)

// accountStory is what accounts are tried with. RULES represents more.
const accountStory = `version: 1
clock: { mode: manual, start: 2026-03-01T09:00:00Z }
requestors: { wallet: {}, slow: { activation: 4500ms } }
accounts:
  shop: { requestor: wallet, timeout: 20s }
  hasty: { requestor: wallet, timeout: 600ms }
  patient: { requestor: slow }
cards:
  alice: { network: visa, pan: test/visa/1, expiry: "12/29" }
  bob: { network: mastercard, pan: test/mastercard/1, expiry: "12/29" }
`

// counter is a simulator with an account of a merchant.
type counter struct {
	*testing.T
	sim   *pantomime.Simulator
	admin *control.Client
	shop  *requestor.Requestor
	cards map[token.Network]requestor.Card
}

// openCounter plays the story with more of it.
func openCounter(t *testing.T, more string) *counter {
	t.Helper()
	return openCounterWith(t, more, func(*pantomime.Options) {})
}

func openCounterWith(t *testing.T, more string, change func(*pantomime.Options)) *counter {
	t.Helper()
	scenario, findings := scenarios.Parse("accounts.yaml", []byte(accountStory+more))
	if err := findings.Err(); err != nil {
		t.Fatal(err)
	}
	o := pantomime.Options{Scenario: scenario}
	change(&o)
	sim, err := pantomime.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		_ = sim.Stop(ctx) // a test may leave work
	})
	c := &counter{T: t, sim: sim, cards: map[token.Network]requestor.Card{}}
	if c.admin, err = control.New(sim.AdminURL(), nil, ""); err != nil {
		t.Fatal(err)
	}
	for _, card := range scenario.Cards {
		c.cards[card.Network] = requestor.Card{Number: card.PAN.Digits(), Expiry: card.Expiry, Holder: card.Name, Retain: true}
	}
	c.shop = c.open("shop")
	return c
}

func (c *counter) open(account string) *requestor.Requestor {
	c.Helper()
	q, err := c.sim.Account("", account)
	if err != nil {
		c.Fatal(err)
	}
	return q
}

// stored is a payment method of a network's card.
func (c *counter) stored(n token.Network) requestor.Method {
	c.Helper()
	m, err := c.shop.Store(c.cards[n])
	if err != nil {
		c.Fatal(err)
	}
	return m
}

// provision has a token made, whatever comes of it.
func (c *counter) provision(m requestor.Method) requestor.Provisioning {
	c.Helper()
	p, err := c.shop.Provision(c.Context(), m.Token)
	if err != nil {
		c.Fatal(err)
	}
	return p
}

// settled lets everything that is due happen.
func (c *counter) settled(by time.Duration) {
	c.Helper()
	s, err := c.admin.Advance(c.Context(), control.Advance{By: (*control.Duration)(&by)})
	if err != nil || !s.Settled {
		c.Fatalf("%+v: %v", s, err)
	}
}

// again is a payment method as it is now.
func (c *counter) again(m requestor.Method) requestor.Method {
	c.Helper()
	m, err := c.shop.Method(m.Token)
	if err != nil {
		c.Fatal(err)
	}
	return m
}

// live are the network's tokens that are not deleted.
func (c *counter) live() (refs []token.Ref) {
	c.Helper()
	list, err := c.admin.Tokens(c.Context(), control.TokenQuery{})
	if err != nil {
		c.Fatal(err)
	}
	for _, one := range list.Items {
		if one.Status != token.Deactivated {
			refs = append(refs, one.Ref)
		}
	}
	return refs
}

func TestRequestor_ProvisionsAtBothNetworks(t *testing.T) {
	c := openCounter(t, "")
	for _, n := range token.Networks() {
		m := c.stored(n)
		if p := c.provision(m); !p.Made || p.Status != token.Active || p.Problem != nil {
			t.Errorf("%s: %+v", n, p)
		}
		m = c.again(m)
		if m.Holds == nil || len(m.Holds.Last4) != 4 || m.Holds.Expiry.IsZero() || m.Pending != nil || m.State != requestor.Retained || len(m.Token) != 27 {
			t.Errorf("%s: %+v", n, m)
		}
		if p := c.provision(m); !p.Made || p.Method.Holds.Ref != m.Holds.Ref {
			t.Errorf("%s: an active token is replaced: %+v", n, p)
		}
	}
	if live := c.live(); len(live) != 2 {
		t.Errorf("live tokens: %v", live)
	}
}

// Each documented key of a network, provoked there by a rule, arrives at the
// requestor as itself, with its documented text.
func TestRequestor_EachNetworkKeyArrives(t *testing.T) {
	for _, row := range token.Keys() {
		t.Run(string(row.Network)+" "+string(row.Key), func(t *testing.T) {
			c := openCounter(t, fmt.Sprintf("rules: [{ when: { operation: provision, account: shop, network: %s }, then: { error: %s } }]\n", row.Network, row.Key))
			m := c.stored(row.Network)
			p := c.provision(m)
			if p.Made || p.Problem == nil || p.Problem.Key != row.Key || p.Problem.Message != row.Message {
				t.Fatalf("%+v", p.Problem)
			}
			if m = c.again(m); m.State != requestor.Retained || m.PAN.Digits() != c.cards[row.Network].Number {
				t.Errorf("the payment method is not kept: %+v", m)
			}
			if reasons := c.shop.Report().Provisioning; reasons.Failed != 1 || reasons.ByNetwork[string(row.Network)] != 1 {
				t.Errorf("%+v", reasons)
			}
		})
	}
}
