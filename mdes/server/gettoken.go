package server

import (
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

// getToken tells a token's state, a deactivated one's too
// (docs/wire/mdes.md "Operations").
func getToken(r *request) (answer, *refusal) {
	var body mdes.GetTokenRequest
	if refused := r.decode(&body, &body.RequestID); refused != nil {
		return nil, refused
	}
	r.call.Token, r.call.Brief = token.Ref(body.TokenUniqueReference), body.IncludeTokenDetail != "true"
	return func(result sandbox.Result) (any, *refusal) {
		return r.told(result, !r.call.Brief)
	}, nil
}

func (r *request) told(result sandbox.Result, withDetail bool) (any, *refusal) {
	t := standing(result.Token)
	t.TokenRequestorID = string(result.Token.TRID)
	t.ProductConfig = productConfig(r.product(result.Card))
	t.TokenInfo = r.tokenInfo(result.Token, result.Card)
	t.TokenInfo.AccountPANPrefix = result.Card.PAN.First6()
	body := mdes.GetTokenResponse{ResponseID: r.responseID(), Token: &t}
	if !withDetail {
		return body, nil
	}
	var refused *refusal
	body.TokenDetail, refused = r.detail(result.Token, result.Card)
	return body, refused
}
