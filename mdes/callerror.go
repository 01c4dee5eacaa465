package mdes

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/pantomime-dev/pantomime/token"
)

// ErrNotJSON says that an answer is no JSON object: an HTML page of the edge,
// an empty body, a cut one.
var ErrNotJSON = errors.New("the answer is no JSON object")

// CallError is the error of every call that did not succeed. Exactly one of
// Application, Gateway and Err is set, unless an answer with another status
// than 200 says nothing readable: then Err is [ErrNotJSON] or nil.
type CallError struct {
	Op            token.Operation
	Status        int // HTTP status, 0 without an answer
	CorrelationID string
	Application   *ErrorResponse // MDES refused; mostly with status 200
	Gateway       *GatewayErrors // the gateway in front refused
	Err           error          // no answer, ErrNotJSON, or a *CryptographyError
}

// Error names operation, status and code.
func (e *CallError) Error() string {
	text := string(e.Op)
	if e.Status != 0 {
		text += fmt.Sprintf(": HTTP %d", e.Status)
	}
	switch {
	case e.Application != nil:
		text += ": " + e.Code()
		if e.Application.ErrorDescription != "" {
			text += ": " + token.Scrub(e.Application.ErrorDescription)
		}
	case e.Gateway != nil:
		text += ": gateway: " + e.Code()
	case e.Err != nil:
		text += ": " + e.Err.Error()
	}
	if e.CorrelationID != "" {
		text += " (correlation-id " + e.CorrelationID + ")"
	}
	return text
}

// Unwrap gives the cause below.
func (e *CallError) Unwrap() error { return e.Err }

// Code is the reason code of MDES or of the gateway, or "".
func (e *CallError) Code() string {
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

// read tells a good answer, which it decodes into v, from the others. Application
// errors arrive with 200, so a 200 is searched for errorCode first
// (docs/wire/mdes.md "Errors").
func (e *CallError) read(contentType string, body []byte, v any) error {
	var top map[string]json.RawMessage // exact keys: errors and Errors are two things
	if !isJSON(contentType) || json.Unmarshal(body, &top) != nil || top == nil {
		e.Err = ErrNotJSON
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
	if e.Status != http.StatusOK {
		return e
	}
	if err := json.Unmarshal(body, v); err != nil {
		e.Err = fmt.Errorf("%w of %s: %w", ErrNotJSON, e.Op.Info().Wire, err)
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
