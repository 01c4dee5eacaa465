package pantomime_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/internal/stage"
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

// [B6] What only looks like a card number stays readable wherever it was sent:
// whoever looks for a mistake needs it.
func TestSimulator_InnocentsStayReadable(t *testing.T) {
	w := newWorld(t, "")
	for _, text := range stage.Innocents {
		for _, face := range []string{"/vts/", "/acquirer/"} {
			w.staysReadable(t, face, text)
		}
	}
}

// staysReadable sends a text to a face and looks for it in the journal.
func (w *world) staysReadable(t *testing.T, face, text string) {
	t.Helper()
	quoted, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	w.send(t, http.MethodPost, w.sim.NetworkURL()+face+url.PathEscape(text)+"?note="+url.QueryEscape(text), `{"note":`+string(quoted)+`}`, text)
	list, err := w.admin.Requests(t.Context(), control.ExchangeQuery{Limit: 2})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list.Items {
		for where, got := range map[string]string{
			"path": e.Request.Path, "query": e.Request.Query, "header": e.Request.Header["User-Agent"], "body": e.Request.Body,
		} {
			if !reads(got, text) {
				t.Errorf("%s: the %s reads %s", text, where, got)
			}
		}
		why, err := w.admin.Explain(t.Context(), e.ID)
		if err != nil || len(why.Checks) == 0 || !reads(why.Checks[0].Received, text) {
			t.Errorf("%s: explained as %+v, %v", text, why.Checks, err)
		}
	}
}

// reads reports whether a text can be read in another one, as it is or in the
// escapes of URLs.
func reads(in, text string) bool {
	return strings.Contains(in, text) || strings.Contains(in, url.PathEscape(text)) || strings.Contains(in, url.QueryEscape(text))
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
