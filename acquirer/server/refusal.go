package server

import (
	"cmp"
	"net/http"

	"github.com/pantomime-dev/pantomime/acquirer"
	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/wire"
)

// refusal is an answer that says no, before it is written: a declined payment,
// or an error of the acquirer's.
type refusal struct {
	status   int
	declined *token.DeclineReason // of a payment, nil for an error
	code     string
	message  string
	fields   []string
	detail   string // for explain; never sent
}

// Reason is what the journal says of a refusal.
func (f *refusal) Reason() (token.Key, string) {
	if f.declined != nil {
		return f.declined.Key, f.detail
	}
	return token.Key(f.code), cmp.Or(f.detail, f.message)
}

// Say is a refusal as it goes on the wire.
func (r *request) Say(f *refusal) face.Words {
	if why := f.declined; why != nil {
		return face.Words{Status: f.status, Body: acquirer.AuthorizeResponse{
			Outcome: acquirer.Declined, ResponseCode: why.Code, Reason: string(why.Key), Message: why.About, Reference: r.reference,
		}}
	}
	return face.Words{Status: f.status, Body: acquirer.ErrorBody{
		Error: acquirer.ErrorInfo{Code: f.code, Message: f.message, Fields: f.fields},
	}}
}

// Problem words what the step refused: a payment that is declined is an answer
// like another (docs/wire/acquirer.md "Reasons").
func (r *request) Problem(p *token.Problem) *refusal {
	if f, known := findings[p.Key]; known {
		return refuse(cmp.Or(r.Plan.Status, f.status), f.code, p.Detail)
	}
	reason, known := token.DeclineReasonOf(p.Key)
	if !known {
		return internal(p.Error())
	}
	return &refusal{status: cmp.Or(r.Plan.Status, http.StatusOK), declined: &reason, detail: p.Detail}
}

// Trouble words what was wrong before the step, or in its place.
func (r *request) Trouble(t face.Trouble) *refusal {
	if t.Kind == face.Foreign {
		t.Check.Expected, t.Check.Received = "a key "+t.Check.Expected, door.Quoted(r.Credential())
	}
	if t.Check.Name != "" {
		r.Checks.Fail(t.Check)
	}
	if t.Kind == face.Foreign {
		return unauthenticated()
	}
	code, message := codes[t.Status], cmp.Or(t.Detail, http.StatusText(t.Status))
	if t.Kind == face.Broken {
		return internal(t.Detail)
	}
	return refuse(t.Status, cmp.Or(code, acquirer.CodeInternal), message)
}

// codes word what the skeleton finds, by its status.
var codes = map[int]string{
	http.StatusBadRequest: acquirer.CodeInvalid, http.StatusNotFound: acquirer.CodeNotFound,
	http.StatusMethodNotAllowed: acquirer.CodeMethod, http.StatusRequestEntityTooLarge: acquirer.CodeTooLarge,
	http.StatusTooManyRequests: acquirer.CodeBusy, http.StatusServiceUnavailable: acquirer.CodeUnavailable,
	http.StatusGatewayTimeout: acquirer.CodeUnavailable,
}

func refuse(status int, code, message string) *refusal {
	return &refusal{status: status, code: code, message: message}
}

// invalid refuses every bad field at once.
func invalid(bad wire.BadFields) *refusal {
	f := refuse(http.StatusBadRequest, acquirer.CodeInvalid, bad.Error()+".")
	f.fields = bad.Locations()
	return f
}

func unauthenticated() *refusal {
	return refuse(http.StatusUnauthorized, acquirer.CodeUnauthenticated, "The key or its secret is wrong.")
}

// internal answers a fault of our own.
func internal(detail string) *refusal {
	f := refuse(http.StatusInternalServerError, acquirer.CodeInternal, "The acquirer failed.")
	f.detail = detail
	return f
}
