package mdes

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/wire"
)

// Error is the error of every call that did not succeed. Exactly one of
// Application, Gateway and Err is set, unless an answer with another status
// than 200 says nothing readable: then Err is [wire.ErrNotJSON] or nil. Err may
// be a *[CryptographyError], of an answer that cannot be opened.
type Error struct {
	wire.Failure
	Application *ErrorResponse // MDES refused; mostly with status 200
	Gateway     *GatewayErrors // the gateway in front refused
}

// Error names operation, status and code.
func (e *Error) Error() string {
	text := e.Code()
	switch {
	case e.Gateway != nil:
		text = "gateway: " + text
	case e.Application != nil && e.Application.ErrorDescription != "":
		text += ": " + token.Scrub(e.Application.ErrorDescription)
	}
	return e.Tell(text)
}

// Says is the code of a refusal, and the message of MDES if it gives one.
func (e *Error) Says() (reason, message string) {
	if e.Application != nil {
		message = e.Application.ErrorDescription
	}
	return e.Code(), message
}

// Code is the reason code of MDES or of the gateway, or "".
func (e *Error) Code() string {
	switch {
	case e.Application != nil && e.Application.ErrorCode != "":
		return e.Application.ErrorCode
	case e.Application != nil && len(e.Application.Errors) > 0:
		return e.Application.Errors[0].ReasonCode
	case e.Gateway != nil && len(e.Gateway.Errors.Error) > 0:
		return e.Gateway.Errors.Error[0].ReasonCode
	}
	return ""
}

// read decodes a good answer into v, and makes errors of the others. Application
// errors arrive with 200, so a 200 is searched for errorCode first
// (docs/wire/mdes.md "Errors").
func (e *Error) read(answer wire.Answer, v any) error {
	body := answer.Body
	var top map[string]json.RawMessage // exact keys: errors and Errors are two things
	if !isJSON(answer.Header.Get("Content-Type")) || json.Unmarshal(body, &top) != nil || top == nil {
		e.Err = wire.ErrNotJSON
		return e
	}
	var gateway GatewayErrors
	if top["Errors"] != nil && json.Unmarshal(body, &gateway) == nil && len(gateway.Errors.Error) > 0 {
		e.Gateway = &gateway
		return e
	}
	if app := applicationError(body, top); app != nil {
		e.Application = app
		return e
	}
	if answer.Status != http.StatusOK {
		return e
	}
	if err := json.Unmarshal(body, v); err != nil {
		e.Err = fmt.Errorf("%w: %w", wire.ErrNotJSON, err)
		return e
	}
	return nil
}

// applicationError finds errorCode, or a filled errors[], in a body.
func applicationError(body []byte, top map[string]json.RawMessage) *ErrorResponse {
	var code string
	_ = json.Unmarshal(top["errorCode"], &code)
	var list []json.RawMessage
	_ = json.Unmarshal(top["errors"], &list)
	if code == "" && len(list) == 0 {
		return nil
	}
	var app ErrorResponse
	if json.Unmarshal(body, &app) == nil {
		return &app
	}
	app = ErrorResponse{ErrorCode: code} // the rest has another shape than ours
	_ = json.Unmarshal(top["errorDescription"], &app.ErrorDescription)
	return &app
}
