package server

import (
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/simulator/face"
)

// cardField is where getDigitalAssets carries its card.
const cardField = "encryptedPayload"

// readDigitalAssets reads a card that has no token (docs/wire/mdes.md "Operations").
func readDigitalAssets(r *request) *refusal {
	var body mdes.DigitalAssetsRequest
	if refused := r.decode(&body, &body.RequestID); refused != nil {
		return refused
	}
	plain, refused := r.open(cardField, body.EncryptedPayload)
	if refused != nil {
		return refused
	}
	data, err := mdes.DecodeDigitalAssets(plain, r.leniency())
	if refused := r.fields(err); refused != nil {
		return refused
	}
	return r.card(data.AccountNumber)
}

func answerDigitalAssets(r *request) (face.Answer, *refusal) {
	return face.Answer{Body: mdes.DigitalAssetsResponse{
		ResponseHost: r.responseHost(), ResponseID: r.responseID(), ProductConfig: *productConfig(r.product(r.result.Card)),
	}}, nil
}
