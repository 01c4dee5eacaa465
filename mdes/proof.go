package mdes

import "github.com/pantomime-dev/pantomime/token"

// Proof judges the cryptograms of this network for whoever plays it.
type Proof struct{}

// Network is the network's name.
func (Proof) Network() token.Network { return token.Mastercard }

// ATC reads the transaction counter of a cryptogram; the error is [ErrUCAF],
// wrapped.
func (Proof) ATC(c token.Cryptogram) (uint16, error) {
	u, err := ParseUCAF(c.Reveal())
	return u.ATC, err
}

// Genuine reports, in constant time, whether a cryptogram was made under the key
// for a token. The number that the requestor chose is in the cryptogram, so
// the payment's id proves nothing more.
func (Proof) Genuine(c token.Cryptogram, key []byte, number token.TokenPAN, _ string) bool {
	u, err := ParseUCAF(c.Reveal())
	return err == nil && u.Valid(key, number)
}
