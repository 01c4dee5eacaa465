package server

import (
	"net"
	"regexp"
	"strings"

	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/token"
)

// readProvision reads a card to make a token for (docs/wire/mdes.md "Operations").
// What is wrong
// behind the task id is the step's to answer: it keeps the task's record, and
// knows whether the id was used before.
func readProvision(r *request) *refusal {
	var body mdes.TokenizeRequest
	if refused := r.decode(&body, &body.RequestID); refused != nil {
		return refused
	}
	if refused := r.caller(body.TokenRequestorID); refused != nil {
		return refused
	}
	r.call.TaskID, r.call.ReplyTo = body.TaskID, replyURL(body.ResponseHost)
	r.replies()
	if refused := r.tokenizing(body); refused != nil {
		r.call.Refused = refused.problem
	}
	return nil
}

// replies notes that no notice can go where the request wants it. The network
// takes the request all the same: only this simulator keeps to its own machine.
func (r *request) replies() {
	if r.call.ReplyTo == "" {
		return
	}
	if err := r.World.Permits(r.call.ReplyTo); err != nil {
		r.Checks = append(r.Checks, token.Check{Name: face.CheckField("responseHost"), OK: true, Hint: "no notice will go there: " + err.Error()})
	}
}

// replyURL is the base of a receiver that a request names without a scheme; one
// on this machine usually has no certificate. "" stays "".
func replyURL(responseHost string) string {
	if responseHost == "" {
		return ""
	}
	authority, _, _ := strings.Cut(responseHost, "/")
	host, _, err := net.SplitHostPort(authority)
	if err != nil {
		host = strings.Trim(authority, "[]") // without a port
	}
	if ip := net.ParseIP(host); host == "localhost" || ip.IsLoopback() {
		return "http://" + responseHost
	}
	return "https://" + responseHost
}

// tokenizing reads the rest of the request in the order of docs/wire/mdes.md
// "Errors".
func (r *request) tokenizing(body mdes.TokenizeRequest) *refusal {
	if refused := r.asked(body.TaskID); refused != nil {
		return refused
	}
	return r.funding(body.FundingAccountInfo)
}

// requestedError is the end of a task id that asks for an error, as the stubs of a sister
// service have it: "--DUPLICATE_REQUEST2" (docs/wire/mdes.md "Test data").
var requestedError = regexp.MustCompile(`--([A-Z]+(?:_[A-Z]+)*)`)

// requestable are the codes a task id may ask for.
var requestable = map[mdes.ReasonCode]bool{
	mdes.InvalidJSON: true, mdes.UnrecognizedField: true, mdes.MissingRequiredField: true, mdes.InvalidFieldFormat: true,
	mdes.InvalidFieldLength: true, mdes.InvalidFieldValue: true, mdes.InvalidResponseHost: true, mdes.InvalidMethod: true,
	mdes.AuthorizationFailed: true, mdes.CryptographyFailed: true, mdes.InternalServiceFailure: true,
	mdes.NoResponseFromIssuer: true, mdes.InvalidPAN: true, mdes.MissingExpiryDate: true, mdes.DuplicateRequest: true,
	mdes.ProvisionFailed: true, mdes.PANIneligible: true, mdes.PANProvisioningCountExceeded: true, mdes.InvalidTaskID: true,
	mdes.InvalidTokenUniqueReference: true, mdes.InvalidPANUniqueReference: true, mdes.InvalidTokenStatus: true,
	mdes.InvalidWorkflow: true, mdes.NoActiveTokens: true, mdes.IncorrectTAV: true,
}

// asked answers the error a task id asks for; a code that the wire does not have is part of
// an ordinary id.
func (r *request) asked(taskID string) *refusal {
	if !strings.Contains(taskID, "--") { // few have it, and the expression is expensive
		return nil
	}
	found := requestedError.FindStringSubmatch(taskID)
	if len(found) < 2 || !requestable[mdes.ReasonCode(found[1])] {
		return nil
	}
	return r.fail(token.Check{
		Name: CheckTask, Received: door.Quoted(taskID), Hint: "a task id with --" + found[1] + " asks for this error",
	}, token.Refuse(token.Key(found[1]), "the task id asks for it"))
}

// decisions spells the issuer's answer. A step-up is an approval: the token is
// active, authentication is on offer (docs/wire/mdes.md "Life cycle").
var decisions = map[token.Decision]string{
	token.Approve: mdes.DecisionApproved,
	token.Decline: mdes.DecisionDeclined,
	token.StepUp:  mdes.DecisionRequireAuthentication,
}

// answerProvision answers 200 for a decline too, without references.
func answerProvision(r *request) (face.Answer, *refusal) {
	result := r.result
	body := mdes.TokenizeResponse{
		ResponseHost: r.responseHost(), ResponseID: r.responseID(), Decision: decisions[result.Decision],
	}
	if result.Decision == token.Decline {
		return face.Answer{Body: body}, nil
	}
	product := r.product(result.Card)
	detail, refused := r.detail(result.Token, result.Card)
	body.AuthenticationMethods = authenticationMethods(result.StepUp.Methods, product)
	body.TokenUniqueReference = string(result.Token.Ref)
	body.PANUniqueReference = string(result.Enrolment.Ref)
	body.ProductConfig = productConfig(product)
	body.TokenInfo = r.tokenInfo(result.Token, result.Card)
	body.TokenDetail = detail
	body.SupportsAuthentication = true
	return face.Answer{Body: body}, refused
}
