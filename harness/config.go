package harness

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/onsi/ginkgo/v2"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/token"
)

// Config is what a suite is given: whom to judge and with what. Make it with
// [NewConfig].
type Config struct {
	Target  Target
	Driver  Driver
	Notices *Receiver // nil: the target sends none here
	Wall    clock.Wall
	Seed    uint64 // where the run's synthetic cards begin

	decks map[token.Network]*deck
	once  sync.Once
	via   *http.Client // made at first use
	mute  silence      // of the target
	deaf  silence      // of the driver
}

// Suite is a set of checks. Register builds Ginkgo's tree and must neither call
// the target nor need one. Probe, which may be nil, makes one good request; its
// error is an [ErrStranger] when the target refuses who asks, and whatever the
// client asks otherwise.
type Suite struct {
	Name     string // vts
	Title    string
	Network  token.Network
	Register func(*Config)
	Probe    func(context.Context, Target, *http.Client) error
}

// NewConfig prepares a run against a target: its driver, its notice receiver
// and its cards. Seed 0 draws one. Close it.
func NewConfig(ctx context.Context, t Target, wall clock.Wall, seed uint64) (*Config, error) {
	driver, err := NewDriver(t.Control)
	if err != nil {
		return nil, err
	}
	if seed == 0 {
		seed = drawSeed()
	}
	c := &Config{Target: t, Driver: driver, Wall: wall, Seed: seed}
	if t.Notices != nil {
		if c.Notices, err = NewReceiver(ctx, t.Notices.Listen); err != nil {
			return nil, fmt.Errorf("%w: notices.listen: %w", ErrTarget, err)
		}
	}
	return c.deal(), nil
}

// EmptyConfig is one without a target, for listing a suite's checks.
func EmptyConfig() *Config {
	return (&Config{Driver: NoDriver(), Wall: clock.Real(), Seed: 1}).deal()
}

func (c *Config) deal() *Config {
	c.decks = map[token.Network]*deck{}
	for _, network := range token.Networks() {
		c.decks[network] = newDeck(network, c.Target.cards(network), c.Seed)
	}
	return c
}

// Close ends the receiver.
func (c *Config) Close() error {
	if c.Notices == nil {
		return nil
	}
	return c.Notices.Close()
}

// HTTP is the client that all requests to the target share.
func (c *Config) HTTP() *http.Client {
	c.once.Do(func() {
		c.via = httpClient(c.Target.Timeouts.CallTime(), &c.mute)
		c.via.Transport = freshly(c.via.Transport, c.Target.Visa)
	})
	return c.via
}

// Requestor is a token requestor of a target, by the network's own client.
type Requestor[C any] interface {
	Client(wall clock.Wall, via *http.Client) (C, error)
}

// ClientOf makes the client of a requestor.
func ClientOf[C any](c *Config, r Requestor[C]) C {
	ginkgo.GinkgoHelper()
	client, err := r.Client(c.Wall, c.HTTP())
	if err != nil {
		ginkgo.Fail("building a client: " + err.Error())
	}
	return client
}

// Other is what the target file says of a second requestor; without one the
// check does not apply.
func Other[T any](other *T) T {
	if other == nil {
		NotApplicable("the target file names no second requestor")
	}
	return *other
}

func (t Target) cards(network token.Network) Cards {
	switch {
	case network == token.Visa && t.Visa != nil:
		return t.Visa.Cards
	case network == token.Mastercard && t.Mastercard != nil:
		return t.Mastercard.Cards
	}
	return Cards{}
}

// FreshCard is a card that gets a token and that no other check uses.
func (c *Config) FreshCard(network token.Network) Card { return c.decks[network].fresh() }

// MagicCard is the card whose provisioning answers a key. Without one the check
// does not apply: which number represents what, each server says for itself.
func (c *Config) MagicCard(network token.Network, key token.Key) Card {
	d := c.decks[network]
	n, ok := d.cards.Keys[key]
	if !ok {
		NotApplicable("the target file names no card for %s", key)
	}
	return d.card(n)
}

// DeclinedCard is a card that the issuer declines. Without one the check does
// not apply.
func (c *Config) DeclinedCard(network token.Network) Card {
	card, ok := c.decks[network].deal("declined", c.decks[network].cards.Declined)
	if !ok {
		NotApplicable("the target file names no declined cards")
	}
	return card
}

// DelayedCard is a card whose tokens become active only after
// [Cards.Activation]. Without one the check does not apply.
func (c *Config) DelayedCard(network token.Network) Card {
	d := c.decks[network]
	card, ok := d.deal("delayed", d.cards.Delayed)
	if !ok {
		NotApplicable("the target file names no delayed cards")
	}
	return card
}

// Activation is how long the tokens of [Config.DelayedCard] stay inactive.
func (c *Config) Activation(network token.Network) time.Duration {
	return time.Duration(c.decks[network].cards.Activation)
}

// RuledCard is the n-th card, from 0, that rules of the driver can be about.
func (c *Config) RuledCard(network token.Network, n int) Card {
	d := c.decks[network]
	if list := d.cards.Ruled; len(list) > 0 {
		return d.card(list[n%len(list)])
	}
	number, ok := listed("test/" + string(network) + "/" + strconv.Itoa(n+1))
	if !ok {
		CouldNotRun("no listed card is left for a rule")
	}
	return Card{number, d.cards.Expiry}
}

// UnlistedCard is a card number that the target refuses as no test number. A
// server that guards against nothing names none, and the check does not apply.
func (c *Config) UnlistedCard(network token.Network) Card {
	d := c.decks[network]
	if d.cards.Unlisted == "" {
		NotApplicable("the target file names no unlisted card")
	}
	return d.card(d.cards.Unlisted)
}
