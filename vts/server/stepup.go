package server

import (
	"slices"
	"time"

	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// readStepUpMethod finds the method by its identifier. One that was not offered
// names none, and the step refuses it.
func readStepUpMethod(r *request) *refusal {
	var body vts.StepUpMethodRequest
	if refused := r.decode(&body); refused != nil {
		return refused
	}
	r.call.Method = r.account.methodOf(token.Ref(r.id()), body.StepUpRequestID)
	return readToken(r)
}

func readOTP(r *request) *refusal {
	var body vts.ValidateOTPRequest
	if refused := r.decode(&body); refused != nil {
		return refused
	}
	r.call.Code = string(body.OTPValue)
	return readToken(r)
}

func readAuthCode(r *request) *refusal {
	var body vts.ValidateAuthCodeRequest
	if refused := r.decode(&body); refused != nil {
		return refused
	}
	r.call.Code = string(body.AuthCode)
	return readToken(r)
}

func answerStepUpOptions(r *request) (face.Answer, *refusal) {
	methods := r.stepUpMethods()
	if methods == nil {
		methods = []vts.StepUpMethod{}
	}
	return face.Answer{Body: vts.StepUpOptionsResponse{StepUpRequest: methods}}, nil
}

// answerStepUpMethod reports the expiry by the wall: clients compare it with their
// own clock, which a sandbox's may be far from (docs/wire/vts.md "Step-up").
func answerStepUpMethod(r *request) (face.Answer, *refusal) {
	left := r.result.StepUp.State.Expires.Sub(r.result.At).Truncate(time.Second)
	switches := r.switches()
	return face.Answer{Body: vts.StepUpMethodResponse{
		MaxOTPRequestsAllowed: switches.StepUpSelection, MaxOTPVerificationAllowed: switches.StepUpAttempts,
		CodeExpiration: vts.SecondsOf(r.In.Wall.Add(left)),
	}}, nil
}

func answerValidation(*request) (face.Answer, *refusal) {
	return face.Answer{Body: vts.ValidationResponse{}}, nil
}

// wireMethods spells the ways of checking a cardholder as Visa's published
// client lists them (docs/wire/vts.md "Provisioning").
var wireMethods = map[string]string{
	"sms":              vts.MethodSMS,
	"email":            vts.MethodEmail,
	"app":              vts.MethodAppToApp,
	"call":             vts.MethodOutboundCall,
	"web":              vts.MethodOnlineBanking,
	"online-banking":   vts.MethodOnlineBanking,
	"customer-service": vts.MethodCustomerService,
}

// stepUpMethods lists what the issuer offers, nothing unless the token waits for
// it. Two names of a scenario may mean the same on the wire; the first counts.
func (r *request) stepUpMethods() []vts.StepUpMethod {
	if !r.result.Token.StepUp {
		return nil
	}
	product := r.World.ProductOf(r.result.Card)
	methods := make([]vts.StepUpMethod, 0, len(r.result.StepUp.Methods))
	for _, name := range r.result.StepUp.Methods {
		method := wireMethods[name]
		if method == "" || slices.ContainsFunc(methods, func(m vts.StepUpMethod) bool { return m.Method == method }) {
			continue
		}
		methods = append(methods, vts.StepUpMethod{
			Method: method, Value: r.account.reached(method, r.result.Token.Ref, product),
			Identifier: r.account.identifier(r.result.Token.Ref, name),
		})
	}
	return methods
}

// identifier names a method of a token. It is derived from the scenario's name,
// so that choosing leads back to the one that the issuer offers.
func (a *account) identifier(ref token.Ref, name string) string {
	return a.ids.Hex(32, "step-up", string(ref), name)
}

// methodOf finds the method that an identifier names, "" for none.
func (a *account) methodOf(ref token.Ref, identifier string) string {
	for name := range wireMethods {
		if a.identifier(ref, name) == identifier {
			return name
		}
	}
	return ""
}

// reached says where a method reaches the cardholder, masked, or whom the
// cardholder reaches by it.
func (a *account) reached(method string, ref token.Ref, p fixtures.Product) string {
	switch method {
	case vts.MethodSMS, vts.MethodOutboundCall:
		return "(***) ***-01" + a.ids.Digits(2, "telephone", string(ref))
	case vts.MethodEmail:
		return "a****e@mail.example"
	case vts.MethodAppToApp:
		return p.BankAppAddress
	case vts.MethodOnlineBanking:
		return p.OnlineBankingURL
	default:
		return p.ContactNumber
	}
}
