package token

import (
	"crypto/subtle"
	"log/slog"
)

// SecurityCode is the code printed on a card. It never shows itself, and a
// request's is forgotten once the request is decided.
type SecurityCode string

// Is compares two codes in a time that depends on neither.
func (c SecurityCode) Is(other SecurityCode) bool {
	return subtle.ConstantTimeCompare([]byte(c), []byte(other)) == 1
}

// String hides the code.
func (SecurityCode) String() string { return Secret }

// GoString hides the code in %#v.
func (SecurityCode) GoString() string { return Secret }

// LogValue hides the code in structured logs.
func (SecurityCode) LogValue() slog.Value { return slog.StringValue(Secret) }
