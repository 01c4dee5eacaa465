package vault

import (
	"slices"
	"time"

	"github.com/pantomime-dev/pantomime/token"
)

// CryptogramLife is how long a cryptogram may be used after it was made.
const CryptogramLife = 24 * time.Hour

// Cryptogram is one that a network made for a payment. It is known by its token
// and the token's counter; its value is derived and never kept.
type Cryptogram struct {
	Token token.Ref
	ATC   uint16
	At    time.Time // when it was made
	Spent bool      // it paid
}

// Cryptogram finds one of a token. One that is older than its life may be
// forgotten.
func (x *Tx) Cryptogram(ref token.Ref, atc uint16) (Cryptogram, bool) {
	for _, c := range x.delta.Cryptograms {
		if c.Token == ref && c.ATC == atc {
			return c, true
		}
	}
	for _, m := range x.vault.made[ref] {
		if m.atc == atc {
			return Cryptogram{ref, atc, time.Unix(m.seconds, int64(m.nanos)).UTC(), m.spent}, true
		}
	}
	return Cryptogram{}, false
}

// PutCryptogram stores one, new or spent.
func (x *Tx) PutCryptogram(c Cryptogram) { x.delta.Cryptograms = append(x.delta.Cryptograms, c) }

// made is a [Cryptogram] of a token.
type made struct {
	seconds int64
	nanos   int32
	atc     uint16
	spent   bool
}

// keep folds a cryptogram in. What cannot be used any more is forgotten then.
func (v *Vault) keep(c Cryptogram) {
	oldest := c.At.Add(-CryptogramLife).Unix()
	list := slices.DeleteFunc(v.made[c.Token], func(m made) bool { return m.atc == c.ATC || m.seconds < oldest })
	v.made[c.Token] = append(list, made{c.At.Unix(), int32(c.At.Nanosecond()), c.ATC, c.Spent})
}
