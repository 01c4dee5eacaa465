package vts

import (
	"fmt"

	"github.com/pantomime-dev/pantomime/wire"
)

// Error is an answer that refuses, or a success nobody can read. At most one
// of Gateway and Refusal is set; neither is when a proxy or a fault answered
// with something else. It holds nothing of the body besides.
type Error struct {
	wire.Failure
	Gateway   *ResponseStatus // authentication and platform
	Refusal   *ErrorResponse  // the token service
	RequestID string          // of the request
}

// Error tells operation, status and cause in one line.
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

// Reason is the token service's reason, "" when it was not the one to refuse.
func (e *Error) Reason() Reason {
	if e.Refusal == nil {
		return ""
	}
	return e.Refusal.Reason
}

// read fills in the envelope of a refusal, if the body is one.
func (e *Error) read(body []byte) *Error {
	var envelope ErrorBody
	if err := Decode(body, &envelope); err != nil {
		e.Err = fmt.Errorf("%w: %w", wire.ErrNotJSON, err)
		return e
	}
	e.Gateway, e.Refusal = envelope.ResponseStatus, envelope.ErrorResponse
	return e
}
