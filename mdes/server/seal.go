package server

import (
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/token"
)

// seal encrypts one field of the answer to the requestor's key, in the form the
// request had, and notes its clear text for the journal. The faults about
// content do their damage here.
func (r *request) seal(field string, v any) (mdes.EncryptedPayload, *refusal) {
	plain := encode(v)
	r.In.Answered(field, plain)
	sealer, err := r.account.sealer(r.switches(), r.digest)
	if err != nil {
		return mdes.EncryptedPayload{}, internal("requestor key: " + err.Error())
	}
	sealer.JWE = r.jwe
	if r.Plan.Fault == token.FaultWrongKey {
		sealer.Key = &r.account.own.other().Private.PublicKey
	}
	p, err := sealer.Seal(plain)
	if err != nil {
		return p, internal(err.Error())
	}
	if r.Plan.Fault == token.FaultBadCiphertext {
		p.EncryptedData = p.EncryptedData[:len(p.EncryptedData)-2] // no whole blocks any more, or no whole tag
	}
	return p, nil
}

// encode writes JSON that is no answer of its own.
func encode(v any) []byte { return encoded(door.JSON(v)) }

// encoded takes what was written; nothing of this face can fail to encode.
func encoded(body []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return body
}
