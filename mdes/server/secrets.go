package server

import (
	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/simulator/journal"
)

// Secrets are what the journal does not show of this face's requests and answers
// as it is (docs/wire/mdes.md "Payload encryption", "Cryptogram"); some are
// how clients misspell them.
func Secrets() journal.Secrets {
	return face.Secrets("Authorization", []journal.Member{
		{Name: "securityCode", As: journal.Secret},
		{Name: "cvc", As: journal.Secret},
		{Name: "de48se43Data", As: journal.Secret},
		{Name: "de55Data", As: journal.Secret},
		{Name: "track2Equivalent", As: journal.Secret},
		{Name: "tokenizationAuthenticationValue", As: journal.Secret},

		{Name: "encryptedData", As: journal.Cipher},
		{Name: "encryptedValue", As: journal.Cipher},
		{Name: "encryptedKey", As: journal.Cipher},
		{Name: "publicKeyFingerprint", As: journal.Cipher},
		{Name: "oaepHashingAlgorithm", As: journal.Cipher},

		{Name: "accountHolderName", As: journal.Person},
		{Name: "accountHolderEmailAddress", As: journal.Person},
	})
}

// masks are this face's alone, for what it shows outside a journal.
var masks = journal.NewMasks(Secrets())
