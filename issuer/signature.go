package issuer

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// SignatureHeader carries the signature of an inquiry (docs/wire/issuer.md
// "Signature").
const SignatureHeader = "X-Pantomime-Signature"

// Tolerance is how old a signature may be, or how far ahead of one's own clock.
const Tolerance = 5 * time.Minute

// ErrSignature says that an inquiry is not from where it seems to be.
var ErrSignature = errors.New("signature does not hold")

// Sign makes the signature of a body at an instant: "t=1764600000,v1=" and the
// HMAC-SHA256 of time, full stop and body in hex.
func Sign(body []byte, secret string, at time.Time) string {
	t := strconv.FormatInt(at.Unix(), 10)
	return "t=" + t + ",v1=" + hex.EncodeToString(mac(body, secret, t))
}

func mac(body []byte, secret, t string) []byte {
	m := hmac.New(sha256.New, []byte(secret))
	m.Write([]byte(t + "."))
	m.Write(body)
	return m.Sum(nil)
}

// Verify judges the signature of an inquiry. The error is an [ErrSignature] that
// says what is wrong.
func Verify(header http.Header, body []byte, secret string, now time.Time) error {
	t, signed, found := strings.Cut(strings.TrimPrefix(header.Get(SignatureHeader), "t="), ",v1=")
	seconds, err := strconv.ParseInt(t, 10, 64)
	got, hexErr := hex.DecodeString(signed)
	switch {
	case !found || err != nil || hexErr != nil:
		return fmt.Errorf("%w: the header %s must be t=seconds,v1=hex", ErrSignature, SignatureHeader)
	case !hmac.Equal(got, mac(body, secret, t)):
		return fmt.Errorf("%w: another secret or another body", ErrSignature)
	case now.Sub(time.Unix(seconds, 0)).Abs() > Tolerance:
		return fmt.Errorf("%w: it was made at another time", ErrSignature)
	}
	return nil
}
