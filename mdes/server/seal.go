package server

import (
	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

// seal encrypts one field of the answer to the requestor's key, in the form the
// request had, and notes its clear text for the journal. The faults about
// content do their damage here.
func (r *request) seal(field string, v any) (mdes.EncryptedPayload, *refusal) {
	plain := encode(v)
	r.x.Answered(field, plain)
	sealer, err := r.account.sealer(r.settings())
	if err != nil {
		return mdes.EncryptedPayload{}, internal("requestor key: " + err.Error())
	}
	sealer.JWE = r.jwe
	if r.plan.Fault == token.FaultWrongKey {
		sealer.Key = &strange(r.requestor.Mastercard).Private.PublicKey
	}
	p, err := sealer.Seal(plain)
	if err != nil {
		return p, internal(err.Error())
	}
	if r.plan.Fault == token.FaultBadCiphertext {
		p.EncryptedData = p.EncryptedData[:len(p.EncryptedData)-2] // no whole blocks any more, or no whole tag
	}
	return p, nil
}

// strange is a key pair of the pool that is none of the requestor's three.
func strange(keys sandbox.MastercardKeys) fixtures.KeyPair {
	for n := uint64(keys.Requestor.Number); ; n++ {
		pair := fixtures.Key(n)
		if pair.Number != keys.Requestor.Number && pair.Number != keys.Network.Number && pair.Number != keys.Signing.Number {
			return pair
		}
	}
}
