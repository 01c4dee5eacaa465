package pantomime_test

import (
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime"
)

// hidden is all that no journal shows, by how it is replaced; written by hand,
// so that no face loses a member unnoticed.
var hidden = map[string]string{
	"****": "accountNumber tokenNumber token number pan",
	"<secret>": "cvv2 cvv cvc securityCode otpValue authCode cryptogram de48se43Data de55Data track2Equivalent " +
		"tokenizationAuthenticationValue issuerAuthCode passcode secureToken encCvv2",
	"<encrypted>": "encryptedValue encryptedData encryptedKey iv encData publicKeyFingerprint oaepHashingAlgorithm encodedData " +
		"encPaymentInstrument encRiskDataInfo encTokenInfo encAuthenticationData encBillingInfo encDeviceRiskDataInfo",
	"***": "name accountHolderName email clientWalletAccountEmailAddress accountHolderEmailAddress emailAddress",
}

func TestMasks_HideWhatBothFacesList(t *testing.T) {
	masks := pantomime.Masks()
	for shown, names := range hidden {
		for _, name := range strings.Fields(names) {
			for _, spelt := range []string{name, strings.ToLower(name), strings.ToUpper(name)} {
				in, want := `{"`+spelt+`":"123456789"}`, `{"`+spelt+`":"`+shown+`"}`
				if got := masks.Mask([]byte(in)); got != want {
					t.Errorf("got %s, want %s", got, want)
				}
			}
		}
	}
	const risk = `[{"name":"paymentInstrument.expirationDate.month"},{"name":"encCvv2"}]`
	if got := masks.Mask([]byte(risk)); got != risk {
		t.Errorf("names of risk data read %s", got)
	}
}
