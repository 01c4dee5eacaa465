package server

import "github.com/pantomime-dev/pantomime/simulator/journal"

// Secrets are what the journal does not show of this face's requests and answers
// as it is (docs/wire/acquirer.md "Authorize").
func Secrets() journal.Secrets {
	return journal.Secrets{Headers: []string{"Authorization"}, Members: []journal.Member{
		{Name: "number", As: journal.Account},
		{Name: "cryptogram", As: journal.Secret},
	}}
}
