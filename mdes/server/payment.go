package server

import (
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/token"
)

// sequenceNumber is the panSequenceNumber of every token.
const sequenceNumber = "01"

// readPayment asks for the cryptogram of one payment
// (docs/wire/mdes.md "Cryptogram").
func readPayment(r *request) *refusal {
	var body mdes.TransactRequest
	if refused := r.decode(&body, &body.RequestID); refused != nil {
		return refused
	}
	r.call.Token = token.Ref(body.TokenUniqueReference)
	if body.UnpredictableNumber == "" {
		return nil
	}
	number, err := mdes.UnpredictableNumber(body.UnpredictableNumber)
	if err != nil {
		return internal(err.Error())
	}
	r.unpredictable = &number
	return nil
}

func answerPayment(r *request) (face.Answer, *refusal) {
	t, unpredictable := r.result.Token, r.result.Payment.Random
	if r.unpredictable != nil {
		unpredictable = *r.unpredictable
	}
	sealed, refused := r.seal("encryptedPayload", mdes.TransactEncryptedData{
		AccountNumber:         mdes.Sensitive(t.Number.Digits()),
		ApplicationExpiryDate: mdes.ApplicationExpiry(t.Expiry),
		PANSequenceNumber:     sequenceNumber,
		Track2Equivalent:      mdes.Track2Equivalent(t.Number, t.Expiry),
		DE48SE43Data:          mdes.Sensitive(mdes.NewUCAF(r.account.cryptograms[:], t.Number, t.ATC, unpredictable).Encode().Reveal()),
	})
	return face.Answer{Body: mdes.TransactResponse{ResponseID: r.responseID(), EncryptedPayload: sealed}}, refused
}
