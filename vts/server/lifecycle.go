package server

import (
	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

func readLifecycle(r *request) *refusal {
	var body vts.LifecycleRequest
	if refused := r.decode(&body); refused != nil {
		return refused
	}
	code := body.UpdateReason.ReasonCode
	if refused := r.known("updateReason.reasonCode", code, vts.ReasonCodeCustomerConfirmed, vts.ReasonCodeFraud); refused != nil {
		return refused
	}
	r.call.By, r.call.Reason = token.ByRequestor, code
	return readToken(r)
}

func answerLifecycle(*request) (face.Answer, *refusal) {
	return face.Answer{Body: vts.LifecycleResponse{}}, nil
}
