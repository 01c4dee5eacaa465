package server

import (
	"github.com/pantomime-dev/pantomime/acquirer"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/seed"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
)

// Account is a requestor's credential at one acquirer: whoever holds tokens is
// the merchant that pays with them, or acts for it.
type Account struct {
	Acquirer string // its name
	acquirer.Credential
}

// Accounts are a requestor's credentials, one an acquirer, in the order of the
// scenario.
type Accounts []Account

// By finds the account that has a key, zero for none.
func (all Accounts) By(key string) Account {
	for _, one := range all {
		if one.Key == key {
			return one
		}
	}
	return Account{}
}

// Keyring gives requestors their credentials at this face, and shows them.
var Keyring = sandbox.Ring[Accounts]{Face: Name, Make: derived, Show: shown, Key: usual}

// KeysOf are a requestor's credentials at the acquirers, none where it has none.
func KeysOf(q *sandbox.Requestor) Accounts { return Keyring.Of(q) }

// derived makes the pairs, whose names are the keys.
func derived(settings scenarios.Requestor, ids seed.Source) (accounts Accounts, keys []string, _ error) {
	for i, name := range settings.Acquirers {
		path := []string{"acquirer"}
		if i > 0 { // the first one's path is older than there were others
			path = append(path, name)
		}
		accounts = append(accounts, Account{name, acquirer.Credential{
			Key: ids.Hex(32, append(path, "key")...), Secret: ids.Text(40, append(path, "secret")...),
		}})
		keys = append(keys, accounts[i].Key)
	}
	return accounts, keys, nil
}

// shown is what the control door hands out.
func shown(all Accounts) (any, error) {
	var keys shownKeys
	for i, one := range all {
		if i == 0 {
			keys.shownKey = shownKey{one.Acquirer, one.Key, one.Secret}
			continue
		}
		keys.Others = append(keys.Others, shownKey{one.Acquirer, one.Key, one.Secret})
	}
	return keys, nil
}

func usual(all Accounts) (member, value string) { return "acquirerKey", all[0].Key }

type shownKey struct {
	Acquirer string `json:"acquirer"`
	Key      string `json:"key"`
	Secret   string `json:"secret"`
}

// shownKeys has the first acquirer's in front.
type shownKeys struct {
	shownKey
	Others []shownKey `json:"others,omitempty"`
}
