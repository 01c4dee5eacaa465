package interop

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mastercard/client-encryption-go/encryption"
	fle "github.com/mastercard/client-encryption-go/field_level_encryption"
	"github.com/mastercard/client-encryption-go/jwe"
	"github.com/mastercard/client-encryption-go/mastercard_encryption"
	encryptionkeys "github.com/mastercard/client-encryption-go/utils"
	oauth "github.com/mastercard/oauth1-signer-go"
	"github.com/mastercard/oauth1-signer-go/interceptor"
	signingkeys "github.com/mastercard/oauth1-signer-go/utils"
)

const (
	cardNumber    = "5204731600014784"
	storePassword = "keystorepassword" // of test keys that everybody has
	digitization  = "/digitization/static/1/0/"
)

// object is a JSON object.
type object = map[string]any

// client is an MDES client on Mastercard's libraries.
type client struct {
	*sandbox
	signer  oauth.Signer
	network *x509.Certificate
	own     *rsa.PrivateKey
}

func newClient(t *testing.T, s *sandbox) *client {
	t.Helper()
	signing, err := signingkeys.LoadSigningKey(filepath.Join(s.keys, "mastercard-signing-key.p12"), storePassword)
	if err != nil {
		t.Fatal(err)
	}
	network, err := encryptionkeys.LoadEncryptionCertificate(filepath.Join(s.keys, "mastercard-encryption-certificate.pem"))
	if err != nil {
		t.Fatal(err)
	}
	own, err := encryptionkeys.LoadDecryptionKey(filepath.Join(s.keys, "mastercard-decryption-key.p12"), storePassword)
	if err != nil {
		t.Fatal(err)
	}
	unencrypted, err := encryptionkeys.LoadUnencryptedDecryptionKey(filepath.Join(s.keys, "mastercard-decryption-key.pem"))
	if err != nil || !unencrypted.Equal(own) {
		t.Fatalf("PEM and PKCS #12 hold different keys: %v", err)
	}
	return &client{sandbox: s, signer: oauth.Signer{ConsumerKey: s.wallet.Mastercard.ConsumerKey, SigningKey: signing}, network: network, own: own}
}

// codec encrypts and decrypts one member of a body.
type codec struct {
	name             string
	encrypt, decrypt func(body string, c *client, from, to string) string
}

var codecs = []codec{
	{"field-level, SHA-256", fieldLevel("SHA256").encrypt, openFieldLevel},
	{"field-level, SHA-512", fieldLevel("SHA512").encrypt, openFieldLevel},
	{
		"JWE",
		func(body string, c *client, from, to string) string {
			return encryption.EncryptPayload(body, *jwe.NewJWEConfigBuilder().WithCertificate(c.network).WithEncryptionPath(from, to).Build())
		},
		func(body string, c *client, from, to string) string {
			return encryption.DecryptPayload(body, *jwe.NewJWEConfigBuilder().WithCertificate(c.network).WithDecryptionKey(c.own).WithDecryptionPath(from+".encryptedData", to).Build())
		},
	},
}

// fieldLevel is the scheme that MDES documents, with one OAEP digest.
func fieldLevel(digest string) codec {
	usual := func(c *client) *fle.FieldLevelEncryptionConfigBuilder {
		return fle.NewFieldLevelEncryptionConfigBuilder().WithOaepPaddingDigestAlgorithm(digest).WithFieldValueEncoding("HEX").
			WithIvFieldName("iv").WithEncryptedKeyFieldName("encryptedKey").WithEncryptedValueFieldName("encryptedData").
			WithOaepPaddingDigestAlgorithmFieldName("oaepHashingAlgorithm").WithEncryptionCertificateFingerprintFieldName("publicKeyFingerprint").
			WithEncryptionCertificate(c.network).WithDecryptionKey(c.own)
	}
	built := func(b *fle.FieldLevelEncryptionConfigBuilder) fle.FieldLevelEncryptionConfig {
		config, err := b.Build()
		if err != nil {
			panic(err)
		}
		return *config
	}
	return codec{
		encrypt: func(body string, c *client, from, to string) string {
			return mastercard_encryption.EncryptPayload(body, built(usual(c).WithEncryptionPath(from, to)))
		},
		decrypt: func(body string, c *client, from, to string) string {
			return mastercard_encryption.DecryptPayload(body, built(usual(c).WithDecryptionPath(from, to)))
		},
	}
}

// openFieldLevel opens by the digest that the body names; the library itself goes
// by its configuration alone.
func openFieldLevel(body string, c *client, from, to string) string {
	digest := "SHA512"
	if strings.Contains(body, `"oaepHashingAlgorithm":"SHA256"`) {
		digest = "SHA256"
	}
	return fieldLevel(digest).decrypt(body, c, from, to)
}

// call signs and sends.
func (c *client) call(t *testing.T, path, body string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.Base.Mastercard+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if err := c.signer.Sign(req); err != nil {
		t.Fatal(err)
	}
	status, answer := do(t, http.DefaultClient, req)
	if status != http.StatusOK {
		t.Fatalf("%s: %d %s", path, status, answer)
	}
	return string(answer)
}

func text(t *testing.T, v any) string {
	t.Helper()
	out, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func read(t *testing.T, body string) (o object) {
	t.Helper()
	if err := json.Unmarshal([]byte(body), &o); err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	return o
}

// A token's life with each scheme, up to the notice of a suspension.
func TestMastercardGoLibraries_ALife(t *testing.T) {
	url, notices := receiver(t)
	c := newClient(t, start(t, url))
	for _, scheme := range codecs {
		t.Run(scheme.name, func(t *testing.T) {
			answer := c.call(t, digitization+"tokenize", scheme.encrypt(text(t, object{
				"requestId": rand.Text(), "tokenType": "CLOUD", "tokenRequestorId": c.wallet.TRID["mastercard"], "taskId": rand.Text(),
				"fundingAccountInfo": object{"encryptedPayload": object{
					"cardAccountData": object{"accountNumber": cardNumber, "expiryMonth": "12", "expiryYear": "30", "securityCode": "123"},
					"source":          "ACCOUNT_ON_FILE",
				}},
			}), c, "fundingAccountInfo.encryptedPayload", "fundingAccountInfo.encryptedPayload"))
			if o := read(t, answer); o["decision"] != "APPROVED" {
				t.Fatal(answer)
			}
			opened := read(t, scheme.decrypt(answer, c, "tokenDetail", "tokenDetail"))
			number, _ := opened["tokenDetail"].(object)["tokenNumber"].(string)
			if !strings.HasPrefix(number, "520424") {
				t.Fatalf("no token number in %v", opened["tokenDetail"])
			}
			ref := opened["tokenUniqueReference"].(string)
			c.advance(t, "5s")
			<-notices // of the activation

			about := object{"requestId": rand.Text(), "tokenUniqueReferences": []string{ref}, "causedBy": "TOKEN_REQUESTOR", "reasonCode": "OTHER"}
			if got := c.call(t, digitization+"suspend", text(t, about)); !strings.Contains(got, `"SUSPENDED"`) {
				t.Error(got)
			}
			if got := c.call(t, digitization+"unsuspend", text(t, about)); !strings.Contains(got, `"ACTIVE"`) {
				t.Error(got)
			}
			c.ask(t, http.MethodPost, "/tokens/"+ref+"/transitions", object{"do": "suspend", "reason": "SUSPECTED_FRAUD"}, nil)
			c.advance(t, "1s")
			notice := read(t, openFieldLevel(string(<-notices), c, "encryptedPayload", "encryptedPayload"))
			if reported := text(t, notice["encryptedPayload"]); !strings.Contains(reported, ref) || !strings.Contains(reported, "SUSPECTED_FRAUD") {
				t.Error(reported)
			}
		})
	}
}

// Queries as the signer's own code spells them, which none of the operations
// has but which clients put there all the same.
func TestMastercardGoLibraries_Queries(t *testing.T) {
	c := newClient(t, start(t, "http://127.0.0.1:1/"))
	body := text(t, object{"requestId": "r", "tokenUniqueReference": "DWSPMC000000000100000000000000000000000000000000"})
	for _, query := range []string{"", "?a=1", "?a=b+c&d=%3A", "?a=b%20c", "?colon=%3a", "?b=2&a=1&a=0", "?empty=&odd"} {
		if got := c.call(t, digitization+"getToken"+query, body); !strings.Contains(got, "INVALID_TOKEN_UNIQUE_REFERENCE") {
			t.Errorf("%q: %s", query, got)
		}
	}
}

// The interceptor loads the key store by itself.
func TestMastercardGoLibraries_Interceptor(t *testing.T) {
	c := newClient(t, start(t, "http://127.0.0.1:1/"))
	signing, err := interceptor.GetHttpClient(c.signer.ConsumerKey, filepath.Join(c.keys, "mastercard-signing-key.p12"), storePassword)
	if err != nil {
		t.Fatal(err)
	}
	body := []byte(`{"requestId":"r","tokenUniqueReference":"DWSPMC000000000100000000000000000000000000000000"}`)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.Base.Mastercard+digitization+"getToken", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if status, got := do(t, signing, req); status != http.StatusOK || !strings.Contains(string(got), "INVALID_TOKEN_UNIQUE_REFERENCE") {
		t.Errorf("%d %s", status, got)
	}
}
