package server

import (
	"fmt"

	"github.com/pantomime-dev/pantomime/acquirer"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/seed"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
)

// KeysOf is a requestor's credential at the acquirer, zero where it has none:
// whoever holds tokens is the merchant that pays with them, or acts for it.
func KeysOf(q *sandbox.Requestor) acquirer.Credential {
	keys, _ := q.Keys(Name).(acquirer.Credential)
	return keys
}

// Keyring gives requestors their credentials at this face, and shows them.
type Keyring struct{}

// Name is the face's.
func (Keyring) Name() string { return Name }

// Credentials derive from ids alone, by paths that must not change: users keep
// what they were given.
func (Keyring) Credentials(_ scenarios.Requestor, ids seed.Source) (any, []string, error) {
	keys := acquirer.Credential{Key: ids.Hex(32, "acquirer", "key"), Secret: ids.Text(40, "acquirer", "secret")}
	return keys, []string{keys.Key}, nil
}

// Shown is the JSON in which the control door hands the keys out.
func (Keyring) Shown(keys any) (any, error) {
	k, ok := keys.(acquirer.Credential)
	if !ok {
		return nil, fmt.Errorf("%T are no keys of this face", keys)
	}
	return shownKeys{k.Key, k.Secret}, nil
}

// Usual is the member by which lists of requestors tell the key that a client
// names in every request.
func (Keyring) Usual(keys any) (member, value string) {
	k, _ := keys.(acquirer.Credential)
	return "acquirerKey", k.Key
}

// BasePath is what a client's base URL has behind the network door's.
func (Keyring) BasePath() string { return acquirer.Prefix }

type shownKeys struct {
	Key    string `json:"key"`
	Secret string `json:"secret"`
}
