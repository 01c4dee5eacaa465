package recording

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
	vtsserver "github.com/pantomime-dev/pantomime/vts/server"
)

// unlisted passes the Luhn check and is no test card, so that the PAN guard
// refuses it.
const unlisted = "4539578763621486"

// visaCall is a good request but for what a row of the table changes.
type visaCall struct {
	op         token.Operation
	id         string // in the path
	body       string
	at         time.Time
	address    string // before the path
	key        string // in the query, "" for none
	credential vts.Credential
	header     map[string]string
}

// wrongAtVisa are ten requests at Visa's face.
func wrongAtVisa() []wrong {
	return []wrong{
		atVisa("wrong signature", func(_ client, r *visaCall) { r.credential.Secret = "not the secret that was agreed upon" }),
		atVisa("unknown API key", func(_ client, r *visaCall) { r.key, r.credential.APIKey = "UNKNOWN", "UNKNOWN" }),
		atVisa("no API key", func(_ client, r *visaCall) { r.key = "" }),
		atVisa("token expired an hour ago", func(_ client, r *visaCall) { r.at = noon.Add(-time.Hour) }),
		atVisa("another sandbox's address", func(_ client, r *visaCall) { r.address = "/s/" + other }),
		atVisa("wrong content type", func(_ client, r *visaCall) {
			r.op, r.body, r.header = token.VisaEnroll, "{}", map[string]string{"Content-Type": "text/plain"}
		}),
		atVisa("no JSON", func(_ client, r *visaCall) { r.op, r.body = token.VisaEnroll, `{"cut":` }),
		atVisa("no ciphertext", func(c client, r *visaCall) { r.op, r.body = token.VisaEnroll, c.enrolment("a.b.c.d.e") }),
		sealedUnlisted(),
		atVisa("unknown token", func(client, *visaCall) {}),
	}
}

func atVisa(name string, alter func(client, *visaCall)) wrong {
	return wrong{name, func(t *testing.T, c client) *http.Request {
		t.Helper()
		return c.visa(t, func(r *visaCall) { alter(c, r) })
	}}
}

// sealedUnlisted is an enrolment in order, of a card that may be somebody's.
func sealedUnlisted() wrong {
	return wrong{"card number that the PAN guard refuses", func(t *testing.T, c client) *http.Request {
		t.Helper()
		key, err := vts.NewSharedKey(vtsserver.KeysOf(c.Requestor).Encryption)
		if err != nil {
			t.Fatal(err)
		}
		sealed, err := key.SealJSON(map[string]any{
			"accountNumber": unlisted, "expirationDate": map[string]any{"month": "12", "year": "2030"},
		}, noon, nil)
		if err != nil {
			t.Fatal(err)
		}
		return c.visa(t, func(r *visaCall) { r.op, r.body = token.VisaEnroll, c.enrolment(sealed) })
	}}
}

func (c client) enrolment(sealed string) string {
	return fmt.Sprintf(`{"clientAppID":"recording","clientWalletAccountID":%q,"locale":"en_US","panSource":"ONFILE","encPaymentInstrument":%q}`,
		c.TRID[token.Visa], sealed)
}

// visa signs and makes the request, by default one for an unknown token.
func (c client) visa(t *testing.T, alter func(*visaCall)) *http.Request {
	t.Helper()
	keys := vtsserver.KeysOf(c.Requestor)
	r := visaCall{
		op: token.VisaGetToken, id: "00000000000000000000000000000000", at: noon,
		key: keys.Signing.APIKey, credential: keys.Signing,
	}
	alter(&r)
	route, ok := vts.RouteOf(r.op)
	if !ok {
		t.Fatalf("%s has no route", r.op)
	}
	signer, err := vts.NewSigner(r.credential)
	if err != nil {
		t.Fatal(err)
	}
	path, query := route.At(r.id), ""
	if r.key != "" {
		query = "apiKey=" + r.key
	}
	req := request(t, route.Method, c.sim.NetworkURL()+r.address+path+"?"+query, r.body)
	req.Header.Set(vts.HeaderRequestID, "recording")
	req.Header.Set(vts.HeaderPayToken, signer.Sign(r.at, vts.Message{Path: path[1:], Query: query, Body: []byte(r.body)}))
	for name, value := range r.header {
		req.Header.Set(name, value)
	}
	return req
}
