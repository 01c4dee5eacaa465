package vts

import (
	"fmt"

	"github.com/pantomime-dev/pantomime/wire"
)

// Error is the error of every call that did not succeed. At most one of Gateway
// and Refusal is set; neither is when no server answered, or a proxy or a fault did
// with something else. It holds nothing of the body besides.
type Error struct {
	wire.Failure
	Gateway   *ResponseStatus // authentication and platform
	Refusal   *ErrorResponse  // the token service
	RequestID string          // of the request
}

// Error reports operation, status and cause in one line.
func (e *Error) Error() string {
	text := ""
	switch {
	case e.Gateway != nil:
		text = "code " + e.Gateway.Code + ": " + e.Gateway.Message
	case e.Refusal != nil:
		text = string(e.Refusal.Reason) + ": " + e.Refusal.Message
		for _, d := range e.Refusal.Details {
			text += " [" + d.Location + "]"
		}
	}
	return e.Tell(text)
}

// Says is the reason and the message of whoever refused.
func (e *Error) Says() (reason, message string) {
	switch {
	case e.Refusal != nil:
		return string(e.Refusal.Reason), e.Refusal.Message
	case e.Gateway != nil:
		return e.Gateway.Code, e.Gateway.Message
	}
	return "", ""
}

// Reason is the token service's reason, "" when it was not the one to refuse.
func (e *Error) Reason() Reason {
	if e.Refusal == nil {
		return ""
	}
	return e.Refusal.Reason
}

// read decodes a good answer into v, and makes errors of the others.
func (e *Error) read(answer wire.Answer, v any) error {
	var envelope ErrorBody
	if !answer.OK() {
		v = &envelope
	}
	err := Decode(answer.Body, v)
	switch {
	case err != nil:
		e.Err = fmt.Errorf("%w: %w", wire.ErrNotJSON, err)
	case answer.OK():
		return nil
	}
	e.Gateway, e.Refusal = envelope.ResponseStatus, envelope.ErrorResponse
	return e
}
