package vts

import "github.com/pantomime-dev/pantomime/token"

// Proof judges the cryptograms of this network for whoever plays it.
type Proof struct{}

// Network is the network's name.
func (Proof) Network() token.Network { return token.Visa }

// ATC reads the transaction counter of a cryptogram; the error is [ErrTAVV],
// wrapped or not.
func (Proof) ATC(c token.Cryptogram) (uint16, error) {
	t, err := ParseTAVV(c.Reveal())
	return t.ATC(), err
}

// Genuine reports, in constant time, whether a cryptogram was made under the key
// for one payment of a token.
func (Proof) Genuine(c token.Cryptogram, key []byte, number token.TokenPAN, payment string) bool {
	t, err := ParseTAVV(c.Reveal())
	return err == nil && t.Valid(key, number, payment)
}
