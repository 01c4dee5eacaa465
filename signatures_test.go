package pantomime_test

import (
	"cmp"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/scenarios"
)

// clientSignature is a request as a client of the field signs it, by the sources
// that docs/wire/mdes.md "Authentication" names. What is signed is written by
// hand: OAUTH represents the oauth_* parameters.
type clientSignature struct {
	name   string
	query  string
	seen   string // scheme and host that the client saw, "" for ours
	header [2]string
	params string              // as they are joined
	spell  func(string) string // of the body hash, in the header and in what is signed
	says   string              // by explain, "" for nothing unusual
	pss    bool                // signed so, whatever the header calls it
	strict bool                // taken by the profile strict
}

var clientSignatures = []clientSignature{
	{name: "Go and Node", params: "OAUTH", strict: true},
	{name: "[G1] Java, + of a query", query: "a=b+c&d=%3A", params: "a=b%2Bc&d=%3A&OAUTH", says: "mastercard-java"},
	{name: "[G1] PHP, escapes of a query", query: "d=%3A", params: "d=%253A&OAUTH", says: "mastercard-php"},
	{name: "[G1] Python, order of a query", query: "a1=1&a=2", params: "a1=1&a=2&OAUTH", says: "mastercard-python"},
	{name: "[G1] Ruby, without a port", seen: "http://127.0.0.1", params: "OAUTH", says: "mastercard-ruby"},
	{name: "[G1] a body hash that was encoded and signed so", params: "OAUTH", spell: url.QueryEscape, says: "mastercard-values-as-sent", strict: true},
	{name: "[G1] Java, PSS under the other name", params: "OAUTH", pss: true, says: "the signature is PSS"},
	{name: "[G1] Java, PSS and its query", query: "a=b+c&d=%3A", params: "a=b%2Bc&d=%3A&OAUTH", pss: true, says: "the signature is PSS"},
	{name: "[G3] behind two proxies", seen: "https://HOST", header: [2]string{"X-Forwarded-Proto", "https, http"}, params: "OAUTH", says: "https://"},
	{name: "[G3] behind another host", seen: "http://api.example", header: [2]string{"X-Forwarded-Host", "api.example"}, params: "OAUTH", says: "http://api.example/"},
	{name: "[G3] as RFC 7239 has it", seen: "https://api.example", header: [2]string{"Forwarded", "host=api.example;proto=https"}, params: "OAUTH", says: "https://api.example/"},
	{name: "[G3] a hard-coded https", seen: "https://HOST", params: "OAUTH", says: "https://"},
}

func TestSignatures_AsClientsOfTheFieldMakeThem(t *testing.T) {
	usual, admin := begin(t, pantomime.Options{})
	sc, findings := scenarios.Parse("strict.yaml", []byte("version: 1\nname: strict\nprofile: strict\n"))
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	strict, strictly := begin(t, pantomime.Options{Scenario: sc})
	for _, c := range clientSignatures {
		t.Run(c.name, func(t *testing.T) {
			status, e := c.send(t, usual.NetworkURL(), admin)
			note := ""
			for _, check := range e.Checks {
				note += check.Hint
			}
			if status != http.StatusOK || (c.says == "") != (note == "") || !strings.Contains(note, c.says) {
				t.Errorf("%d, explain says %q, want %q: %+v", status, note, c.says, e.Checks)
			}
			if status, e = c.send(t, strict.NetworkURL(), strictly); (status == http.StatusOK) != c.strict {
				t.Errorf("strict: %d, %+v", status, e.Checks)
			}
		})
	}
}

// send signs by hand and returns what came of it.
func (c clientSignature) send(t *testing.T, base string, admin *control.Client) (int, control.Explanation) {
	t.Helper()
	const body = `{"requestId":"r-1","tokenUniqueReference":"DWSPMC000000000100000000000000000000000000000000"}`
	target := base + "/mdes/digitization/static/1/0/getToken"
	keys := stage.Must(admin.Env(t.Context()))(t).Requestors[0].Mastercard
	sum := sha256.Sum256([]byte(body))
	hash := base64.StdEncoding.EncodeToString(sum[:])
	if c.spell != nil {
		hash = c.spell(hash)
	}
	oauth := [][2]string{
		{"oauth_body_hash", hash},
		{"oauth_consumer_key", keys.ConsumerKey},
		{"oauth_nonce", rand.Text()},
		{"oauth_signature_method", "RSA-SHA256"},
		{"oauth_timestamp", strconv.FormatInt(clock.Real().Now().Unix(), 10)},
		{"oauth_version", "1.0"},
	}
	var pairs, header []string
	for _, one := range oauth {
		pairs, header = append(pairs, one[0]+"="+one[1]), append(header, one[0]+`="`+one[1]+`"`)
	}
	escape := func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
	seen := cmp.Or(strings.Replace(c.seen, "HOST", strings.TrimPrefix(base, "http://"), 1), base)
	signed := "POST&" + escape(seen+strings.TrimPrefix(target, base)) + "&" + escape(strings.Replace(c.params, "OAUTH", strings.Join(pairs, "&"), 1))
	digest := sha256.Sum256([]byte(signed))
	block, _ := pem.Decode([]byte(keys.Signing.PrivateKey))
	key := stage.Must(x509.ParsePKCS8PrivateKey(block.Bytes))(t)
	signature := stage.Must(rsa.SignPKCS1v15(nil, key.(*rsa.PrivateKey), crypto.SHA256, digest[:]))(t)
	if c.pss { // with the salt of the library
		signature = stage.Must(rsa.SignPSS(rand.Reader, key.(*rsa.PrivateKey), crypto.SHA256, digest[:], &rsa.PSSOptions{SaltLength: 32}))(t)
	}
	header = append(header, `oauth_signature="`+escape(base64.StdEncoding.EncodeToString(signature))+`"`)

	req := stage.Must(http.NewRequestWithContext(t.Context(), http.MethodPost, target+"?"+c.query, strings.NewReader(body)))(t)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "OAuth "+strings.Join(header, ","))
	if c.header[0] != "" {
		req.Header.Set(c.header[0], c.header[1])
	}
	answer := stage.Must(http.DefaultClient.Do(req))(t)
	answer.Body.Close()
	return answer.StatusCode, stage.Must(admin.Explain(t.Context(), "last"))(t)
}
