package server

import (
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/token"
)

// readToken asks for a token's state, a deactivated one's too
// (docs/wire/mdes.md "Operations").
func readToken(r *request) *refusal {
	var body mdes.GetTokenRequest
	if refused := r.decode(&body, &body.RequestID); refused != nil {
		return refused
	}
	r.call.Token, r.call.Brief = token.Ref(body.TokenUniqueReference), body.IncludeTokenDetail != "true"
	return nil
}

func answerToken(r *request) (face.Answer, *refusal) {
	found := r.result.Found
	t := standing(found.Token)
	t.TokenRequestorID = string(found.Token.TRID)
	t.ProductConfig = productConfig(r.product(found.Card))
	t.TokenInfo = r.tokenInfo(found.Token, found.Card)
	t.TokenInfo.AccountPANPrefix = found.Card.PAN.First6()
	body := mdes.GetTokenResponse{ResponseID: r.responseID(), Token: &t}
	if r.call.Brief {
		return face.Answer{Body: body}, nil
	}
	var refused *refusal
	body.TokenDetail, refused = r.detail(found.Token, found.Card)
	return face.Answer{Body: body}, refused
}
