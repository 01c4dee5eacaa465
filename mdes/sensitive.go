package mdes

import (
	"log/slog"

	"github.com/pantomime-dev/pantomime/simulator/token"
)

// Sensitive is a wire value that must not be printed: a card or token number,
// a security code, a cryptogram, track data. JSON carries it as it is, because
// that is the wire; %v, %#v and slog show it masked. Convert with string().
type Sensitive string

// String masks the value; see [token.Mask].
func (s Sensitive) String() string { return token.Mask(string(s)) }

// GoString masks the value in %#v.
func (s Sensitive) GoString() string { return s.String() }

// LogValue masks the value in structured logs.
func (s Sensitive) LogValue() slog.Value { return slog.StringValue(s.String()) }
