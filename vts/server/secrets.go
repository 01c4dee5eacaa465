package server

import (
	"bytes"

	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/simulator/journal"
)

// Secrets are what the journal does not show of this face's requests and answers
// as it is (docs/wire/vts.md "Encryption", "Provisioning", "Step-up"); some
// are how clients misspell them.
func Secrets() journal.Secrets {
	return face.Secrets("X-Pay-Token", []journal.Member{
		{Name: "cvv2", As: journal.Secret},
		{Name: "cvv", As: journal.Secret},
		{Name: "encCvv2", As: journal.Secret},
		{Name: "otpValue", As: journal.Secret},
		{Name: "authCode", As: journal.Secret},
		{Name: "issuerAuthCode", As: journal.Secret},
		{Name: "passcode", As: journal.Secret},
		{Name: "secureToken", As: journal.Secret},

		{Name: "encPaymentInstrument", As: journal.Cipher},
		{Name: "encRiskDataInfo", As: journal.Cipher},
		{Name: "encTokenInfo", As: journal.Cipher},
		{Name: "encAuthenticationData", As: journal.Cipher},
		{Name: "encBillingInfo", As: journal.Cipher},
		{Name: "encDeviceRiskDataInfo", As: journal.Cipher},
		{Name: "encData", As: journal.Cipher},
		{Name: "encodedData", As: journal.Cipher},

		{Name: "name", As: journal.Person, Shown: riskName},
		{Name: "emailAddress", As: journal.Person},
		{Name: "clientWalletAccountEmailAddress", As: journal.Person},
	})
}

// masks are this face's alone, for what it shows outside a journal.
var masks = journal.NewMasks(Secrets())

// riskName lets the names of risk data items through: they are dotted or known
// words, not people.
func riskName(s []byte) bool {
	return bytes.IndexByte(s, '.') >= 0 && bytes.IndexByte(s, '@') < 0 || string(s) == "encCvv2"
}
