package vts_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// The vector of docs/wire/vts.md "Encryption".
const (
	encKey    = "TESTENCKEY0001"
	encSecret = "sandbox-encryption-secret-0001"
	vecKEK    = "05509386d93467ec657d795dba4f6547d24d5f5c456441e834de8fd3251d7370"
	vecHeader = `{"alg":"A256GCMKW","iv":"ICEiIyQlJicoKSor","tag":"lFA1xRAEC3FwB8wmPBsPUA","enc":"A256GCM","typ":"JOSE","kid":"TESTENCKEY0001","channelSecurityContext":"SHARED_SECRET","iat":"1700000000"}`
	vecPlain  = `{"token":"4895370012003478"}`
	vecJWE    = "eyJhbGciOiJBMjU2R0NNS1ciLCJpdiI6IklDRWlJeVFsSmljb0tTb3IiLCJ0YWciOiJsRkExeFJBRUMzRndCOHdtUEJzUFVBIiwiZW5jIjoiQTI1NkdDTSIsInR5cCI6IkpPU0UiLCJraWQiOiJURVNURU5DS0VZMDAwMSIsImNoYW5uZWxTZWN1cml0eUNvbnRleHQiOiJTSEFSRURfU0VDUkVUIiwiaWF0IjoiMTcwMDAwMDAwMCJ9" +
		".Y5K-3EmxGsZXI3ufhOsrvUht7f--JSFnJe0nb6tsbQs" +
		".MDEyMzQ1Njc4OTo7" +
		".yBdFr4IKJCEQEbrUK6wNX6wXfmXzDncxEIZzMQ" +
		".6W9R4VqL1cWicG1VatbXgg"
)

// vectorRandom gives the vector's content key 00 to 1f, key-wrap iv 20 to 2b
// and content iv 30 to 3b.
func vectorRandom() io.Reader {
	var b []byte
	for i := range 0x3c {
		if i < 0x2c || i >= 0x30 {
			b = append(b, byte(i))
		}
	}
	return bytes.NewReader(b)
}

func sharedKey(t testing.TB, id, secret string) *vts.Key {
	t.Helper()
	k, err := vts.NewSharedKey(vts.Credential{APIKey: id, Secret: secret})
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestKey_SealVector(t *testing.T) {
	got, err := sharedKey(t, encKey, encSecret).Seal([]byte(vecPlain), testTime, vectorRandom())
	if err != nil || got != vecJWE {
		t.Errorf("got %s, %v\nwant %s", got, err, vecJWE)
	}
}

func TestKeys_OpenVector(t *testing.T) {
	keys := vts.Keys{sharedKey(t, "OTHER", "x"), sharedKey(t, encKey, encSecret)}
	opened, err := keys.Open(vecJWE)
	if err != nil || string(opened.Plain) != vecPlain {
		t.Fatalf("got %s, %v", opened.Plain, err)
	}
	want := vts.Header{
		Alg: "A256GCMKW", Enc: "A256GCM", KeyID: encKey, IV: "ICEiIyQlJicoKSor", Tag: "lFA1xRAEC3FwB8wmPBsPUA",
		Type: "JOSE", Context: "SHARED_SECRET", IssuedAt: "1700000000",
	}
	if fmt.Sprint(opened.Header) != fmt.Sprint(want) {
		t.Errorf("header %+v, want %+v", opened.Header, want)
	}
	var number vts.TokenNumber
	if _, err := keys.OpenJSON(vecJWE, &number); err != nil || number.Token != "4895370012003478" {
		t.Errorf("got %v, %v", number, err)
	}
}

func TestKey_SealedHeaderIsTheVectors(t *testing.T) {
	raw, err := base64.RawURLEncoding.DecodeString(strings.SplitN(vecJWE, ".", 2)[0])
	if err != nil || string(raw) != vecHeader {
		t.Fatalf("the vector contradicts itself: %s", raw)
	}
	kek := sha256.Sum256([]byte(encSecret))
	if hex.EncodeToString(kek[:]) != vecKEK {
		t.Fatal("the vector's key contradicts itself")
	}
}

func TestKey_ShortHeaderOfVisasClient(t *testing.T) {
	k := sharedKey(t, encKey, encSecret)
	compact, err := k.Seal([]byte("x"), time.Time{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	opened, err := vts.Keys{k}.Open(compact)
	if err != nil {
		t.Fatal(err)
	}
	if h := opened.Header; h.Type != "" || h.Context != "" || h.IssuedAt != "" || h.IV == "" || h.Tag == "" {
		t.Errorf("header %+v", h)
	}
}

func TestKeys_OpenWhatGoJoseSeals(t *testing.T) {
	kek := sha256.Sum256([]byte(encSecret))
	private := rsaKey(t)
	rsaPair, err := vts.NewRSAKey("rsa-1", &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	keys := vts.Keys{sharedKey(t, encKey, encSecret), rsaPair}
	cases := []struct {
		name    string
		alg     jose.KeyAlgorithm
		key     any
		id      string
		headers map[jose.HeaderKey]any
	}{
		{"short header", jose.A256GCMKW, kek[:], encKey, nil},
		{"iat as a number", jose.A256GCMKW, kek[:], encKey, map[jose.HeaderKey]any{"iat": 1700000000}},
		{"iat as a string", jose.A256GCMKW, kek[:], encKey, map[jose.HeaderKey]any{"iat": "1700000000", "typ": "JOSE", "channelSecurityContext": "SHARED_SECRET"}},
		{"unknown header names", jose.A256GCMKW, kek[:], encKey, map[jose.HeaderKey]any{"x": map[string]int{"y": 1}}},
		{"RSA", jose.RSA_OAEP_256, &private.PublicKey, "rsa-1", nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			options := &jose.EncrypterOptions{ExtraHeaders: c.headers}
			encrypter, err := jose.NewEncrypter(jose.A256GCM, jose.Recipient{Algorithm: c.alg, Key: c.key, KeyID: c.id}, options)
			if err != nil {
				t.Fatal(err)
			}
			for _, plain := range []string{"", "x", `{"accountNumber":"4622943120000600"}`, strings.Repeat("long ", 1000)} {
				sealed, err := encrypter.Encrypt([]byte(plain))
				if err != nil {
					t.Fatal(err)
				}
				compact, err := sealed.CompactSerialize()
				if err != nil {
					t.Fatal(err)
				}
				opened, err := keys.Open(compact)
				if err != nil || string(opened.Plain) != plain {
					t.Errorf("got %q, %v, want %q", opened.Plain, err, plain)
				}
			}
		})
	}
}

func TestKey_GoJoseOpensWhatWeSeal(t *testing.T) {
	kek := sha256.Sum256([]byte(encSecret))
	private := rsaKey(t)
	public, err := vts.NewRSAKey("rsa-1", &private.PublicKey, nil)
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name string
		key  *vts.Key
		with any
		kid  string
	}{
		{"shared secret", sharedKey(t, encKey, encSecret), kek[:], encKey},
		{"an id that JSON must escape", sharedKey(t, `a"b\c`+"\n", encSecret), kek[:], `a"b\c` + "\n"},
		{"RSA", public, private, "rsa-1"},
	}
	for _, c := range cases {
		for _, at := range []time.Time{{}, testTime} {
			compact, err := c.key.Seal([]byte(vecPlain), at, nil)
			if err != nil {
				t.Fatal(err)
			}
			parsed, err := jose.ParseEncryptedCompact(compact,
				[]jose.KeyAlgorithm{jose.A256GCMKW, jose.RSA_OAEP_256}, []jose.ContentEncryption{jose.A256GCM})
			if err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
			plain, err := parsed.Decrypt(c.with)
			if err != nil || string(plain) != vecPlain || parsed.Header.KeyID != c.kid {
				t.Errorf("%s: got %s with kid %q, %v", c.name, plain, parsed.Header.KeyID, err)
			}
			if iat := parsed.Header.ExtraHeaders["iat"]; !at.IsZero() && iat != "1700000000" {
				t.Errorf("%s: iat is %v, want a string", c.name, iat)
			}
		}
	}
}

func rsaKey(t testing.TB) *rsa.PrivateKey {
	t.Helper()
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return private
}

func TestNewRSAKey_Refuses(t *testing.T) {
	private := rsaKey(t)
	if _, err := vts.NewRSAKey("", &private.PublicKey, nil); !errors.Is(err, vts.ErrRSAKey) {
		t.Errorf("no id: %v", err)
	}
	if _, err := vts.NewRSAKey("a", nil, nil); !errors.Is(err, vts.ErrRSAKey) {
		t.Errorf("no key: %v", err)
	}
}

func TestKey_SealFailsWithoutRandomness(t *testing.T) {
	if _, err := sharedKey(t, encKey, encSecret).Seal(nil, testTime, strings.NewReader("short")); err == nil {
		t.Error("a reader that ends must be an error")
	}
}

func TestKey_PrintsWithoutSecret(t *testing.T) {
	k := sharedKey(t, encKey, encSecret)
	if text := fmt.Sprintf("%v %+v %#v %s", k, k, k, k); strings.Contains(text, encSecret) || !strings.Contains(text, token.Secret) {
		t.Errorf("printed as %s", text)
	}
}

// TestKey_OracleIsPlainCrypto opens the vector with nothing but the standard
// library, so that vector and code cannot be wrong together.
func TestKey_OracleIsPlainCrypto(t *testing.T) {
	p := strings.Split(vecJWE, ".")
	decode := base64.RawURLEncoding.DecodeString
	wrapped, _ := decode(p[1])
	iv, _ := decode(p[2])
	text, _ := decode(p[3])
	tag, _ := decode(p[4])
	wrapIV, _ := decode("ICEiIyQlJicoKSor")
	wrapTag, _ := decode("lFA1xRAEC3FwB8wmPBsPUA")
	kek, _ := hex.DecodeString(vecKEK)
	cek := gcmOpen(t, kek, wrapIV, append(wrapped, wrapTag...), nil)
	if plain := gcmOpen(t, cek, iv, append(text, tag...), []byte(p[0])); string(plain) != vecPlain {
		t.Errorf("got %s", plain)
	}
}

func gcmOpen(t testing.TB, key, iv, sealed, aad []byte) []byte {
	t.Helper()
	block, err := aes.NewCipher(key)
	if err != nil {
		t.Fatal(err)
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := gcm.Open(nil, iv, sealed, aad)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}
