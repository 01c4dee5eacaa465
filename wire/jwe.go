package wire

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"errors"
	"strings"
)

// JWE is a compact JWE (RFC 7516, 7.1) out of its base64url.
type JWE struct {
	Protected       string // the header as it was received: what the tag covers too
	Header          []byte // JSON
	Key             []byte // the wrapped content key
	IV              []byte
	Ciphertext, Tag []byte
}

// Open undoes AES-GCM with the content key.
func (j JWE) Open(content cipher.AEAD) ([]byte, error) {
	return content.Open(nil, j.IV, append(j.Ciphertext, j.Tag...), []byte(j.Protected))
}

// IsCompact reports whether a text may be a compact JWE: five parts with points
// between them.
func IsCompact(s string) bool { return strings.Count(s, ".") == 4 }

// PartError says that part number Part, from 0, is not base64url.
type PartError struct{ Part int }

// Error names the part.
func (e PartError) Error() string {
	names := [...]string{"header", "encrypted key", "iv", "ciphertext", "tag"}
	return "the " + names[e.Part] + " is not base64url without padding"
}

// ErrParts says that a text has not five parts.
var ErrParts = errors.New("not five parts")

// SplitJWE takes a compact JWE apart with a decoder of base64url. The error is
// ErrParts or a [PartError].
func SplitJWE(compact string, decode func(part string) ([]byte, error)) (j JWE, err error) {
	if !IsCompact(compact) {
		return j, ErrParts
	}
	var raw [5][]byte
	rest := compact
	for i := range raw {
		var part string
		part, rest, _ = strings.Cut(rest, ".")
		if i == 0 {
			j.Protected = part
		}
		if raw[i], err = decode(part); err != nil {
			return j, PartError{i}
		}
	}
	j.Header, j.Key, j.IV, j.Ciphertext, j.Tag = raw[0], raw[1], raw[2], raw[3], raw[4]
	return j, nil
}

var strict = base64.RawURLEncoding.Strict()

// Base64URL decodes as RFC 7515 writes it: no padding, no line breaks, no stray
// bits in the last character.
func Base64URL(part string) ([]byte, error) {
	raw, err := strict.DecodeString(part)
	if err == nil && strings.ContainsAny(part, "\r\n") { // which the decoder skips
		err = base64.CorruptInputError(0)
	}
	return raw, err
}

// LooseBase64URL also takes padding and the characters of standard base64.
func LooseBase64URL(part string) ([]byte, error) {
	part = strings.TrimRight(strings.NewReplacer("+", "-", "/", "_").Replace(part), "=")
	return base64.RawURLEncoding.DecodeString(part)
}

// SealJWE encrypts plain with AES-GCM and writes the compact form.
func SealJWE(header, wrapped, key, iv, plain []byte) (string, error) {
	content, err := GCM(key, len(iv))
	if err != nil {
		return "", err
	}
	size := strict.EncodedLen
	whole := size(len(header)) + size(len(wrapped)) + size(len(iv)) + size(len(plain)) + size(content.Overhead()) + 4
	buf := make([]byte, whole+len(plain)+content.Overhead())
	out := strict.AppendEncode(buf[:0:whole], header)
	sealed := content.Seal(buf[whole:whole], iv, plain, out)
	for _, part := range [][]byte{wrapped, iv, sealed[:len(plain)], sealed[len(plain):]} {
		out = strict.AppendEncode(append(out, '.'), part)
	}
	return string(out), nil
}

// GCM is AES-GCM for ivs of ivSize bytes.
func GCM(key []byte, ivSize int) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithNonceSize(block, ivSize)
}
