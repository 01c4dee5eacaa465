package server

import (
	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

func readToken(r *request) *refusal {
	r.call.Token = token.Ref(r.id())
	return nil
}

func answerToken(r *request) (face.Answer, *refusal) {
	return face.Answer{Body: vts.TokenResponse{
		VProvisionedTokenID: string(r.result.Token.Ref), VPanEnrollmentID: string(r.result.Token.Enrolment), TokenInfo: r.tokenInfo(r.result.Token),
	}}, nil
}
