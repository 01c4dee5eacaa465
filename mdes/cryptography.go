package mdes

import (
	"strings"

	"github.com/pantomime-dev/pantomime/token"
)

// Cause says why a payload could not be opened. It is for explain alone: the
// wire says CRYPTOGRAPHY_ERROR for all of them, or a sender could learn about
// the key from the difference.
type Cause string

// The causes.
const (
	CauseFingerprint Cause = "unknown-fingerprint" // no live key has it
	CauseHex         Cause = "bad-hex"
	CauseDigest      Cause = "unknown-digest" // oaepHashingAlgorithm is neither SHA256 nor SHA512
	CauseKeyUnwrap   Cause = "key-unwrap"     // encryptedKey does not open with the key and digest named
	CauseKeyLength   Cause = "key-length"     // the content key has neither 128 nor 256 bits
	CauseIVLength    Cause = "iv-length"      // not 16 bytes
	CauseDataLength  Cause = "data-length"    // empty, or not whole blocks
	CausePadding     Cause = "padding"        // also what a wrong content key looks like
	CauseNotJSON     Cause = "not-json"
	CauseJWE         Cause = "jwe" // not a compact JWE, or of an unknown kind
	CauseTag         Cause = "tag" // the JWE's authentication tag does not hold
)

// CryptographyError is the one error of everything that opens a payload
// (docs/wire/mdes.md "Payload encryption"). Its texts hold no key material and
// nothing of the clear text.
type CryptographyError struct {
	Cause    Cause
	Field    string // wire name: encryptedKey, iv, ...
	Expected string
	Received string
	Hint     string
}

// Error names the cause and the field.
func (e *CryptographyError) Error() string {
	text := "payload cannot be opened: " + string(e.Cause)
	if e.Field != "" {
		text += " (" + e.Field + ")"
	}
	if e.Hint != "" {
		text += ": " + e.Hint
	}
	return text
}

// Check is what explain prints about it.
func (e *CryptographyError) Check() token.Check {
	return token.Check{
		Name:     strings.TrimSpace("payload encryption " + e.Field),
		Expected: e.Expected,
		Received: e.Received,
		Hint:     strings.TrimSuffix(string(e.Cause)+": "+e.Hint, ": "),
	}
}
