package server

import (
	"net/http"
	"strings"

	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/token"
)

// refusal is an answer that says no, before it is written: the wire's words,
// and ours for the journal. With gateway set it has the gateway's form, else
// that of MDES itself (docs/wire/mdes.md "Errors").
type refusal struct {
	problem *token.Problem // nil for what the gateway refuses by itself
	status  int            // 0: what is set for application errors
	code    mdes.ReasonCode
	text    string
	tokens  []mdes.Token // of a batch in which every token was refused
	gateway *mdes.GatewayErrors
	page    bool // an HTML page instead of the body

	key    token.Key // documented key that this answer is, or the raw reason
	detail string    // for explain; never sent
}

// Reason is what the journal says of a refusal.
func (f *refusal) Reason() (token.Key, string) { return f.key, f.detail }

// item is the refusal as an entry of errors[].
func (f *refusal) item() mdes.ErrorItem {
	return mdes.ErrorItem{Source: f.code.Source(), ReasonCode: string(f.code), Description: f.text}
}

// Say is a refusal as it goes on the wire.
func (r *request) Say(f *refusal) face.Words {
	switch {
	case f.page:
		return face.Words{Status: r.status(f), Page: true}
	case f.gateway != nil:
		return face.Words{Status: r.status(f), Body: f.gateway}
	}
	return face.Words{Status: r.status(f), Body: r.formed(r.application(f))}
}

// application is the body of an error of MDES itself
// (docs/wire/mdes.md "Errors").
func (r *request) application(f *refusal) mdes.ErrorResponse {
	item := f.item()
	body := mdes.ErrorResponse{
		ErrorCode: item.ReasonCode, ErrorDescription: item.Description, Errors: []mdes.ErrorItem{item},
		ResponseID: r.responseID(), ResponseHost: r.responseHost(), Tokens: f.tokens,
	}
	if r.row.Route.Op == token.MCTokenize {
		body.SupportsAuthentication = new(mdes.LooseBool)
	}
	return body
}

// Problem words what the step refused.
func (r *request) Problem(p *token.Problem) *refusal { return refusalOf(p) }

// Reason codes of ours for the gateway; none is public.
const (
	gatewayTooLarge   = "REQUEST_TOO_LARGE"
	gatewayUnreadable = "REQUEST_UNREADABLE"
)

// Trouble words what was wrong before the step, or in its place
// (docs/wire/mdes.md "Errors").
func (r *request) Trouble(t face.Trouble) *refusal {
	switch t.Kind {
	case face.Foreign:
		t.Check.Expected, t.Check.Received = "a consumer key "+t.Check.Expected, ""
	case face.Missing:
		t = r.missing(t)
	}
	if t.Check.Name != "" {
		r.Checks = append(r.Checks, scrubbed(token.Checks{t.Check})...)
	}
	switch t.Kind {
	case face.Foreign:
		return gatewayRefusal(mdes.Verification{Failure: mdes.FailClient}.Gateway())
	case face.NoWorld: // an address is ours alone, so it may say what is wrong
		return gateway(t.Status, mdes.GatewayNotFound, "T"+t.Detail[1:])
	case face.TooLarge:
		return gateway(t.Status, gatewayTooLarge, "The body is too long")
	case face.Unreadable:
		return gateway(t.Status, gatewayUnreadable, "The body cannot be read to its end")
	case face.Outage:
		return outage(t.Status)
	case face.Broken:
		return internal(t.Detail)
	case face.Missing:
		if t.Status == http.StatusMethodNotAllowed {
			return gateway(t.Status, mdes.GatewayMethodNotAllowed, http.StatusText(t.Status))
		}
	}
	return gateway(t.Status, mdes.GatewayNotFound, http.StatusText(t.Status))
}

// missing is that trouble as it is where the sandbox does without an operation,
// whatever the method.
func (r *request) missing(t face.Trouble) face.Trouble {
	if r.row.Route.Op == "" {
		target, _ := mdes.ParsePath(strings.TrimPrefix(r.In.Path, prefix))
		r.row.Route, _ = mdes.RouteOf(target.Op)
	}
	if !r.played() {
		t = r.server.Missing(r.In, http.StatusNotFound)
		t.Check.Hint = "version 1.2.9 had it; the switch digital-assets is off"
	}
	return t
}

// outage is what replaces the service when it is failing.
func outage(status int) *refusal {
	reason := mdes.GatewayServiceError
	switch status {
	case http.StatusTooManyRequests:
		reason = mdes.GatewayLimitExceeded
	case http.StatusGatewayTimeout:
		reason = mdes.GatewayTimeout
	}
	f := gatewayRefusal(status, mdes.NewGatewayErrors(reason, http.StatusText(status), status == http.StatusTooManyRequests))
	return f
}

// gateway refuses in the form of the gateway in front of the service.
func gateway(status int, reason, description string) *refusal {
	return gatewayRefusal(status, mdes.NewGatewayErrors(reason, description, false))
}

func gatewayRefusal(status int, body mdes.GatewayErrors) *refusal {
	return &refusal{
		status: status, gateway: &body,
		key: token.Key(body.Errors.Error[0].ReasonCode), detail: "refused by the gateway",
	}
}

// internal answers a fault of our own.
func internal(detail string) *refusal {
	return refusalOf(token.Refuse(token.InternalServerError, detail))
}
