package server

import (
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

// searchTokens lists the caller's live tokens of an account; none is an empty
// list or, where the sandbox wants it, an error (docs/wire/mdes.md
// "Operations").
func searchTokens(r *request) (answer, *refusal) {
	var body mdes.SearchTokensRequest
	if refused := r.decode(&body, &body.RequestID); refused != nil {
		return nil, refused
	}
	if body.TokenRequestorID != "" {
		if refused := r.caller(body.TokenRequestorID); refused != nil {
			return nil, refused
		}
	}
	if refused := r.funding(body.FundingAccountInfo); refused != nil {
		return nil, refused
	}
	return func(result sandbox.Result) (any, *refusal) {
		list := mdes.TokensResponse{ResponseHost: r.responseHost(), ResponseID: r.responseID()}
		if len(result.Each) == 0 && r.settings().EmptySearch == string(mdes.NoActiveTokens) {
			return nil, refusalOf(token.Refuse(token.Key(mdes.NoActiveTokens), "the account has no live token of the caller"))
		}
		for _, o := range result.Each {
			list.Tokens = append(list.Tokens, standing(o.Token))
		}
		return list, nil
	}, nil
}
