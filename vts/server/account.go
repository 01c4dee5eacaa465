package server

import (
	"crypto/subtle"
	"fmt"
	"strings"
	"sync"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/seed"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/vts"
)

// account is a token requestor as this face sees it: its keys made ready, and
// what else is dear to make anew for each request. But for the tokens seen, all
// of it follows from the sandbox, so it may be forgotten at any time.
type account struct {
	box       *sandbox.Sandbox
	requestor *sandbox.Requestor

	signers  []*vts.Signer      // the pairs a client may sign with
	keys     vts.Keys           // open the fields of requests
	sealings map[string]sealing // by the kid that a request's field used
	usual    sealing            // when the request had no encrypted field
	outbound *vts.Signer        // signs notices
	forger   *vts.Signer        // signs under the same key with another secret
	seen     *seen

	ids   seed.Source // for ids that only this face hands out
	tavv  [32]byte    // key of the cryptograms
	cards sync.Map    // productKey → metaData
}

// sealing is the key an answer is sealed with, and one that only pretends to be
// it, for the fault wrong-key.
type sealing struct{ right, wrong *vts.Key }

// tavvPath leads to the key of a sandbox's cryptograms. Whoever checks one in an
// authorization derives the key by the same path.
var tavvPath = [...]string{"visa", "tavv"}

func newAccount(owner sandbox.Address) (*account, error) {
	a := &account{
		box: owner.Sandbox, requestor: owner.Requestor, ids: owner.Sandbox.Derive("visa", "face"),
		tavv: owner.Sandbox.Derive(tavvPath[:]...).Bytes(), sealings: map[string]sealing{}, seen: newSeen(),
	}
	if err := a.addKeys(owner.Requestor.Visa); err != nil {
		return nil, fmt.Errorf("requestor %q: %w", owner.Requestor.Name, err)
	}
	return a, nil
}

// addKeys makes every pair ready for both uses: projects with one pair for
// signing and encryption exist beside those with two
// (docs/wire/vts.md "Authentication"), and only a switch holds each pair to its
// use. Where a requestor has RSA keys, answers
// go to them unless the client sealed its own field with a shared secret.
func (a *account) addKeys(pairs sandbox.VisaKeys) error {
	outbound, err := vts.NewSigner(credential(pairs.Outbound))
	if err != nil {
		return fmt.Errorf("outbound: %w", err)
	}
	a.outbound = outbound
	if a.forger, err = vts.NewSigner(a.forged(pairs.Outbound)); err != nil {
		return fmt.Errorf("forger: %w", err)
	}
	for _, pair := range pairs.Pairs() {
		if err := a.addShared(pair); err != nil {
			return err
		}
	}
	a.usual = a.sealings[pairs.Encryption.APIKey]
	if pairs.RSA == nil {
		return nil
	}
	err = a.addRSA(*pairs.RSA)
	a.usual = a.sealings[pairs.RSA.NetworkID]
	return err
}

func (a *account) addShared(pair sandbox.VisaKey) error {
	signer, err := vts.NewSigner(credential(pair))
	if err != nil {
		return err
	}
	key, err := vts.NewSharedKey(credential(pair))
	if err != nil {
		return err
	}
	wrong, err := vts.NewSharedKey(a.forged(pair))
	if err != nil {
		return err
	}
	a.signers, a.keys = append(a.signers, signer), append(a.keys, key)
	a.sealings[pair.APIKey] = sealing{key, wrong}
	return nil
}

func (a *account) addRSA(keys sandbox.RSAKeys) error {
	open, err := vts.NewRSAKey(keys.NetworkID, &keys.Network.Private.PublicKey, keys.Network.Private)
	if err != nil {
		return err
	}
	right, err := vts.NewRSAKey(keys.RequestorID, &keys.Requestor.Private.PublicKey, nil)
	if err != nil {
		return err
	}
	wrong, err := vts.NewRSAKey(keys.RequestorID, &keys.Network.Private.PublicKey, nil)
	if err != nil {
		return err
	}
	a.keys = append(a.keys, open)
	a.sealings[keys.NetworkID] = sealing{right, wrong}
	return nil
}

func credential(pair sandbox.VisaKey) vts.Credential {
	return vts.Credential{APIKey: pair.APIKey, Secret: pair.Secret}
}

// forged is a pair with a secret that is not its own.
func (a *account) forged(pair sandbox.VisaKey) vts.Credential {
	return vts.Credential{APIKey: pair.APIKey, Secret: a.ids.Text(40, "wrong secret", pair.APIKey)}
}

// signer finds the pair of an API key, or for a key of nobody the usual one.
func (a *account) signer(apiKey string) *vts.Signer {
	for _, s := range a.signers {
		if sameKey(s.KeyID(), apiKey) {
			return s
		}
	}
	return a.signers[0]
}

// sealingFor is what a request is answered under that has no encrypted field:
// the pair that signed it, if that is a further one for both uses.
func (a *account) sealingFor(apiKey string) sealing {
	for _, record := range a.requestor.Visa.Further {
		if record.Use == scenarios.KeyDoesBoth && sameKey(record.APIKey, apiKey) {
			return a.sealings[record.APIKey]
		}
	}
	return a.usual
}

// switches are the sandbox's settings for this network.
func (a *account) switches() *scenarios.VisaSwitches { return &a.box.Switches().Visa }

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
