package server

import (
	"encoding/json"
	"errors"

	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/token"
)

// decode reads the body into an operation's request type, in the order of
// docs/wire/mdes.md "Errors": JSON, unknown members, required members, then
// each field. A body that is JSON is taken as such, whatever type it is sent
// under. id is the requestId of that type, for the answer to repeat.
func (r *request) decode(into any, id *mdes.LooseString) *refusal {
	if kind := r.In.Header.Get("Content-Type"); kind != "" && !r.In.JSON() && !json.Valid(r.In.Body) {
		return r.fail(token.Check{
			Name: face.CheckContentType, Expected: "application/json, with or without a charset", Received: door.Quoted(kind),
		}, token.Refuse(token.Key(mdes.InvalidJSON), "the body does not say that it is JSON"))
	}
	refused := r.fields(mdes.DecodeRequest(r.row.Route.Op, r.In.Body, into, r.leniency()))
	if r.requestID = string(*id); refused != nil {
		r.requestID = idOf(r.In.Body)
	}
	return refused
}

// fields judges the outcome of decoding a body or the clear text of a payload.
func (r *request) fields(err error) *refusal {
	if err == nil {
		r.Checks.Pass(face.CheckBody, "")
		return nil
	}
	var wrong *mdes.FieldError
	if !errors.As(err, &wrong) {
		return internal("decode: " + err.Error())
	}
	name, hint := face.CheckBody, ""
	if wrong.Field != "" {
		name = face.CheckField(wrong.Field)
	} else {
		hint = r.In.BodyHint()
	}
	why := wrong.Detail
	if why == "" {
		why = wrong.Code.Text("")
	}
	return r.fail(token.Check{Name: name, Difference: why, Hint: hint}, wrong.Problem())
}

// fail records the check that refused, and gives its answer.
func (r *request) fail(c token.Check, p *token.Problem) *refusal {
	r.Checks = append(r.Checks, scrubbed(token.Checks{c})...)
	return refusalOf(p)
}

// caller refuses a tokenRequestorId that is not the caller's.
func (r *request) caller(id string) *refusal {
	own := r.account.requestor.TRID[token.Mastercard]
	if id == string(own) {
		r.Checks.Pass(CheckTRID, "")
		return nil
	}
	return r.fail(token.Check{
		Name: CheckTRID, Expected: string(own), Received: door.Quoted(id), Hint: "the consumer key belongs to the requestor " + r.Caller,
	}, token.Refuse(token.Key(mdes.AuthorizationFailed), "the token requestor id is not the caller's"))
}

// idOf reads the requestId of a body that may be wrong in other places, so that
// its refusal can name it.
func idOf(body []byte) string {
	var head struct {
		RequestID mdes.LooseString `json:"requestId"`
	}
	if json.Unmarshal(body, &head) != nil || len(head.RequestID) > 64 {
		return ""
	}
	return string(head.RequestID)
}
