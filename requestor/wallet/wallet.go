// Package wallet is a token requestor at both networks over real HTTP, and the
// merchant that pays with its tokens through an acquirer: it makes
// the smallest request of every operation, lets the caller spoil it, encrypts,
// signs and sends it, reads and decrypts what comes back, and takes notices in.
// [Wallet.Do] is all that most programs need; a [Draft] is for those that want a
// request wrong, an [Inbox] for those that want to be told.
//
// It knows a network as any requestor does, by what it was told and by what is
// answered: it links no server and no engine, so what it gets through proves
// something about the wire.
//
// An operation is one row of a table, visaRows, mastercardRows or acquirerRows: what the
// request needs, what it says, and how its answer is told.
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
)

// ErrNetwork says that a wallet has no connection to the network of an
// operation, or that the operation is of no network.
var ErrNetwork = errors.New("no connection to the network of the operation")

// Config is what a wallet is made of.
type Config struct {
	VisaURL       string           // base URL in front of /vts/…; "" for a wallet that does not call Visa
	MastercardURL string           // base URL that ends in /mdes; "" likewise
	AcquirerURL   string           // base URL that ends in /acquirer; "" likewise
	Env           mdes.Environment // the segment in Mastercard's paths; "" is production's, none
	Credentials

	App  string                   // how it introduces itself, in lower-case letters; "" is pantomime
	ID   func(kind string) string // an id for an order, a task or a request, new for each; nil draws one
	HTTP *http.Client             // nil: time-out 60 s, redirects are not followed
	Wall clock.Wall               // what requests are signed at; nil is the machine's clock
}

// Wallet is one token requestor. It may be used by several goroutines at once
// if the ID and HTTP of its configuration may.
type Wallet struct {
	visa       *visa
	mastercard *mastercard
	acquirer   *acquirer
	http       *http.Client
}

// side is the wallet's half at one network.
type side interface {
	// draft makes the smallest request of an operation.
	draft(op token.Operation, about Subject) (Draft, error)
	// seal encrypts a member's clear text for the network.
	seal(plain any) (any, error)
	// request signs a request; handle fills the parameter of its path.
	request(ctx context.Context, op token.Operation, handle string, body []byte) (*http.Request, error)
	// read finds out what an answer says and opens what is encrypted in it.
	read(op token.Operation, a *Answer)
	// do sends a request and tells what a good answer says.
	do(req *http.Request, op token.Operation, about Subject) (Outcome, error)
}

// New makes a wallet. The error tells which key cannot be used, or which base
// URL.
func New(cfg Config) (*Wallet, error) {
	cfg.App = cmp.Or(cfg.App, "pantomime")
	if cfg.ID == nil {
		cfg.ID = func(kind string) string { return kind + "-" + rand.Text() }
	}
	if cfg.HTTP == nil {
		cfg.HTTP = &http.Client{Timeout: timeout, CheckRedirect: stay}
	}
	if cfg.Wall == nil {
		cfg.Wall = clock.Real()
	}
	w := &Wallet{http: cfg.HTTP}
	var err error
	if cfg.VisaURL != "" {
		if w.visa, err = newVisa(cfg); err != nil {
			return nil, fmt.Errorf("wallet at visa: %w", err)
		}
	}
	if cfg.MastercardURL != "" {
		if w.mastercard, err = newMastercard(cfg); err != nil {
			return nil, fmt.Errorf("wallet at mastercard: %w", err)
		}
	}
	if cfg.AcquirerURL != "" {
		if w.acquirer, err = newAcquirer(cfg); err != nil {
			return nil, fmt.Errorf("wallet at the acquirer: %w", err)
		}
	}
	return w, nil
}

// With is the same wallet with other ids for what it asks from now on.
func (w *Wallet) With(id func(kind string) string) *Wallet {
	other := *w
	if w.visa != nil {
		half := *w.visa
		half.id, other.visa = id, &half
	}
	if w.mastercard != nil {
		half := *w.mastercard
		half.id, other.mastercard = id, &half
	}
	if w.acquirer != nil {
		half := *w.acquirer
		half.id, other.acquirer = id, &half
	}
	return &other
}

// stay hands a redirect to the caller: its signature would not fit elsewhere.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// Visa is the client of the token service, nil without a connection to it.
func (w *Wallet) Visa() *vts.Client {
	if w.visa == nil {
		return nil
	}
	return w.visa.client
}

// Mastercard is the client of MDES, nil without a connection to it.
func (w *Wallet) Mastercard() *mdes.Client {
	if w.mastercard == nil {
		return nil
	}
	return w.mastercard.client
}

// acquires tells whether an operation is an acquirer's.
func acquires(op token.Operation) bool {
	_, ok := acquirerRows[op]
	return ok
}

// at is the half that an operation is performed with.
func (w *Wallet) at(op token.Operation) (side, error) {
	switch {
	case op.Network() == token.Visa && w.visa != nil:
		return w.visa, nil
	case op.Network() == token.Mastercard && w.mastercard != nil:
		return w.mastercard, nil
	case acquires(op) && w.acquirer != nil:
		return w.acquirer, nil
	}
	return nil, fmt.Errorf("%w: %q", ErrNetwork, string(op))
}
