package mdes

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/pantomime-dev/pantomime/token"
)

// ErrUCAF says that a text is not the base64 of a cryptogram's 19 bytes.
var ErrUCAF = errors.New("UCAF cryptogram")

// Bytes that were the same in every public sample.
const (
	ucafSize           = 19
	ucafFormat         = 0x00
	ucafAIP            = 0x1a00
	ucafVersion uint16 = 0x0314
)

// UCAF is the cryptogram of a DSRP payment, as observed
// (docs/wire/mdes.md "Cryptogram"). It prints as stars but for its counter.
type UCAF struct {
	Format              byte
	Application         [8]byte // proves the other members under the token's key
	ATC                 uint16  // application transaction counter
	UnpredictableNumber [4]byte
	AIP                 uint16 // application interchange profile
	Version             uint16 // meaning not public
}

// NewUCAF makes the cryptogram of one payment. Key is a secret of whoever plays
// the network; an acquirer that shares it validates with [UCAF.Valid].
func NewUCAF(key []byte, number token.TokenPAN, atc uint16, unpredictable [4]byte) UCAF {
	u := UCAF{Format: ucafFormat, ATC: atc, UnpredictableNumber: unpredictable, AIP: ucafAIP, Version: ucafVersion}
	u.Application = u.prove(key, number)
	return u
}

// prove computes the application cryptogram: HMAC-SHA-256 over the token
// number, its length first, and the members that travel in clear. The real
// one is secret; this one only has to be checkable and never the same twice.
func (u UCAF) prove(key []byte, number token.TokenPAN) (proof [8]byte) {
	mac := hmac.New(sha256.New, key)
	digits := number.Digits()
	mac.Write(append([]byte{byte(len(digits))}, digits...))
	clearText := u
	clearText.Application = [8]byte{}
	raw := clearText.bytes()
	mac.Write(raw[:])
	copy(proof[:], mac.Sum(nil))
	return proof
}

// Valid reports whether the cryptogram was made with this key for this token.
func (u UCAF) Valid(key []byte, number token.TokenPAN) bool {
	want := u.prove(key, number)
	return subtle.ConstantTimeCompare(want[:], u.Application[:]) == 1
}

func (u UCAF) bytes() (raw [ucafSize]byte) {
	raw[0] = u.Format
	copy(raw[1:9], u.Application[:])
	binary.BigEndian.PutUint16(raw[9:11], u.ATC)
	copy(raw[11:15], u.UnpredictableNumber[:])
	binary.BigEndian.PutUint16(raw[15:17], u.AIP)
	binary.BigEndian.PutUint16(raw[17:19], u.Version)
	return raw
}

// Encode writes the 28 characters that travel in de48se43Data.
func (u UCAF) Encode() token.Cryptogram {
	raw := u.bytes()
	return token.Cryptogram(base64.StdEncoding.EncodeToString(raw[:]))
}

// ParseUCAF reads what [UCAF.Encode] writes.
func ParseUCAF(s string) (UCAF, error) {
	raw, err := base64.StdEncoding.Strict().DecodeString(s)
	if err != nil {
		return UCAF{}, fmt.Errorf("%w: not standard base64", ErrUCAF)
	}
	if len(raw) != ucafSize {
		return UCAF{}, fmt.Errorf("%w: %d bytes, want %d", ErrUCAF, len(raw), ucafSize)
	}
	u := UCAF{
		Format:  raw[0],
		ATC:     binary.BigEndian.Uint16(raw[9:11]),
		AIP:     binary.BigEndian.Uint16(raw[15:17]),
		Version: binary.BigEndian.Uint16(raw[17:19]),
	}
	copy(u.Application[:], raw[1:9])
	copy(u.UnpredictableNumber[:], raw[11:15])
	return u, nil
}

// String shows the counter alone.
func (u UCAF) String() string { return fmt.Sprintf("UCAF(ATC %d, %s)", u.ATC, token.Secret) }

// GoString hides the cryptogram in %#v.
func (u UCAF) GoString() string { return u.String() }

// UnpredictableNumber reads the eight hex digits of a transact request.
func UnpredictableNumber(s string) (n [4]byte, err error) {
	raw, err := unhex("unpredictableNumber", s)
	if err != nil || len(raw) != len(n) {
		return n, fmt.Errorf("unpredictable number %s: want 8 hex digits", quoted(token.Scrub(s)))
	}
	copy(n[:], raw)
	return n, nil
}

// track2Length is the total of a card's track 2 equivalent, filled with zeros.
const track2Length = 38

// Track2Equivalent builds number, "D", YYMM, service code 201, zeros and "F"
// (docs/wire/mdes.md "Payload encryption").
func Track2Equivalent(number token.TokenPAN, expiry token.Expiry) Sensitive {
	head := number.Digits() + "D" + expiry.YY() + expiry.MM() + "201"
	return Sensitive(head + strings.Repeat("0", max(0, track2Length-len(head)-1)) + "F")
}

// ApplicationExpiry is the last day of the month in YYMMDD, as transact reports
// a token's expiry.
func ApplicationExpiry(expiry token.Expiry) string {
	return time.Date(expiry.Year, expiry.Month+1, 0, 0, 0, 0, 0, time.UTC).Format("060102")
}
