package server

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

// tokenize checks a card and makes a token (docs/wire/mdes.md "Operations").
// A security code is judged for its form and goes no further. What is wrong
// behind the task id is the step's to answer: it keeps the task's record, and
// knows whether the id was used before.
func tokenize(r *request) (answer, *refusal) {
	var body mdes.TokenizeRequest
	if refused := r.decode(&body, &body.RequestID); refused != nil {
		return nil, refused
	}
	if refused := r.caller(body.TokenRequestorID); refused != nil {
		return nil, refused
	}
	r.call.TaskID, r.call.ReplyTo = body.TaskID, body.ResponseHost
	if refused := r.wanted(body); refused != nil {
		r.call.Refused = refused.problem
	}
	return r.tokenized, nil
}

// wanted reads the rest of the request in the order of docs/wire/mdes.md
// "Errors".
func (r *request) wanted(body mdes.TokenizeRequest) *refusal {
	if refused := r.asked(body.TaskID); refused != nil {
		return refused
	}
	return r.funding(body.FundingAccountInfo)
}

// wish is the end of a task id that asks for an error, as the stubs of a sister
// service have it: "--DUPLICATE_REQUEST2" (docs/wire/mdes.md "Test data").
var wish = regexp.MustCompile(`--([A-Z]+(?:_[A-Z]+)*)`)

// wishes are the codes a task id may ask for.
var wishes = map[mdes.ReasonCode]bool{
	mdes.InvalidJSON: true, mdes.UnrecognizedField: true, mdes.MissingRequiredField: true, mdes.InvalidFieldFormat: true,
	mdes.InvalidFieldLength: true, mdes.InvalidFieldValue: true, mdes.InvalidResponseHost: true, mdes.InvalidMethod: true,
	mdes.AuthorizationFailed: true, mdes.CryptographyFailed: true, mdes.InternalServiceFailure: true,
	mdes.NoResponseFromIssuer: true, mdes.InvalidPAN: true, mdes.MissingExpiryDate: true, mdes.DuplicateRequest: true,
	mdes.ProvisionFailed: true, mdes.PANIneligible: true, mdes.PANProvisioningCountExceeded: true, mdes.InvalidTaskID: true,
	mdes.InvalidTokenUniqueReference: true, mdes.InvalidPANUniqueReference: true, mdes.InvalidTokenStatus: true,
	mdes.InvalidWorkflow: true, mdes.NoActiveTokens: true, mdes.IncorrectTAV: true,
}

// asked answers the error a task id asks for; a code nobody knows is part of
// an ordinary id.
func (r *request) asked(taskID string) *refusal {
	if !strings.Contains(taskID, "--") { // hardly any has it, and the expression is dear
		return nil
	}
	found := wish.FindStringSubmatch(taskID)
	if len(found) < 2 || !wishes[mdes.ReasonCode(found[1])] {
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

// tokenized answers 200 for a decline too, without references.
func (r *request) tokenized(result sandbox.Result) (any, *refusal) {
	body := mdes.TokenizeResponse{
		ResponseHost: r.responseHost(), ResponseID: r.responseID(), Decision: decisions[result.Decision],
	}
	if result.Decision == token.Decline {
		return body, nil
	}
	product := r.product(result.Card)
	detail, refused := r.detail(result.Token, result.Card)
	body.AuthenticationMethods = authenticationMethods(result, product)
	body.TokenUniqueReference = string(result.Token.Ref)
	body.PANUniqueReference = string(result.Enrolment.Ref)
	body.ProductConfig = productConfig(product)
	body.TokenInfo = r.tokenInfo(result.Token, result.Card)
	body.TokenDetail = detail
	body.SupportsAuthentication = true
	return body, refused
}

// methodTypes spells the step-up methods of scenario files; those the wire has
// no word for lead to the issuer's web site.
var methodTypes = map[string]string{
	"sms":              "TEXT_TO_CARDHOLDER_NUMBER",
	"email":            "EMAIL_TO_CARDHOLDER_ADDRESS",
	"app":              "CARDHOLDER_TO_USE_MOBILE_APP",
	"call":             "ISSUER_TO_CALL_CARDHOLDER_NUMBER",
	"web":              "CARDHOLDER_TO_VISIT_WEBSITE",
	"online-banking":   "CARDHOLDER_TO_VISIT_WEBSITE",
	"customer-service": "CARDHOLDER_TO_CALL_MANNED_NUMBER",
}

// firstMethod is the id of the first method of every token; ids are numbers on
// the wire (docs/wire/mdes.md "Operations").
const firstMethod = 12344

func authenticationMethods(result sandbox.Result, p fixtures.Product) []mdes.AuthenticationMethod {
	var list []mdes.AuthenticationMethod
	for i, name := range result.StepUp.Methods {
		m := mdes.AuthenticationMethod{ID: mdes.MethodID(strconv.Itoa(firstMethod + i)), Type: methodTypes[name]}
		switch name {
		case "sms", "call":
			m.Value = "1########" + p.ContactNumber[max(0, len(p.ContactNumber)-2):]
		case "email":
			name, host, _ := strings.Cut(p.ContactEmail, "@")
			m.Value = name[:min(1, len(name))] + "***@" + host
		case "app":
			m.Value = p.BankAppName
		case "web":
			m.Value = p.ContactWebsite
		case "online-banking":
			m.Value = p.OnlineBankingURL
		case "customer-service":
			m.Value = p.ContactNumber
		}
		list = append(list, m)
	}
	return list
}
