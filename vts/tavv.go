package vts

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"

	"github.com/pantomime-dev/pantomime/token"
)

// ErrTAVV says that a text is not 20 bytes in base64 of which the first is 02.
var ErrTAVV = errors.New("cryptogram must be base64 of 20 bytes that begin with 02")

// TAVV is a token authentication verification value of ours. Length and first
// byte are those of public samples; the rest is our own
// (docs/wire/vts.md "Payment data"):
//
//	byte   0     1..3   4..5              6..13                 14..19
//	       02    00     ATC, big endian   first 8 of the HMAC   00
//
// It prints without its value; Cryptogram gives it out.
type TAVV [20]byte

// NewTAVV makes the value for one payment. The HMAC-SHA256 under key, which is
// the sandbox's own, covers the token number, the two bytes of the ATC and the
// payment data's id.
func NewTAVV(key []byte, number token.TokenPAN, atc uint16, paymentDataID string) TAVV {
	var t TAVV
	t[0] = 2
	binary.BigEndian.PutUint16(t[4:6], atc)
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(number.Digits()))
	mac.Write(t[4:6])
	mac.Write([]byte(paymentDataID))
	copy(t[6:14], mac.Sum(nil))
	return t
}

// ParseTAVV reads the base64 of an authorisation request. It accepts any value
// of the public shape; whether it is one of ours is what Valid reports.
func ParseTAVV(s string) (TAVV, error) {
	var t TAVV
	raw, err := base64.StdEncoding.Strict().DecodeString(s)
	if err != nil || len(s) != 28 || len(raw) != len(t) || raw[0] != 2 {
		return TAVV{}, ErrTAVV
	}
	return TAVV(raw), nil
}

// ATC is the transaction counter in the value.
func (t TAVV) ATC() uint16 { return binary.BigEndian.Uint16(t[4:6]) }

// Valid reports, in constant time, whether this is the value of that payment.
func (t TAVV) Valid(key []byte, number token.TokenPAN, paymentDataID string) bool {
	want := NewTAVV(key, number, t.ATC(), paymentDataID)
	return hmac.Equal(want[:], t[:])
}

// Cryptogram is the value as the wire carries it, 28 characters of base64.
func (t TAVV) Cryptogram() token.Cryptogram {
	return token.Cryptogram(base64.StdEncoding.EncodeToString(t[:]))
}

// String hides the value.
func (t TAVV) String() string { return token.Secret }

// GoString hides the value in %#v.
func (t TAVV) GoString() string { return token.Secret }

// MarshalText hides the value in JSON and YAML.
func (t TAVV) MarshalText() ([]byte, error) { return []byte(token.Secret), nil }
