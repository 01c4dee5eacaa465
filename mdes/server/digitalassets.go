package server

import (
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
)

// cardField is where getDigitalAssets carries its card.
const cardField = "encryptedPayload"

// getDigitalAssets tells the product of a card that has no token: the members
// of a productConfig, flat (docs/wire/mdes.md "Operations").
func getDigitalAssets(r *request) (answer, *refusal) {
	var body mdes.DigitalAssetsRequest
	if refused := r.decode(&body, &body.RequestID); refused != nil {
		return nil, refused
	}
	plain, refused := r.open(cardField, body.EncryptedPayload)
	if refused != nil {
		return nil, refused
	}
	data, err := mdes.DecodeDigitalAssets(plain, r.leniency())
	if refused := r.fields(err); refused != nil {
		return nil, refused
	}
	if refused := r.card(data.AccountNumber); refused != nil {
		return nil, refused
	}
	return func(result sandbox.Result) (any, *refusal) {
		return mdes.DigitalAssetsResponse{
			ResponseHost: r.responseHost(), ResponseID: r.responseID(), ProductConfig: *productConfig(r.product(result.Card)),
		}, nil
	}, nil
}
