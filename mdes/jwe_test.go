package mdes

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"
)

const jwePlain = `{"tokenNumber":"5204240000000013"}`

// foreignJWE is written by a library that follows the RFCs.
func foreignJWE(t *testing.T, alg jose.KeyAlgorithm, enc jose.ContentEncryption, plain string) EncryptedPayload {
	t.Helper()
	fingerprint, err := KeyFingerprint(&privateKey(t, "network").PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	encrypter, err := jose.NewEncrypter(enc, jose.Recipient{Algorithm: alg, Key: &privateKey(t, "network").PublicKey, KeyID: fingerprint},
		(&jose.EncrypterOptions{}).WithContentType("application/json"))
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := encrypter.Encrypt([]byte(plain))
	if err != nil {
		t.Fatal(err)
	}
	compact, err := sealed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return EncryptedPayload{EncryptedData: compact}
}

func jweOpener(t testing.TB) *Opener {
	t.Helper()
	o := testOpener(t, "network")
	o.JWE = true
	return o
}

func TestOpener_ForeignJWE(t *testing.T) {
	for _, enc := range []jose.ContentEncryption{jose.A128GCM, jose.A192GCM, jose.A256GCM, jose.A128CBC_HS256} {
		plain, err := jweOpener(t).Open(foreignJWE(t, jose.RSA_OAEP_256, enc, jwePlain))
		if err != nil || string(plain) != jwePlain {
			t.Errorf("%s: %q, %v", enc, plain, err)
		}
	}
}

func TestSealJWE_ForeignLibraryOpens(t *testing.T) {
	p, err := testSealer(t, CertificateSHA256).SealJWE([]byte(jwePlain))
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := jose.ParseEncryptedCompact(p.EncryptedData, []jose.KeyAlgorithm{jose.RSA_OAEP_256}, []jose.ContentEncryption{jose.A256GCM})
	if err != nil {
		t.Fatal(err)
	}
	if kid, err := CertificateFingerprint(certificate(t, "network"), PublicKeySHA256); err != nil || parsed.Header.KeyID != kid {
		t.Errorf("kid %s, want the public key's SHA-256 %s, %v", parsed.Header.KeyID, kid, err)
	}
	plain, err := parsed.Decrypt(privateKey(t, "network"))
	if err != nil || string(plain) != jwePlain {
		t.Errorf("%q, %v", plain, err)
	}
	own, err := jweOpener(t).Open(p)
	if err != nil || string(own) != jwePlain {
		t.Errorf("our own opener: %q, %v", own, err)
	}
	s := testSealer(t, PublicKeySHA256)
	s.JWE = true
	if p, err = s.SealJSON(map[string]string{"tokenNumber": "5204240000000013"}); err != nil || !p.IsJWE() || p.PublicKeyFingerprint != "" {
		t.Errorf("%+v, %v", p, err)
	}
	if own, err = jweOpener(t).Open(p); err != nil || string(own) != jwePlain {
		t.Errorf("our own opener: %q, %v", own, err)
	}
	if p, err = (Sealer{Key: s.Key}).SealJWE([]byte(jwePlain)); err != nil {
		t.Fatal(err)
	}
	if own, err = jweOpener(t).Open(p); err != nil || string(own) != jwePlain {
		t.Errorf("a sealer with nothing but a key: %q, %v", own, err)
	}
	if _, err := (Sealer{}).SealJWE(nil); err == nil {
		t.Error("sealed without a key")
	}
}

// part replaces one of the five parts of a compact JWE.
func part(p EncryptedPayload, i int, edit func(string) string) EncryptedPayload {
	parts := strings.Split(p.EncryptedData, ".")
	parts[i] = edit(parts[i])
	p.EncryptedData = strings.Join(parts, ".")
	return p
}

func TestOpener_JWERefuses(t *testing.T) {
	set := func(s string) func(string) string { return func(string) string { return s } }
	b64 := base64.RawURLEncoding.EncodeToString
	good := func() EncryptedPayload { return foreignJWE(t, jose.RSA_OAEP_256, jose.A256GCM, jwePlain) }
	cbc := func() EncryptedPayload { return foreignJWE(t, jose.RSA_OAEP_256, jose.A128CBC_HS256, jwePlain) }
	kid := testOpener(t, "network").Fingerprints()[0]
	tests := []struct {
		name    string
		payload EncryptedPayload
		cause   Cause
	}{
		{"another key algorithm", foreignJWE(t, jose.RSA_OAEP, jose.A256GCM, jwePlain), CauseJWE},
		{"another content encryption", foreignJWE(t, jose.RSA_OAEP_256, jose.A256CBC_HS512, jwePlain), CauseJWE},
		{"a header of no JSON", part(good(), 0, set(b64([]byte("x")))), CauseJWE},
		{"a part of no base64", part(good(), 2, set("*")), CauseJWE},
		{"an unknown kid", part(good(), 0, set(b64([]byte(`{"alg":"RSA-OAEP-256","enc":"A256GCM","kid":"00"}`)))), CauseFingerprint},
		{"a changed header", part(good(), 0, set(b64([]byte(`{"alg":"RSA-OAEP-256","enc":"A256GCM","kid":"`+kid+`"}`)))), CauseTag},
		{"a damaged key", part(good(), 1, set(b64(make([]byte, 256)))), CauseKeyUnwrap},
		{"a key of another length", part(good(), 0, set(b64([]byte(`{"alg":"RSA-OAEP-256","enc":"A128GCM","kid":"`+kid+`"}`)))), CauseKeyLength},
		{"no iv", part(good(), 2, set("")), CauseIVLength},
		{"a huge iv", part(good(), 2, set(b64(make([]byte, 65)))), CauseIVLength},
		{"a changed cipher text", part(good(), 3, set("AAAA")), CauseTag},
		{"a cut tag", part(good(), 4, func(s string) string { return s[:8] }), CauseTag},
		{"no JSON", foreignJWE(t, jose.RSA_OAEP_256, jose.A256GCM, "hello"), CauseNotJSON},
		{"CBC with a wrong tag", part(cbc(), 4, set(b64(make([]byte, 16)))), CauseTag},
		{"CBC with a short iv", part(cbc(), 2, set("AAAA")), CauseIVLength},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := jweOpener(t).Open(tt.payload)
			expectCause(t, err, tt.cause)
		})
	}
	if _, err := jweOpener(t).openJWE("a.b"); err == nil {
		t.Error("two parts passed")
	}
}

func TestOpener_IgnoreCBCTag(t *testing.T) {
	o := jweOpener(t)
	o.IgnoreCBCTag = true
	p := part(foreignJWE(t, jose.RSA_OAEP_256, jose.A128CBC_HS256, jwePlain), 4, func(string) string { return "Y29uc3RhbnQ" })
	plain, err := o.Open(p)
	if err != nil || string(plain) != jwePlain {
		t.Errorf("%q, %v", plain, err)
	}
}

// Mastercard's libraries leave "/" in base64url parts and may keep the padding.
func TestOpener_JWEAlphabets(t *testing.T) {
	for range 20 {
		p := foreignJWE(t, jose.RSA_OAEP_256, jose.A256GCM, jwePlain)
		for i := 1; i < 5; i++ {
			p = part(p, i, func(s string) string {
				s = strings.NewReplacer("-", "+", "_", "/").Replace(s)
				return s + strings.Repeat("=", (4-len(s)%4)%4)
			})
		}
		if plain, err := jweOpener(t).Open(p); err != nil || string(plain) != jwePlain {
			t.Fatalf("%q, %v", plain, err)
		}
	}
}
