package server

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// refusal is an answer that says no, before it is written: the wire's words,
// and ours for the journal.
type refusal struct {
	status int
	body   vts.ErrorBody
	page   bool      // an HTML page instead of the body
	empty  bool      // nothing does
	key    token.Key // documented key that this answer is, or the raw reason
	detail string    // for explain; never sent
}

// Reason is what the journal says of a refusal.
func (f *refusal) Reason() (token.Key, string) { return f.key, f.detail }

// Say is a refusal as it goes on the wire.
func (r *request) Say(f *refusal) face.Words {
	if f.empty {
		return face.Words{Status: f.status}
	}
	return face.Words{Status: f.status, Body: f.body, Page: f.page}
}

// Problem words what the step refused. For a wrong or late code two answers have
// been seen, so a sandbox says which (docs/wire/vts.md "Step-up").
func (r *request) Problem(p *token.Problem) *refusal {
	f := refusalOf(p)
	code := p.Key == token.WrongCode || p.Key == token.ExpiredCode
	if code && r.switches().WrongCode == string(vts.ReasonNotAllowed) {
		f = refusalOf(token.Refuse(token.NotAllowed, f.detail)).withStatus(http.StatusConflict)
	}
	return f.withStatus(r.Plan.Status)
}

// Trouble words what was wrong before the step, or in its place
// (docs/wire/vts.md "Errors").
func (r *request) Trouble(t face.Trouble) *refusal {
	if t.Kind == face.Foreign {
		t.Check.Expected, t.Check.Received = "an API key "+t.Check.Expected, door.Quoted(r.apiKey())
	}
	if t.Check.Name != "" {
		r.Checks.Fail(t.Check)
	}
	switch t.Kind {
	case face.Foreign:
		return unauthenticated(vts.CodeAPIKey)
	case face.NoWorld: // an address is ours alone, so it may say what is wrong
		f := platform(t.Status, "no such sandbox")
		f.body.ResponseStatus.Message = t.Detail
		return f
	case face.Outage:
		return outage(t.Status)
	case face.Broken:
		return internal(t.Detail)
	}
	return platform(t.Status, t.Detail)
}

// outage is what replaces the service when it is failing.
func outage(status int) *refusal {
	switch status {
	case http.StatusInternalServerError:
		return refusalOf(token.Refuse(token.ServiceError, ""))
	case http.StatusServiceUnavailable:
		return refusalOf(token.Refuse(token.Key(vts.ReasonNotReady), ""))
	case http.StatusGatewayTimeout:
		return &refusal{status: status, empty: true}
	}
	return platform(status, "")
}

// withStatus answers the same with the status a scenario asks for; 0 changes
// nothing.
func (f *refusal) withStatus(status int) *refusal {
	if status == 0 {
		return f
	}
	f.status = status
	if f.body.ErrorResponse != nil {
		f.body.ErrorResponse.Status = status
	}
	return f
}

// invalid refuses fields of the request.
func invalid(fields ...string) *refusal {
	const status = http.StatusBadRequest
	return &refusal{
		status: status, key: token.InvalidParameter, detail: "refused: " + strings.Join(fields, ", "),
		body: vts.ServiceError(status, vts.ReasonInvalidParameter, unusable(fields...), fields...),
	}
}

// notUnderstood refuses a body that is no JSON object.
func notUnderstood() *refusal {
	const status = http.StatusBadRequest
	return &refusal{
		status: status, key: token.Key(vts.ReasonInvalidRequest), detail: "the body is not one JSON object",
		body: vts.ServiceError(status, vts.ReasonInvalidRequest, problems["invalidRequest"].message),
	}
}

// unauthenticated is the gateway's message with the code that fits.
func unauthenticated(code string) *refusal {
	message := vts.MessageTokenValidation
	if code == vts.CodeTokenReused {
		message = vts.MessageTokenReused
	}
	return &refusal{
		status: http.StatusUnauthorized, detail: "authentication failed",
		body: vts.GatewayError(http.StatusUnauthorized, code, message),
	}
}

// platform refuses as the platform in front of the service does. The code
// repeats the status, as none is published.
func platform(status int, detail string) *refusal {
	return &refusal{
		status: status, detail: detail,
		body: vts.GatewayError(status, strconv.Itoa(status), http.StatusText(status)),
	}
}

// internal answers a fault of our own.
func internal(detail string) *refusal { return refusalOf(token.Refuse(token.ServiceError, detail)) }
