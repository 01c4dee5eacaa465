package requestor

import (
	"errors"
	"time"

	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/seed"
	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/token"
)

// Errors of a world and of what is asked of an account.
var (
	ErrAccount = errors.New("no such account")
	ErrMethod  = errors.New("no such payment method")
	ErrChanged = errors.New("somebody else has changed the record")
	ErrEnded   = errors.New("the world has ended")
	ErrGuarded = errors.New("the card number is no test number")
	ErrCard    = errors.New("not a card number")
	ErrGone    = errors.New("the payment method was redacted")
)

// World is what a token requestor sees of its sandbox: no token and no card of a
// network.
type World interface {
	face.World
	// Account finds what a merchant has here, as it is now.
	Account(name string) (Account, bool)
	// Derive is the source of ids and secrets under a path.
	Derive(path ...string) seed.Source
	// Match lets the scenario's rules strike at a request to the requestor itself,
	// and counts it. The error says that the world ended.
	Match(c Call) (face.Outcome, error)
	// Record finds what is kept under a key, and the number of its version, 0 for
	// none. The bytes must not be changed.
	Record(key string) (value []byte, number uint64)
	// Keys lists the keys that begin with a text, which ends with a slash, and have no
	// further one, sorted.
	Keys(folder string) []string
	// Put keeps a value if the version before it is expect, else the error is an
	// ErrChanged; nil takes the value away.
	Put(key string, value []byte, expect uint64) (number uint64, err error)
	// Send queues something to tell or to do, due after a time on the world's clock.
	// An event with an id that is queued already is not queued again.
	Send(ev token.Event, target string, after time.Duration) error
	// Links are where a requestor finds the networks and the acquirer, with its
	// credentials there.
	Links(requestor string) (Links, error)
	// Admits reports whether a card number may be kept.
	Admits(pan string) bool
}

// Links are what a wallet is made of, but for its ids.
type Links = wallet.Config

// Call is one request to the requestor itself, as far as rules can look at it.
type Call struct {
	Op      token.Operation
	Account string
	Card    token.PAN // "" where none is in view
	Token   token.Ref
	Facts   []token.Fact // what [World.Asks] asked for
}

// Account is what a merchant has at a requestor.
type Account struct {
	Name      string
	Requestor string // by whose credentials it asks the networks
	Features  Features
	Timeout   time.Duration // wall time to wait for a network; 0: ten seconds
	Gateways  []Gateway     // none: one that takes tokens for everything
}

// Features are what is switched on for an account.
type Features struct {
	Service      bool // network tokens are offered at all
	Environment  bool // they are enabled for this account
	Asynchronous bool // provisioning happens in the background
	Fallback     bool // a payment that cannot be made by token is made by card
	Networks     []token.Network
}

// Gateway is where payments go, as far as tokens are concerned.
type Gateway struct {
	Name    string
	Tokens  bool      // takes network tokens at all
	For     []Ability // what it takes them for
	OptIn   bool      // takes them only once it is enabled
	Enabled bool
}

// Ability is what a payment asks a gateway to do.
type Ability string

// The abilities.
const (
	AbilityAuthorize Ability = "authorize"
	AbilityPurchase  Ability = "purchase"
	AbilityVerify    Ability = "verify"
)

// usualGateway is that of an account that names none.
var usualGateway = Gateway{Tokens: true, For: []Ability{AbilityAuthorize, AbilityPurchase, AbilityVerify}}

// gateway finds one by its name; "" is the first.
func (a Account) gateway(name string) (Gateway, bool) {
	for _, g := range a.Gateways {
		if g.Name == name || name == "" {
			return g, true
		}
	}
	return usualGateway, name == "" && len(a.Gateways) == 0
}

// usualTimeout is how long an account waits for a network that says nothing else.
const usualTimeout = 10 * time.Second
