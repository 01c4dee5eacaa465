// Package wallet is a token requestor at both networks over real HTTP, and the
// merchant that pays with its tokens through an acquirer: it makes
// the smallest request of every operation, lets the caller make it wrong, encrypts,
// signs and sends it, reads and decrypts what comes back, and takes notices in.
// [Wallet.Do] is all that most programs need; a [Draft] is for those that want a
// request wrong, an [Inbox] for those that want to be notified.
//
// It knows a network as any requestor does, by what it got and by what is
// answered: it links no server and no engine, so what it gets through proves
// something about the wire.
//
// An operation is one row of a table, visaRows, mastercardRows or acquirerRows: what the
// request needs, what it says, and how its answer is reported.
package wallet

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
	"github.com/pantomime-dev/pantomime/wire"
)

// ErrNetwork says that a wallet has no connection to the network of an
// operation, or that the operation is of no network.
var ErrNetwork = errors.New("no connection to the network of the operation")

// Config is what a wallet is made of.
type Config struct {
	BaseURL map[token.Party]string // where each party is called; one that is missing is not
	Env     mdes.Environment       // the segment in Mastercard's paths; "" is production's, none
	Credentials

	App  string                   // how it introduces itself, in lower-case letters; "" is pantomime
	ID   func(kind string) string // an id for an order, a task or a request, new for each; nil draws one
	HTTP *http.Client             // nil: time-out 60 s, redirects are not followed
	Wall clock.Wall               // what requests are signed at; nil is the machine's clock
}

// Wallet is one token requestor. It may be used by several goroutines at once
// if the ID and HTTP of its configuration may.
type Wallet struct {
	sides map[token.Party]side
	http  *http.Client
}

// side is the wallet's half at one party.
type side interface {
	// with is the same half with other ids for what it asks.
	with(id func(kind string) string) side
	// draft makes the smallest request of an operation.
	draft(op token.Operation, about Subject) (Draft, error)
	// seal encrypts a member's clear text for the network.
	seal(plain any) (any, error)
	// request signs a request; handle fills the parameter of its path.
	request(ctx context.Context, op token.Operation, handle string, body []byte) (*http.Request, error)
	// read finds out what an answer says and opens what is encrypted in it.
	read(op token.Operation, a *Answer)
	// do sends a request and says what a good answer says.
	do(req *http.Request, op token.Operation, about Subject) (Outcome, error)
}

// New makes a wallet. The error says which key cannot be used, or which base
// URL.
func New(cfg Config) (*Wallet, error) {
	cfg.App = cmp.Or(cfg.App, "pantomime")
	if cfg.ID == nil {
		cfg.ID = func(kind string) string { return kind + "-" + rand.Text() }
	}
	if cfg.HTTP == nil {
		cfg.HTTP = wire.HTTPClient(timeout)
	}
	if cfg.Wall == nil {
		cfg.Wall = clock.Real()
	}
	w := &Wallet{sides: map[token.Party]side{}, http: cfg.HTTP}
	for _, p := range token.Parties() {
		if h, played := halves[p.Name]; played && cfg.BaseURL[p.Name] != "" {
			s, err := h.open(cfg)
			if err != nil {
				return nil, fmt.Errorf("wallet at %s: %w", p.Name, err)
			}
			w.sides[p.Name] = s
		}
	}
	return w, nil
}

// half is how a side is opened, and what its operations need.
type half struct {
	open  func(Config) (side, error)
	needs func(token.Operation, Account) []Need
}

// halves are those at all parties that a wallet calls.
var halves = map[token.Party]half{
	token.PartyVisa:       {opens(newVisa), visaRows.needs},
	token.PartyMastercard: {opens(newMastercard), mastercardRows.needs},
	token.PartyAcquirer:   {opens(newAcquirer), acquirerRows.needs},
}

func opens[S side](open func(Config) (S, error)) func(Config) (side, error) {
	return func(cfg Config) (side, error) { return open(cfg) }
}

// With is the same wallet with other ids for what it asks from now on.
func (w *Wallet) With(id func(kind string) string) *Wallet {
	other := &Wallet{sides: map[token.Party]side{}, http: w.http}
	for p, s := range w.sides {
		other.sides[p] = s.with(id)
	}
	return other
}

// Visa is the client of the token service, nil without a connection to it.
func (w *Wallet) Visa() *vts.Client {
	if v, ok := w.sides[token.PartyVisa].(*visa); ok {
		return v.client
	}
	return nil
}

// Mastercard is the client of MDES, nil without a connection to it.
func (w *Wallet) Mastercard() *mdes.Client {
	if m, ok := w.sides[token.PartyMastercard].(*mastercard); ok {
		return m.client
	}
	return nil
}

// at is the half that an operation is performed with.
func (w *Wallet) at(op token.Operation) (side, error) {
	if s, ok := w.sides[op.Party()]; ok && op.Info().Op != "" {
		return s, nil
	}
	return nil, fmt.Errorf("%w: %q", ErrNetwork, string(op))
}
