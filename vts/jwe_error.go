package vts

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strconv"

	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/wire"
)

// What can be wrong with an encrypted field.
var (
	ErrJWETooLong   = errors.New("encrypted field is too long")
	ErrJWEParts     = errors.New("encrypted field is not a compact JWE of five parts of the right length")
	ErrJWEBase64    = errors.New("encrypted field has a part that is not base64url")
	ErrJWEHeader    = errors.New("encrypted field has a bad header")
	ErrJWEAlgorithm = errors.New("encrypted field uses an algorithm that is not accepted")
	ErrJWEKeyID     = errors.New("encrypted field names an unknown key")
	ErrJWEKeyWrap   = errors.New("encrypted field: the content key cannot be unwrapped")
	ErrJWEContent   = errors.New("encrypted field: the content does not match its tag")
)

// JWEError says why a field could not be opened. It wraps one of the ErrJWE
// values and holds no secret.
type JWEError struct {
	Err    error  // one of the ErrJWE values
	KeyID  string // as the header named it, if it could be read
	Detail string // what exactly
	Hint   string // the usual cause, if one fits
}

// Error joins cause and detail.
func (e *JWEError) Error() string { return e.Err.Error() + ": " + e.Detail }

// Unwrap gives the ErrJWE value.
func (e *JWEError) Unwrap() error { return e.Err }

// CheckField names the check of an encrypted field: "encPaymentInstrument JWE".
func CheckField(field string) string { return field + " JWE" }

// Check turns the error into what explain prints for a field.
func (e *JWEError) Check(field string) token.Check {
	return token.Check{
		Name: CheckField(field), Expected: "a compact JWE that opens with a key of this requestor",
		Received: e.Err.Error(), Difference: e.Detail, KeyID: e.KeyID, Hint: e.Hint,
	}
}

func refuse(err error, keyID, detail string) error {
	return &JWEError{Err: err, KeyID: shortID(keyID), Detail: detail}
}

// shortID cuts an id that a header made up, and masks a number in it.
func shortID(id string) string {
	const most = 64
	if id = token.Scrub(id); len(id) > most {
		return id[:most] + "..."
	}
	return id
}

// shown prints a value of the header that we do not know.
func shown(s string) string {
	if s == "" {
		return "missing"
	}
	return strconv.Quote(shortID(s))
}

func count(n int, unit string) string {
	if n == 1 {
		return "1 " + unit
	}
	return strconv.Itoa(n) + " " + unit + "s"
}

// explainWrap adds the usual mistake to a failed unwrap: another key's secret
// under this id, or a secret that was decoded or not hashed.
func (ks Keys) explainWrap(err error, key *Key, h Header, wrapped []byte) error {
	var refused *JWEError
	if !errors.As(err, &refused) || !errors.Is(refused, ErrJWEKeyWrap) || key.secret == "" {
		return err
	}
	for _, other := range ks {
		if other == key || other.secret == "" {
			continue
		}
		if _, err := other.wrap.open(h, wrapped); err == nil {
			refused.Hint = "opens with the secret of the key " + other.id + ": kid and secret do not belong together"
			return refused
		}
	}
	for _, kek := range keyMistakes(key.secret) {
		aead, err := wire.GCM(kek.key, ivSize)
		if err != nil {
			continue
		}
		if _, err := (gcmWrap{aead}).open(h, wrapped); err == nil {
			refused.Hint = "opens with " + kek.says
			return refused
		}
	}
	refused.Hint = "the shared secret is not the one of this kid; signing and encryption may have a pair each"
	return refused
}

type keyMistake struct {
	says string
	key  []byte
}

func keyMistakes(secret string) []keyMistake {
	found := []keyMistake{{"the secret itself as key: take its SHA-256", []byte(secret)}}
	if raw, err := base64.StdEncoding.DecodeString(secret); err == nil {
		sum := sha256.Sum256(raw)
		found = append(
			found,
			keyMistake{"the SHA-256 of a base64-decoded secret: take the secret as text", sum[:]},
			keyMistake{"the base64-decoded secret as key: take the SHA-256 of the text", raw},
		)
	}
	if raw, err := hex.DecodeString(secret); err == nil {
		sum := sha256.Sum256(raw)
		found = append(
			found,
			keyMistake{"the SHA-256 of a hex-decoded secret: take the secret as text", sum[:]},
			keyMistake{"the hex-decoded secret as key: take the SHA-256 of the text", raw},
		)
	}
	return found
}
