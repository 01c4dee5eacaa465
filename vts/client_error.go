package vts

import (
	"fmt"
	"strings"
)

// Error is an answer that refuses, or a success nobody can read. At most one
// of Gateway and Refusal is set; neither is when a proxy or a fault answered
// with something else. It holds nothing of the body besides.
type Error struct {
	Method        string
	Path          string
	Status        int             // HTTP
	Gateway       *ResponseStatus // authentication and platform
	Refusal       *ErrorResponse  // the token service
	CorrelationID string          // of the answer, for support
	RequestID     string          // of the request
	Err           error           // [ErrNotJSON] or [ErrTooLong], if that is the matter
}

// Error tells operation, status and cause in one line.
func (e *Error) Error() string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s %s: HTTP %d", e.Method, e.Path, e.Status)
	switch {
	case e.Gateway != nil:
		fmt.Fprintf(&text, " code %s: %s", e.Gateway.Code, e.Gateway.Message)
	case e.Refusal != nil:
		fmt.Fprintf(&text, " %s: %s", e.Refusal.Reason, e.Refusal.Message)
		for _, d := range e.Refusal.Details {
			text.WriteString(" [" + d.Location + "]")
		}
	}
	if e.Err != nil {
		text.WriteString(": " + e.Err.Error())
	}
	if e.CorrelationID != "" {
		text.WriteString(" (correlation id " + e.CorrelationID + ")")
	}
	return text.String()
}

// Unwrap gives Err.
func (e *Error) Unwrap() error { return e.Err }

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
		e.Err = fmt.Errorf("%w: %w", ErrNotJSON, err)
		return e
	}
	e.Gateway, e.Refusal = envelope.ResponseStatus, envelope.ErrorResponse
	return e
}
