package server_test

import (
	"bytes"
	"crypto/x509"
	"encoding/json"
	"errors"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/outcome"
	"github.com/pantomime-dev/pantomime/simulator/token"
)

var update = flag.Bool("update", false, "write the golden files anew")

// must ends the test on an error: must(f())(t).
func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func marshal(t testing.TB, v any) []byte {
	t.Helper()
	return must(json.Marshal(v))(t)
}

func sealer(t testing.TB, pair fixtures.KeyPair) mdes.Sealer {
	t.Helper()
	return must(mdes.NewSealer(pair.Certificate, mdes.CertificateSHA256))(t)
}

func opener(t testing.TB, pair fixtures.KeyPair) *mdes.Opener {
	t.Helper()
	return must(mdes.NewOpener(mdes.OwnKey{Key: pair.Private, Certificates: []*x509.Certificate{pair.Certificate}}))(t)
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
		raw = marshal(w.t, clear)
	}
	return payload(w.t, must(sealer(w.t, w.who.Mastercard.Network).Seal(raw))(w.t))
}

func payload(t testing.TB, p mdes.EncryptedPayload) object {
	t.Helper()
	return decode[object](t, marshal(t, p))
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
	made := decode[mdes.TokenizeResponse](w.t, got.body)
	if made.TokenUniqueReference == "" {
		w.t.Fatalf("no token: %d %s", got.status, got.body)
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

// What differs between two runs, or follows from the seed alone, is written as
// its form in golden files; a value of another form stays and shows.
var forms = []struct {
	form *regexp.Regexp
	as   string
}{
	{regexp.MustCompile(`"DWSPMC0000000001[0-9a-f]{32}"`), `"<token unique reference>"`},
	{regexp.MustCompile(`"FWSPMC0000000001[0-9a-f]{32}"`), `"<PAN unique reference>"`},
	{regexp.MustCompile(`"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"`), `"<UUID>"`},
	{regexp.MustCompile(`"(publicKeyFingerprint)": "[0-9a-f]{64}"`), `"$1": "<64 hex digits>"`},
	{regexp.MustCompile(`"(encryptedKey)": "[0-9a-f]{512}"`), `"$1": "<512 hex digits>"`},
	{regexp.MustCompile(`"(iv)": "[0-9a-f]{32}"`), `"$1": "<32 hex digits>"`},
	{regexp.MustCompile(`"(encryptedData)": "([0-9a-f]{32})+"`), `"$1": "<whole blocks in hex>"`},
	{regexp.MustCompile(`"(tokenPanSuffix)": "[0-9]{4}"`), `"$1": "<4 digits>"`},
	{regexp.MustCompile(`"520424[0-9]{10}"`), `"<token number>"`},
	{regexp.MustCompile(`"520424[0-9]{10}D29032010{13}F"`), `"<token number>D29032010000000000000F"`},
	{regexp.MustCompile(`"5001[0-9a-f]{25}"`), `"<PAR>"`},
	{regexp.MustCompile(`"A[A-Za-z0-9+/]{19}GgADFA=="`), `"<UCAF>"`},
	{regexp.MustCompile(`"[A-Za-z0-9+/=]{200,}"`), `"<base64>"`},
}

// golden compares a JSON text with its file.
func golden(t testing.TB, name string, body []byte) {
	t.Helper()
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, body, "", "  "); err != nil {
		t.Fatalf("not JSON: %q", body)
	}
	text := pretty.Bytes()
	for _, f := range forms {
		text = f.form.ReplaceAll(text, []byte(f.as))
	}
	text = append(text, '\n')
	path := filepath.Join("testdata", "golden", name+".json")
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(text)); diff != "" {
		t.Errorf("%s (-golden +answer):\n%s", name, diff)
	}
}

// refusedAs checks a client's error.
func refusedAs(t testing.TB, err error, status int, code string) {
	t.Helper()
	var refused *mdes.CallError
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
	if _, err := w.box.AddRule(outcome.Posted, r); err != nil {
		w.t.Fatal(err)
	}
}
