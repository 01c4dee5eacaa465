package server

import (
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

// sequenceNumber is the panSequenceNumber of every token.
const sequenceNumber = "01"

// transact makes the cryptogram of one payment (docs/wire/mdes.md "Cryptogram").
func transact(r *request) (answer, *refusal) {
	var body mdes.TransactRequest
	if refused := r.decode(&body, &body.RequestID); refused != nil {
		return nil, refused
	}
	r.call.Token = token.Ref(body.TokenUniqueReference)
	return func(result sandbox.Result) (any, *refusal) {
		unpredictable := result.Payment.Random
		if body.UnpredictableNumber != "" {
			var err error
			if unpredictable, err = mdes.UnpredictableNumber(body.UnpredictableNumber); err != nil {
				return nil, internal(err.Error())
			}
		}
		return r.paid(result, unpredictable)
	}, nil
}

func (r *request) paid(result sandbox.Result, unpredictable [4]byte) (any, *refusal) {
	t := result.Token
	sealed, refused := r.seal("encryptedPayload", mdes.TransactEncryptedData{
		AccountNumber:         mdes.Sensitive(t.Number.Digits()),
		ApplicationExpiryDate: mdes.ApplicationExpiry(t.Expiry),
		PANSequenceNumber:     sequenceNumber,
		Track2Equivalent:      mdes.Track2Equivalent(t.Number, t.Expiry),
		DE48SE43Data:          mdes.Sensitive(mdes.NewUCAF(r.account.cryptograms[:], t.Number, t.ATC, unpredictable).Encode().Reveal()),
	})
	return mdes.TransactResponse{ResponseID: r.responseID(), EncryptedPayload: sealed}, refused
}
