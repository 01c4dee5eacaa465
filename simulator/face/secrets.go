package face

import "github.com/pantomime-dev/pantomime/simulator/journal"

// everywhere is what no journal shows of any face, as the wires spell it or as
// clients misspell it.
var everywhere = []journal.Member{
	{Name: "accountNumber", As: journal.Account},
	{Name: "tokenNumber", As: journal.Account},
	{Name: "token", As: journal.Account},
	{Name: "number", As: journal.Account},
	{Name: "pan", As: journal.Account},
	{Name: "cryptogram", As: journal.Secret},
	{Name: "iv", As: journal.Cipher},
	{Name: "email", As: journal.Person},
}

// Secrets are what the journal does not show as it is of a face's requests and
// answers: the header that says who sent them, what no face shows, and the
// members that are its own.
func Secrets(credential string, own []journal.Member) journal.Secrets {
	return journal.Secrets{Headers: []string{credential}, Members: append(everywhere[:len(everywhere):len(everywhere)], own...)}
}
