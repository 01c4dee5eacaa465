package scenarios

import (
	"slices"
	"time"

	"github.com/pantomime-dev/pantomime/token"
)

// maxAnswerWait bounds how long an account waits for a network's answer, in wall
// time.
const maxAnswerWait = time.Minute

// DefaultAccountTimeout is how long an account waits that says nothing of it.
const DefaultAccountTimeout = 10 * time.Second

// MerchantAccount is what a merchant has at a token requestor that the simulator plays.
// Its features are what the requestor's own errors depend on.
type MerchantAccount struct {
	Name      string
	Requestor string // by whose credentials it asks the networks
	Features  Features
	Timeout   time.Duration // wall time to wait for a network; 0: the requestor's default
	Gateways  []Gateway     // in the order of the file; none: one that takes tokens for everything
}

// Features are what the requestor has switched on for an account.
type Features struct {
	Service      bool // network tokens are offered at all
	Environment  bool // they are enabled for this account
	Asynchronous bool // provisioning happens in the background
	Fallback     bool // a payment that cannot be made by token is made by card
	Networks     []token.Network
}

// AllFeatures are those of an account that says nothing.
func AllFeatures() Features {
	return Features{Service: true, Environment: true, Fallback: true, Networks: token.Networks()}
}

// Gateway is where an account's payments go, as far as tokens are concerned.
type Gateway struct {
	Name    string
	Tokens  bool     // takes network tokens at all
	For     []string // of [Abilities], what it takes them for
	OptIn   bool     // takes them only after it was enabled for them
	Enabled bool     // it was
}

// Abilities are what a payment can be asked to do, as far as gateways differ.
func Abilities() []string { return []string{"authorize", "purchase", "verify"} }

type accountDraft struct {
	name      word
	requestor word
	features  featuresDraft
	timeout   value[time.Duration]
	gateways  []gatewayDraft
}

type featuresDraft struct {
	service, environment, asynchronous, fallback value[bool]
	networks                                     []word
}

type gatewayDraft struct {
	name                   word
	tokens, optIn, enabled value[bool]
	abilities              []word
}

var accountKeys = table[accountDraft]{
	{
		"requestor", false, aRequestor.like("wallet"), "by whose credentials it asks the networks; without it, the first of the file",
		func(c cursor, d *accountDraft) { d.requestor = c.text() },
	},
	{
		"features", false, aSet(featureKeys), "[what is switched on for it](#features)",
		func(c cursor, d *accountDraft) { featureKeys.read(c, &d.features) },
	},
	{
		"timeout", false, aDuration, "how long it waits for a network's answer, in wall time; at most a minute, and without it, ten seconds",
		func(c cursor, d *accountDraft) { d.timeout = c.span(maxAnswerWait) },
	},
	{
		"gateways", false, named("gateways by name", gatewayKeys.form), "[where its payments go](#gateways); without it, one that takes tokens for everything",
		func(c cursor, d *accountDraft) { d.gateways = readGateways(c) },
	},
}

var featureKeys = table[featuresDraft]{
	{
		"service", false, aFlag.unlessGiven(true), "whether the requestor offers network tokens at all; if not, `not_enabled_feature`",
		func(c cursor, d *featuresDraft) { d.service = c.flag() },
	},
	{
		"environment", false, aFlag.unlessGiven(true), "whether they are enabled for this account; if not, `not_enabled_for_environment`",
		func(c cursor, d *featuresDraft) { d.environment = c.flag() },
	},
	{
		"networks", false, some("one or a list of networks", enum(texts(token.Networks()))), "where it has a requestor id; cards of another network get `not_enabled_for_environment`. Without it, at all",
		func(c cursor, d *featuresDraft) {
			d.networks = c.words(func(c cursor) word { return c.choice(texts(token.Networks())) })
		},
	},
	{
		"asynchronous", false, aFlag.unlessGiven(false), "whether provisioning happens in the background, after the answer to the merchant",
		func(c cursor, d *featuresDraft) { d.asynchronous = c.flag() },
	},
	{
		"pan-fallback", false, aFlag.unlessGiven(true), "whether a payment that cannot be made with the token is made with the card",
		func(c cursor, d *featuresDraft) { d.fallback = c.flag() },
	},
}

var gatewayKeys = table[gatewayDraft]{
	{
		"tokens", false, aFlag.unlessGiven(true), "whether it takes network tokens; if not, `no_gateway_support`",
		func(c cursor, d *gatewayDraft) { d.tokens = c.flag() },
	},
	{
		"for", false, some("one or a list of "+list(Abilities()), enum(Abilities())), "what it takes them for; all else gets `no_gateway_support_for_ability`. Without it, everything",
		func(c cursor, d *gatewayDraft) {
			d.abilities = c.words(func(c cursor) word { return c.choice(Abilities()) })
		},
	},
	{
		"opt-in", false, aFlag.unlessGiven(false), "whether it takes tokens only when `enabled` says so",
		func(c cursor, d *gatewayDraft) { d.optIn = c.flag() },
	},
	{
		"enabled", false, aFlag.unlessGiven(false), "whether an opt-in gateway was enabled; if not, `no_gateway_support`",
		func(c cursor, d *gatewayDraft) { d.enabled = c.flag() },
	},
}

func readAccounts(c cursor, d *draft) {
	c.named(func(name word, at cursor) {
		a := accountDraft{name: name}
		accountKeys.read(at, &a)
		d.accounts = append(d.accounts, a)
	})
}

func readGateways(c cursor) (all []gatewayDraft) {
	c.named(func(name word, at cursor) {
		g := gatewayDraft{name: name}
		gatewayKeys.read(at, &g)
		all = append(all, g)
	})
	return all
}

// accounts compiles all accounts of the files.
func (c *compiler) accounts() {
	for _, d := range drafts(c, func(d draft) []accountDraft { return d.accounts }) {
		if !c.unique(c.names.accounts, d.name) {
			continue
		}
		a := c.oneAccount(d)
		if a.Requestor == "" {
			a.Requestor = DefaultRequestor
			if len(c.sc.Requestors) > 0 {
				a.Requestor = c.sc.Requestors[0].Name
			}
		}
		c.names.behind[a.Name] = a.Requestor
		c.sc.Accounts = append(c.sc.Accounts, a)
	}
}

func (c *compiler) oneAccount(d accountDraft) MerchantAccount {
	a := MerchantAccount{
		Name: d.name.v, Requestor: c.requestor(d.requestor), Features: d.features.compile(), Timeout: d.timeout.v,
	}
	for _, g := range d.gateways {
		a.Gateways = append(a.Gateways, c.gateway(g))
	}
	return a
}

// ParseAccount reads other settings of an account, in the form of the `accounts:`
// section. Names of requestors are those of within. What is left out is as in a
// file that leaves it out.
func ParseAccount(file string, data []byte, name string, within Scenario) (MerchantAccount, Findings) {
	r := &report{}
	root := parse(file, data, r)
	if root == nil {
		return MerchantAccount{}, r.found
	}
	d := accountDraft{name: word{v: name, set: true}}
	accountKeys.read(cursor{report: r, file: file, node: root, path: "account"}, &d)
	c := newCompiler(Loader{}, r, nil)
	c.know(within)
	a := c.oneAccount(d)
	r.close(file)
	r.found.sort([]string{file})
	return a, r.found
}

func (d featuresDraft) compile() Features {
	f := AllFeatures()
	for _, one := range []struct {
		given value[bool]
		to    *bool
	}{{d.service, &f.Service}, {d.environment, &f.Environment}, {d.asynchronous, &f.Asynchronous}, {d.fallback, &f.Fallback}} {
		if one.given.set {
			*one.to = one.given.v
		}
	}
	if len(d.networks) > 0 {
		f.Networks = nil
		for _, n := range token.Networks() {
			if slices.ContainsFunc(d.networks, func(w word) bool { return w.v == string(n) }) {
				f.Networks = append(f.Networks, n)
			}
		}
	}
	return f
}

func (c *compiler) gateway(d gatewayDraft) Gateway {
	if d.enabled.set && !d.optIn.v {
		c.refuse(d.enabled.spot, "needs opt-in: true; any other gateway takes tokens without being enabled")
	}
	g := Gateway{Name: d.name.v, Tokens: !d.tokens.set || d.tokens.v, OptIn: d.optIn.v, Enabled: d.enabled.v, For: Abilities()}
	if len(d.abilities) > 0 {
		g.For = spellings(d.abilities)
	}
	return g
}

// merchantAccount refuses a name that no account has.
func (c *compiler) merchantAccount(w word) string {
	if _, ok := c.names.accounts[w.v]; w.set && !ok {
		unknown(c, w, "account", c.names.accounts)
	}
	return w.v
}
