package server

import (
	"crypto/subtle"
	"fmt"
	"strings"
	"sync"

	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/simulator/seed"
	"github.com/pantomime-dev/pantomime/simulator/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// account is a token requestor as this face sees it: its keys made ready, and
// what else is dear to make anew for each request. All of it follows from the
// sandbox, so it may be forgotten at any time.
type account struct {
	box       *sandbox.Sandbox
	requestor *sandbox.Requestor

	signers  []*vts.Signer // the pairs a client may sign with
	keys     vts.Keys      // the pairs a client may encrypt with, the usual one first
	wrong    vts.Keys      // the same ids with other secrets, for the fault wrong-key
	outbound *vts.Signer   // signs notices

	ids   seed.Source // for ids that only this face hands out
	tavv  [32]byte    // key of the cryptograms
	cards sync.Map    // productKey → []byte, cardMetaData as JSON
}

// tavvPath leads to the key of a sandbox's cryptograms. Whoever checks one in an
// authorization derives the key by the same path.
var tavvPath = [...]string{"visa", "tavv"}

func newAccount(owner sandbox.Address) (*account, error) {
	pairs := owner.Requestor.Visa
	a := &account{box: owner.Sandbox, requestor: owner.Requestor, ids: owner.Sandbox.Derive("visa", "face")}
	a.tavv = owner.Sandbox.Derive(tavvPath[:]...).Bytes()
	for _, pair := range []sandbox.VisaKey{pairs.Encryption, pairs.Signing} {
		if err := a.add(pair); err != nil {
			return nil, fmt.Errorf("requestor %q: %w", owner.Requestor.Name, err)
		}
	}
	var err error
	if a.outbound, err = vts.NewSigner(credential(pairs.Outbound)); err != nil {
		return nil, fmt.Errorf("requestor %q: outbound: %w", owner.Requestor.Name, err)
	}
	return a, nil
}

// add makes one key pair ready for both uses: projects with one pair for
// signing and encryption exist beside those with two
// (docs/wire/vts.md "Authentication").
func (a *account) add(pair sandbox.VisaKey) error {
	signer, err := vts.NewSigner(credential(pair))
	if err != nil {
		return err
	}
	key, err := vts.NewSharedKey(credential(pair))
	if err != nil {
		return err
	}
	other := vts.Credential{APIKey: pair.APIKey, Secret: a.ids.Text(40, "wrong secret", pair.APIKey)}
	wrong, err := vts.NewSharedKey(other)
	if err != nil {
		return err
	}
	a.signers, a.keys, a.wrong = append(a.signers, signer), append(a.keys, key), append(a.wrong, wrong)
	return nil
}

func credential(pair sandbox.VisaKey) vts.Credential {
	return vts.Credential{APIKey: pair.APIKey, Secret: pair.Secret}
}

// signer finds the pair of an API key, and the others.
func (a *account) signer(apiKey string) (found *vts.Signer, others []*vts.Signer) {
	for i, s := range a.signers {
		if sameKey(s.KeyID(), apiKey) {
			return s, a.signers[1-i : 2-i]
		}
	}
	return nil, a.signers
}

// sameKey compares API keys as the registry does, which takes any case.
func sameKey(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	return a == b || subtle.ConstantTimeCompare([]byte(strings.ToLower(a)), []byte(strings.ToLower(b))) == 1
}

// accounts keeps the accounts in use.
type accounts struct {
	mu   *sync.RWMutex
	made map[*sandbox.Requestor]*account // guarded by mu
}

// maxAccounts bounds what is kept of sandboxes that are gone; beyond it all is
// made anew, which costs microseconds.
const maxAccounts = 4096

func newAccounts() accounts {
	return accounts{new(sync.RWMutex), map[*sandbox.Requestor]*account{}}
}

func (as accounts) of(owner sandbox.Address) (*account, error) {
	as.mu.RLock()
	a, ok := as.made[owner.Requestor]
	as.mu.RUnlock()
	if ok {
		return a, nil
	}
	a, err := newAccount(owner)
	if err != nil {
		return nil, err
	}
	as.mu.Lock()
	defer as.mu.Unlock()
	if len(as.made) >= maxAccounts {
		clear(as.made)
	}
	as.made[owner.Requestor] = a
	return a, nil
}

// wrongKey is the key that pretends to be another.
func (a *account) wrongKey(id string) *vts.Key {
	k, _ := a.wrong.Find(id)
	return k
}

// trid is the requestor's id at Visa.
func (a *account) trid() token.TRID { return a.requestor.TRID[token.Visa] }
