package server

import (
	"strconv"
	"strings"

	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/seed"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/vts"
)

// Record is a further pair with what it is for.
type Record struct {
	vts.Credential
	Use scenarios.KeyUse
}

// Keys are a requestor's credentials at this network (docs/wire/vts.md
// "Authentication"): a pair to sign requests, one to encrypt fields, one with
// which the network signs its own calls, and more while keys are rolled over.
// Signing and Encryption may be the same.
type Keys struct {
	Signing    vts.Credential
	Encryption vts.Credential
	Outbound   vts.Credential
	Further    []Record // live next to Signing and Encryption
	RSA        *RSAKeys // set when fields are encrypted under RSA instead of a shared secret
}

// RSAKeys are the two key pairs of RSA field encryption; the ids are the kid of
// the JWE.
type RSAKeys struct {
	NetworkID   string
	Network     fixtures.KeyPair // requests are encrypted to it
	RequestorID string
	Requestor   fixtures.KeyPair // answers are encrypted to it
}

// Keyring gives requestors their credentials at this face, and shows them.
var Keyring = sandbox.Ring[Keys]{Face: Name, Make: derived, Show: shown, Key: usual}

// KeysOf are a requestor's credentials, zero where it has none here.
func KeysOf(q *sandbox.Requestor) Keys { return Keyring.Of(q) }

// derived makes the keys. The names are the API keys in lower case, as requests
// may spell them in any.
func derived(q scenarios.Requestor, ids seed.Source) (Keys, []string, error) {
	pair := func(use string) vts.Credential {
		return vts.Credential{APIKey: ids.Text(49, "visa", use, "api key"), Secret: ids.Text(40, "visa", use, "secret")}
	}
	keys := Keys{Signing: pair("signing"), Encryption: pair("encryption"), Outbound: pair("outbound")}
	if q.OneKey {
		keys.Encryption = keys.Signing
	}
	for i, use := range q.Further {
		keys.Further = append(keys.Further, Record{pair("further " + strconv.Itoa(i+1)), use})
	}
	if q.RSA {
		// The three pairs of the pool before these are the requestor's at another
		// network, and no pair shall be used twice.
		first := ids.Uint64("mastercard", "keys")
		keys.RSA = &RSAKeys{
			NetworkID: ids.Hex(32, "visa", "network key"), Network: fixtures.Key(first + 3),
			RequestorID: ids.Hex(32, "visa", "requestor key"), Requestor: fixtures.Key(first + 4),
		}
	}
	return keys, keys.names(), nil
}

func (k Keys) names() []string {
	var names []string
	for _, pair := range k.Pairs() {
		names = append(names, strings.ToLower(pair.APIKey))
	}
	return names
}

// Pairs are all that a client may use, each once.
func (k Keys) Pairs() []vts.Credential {
	pairs := []vts.Credential{k.Encryption}
	if k.Signing != k.Encryption {
		pairs = append(pairs, k.Signing)
	}
	for _, record := range k.Further {
		pairs = append(pairs, record.Credential)
	}
	return pairs
}

// Signers are the API keys that are meant to sign requests.
func (k Keys) Signers() []string { return k.used(k.Signing.APIKey, scenarios.KeySigns) }

// Sealers are the ids of the keys that fields are meant to be sealed with.
func (k Keys) Sealers() []string {
	if k.RSA != nil {
		return k.used(k.RSA.NetworkID, scenarios.KeyEncrypts)
	}
	return k.used(k.Encryption.APIKey, scenarios.KeyEncrypts)
}

// used are the usual key of a use and the further ones.
func (k Keys) used(usual string, use scenarios.KeyUse) []string {
	ids := []string{usual}
	for _, record := range k.Further {
		if record.Use == use || record.Use == scenarios.KeyDoesBoth {
			ids = append(ids, record.APIKey)
		}
	}
	return ids
}

// shown is what the control door hands out.
func shown(k Keys) (any, error) {
	v := shownKeys{Signing: shownPair(k.Signing), Encryption: shownPair(k.Encryption), Outbound: shownPair(k.Outbound)}
	for _, record := range k.Further {
		v.Further = append(v.Further, shownRecord{string(record.Use), shownPair(record.Credential)})
	}
	if k.RSA == nil {
		return v, nil
	}
	v.RSA = &shownRSA{NetworkKeyID: k.RSA.NetworkID, RequestorKeyID: k.RSA.RequestorID}
	var err error
	if v.RSA.Network, err = k.RSA.Network.PublicSheet(); err != nil {
		return nil, err
	}
	v.RSA.Requestor, err = k.RSA.Requestor.Sheet()
	return v, err
}

func usual(k Keys) (member, value string) { return "apiKey", k.Signing.APIKey }

type shownKeys struct {
	Signing    shownPair     `json:"signing"`
	Encryption shownPair     `json:"encryption"`
	Outbound   shownPair     `json:"outbound"`
	Further    []shownRecord `json:"further,omitempty"`
	RSA        *shownRSA     `json:"rsa,omitempty"`
}

type shownPair struct {
	APIKey string `json:"apiKey"`
	Secret string `json:"secret"`
}

type shownRecord struct {
	Use string `json:"use"`
	shownPair
}

type shownRSA struct {
	NetworkKeyID   string            `json:"networkKeyId"`
	Network        fixtures.KeySheet `json:"network"`
	RequestorKeyID string            `json:"requestorKeyId"`
	Requestor      fixtures.KeySheet `json:"requestor"`
}
