package server

import (
	"github.com/pantomime-dev/pantomime/acquirer"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/seed"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
)

// Keyring gives requestors their credentials at this face, and shows them.
var Keyring = sandbox.Ring[acquirer.Credential]{Face: Name, Base: acquirer.Prefix, Make: derived, Show: shown, Key: usual}

// KeysOf is a requestor's credential at the acquirer, zero where it has none:
// whoever holds tokens is the merchant that pays with them, or acts for it.
func KeysOf(q *sandbox.Requestor) acquirer.Credential { return Keyring.Of(q) }

// derived makes the pair, whose name is the key.
func derived(_ scenarios.Requestor, ids seed.Source) (acquirer.Credential, []string, error) {
	keys := acquirer.Credential{Key: ids.Hex(32, "acquirer", "key"), Secret: ids.Text(40, "acquirer", "secret")}
	return keys, []string{keys.Key}, nil
}

// shown is what the control door hands out.
func shown(k acquirer.Credential) (any, error) { return shownKeys(k), nil }

func usual(k acquirer.Credential) (member, value string) { return "acquirerKey", k.Key }

type shownKeys struct {
	Key    string `json:"key"`
	Secret string `json:"secret"`
}
