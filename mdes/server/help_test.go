package server_test

import (
	"crypto/x509"
	"errors"
	"maps"
	"strconv"
	"testing"

	"github.com/pantomime-dev/pantomime/mdes/server"

	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/outcome"
	"github.com/pantomime-dev/pantomime/token"
)

func sealer(t testing.TB, pair fixtures.KeyPair) mdes.Sealer {
	t.Helper()
	return stage.Must(mdes.NewSealer(pair.Certificate, mdes.CertificateSHA256))(t)
}

func opener(t testing.TB, pair fixtures.KeyPair) *mdes.Opener {
	t.Helper()
	return stage.Must(mdes.NewOpener(mdes.OwnKey{Key: pair.Private, Certificates: []*x509.Certificate{pair.Certificate}}))(t)
}

type object = map[string]any

// with copies an object with members replaced, added, or (nil) left out.
func with(o, changes object) object {
	out := maps.Clone(o)
	for name, value := range changes {
		if out[name] = value; value == nil {
			delete(out, name)
		}
	}
	return out
}

// cardData is the clear text of a payload; changes are to the card.
func cardData(pan string, changes object) object {
	return object{
		"cardAccountData": with(object{"accountNumber": pan, "expiryMonth": "12", "expiryYear": "29", "securityCode": "123"}, changes),
		"source":          "ACCOUNT_ON_FILE",
	}
}

// sealed encrypts a clear text to the network, as an object of the body.
func (w *world) sealed(clear any) object {
	w.t.Helper()
	raw, given := clear.([]byte)
	if !given {
		raw = stage.Marshal(w.t, clear)
	}
	return payload(w.t, stage.Must(sealer(w.t, server.KeysOf(w.who).Network).Seal(raw))(w.t))
}

func payload(t testing.TB, p mdes.EncryptedPayload) object {
	t.Helper()
	return stage.Decode[object](t, stage.Marshal(t, p))
}

// tokenizeBody is a tokenize request in order, with another task id each time.
func (w *world) tokenizeBody(pan string, changes object) object {
	w.t.Helper()
	*w.tasks++
	funding, given := changes["fundingAccountInfo"]
	if !given {
		funding = object{"encryptedPayload": w.sealed(cardData(pan, nil))}
	}
	return with(with(object{
		"requestId": "req-1", "tokenType": "CLOUD", "tokenRequestorId": ownTRID,
		"taskId": "task-" + strconv.Itoa(*w.tasks), "fundingAccountInfo": funding,
	}, changes), nil)
}

// tokenize makes a token for a card and returns the answer.
func (w *world) tokenize(pan string) mdes.TokenizeResponse {
	w.t.Helper()
	got := w.send(w.request(token.MCTokenize, w.tokenizeBody(pan, nil)))
	made := stage.Decode[mdes.TokenizeResponse](w.t, got.Body)
	if made.TokenUniqueReference == "" {
		w.t.Fatalf("no token: %d %s", got.Status, got.Body)
	}
	return made
}

// about is a request about one token.
func about(ref string, changes object) object {
	return with(object{"requestId": "req-2", "tokenUniqueReference": ref}, changes)
}

// batch is a request about several.
func batch(changes object, refs ...string) object {
	return with(object{"requestId": "req-3", "tokenUniqueReferences": refs, "causedBy": "TOKEN_REQUESTOR", "reasonCode": "OTHER"}, changes)
}

// forms are what golden files name instead of showing.
var forms = []stage.Form{
	stage.NewForm(`"DWSPMC0000000001[0-9a-f]{32}"`, `"<token unique reference>"`),
	stage.NewForm(`"FWSPMC0000000001[0-9a-f]{32}"`, `"<PAN unique reference>"`),
	stage.NewForm(`"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"`, `"<UUID>"`),
	stage.NewForm(`"(publicKeyFingerprint)": "[0-9a-f]{64}"`, `"$1": "<64 hex digits>"`),
	stage.NewForm(`"(encryptedKey)": "[0-9a-f]{512}"`, `"$1": "<512 hex digits>"`),
	stage.NewForm(`"(iv)": "[0-9a-f]{32}"`, `"$1": "<32 hex digits>"`),
	stage.NewForm(`"(encryptedData)": "([0-9a-f]{32})+"`, `"$1": "<whole blocks in hex>"`),
	stage.NewForm(`"(tokenPanSuffix)": "[0-9]{4}"`, `"$1": "<4 digits>"`),
	stage.NewForm(`"520424[0-9]{10}"`, `"<token number>"`),
	stage.NewForm(`"520424[0-9]{10}D29032010{13}F"`, `"<token number>D29032010000000000000F"`),
	stage.NewForm(`"5001[0-9a-f]{25}"`, `"<PAR>"`),
	stage.NewForm(`"A[A-Za-z0-9+/]{19}GgADFA=="`, `"<UCAF>"`),
	stage.NewForm(`"[A-Za-z0-9+/=]{200,}"`, `"<base64>"`),
}

func golden(t testing.TB, name string, body []byte) {
	t.Helper()
	stage.Golden(t, forms, name, body)
}

// refusedAs checks a client's error.
func refusedAs(t testing.TB, err error, status int, code string) {
	t.Helper()
	var refused *mdes.Error
	if !errors.As(err, &refused) {
		t.Errorf("error %v, want a refusal", err)
		return
	}
	if refused.Status != status || refused.Code() != code {
		t.Errorf("refused with %v, want %d %s", refused, status, code)
	}
}

// failedWith checks why a payload did not open.
func failedWith(t testing.TB, err error, cause mdes.Cause) {
	t.Helper()
	var failed *mdes.CryptographyError
	if !errors.As(err, &failed) || failed.Cause != cause {
		t.Errorf("error %v, want %s", err, cause)
	}
}

// rule puts a rule in front of the scenario.
func (w *world) rule(r scenarios.Rule) {
	w.t.Helper()
	if _, err := w.box.AddRules(outcome.Posted, r); err != nil {
		w.t.Fatal(err)
	}
}
