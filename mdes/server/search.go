package server

import (
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/token"
)

// readSearch asks for the caller's live tokens of an account.
func readSearch(r *request) *refusal {
	var body mdes.SearchTokensRequest
	if refused := r.decode(&body, &body.RequestID); refused != nil {
		return refused
	}
	if body.TokenRequestorID != "" {
		if refused := r.caller(body.TokenRequestorID); refused != nil {
			return refused
		}
	}
	return r.funding(body.FundingAccountInfo)
}

// answerSearch lists the tokens; none is an empty list or, where the sandbox
// wants it, an error (docs/wire/mdes.md "Operations").
func answerSearch(r *request) (face.Answer, *refusal) {
	list := mdes.TokensResponse{ResponseHost: r.responseHost(), ResponseID: r.responseID()}
	if len(r.result.Each) == 0 && r.switches().EmptySearch == string(mdes.NoActiveTokens) {
		return face.Answer{}, refusalOf(token.Refuse(token.Key(mdes.NoActiveTokens), "the account has no live token of the caller"))
	}
	for _, o := range r.result.Each {
		list.Tokens = append(list.Tokens, standing(o.Token))
	}
	return face.Answer{Body: list}, nil
}
