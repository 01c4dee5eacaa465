package sandbox

import "github.com/pantomime-dev/pantomime/token"

// Proof reads and judges the cryptograms of a network. Their form is the
// network's codec's to know; the step only asks.
type Proof interface {
	Network() token.Network
	// ATC reads the transaction counter that a cryptogram carries in the clear.
	ATC(c token.Cryptogram) (uint16, error)
	// Genuine reports, in constant time, whether a cryptogram was made under the key
	// for one payment of a token.
	Genuine(c token.Cryptogram, key []byte, number token.TokenPAN, payment string) bool
}

// CryptogramKey is the key of a network's cryptograms in this sandbox: the
// network's face makes them under it and an authorization is judged by it.
func (s *Sandbox) CryptogramKey(n token.Network) [32]byte { return s.world.cryptogramKey(n) }

func (w *world) cryptogramKey(n token.Network) [32]byte {
	path := networks[n].cryptograms
	return w.ids.Child(path[:]...).Bytes()
}

// proofsOf finds a proof by its network.
func proofsOf(all []Proof) map[token.Network]Proof {
	by := make(map[token.Network]Proof, len(all))
	for _, p := range all {
		by[p.Network()] = p
	}
	return by
}
