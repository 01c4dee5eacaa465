package server

import (
	"net/http"
	"time"

	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// readStepUpMethod finds the method by its identifier. One that nobody offered
// names none, and the step refuses it.
func readStepUpMethod(r *request) *refusal {
	var body vts.StepUpMethodRequest
	if refused := r.body(&body); refused != nil {
		return refused
	}
	r.call.Method = r.account.methodOf(token.Ref(r.id()), body.StepUpRequestID)
	return readToken(r)
}

func readOTP(r *request) *refusal {
	var body vts.ValidateOTPRequest
	if refused := r.body(&body); refused != nil {
		return refused
	}
	r.call.Code = string(body.OTPValue)
	return readToken(r)
}

func readAuthCode(r *request) *refusal {
	var body vts.ValidateAuthCodeRequest
	if refused := r.body(&body); refused != nil {
		return refused
	}
	r.call.Code = string(body.AuthCode)
	return readToken(r)
}

func answerStepUpOptions(r *request, res sandbox.Result) (answer, *token.Problem) {
	methods := r.stepUpMethods(res)
	if methods == nil {
		methods = []vts.StepUpMethod{}
	}
	return answer{body: vts.StepUpOptionsResponse{StepUpRequest: methods}}, nil
}

// answerStepUpMethod tells the expiry by the wall: clients compare it with their
// own clock, which a sandbox's may be far from (docs/wire/vts.md "Step-up").
func answerStepUpMethod(r *request, res sandbox.Result) (answer, *token.Problem) {
	left := res.StepUp.State.Expires.Sub(res.At).Truncate(time.Second)
	switches := r.account.switches()
	return answer{body: vts.StepUpMethodResponse{
		MaxOTPRequestsAllowed: switches.StepUpSelection, MaxOTPVerificationAllowed: switches.StepUpAttempts,
		CodeExpiration: vts.SecondsOf(r.x.Wall.Add(left)),
	}}, nil
}

// refusalOf turns what the step found into its answer. For a wrong or late code
// two have been seen, so a sandbox says which (docs/wire/vts.md "Step-up").
func (r *request) refusalOf(p *token.Problem) *refusal {
	f := refusalOf(p)
	code := p.Key == token.WrongCode || p.Key == token.ExpiredCode
	if !code || r.account.switches().WrongCode != string(vts.ReasonNotAllowed) {
		return f
	}
	return refusalOf(token.Refuse(token.NotAllowed, f.detail)).withStatus(http.StatusConflict)
}

func answerValidation(*request, sandbox.Result) (answer, *token.Problem) {
	return answer{body: vts.ValidationResponse{}}, nil
}
