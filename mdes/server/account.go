package server

import (
	"crypto/x509"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/seed"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

// account is a token requestor as this face sees it: its keys made ready, and
// what else is dear to make anew for each request. All of it follows from the
// sandbox, so it may be forgotten at any time. What a switch says is no part of
// it: a scenario that is taken in later may say otherwise.
type account struct {
	opener      mdes.Opener // copied for each use, since a switch has a say
	certificate *x509.Certificate
	sealers     map[string]mdes.Sealer // by the words of the switch fingerprint

	ids         seed.Source // for ids that only this face hands out
	cryptograms [32]byte    // key of the cryptograms

	// passed are the checks of a good signature, without and with its nonce;
	// read only, for all requests share them.
	passed [2]atomic.Pointer[token.Checks]
}

// Where the secrets of a sandbox lie that this face uses. Whoever checks a
// cryptogram in an authorization derives its key by the same path.
var (
	idPath         = [...]string{"mastercard", "face"}
	cryptogramPath = [...]string{"mastercard", "ucaf"}
)

func newAccount(box *sandbox.Sandbox, q *sandbox.Requestor) (*account, error) {
	keys := q.Mastercard
	opener, err := mdes.NewOpener(own(keys.Network))
	if err != nil {
		return nil, fmt.Errorf("network key of the requestor %q: %w", q.Name, err)
	}
	a := &account{
		opener: *opener, certificate: keys.Requestor.Certificate, sealers: map[string]mdes.Sealer{},
		ids: box.Derive(idPath[:]...), cryptograms: box.Derive(cryptogramPath[:]...).Bytes(),
	}
	for word, form := range fingerprintForms {
		if a.sealers[word], err = mdes.NewSealer(a.certificate, form); err != nil {
			return nil, fmt.Errorf("key of the requestor %q: %w", q.Name, err)
		}
	}
	return a, nil
}

// own is a key pair as the codec opens with it.
func own(pair fixtures.KeyPair) mdes.OwnKey {
	return mdes.OwnKey{Key: pair.Private, Certificates: []*x509.Certificate{pair.Certificate}}
}

// fingerprintForms are the forms by the words of scenario files.
var fingerprintForms = map[string]mdes.FingerprintForm{
	"cert-sha1":   mdes.CertificateSHA1,
	"cert-sha256": mdes.CertificateSHA256,
	"key-sha256":  mdes.PublicKeySHA256,
}

// sealer encrypts to the requestor's key, named and wrapped as the sandbox wants
// it now (docs/wire/mdes.md "Payload encryption").
func (a *account) sealer(s *scenarios.MastercardSwitches) (mdes.Sealer, error) {
	sealer, made := a.sealers[s.Fingerprint]
	if !made {
		return sealer, fmt.Errorf("%w: no form is called %q", mdes.ErrFingerprint, s.Fingerprint)
	}
	sealer.Digest = mdes.Digest(s.Digest)
	return sealer, nil
}

// good are the checks of a good signature of this requestor.
func (a *account) good(v mdes.Verification, withNonce bool) token.Checks {
	kept := &a.passed[0]
	if withNonce {
		kept = &a.passed[1]
	}
	if checks := kept.Load(); checks != nil {
		return *checks
	}
	checks := scrubbed(v.Checks())
	kept.Store(&checks)
	return checks
}

// accounts keeps the accounts in use.
type accounts struct {
	mu   sync.RWMutex
	made map[*sandbox.Requestor]*account // guarded by mu
}

// maxAccounts bounds what is kept of sandboxes that are gone; beyond it all is
// made anew, which costs microseconds.
const maxAccounts = 4096

func newAccounts() *accounts { return &accounts{made: map[*sandbox.Requestor]*account{}} }

func (as *accounts) of(box *sandbox.Sandbox, q *sandbox.Requestor) (*account, error) {
	as.mu.RLock()
	a, ok := as.made[q]
	as.mu.RUnlock()
	if ok {
		return a, nil
	}
	a, err := newAccount(box, q)
	if err != nil {
		return nil, err
	}
	as.mu.Lock()
	defer as.mu.Unlock()
	if len(as.made) >= maxAccounts {
		clear(as.made)
	}
	as.made[q] = a
	return a, nil
}
