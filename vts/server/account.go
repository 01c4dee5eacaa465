package server

import (
	"crypto/subtle"
	"fmt"
	"strings"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/seed"
	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// account is a token requestor as this face sees it: its keys made ready, and
// what else takes time to make for each request. It is kept as long as its
// sandbox.
type account struct {
	box       *sandbox.Sandbox
	requestor *sandbox.Requestor
	own       Keys

	signers  []*vts.Signer      // the pairs a client may sign with
	keys     vts.Keys           // open the fields of requests
	sealings map[string]sealing // by the kid that a request's field used
	usual    sealing            // when the request had no encrypted field
	outbound *vts.Signer        // signs notices
	forger   *vts.Signer        // signs under the same key with another secret
	replays  *face.Replays      // x-pay-tokens that were used
	sent     *face.Replays      // those of notices

	ids  seed.Source // for ids that only this face hands out
	tavv [32]byte    // key of the cryptograms
}

// sealing is the key an answer is sealed with, and one that only pretends to be
// it, for the fault wrong-key.
type sealing struct{ right, wrong *vts.Key }

// maxSent is how many pay tokens of notices are remembered; beyond it the oldest
// are forgotten.
const maxSent = 10_000

// accountOf finds the account of a requestor, or makes it.
func accountOf(box *sandbox.Sandbox, requestor string) (*account, error) {
	return face.Ready(box, requestor, Name, func() (*account, error) {
		q, _ := box.Requestor(requestor) // known, or nothing would be made ready
		return newAccount(box, q)
	})
}

func newAccount(box *sandbox.Sandbox, q *sandbox.Requestor) (*account, error) {
	a := &account{
		box: box, requestor: q, own: KeysOf(q), ids: box.Derive("visa", "face"),
		tavv: box.CryptogramKey(token.Visa), sealings: map[string]sealing{}, replays: face.NewReplays(0), sent: face.NewReplays(maxSent),
	}
	if err := a.addKeys(a.own); err != nil {
		return nil, fmt.Errorf("requestor %q: %w", q.Name, err)
	}
	return a, nil
}

// addKeys makes every pair ready for both uses: projects with one pair for
// signing and encryption exist besides those with two
// (docs/wire/vts.md "Authentication"), and only a switch holds each pair to its
// use. Where a requestor has RSA keys, answers
// go to them unless the client sealed its own field with a shared secret.
func (a *account) addKeys(pairs Keys) error {
	outbound, err := vts.NewSigner(pairs.Outbound)
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

func (a *account) addShared(pair vts.Credential) error {
	signer, err := vts.NewSigner(pair)
	if err != nil {
		return err
	}
	key, err := vts.NewSharedKey(pair)
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

func (a *account) addRSA(keys RSAKeys) error {
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

// forged is a pair with a secret that is not its own.
func (a *account) forged(pair vts.Credential) vts.Credential {
	return vts.Credential{APIKey: pair.APIKey, Secret: a.ids.Text(40, "wrong secret", pair.APIKey)}
}

// signer finds the pair of an API key, or for a key of no pair the usual one.
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
	for _, record := range a.own.Further {
		if record.Use == scenarios.KeyDoesBoth && sameKey(record.APIKey, apiKey) {
			return a.sealings[record.APIKey]
		}
	}
	return a.usual
}

// sameKey compares API keys as the registry does, which takes any case.
func sameKey(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	return a == b || subtle.ConstantTimeCompare([]byte(strings.ToLower(a)), []byte(strings.ToLower(b))) == 1
}
