package server

import (
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/token"
)

// readLifecycle reads suspend, unsuspend and delete: a batch in which each token
// answers for itself (docs/wire/mdes.md "Operations").
func readLifecycle(r *request) *refusal {
	var body mdes.LifecycleRequest
	if refused := r.decode(&body, &body.RequestID); refused != nil {
		return refused
	}
	for _, ref := range body.TokenUniqueReferences {
		r.call.Tokens = append(r.call.Tokens, token.Ref(ref))
	}
	r.call.By, r.call.Reason = token.Suspender(body.CausedBy), body.ReasonCode
	return nil
}

// answerLifecycle lists the tokens in the order asked. A refused one has nothing but its
// reference and its error; when all are refused, the first error is the
// batch's too.
func answerLifecycle(r *request) (face.Answer, *refusal) {
	list := mdes.TokensResponse{ResponseHost: r.responseHost(), ResponseID: r.responseID()}
	var first *refusal
	good := 0
	for _, o := range r.result.Each {
		if o.Problem == nil {
			list.Tokens = append(list.Tokens, standing(o.Token))
			good++
			continue
		}
		f := refusalOf(o.Problem)
		if first == nil {
			first = f
		}
		list.Tokens = append(list.Tokens, mdes.Token{TokenUniqueReference: string(o.Ref), Errors: []mdes.ErrorItem{f.item()}})
	}
	if good == 0 && first != nil {
		first.tokens = list.Tokens
		return face.Answer{}, first
	}
	return face.Answer{Body: list}, nil
}
