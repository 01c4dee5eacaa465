package server

import (
	"cmp"
	"crypto/x509"
	"fmt"
	"sync/atomic"

	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/seed"
	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

// account is a token requestor as this face sees it: its keys made ready, and
// what else takes time to make for each request. It is kept as long as its
// sandbox. What a switch says is no part of it: a scenario that is taken in later
// may say otherwise.
type account struct {
	requestor *sandbox.Requestor
	own       Keys

	opener      mdes.Opener // copied for each use, since a switch has a say
	certificate *x509.Certificate
	sealers     map[string]mdes.Sealer // by the words of the switch fingerprint
	replays     *face.Replays          // OAuth nonces that were used

	ids         seed.Source // for ids that only this face hands out
	cryptograms [32]byte    // key of the cryptograms

	digest atomic.Value // mdes.Digest of the latest request that had one

	// passed are the checks of a good signature, without and with its nonce;
	// read only, for all requests share them. They are masked once instead of at
	// each request: an eighteenth of a transact (BenchmarkTransact).
	passed [2]atomic.Pointer[token.Checks]
}

// idPath leads to the ids that this face hands out.
var idPath = [...]string{"mastercard", "face"}

// maxNonces is how many nonces of one requestor are remembered; beyond it the
// oldest are forgotten.
const maxNonces = 10_000

// accountOf finds the account of a requestor, or makes it.
func accountOf(box *sandbox.Sandbox, requestor string) (*account, error) {
	return face.Ready(box, requestor, Name, func() (*account, error) {
		q, _ := box.Requestor(requestor) // known, or nothing would be made ready
		return newAccount(box, q)
	})
}

func newAccount(box *sandbox.Sandbox, q *sandbox.Requestor) (*account, error) {
	keys := KeysOf(q)
	opener, err := mdes.NewOpener(opensWith(keys.Network))
	if err != nil {
		return nil, fmt.Errorf("network key of the requestor %q: %w", q.Name, err)
	}
	a := &account{
		requestor: q, own: keys, opener: *opener, certificate: keys.Requestor.Certificate, sealers: map[string]mdes.Sealer{},
		replays: face.NewReplays(maxNonces), ids: box.Derive(idPath[:]...), cryptograms: box.CryptogramKey(token.Mastercard),
	}
	for word, form := range fingerprintForms {
		if a.sealers[word], err = mdes.NewSealer(a.certificate, form); err != nil {
			return nil, fmt.Errorf("key of the requestor %q: %w", q.Name, err)
		}
	}
	return a, nil
}

// opensWith is a key pair as the codec opens with it.
func opensWith(pair fixtures.KeyPair) mdes.OwnKey {
	return mdes.OwnKey{Key: pair.Private, Certificates: []*x509.Certificate{pair.Certificate}}
}

// digestOfRequest is the word of the switch digest for what the client does.
const digestOfRequest = "request"

// sealedWith notes how the key of a payload that opened was wrapped.
func (a *account) sealedWith(p mdes.EncryptedPayload) mdes.Digest {
	digest := cmp.Or(mdes.Digest(p.OAEPHashingAlgorithm), mdes.PKCS1v15)
	if p.IsJWE() { // wraps with a digest of its own
		digest = mdes.SHA256
	}
	a.digest.Store(digest)
	return digest
}

// fingerprintForms are the forms by the words of scenario files.
var fingerprintForms = map[string]mdes.FingerprintForm{
	"cert-sha1":   mdes.CertificateSHA1,
	"cert-sha256": mdes.CertificateSHA256,
	"key-sha256":  mdes.PublicKeySHA256,
}

// sealer encrypts to the requestor's key, named and wrapped as the sandbox wants
// it now (docs/wire/mdes.md "Payload encryption"): what answers a request with
// the digest that it was sealed with, "" for none.
func (a *account) sealer(s *scenarios.MastercardSwitches, asked mdes.Digest) (mdes.Sealer, error) {
	sealer, made := a.sealers[s.Fingerprint]
	if !made {
		return sealer, fmt.Errorf("%w: no form is called %q", mdes.ErrFingerprint, s.Fingerprint)
	}
	if sealer.Digest = mdes.Digest(s.Digest); s.Digest == digestOfRequest {
		latest, _ := a.digest.Load().(mdes.Digest)
		sealer.Digest = cmp.Or(asked, latest, mdes.SHA512)
	}
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
