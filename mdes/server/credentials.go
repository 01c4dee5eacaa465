package server

import (
	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/seed"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
)

// Keys are a requestor's credentials at this network (docs/wire/mdes.md
// "Authentication", "Payload encryption"). The private halves of Signing and
// Requestor belong to the client and are handed out; Network's stays with us.
type Keys struct {
	ConsumerKey mdes.ConsumerKey
	Signing     fixtures.KeyPair // the client signs with it
	Network     fixtures.KeyPair // requests are encrypted to its certificate
	Requestor   fixtures.KeyPair // answers and notices are encrypted to it
}

// Keyring gives requestors their credentials at this face, and shows them.
var Keyring = sandbox.Ring[Keys]{Face: Name, Make: derived, Show: shown, Key: usual}

// KeysOf are a requestor's credentials, zero where it has none here.
func KeysOf(q *sandbox.Requestor) Keys { return Keyring.Of(q) }

// derived makes the keys. The names are the consumer key, and its client id in a
// form that no consumer key has (see [clientName]).
func derived(_ scenarios.Requestor, ids seed.Source) (Keys, []string, error) {
	first := ids.Uint64("mastercard", "keys") // three neighbours in the pool, so never the same key twice
	keys := Keys{
		ConsumerKey: mdes.ConsumerKey(ids.Text(48, "client id") + "!" + ids.Hex(32, "key id") + "0000000000000000"),
		Signing:     fixtures.Key(first), Network: fixtures.Key(first + 1), Requestor: fixtures.Key(first + 2),
	}
	return keys, []string{string(keys.ConsumerKey), clientName(keys.ConsumerKey)}, nil
}

// clientName is by which the registry knows that some consumer key has a client
// id: the id and an exclamation mark. A consumer key goes on behind it, so no
// request is taken for it.
func clientName(key mdes.ConsumerKey) string { return key.ClientID() + "!" }

// other is a key pair of the pool that is none of the requestor's three.
func (k Keys) other() fixtures.KeyPair {
	for n := uint64(k.Requestor.Number); ; n++ {
		pair := fixtures.Key(n)
		if pair.Number != k.Requestor.Number && pair.Number != k.Network.Number && pair.Number != k.Signing.Number {
			return pair
		}
	}
}

// shown is what the control door hands out.
func shown(k Keys) (any, error) {
	v := shownKeys{ConsumerKey: string(k.ConsumerKey)}
	var err error
	if v.Signing, err = k.Signing.Sheet(); err != nil {
		return nil, err
	}
	if v.Encryption, err = k.Network.PublicSheet(); err != nil {
		return nil, err
	}
	v.Decryption, err = k.Requestor.Sheet()
	return v, err
}

func usual(k Keys) (member, value string) { return "consumerKey", string(k.ConsumerKey) }

type shownKeys struct {
	ConsumerKey string            `json:"consumerKey"`
	Signing     fixtures.KeySheet `json:"signing"`
	Encryption  fixtures.KeySheet `json:"encryption"`
	Decryption  fixtures.KeySheet `json:"decryption"`
}
