// Package seed derives ids, numbers and secrets from a seed and a path.
//
// The same seed and path give the same bytes in any order and on any number of
// workers, because nothing is drawn from a stream. It must never be used for
// real secrets: everything here follows from a number that is printed at start.
package seed

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
)

// Default is the seed when none is given, so that credentials of the default
// sandbox stay the same over restarts.
const Default uint64 = 1

// ErrZero refuses seed 0, which fake-data libraries read as "draw at random".
var ErrZero = errors.New("seed must not be 0")

// Source is a point in the tree of derivations. The zero Source is invalid.
type Source struct{ key [32]byte }

// New starts a tree.
func New(seed uint64) (Source, error) {
	if seed == 0 {
		return Source{}, ErrZero
	}
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], seed)
	return Source{sha256.Sum256(append([]byte("pantomime seed "), b[:]...))}, nil
}

// Child is the subtree under path.
func (s Source) Child(path ...string) Source { return Source{s.Bytes(path...)} }

// Bytes derives 32 bytes. Path elements are length-prefixed, so that
// ("ab", "c") and ("a", "bc") differ.
func (s Source) Bytes(path ...string) [32]byte {
	var space [256]byte // on the stack: 8 of 104 allocations of a Visa cryptogram, no time (BenchmarkPaymentData)
	buf := append(space[:0], s.key[:]...)
	for _, p := range path {
		buf = binary.AppendUvarint(buf, uint64(len(p)))
		buf = append(buf, p...)
	}
	return sha256.Sum256(buf)
}

// Uint64 derives a number.
func (s Source) Uint64(path ...string) uint64 {
	b := s.Bytes(path...)
	return binary.BigEndian.Uint64(b[:])
}

// Hex derives n lower-case hex digits, n at most 64.
func (s Source) Hex(n int, path ...string) string {
	b := s.Bytes(path...)
	var digits [2 * len(b)]byte
	hex.Encode(digits[:], b[:])
	return string(digits[:n]) // a copy: a slice of all 64 would keep them
}

// UUID derives a version 8 UUID (RFC 9562), the version for own derivations.
func (s Source) UUID(path ...string) string {
	b := s.Bytes(path...)
	b[6], b[8] = b[6]&0x0f|0x80, b[8]&0x3f|0x80
	var text [36]byte
	hex.Encode(text[:8], b[:4])
	hex.Encode(text[9:13], b[4:6])
	hex.Encode(text[14:18], b[6:8])
	hex.Encode(text[19:23], b[8:10])
	hex.Encode(text[24:], b[10:16])
	text[8], text[13], text[18], text[23] = '-', '-', '-', '-'
	return string(text[:])
}

// Digits derives n decimal digits, n at most 18.
func (s Source) Digits(n int, path ...string) string {
	v := s.Uint64(path...)
	out := make([]byte, n)
	for i := n - 1; i >= 0; i-- {
		out[i] = byte('0' + v%10)
		v /= 10
	}
	return string(out)
}

// Text derives n characters of A-Z a-z 0-9 - _, n at most 86: the alphabet of
// API keys and shared secrets.
func (s Source) Text(n int, path ...string) string {
	a, b := s.Bytes(append(path, "0")...), s.Bytes(append(path, "1")...)
	return base64.RawURLEncoding.EncodeToString(append(a[:], b[:]...))[:n]
}
