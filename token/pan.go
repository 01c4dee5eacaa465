package token

import (
	"errors"
	"log/slog"
)

// ErrPAN says that a text cannot be a card number: it is not 9 to 19 decimal
// digits. Whether the check digit holds is asked separately with [LuhnValid],
// because the networks answer the two mistakes differently.
var ErrPAN = errors.New("card number must be 9 to 19 digits")

// PAN is a primary account number, the number on the card. It prints masked;
// [PAN.Digits] gives the number itself and is meant for codecs only.
type PAN string

// TokenPAN is a network token's number, which replaces a PAN. The type is
// distinct from [PAN] so that the two cannot be swapped by accident.
type TokenPAN string

// ParsePAN checks length and digits, not the check digit.
func ParsePAN(s string) (PAN, error) {
	if len(s) < 9 || len(s) > 19 || !Digits(s) {
		return "", ErrPAN
	}
	return PAN(s), nil
}

// Digits returns the number in the clear.
func (p PAN) Digits() string { return string(p) }

// String masks the number; see [Mask].
func (p PAN) String() string { return Mask(string(p)) }

// GoString masks the number in %#v.
func (p PAN) GoString() string { return p.String() }

// LogValue masks the number in structured logs.
func (p PAN) LogValue() slog.Value { return slog.StringValue(p.String()) }

// MarshalText masks the number, so that encoding a PAN as JSON or YAML cannot
// leak it. Wire types use plain strings on purpose.
func (p PAN) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// First6 is the classic issuer identification number, or less when short.
func (p PAN) First6() string { return string(p[:min(6, len(p))]) }

// Last4 is what receipts show.
func (p PAN) Last4() string { return last4(string(p)) }

// Network says which network's range the number is in, or "" for neither.
func (p PAN) Network() Network { return networkOf(string(p)) }

// Digits returns the token number in the clear.
func (t TokenPAN) Digits() string { return string(t) }

// String masks the number; see [Mask].
func (t TokenPAN) String() string { return Mask(string(t)) }

// GoString masks the number in %#v.
func (t TokenPAN) GoString() string { return t.String() }

// LogValue masks the number in structured logs.
func (t TokenPAN) LogValue() slog.Value { return slog.StringValue(t.String()) }

// MarshalText masks the number.
func (t TokenPAN) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// Last4 is the token's own last four, not the card's.
func (t TokenPAN) Last4() string { return last4(string(t)) }

func last4(s string) string { return s[max(0, len(s)-4):] }

// Digits reports whether s is one or more ASCII digits.
func Digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
