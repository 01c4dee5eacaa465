package vts_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"github.com/pantomime-dev/pantomime/vts"
)

// withHeader builds a compact JWE around a header of the caller's; the other parts
// have good lengths.
func withHeader(header string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + strings.Join(strings.Split(vecJWE, ".")[1:], ".")
}

// sealedWith seals with any key-wrap key, as a client with a wrong idea of it would.
func sealedWith(t testing.TB, kek []byte, kid string) string {
	t.Helper()
	encrypter, err := jose.NewEncrypter(jose.A256GCM, jose.Recipient{Algorithm: jose.A256GCMKW, Key: kek, KeyID: kid}, nil)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := encrypter.Encrypt([]byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	compact, err := sealed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return compact
}

// refusedJWE is a compact JWE with a mistake, and what is said of it.
type refusedJWE struct {
	name, compact string
	want          error
}

// wrapHeader is a good header for a shared key that is not closed yet.
const wrapHeader = `{"alg":"A256GCMKW","enc":"A256GCM","kid":"TESTENCKEY0001"`

var vecParts = strings.Split(vecJWE, ".")

// withPart is the worked example with another part.
func withPart(i int, to string) string {
	p := slices.Clone(vecParts)
	p[i] = to
	return strings.Join(p, ".")
}

func flippedPart(i int) string { return withPart(i, flipped(vecParts[i])) }

// refusedForms are no five parts in base64url, or too long.
var refusedForms = []refusedJWE{
	{"empty", "", vts.ErrJWEParts},
	{"clear text", vecPlain, vts.ErrJWEParts},
	{"four parts", strings.Join(vecParts[:4], "."), vts.ErrJWEParts},
	{"six parts", vecJWE + ".", vts.ErrJWEParts},
	{"cut in the middle", vecJWE[:len(vecJWE)/2], vts.ErrJWEParts},
	{"cut at the end", vecJWE[:len(vecJWE)-6], vts.ErrJWEParts},
	{"cut by one character more than a quantum", vecJWE[:len(vecJWE)-5], vts.ErrJWEBase64},
	{"five dots and nothing else", "....", vts.ErrJWEParts},
	{"padding", withPart(4, vecParts[4]+"=="), vts.ErrJWEBase64},
	{"the other base64 alphabet", withPart(1, strings.ReplaceAll(vecParts[1], "-", "+")), vts.ErrJWEBase64},
	{"a line break inside", withPart(3, vecParts[3][:8]+"\n"+vecParts[3][8:]), vts.ErrJWEBase64},
	{"stray bits at the end", withPart(4, vecParts[4][:21]+"h"), vts.ErrJWEBase64},
	{"a field of more than 64 KiB", vecJWE + strings.Repeat("A", 64<<10), vts.ErrJWETooLong},
	{"a very long header", withHeader(wrapHeader + `,"x":"` + strings.Repeat("a", 5000) + `"}`), vts.ErrJWETooLong},
}

// refusedHeaders are no object of what a header may hold.
var refusedHeaders = []refusedJWE{
	{"a header that is no JSON", withHeader("alg=A256GCMKW"), vts.ErrJWEHeader},
	{"a header that is an array", withHeader("[]"), vts.ErrJWEHeader},
	{"a header with text after it", withHeader(vecHeader + "x"), vts.ErrJWEHeader},
	{"alg as a number", withHeader(`{"alg":1,"enc":"A256GCM","kid":"TESTENCKEY0001"}`), vts.ErrJWEHeader},
	{"iat as an object", withHeader(wrapHeader + `,"iat":{}}`), vts.ErrJWEHeader},
	{"crit", withHeader(strings.TrimSuffix(vecHeader, "}") + `,"crit":["b64"]}`), vts.ErrJWEHeader},
	{"zip", withHeader(strings.TrimSuffix(vecHeader, "}") + `,"zip":"DEF"}`), vts.ErrJWEHeader},
	{"no key-wrap iv", withHeader(wrapHeader + `,"tag":"lFA1xRAEC3FwB8wmPBsPUA"}`), vts.ErrJWEHeader},
	{"no key-wrap tag", withHeader(wrapHeader + `,"iv":"ICEiIyQlJicoKSor"}`), vts.ErrJWEHeader},
	{"a key-wrap iv of 16 bytes", withHeader(wrapHeader + `,"iv":"lFA1xRAEC3FwB8wmPBsPUA","tag":"lFA1xRAEC3FwB8wmPBsPUA"}`), vts.ErrJWEHeader},
	{"a key-wrap tag that is no base64", withHeader(wrapHeader + `,"iv":"ICEiIyQlJicoKSor","tag":"*"}`), vts.ErrJWEHeader},
}

// refusedKeys name a method or a key that is not there.
var refusedKeys = []refusedJWE{
	{"no alg", withHeader(`{"enc":"A256GCM","kid":"TESTENCKEY0001"}`), vts.ErrJWEAlgorithm},
	{"alg in another case", withHeader(`{"ALG":"A256GCMKW","enc":"A256GCM","kid":"TESTENCKEY0001"}`), vts.ErrJWEAlgorithm},
	{"alg none", withHeader(`{"alg":"none","enc":"A256GCM","kid":"TESTENCKEY0001"}`), vts.ErrJWEAlgorithm},
	{"alg dir", withHeader(`{"alg":"dir","enc":"A256GCM","kid":"TESTENCKEY0001"}`), vts.ErrJWEAlgorithm},
	{"alg A128GCMKW", withHeader(`{"alg":"A128GCMKW","enc":"A256GCM","kid":"TESTENCKEY0001"}`), vts.ErrJWEAlgorithm},
	{"enc A128GCM", withHeader(`{"alg":"A256GCMKW","enc":"A128GCM","kid":"TESTENCKEY0001"}`), vts.ErrJWEAlgorithm},
	{"an RSA alg for a shared key", withHeader(`{"alg":"RSA-OAEP-256","enc":"A256GCM","kid":"TESTENCKEY0001"}`), vts.ErrJWEAlgorithm},
	{"a shared alg for an RSA key", withHeader(`{"alg":"A256GCMKW","enc":"A256GCM","kid":"rsa"}`), vts.ErrJWEAlgorithm},
	{"no kid", withHeader(`{"alg":"A256GCMKW","enc":"A256GCM"}`), vts.ErrJWEKeyID},
	{"an unknown kid", withHeader(`{"alg":"A256GCMKW","enc":"A256GCM","kid":"SOMEBODY"}`), vts.ErrJWEKeyID},
	{"a public half only", withHeader(`{"alg":"RSA-OAEP-256","enc":"A256GCM","kid":"rsa-public"}`), vts.ErrJWEKeyID},
	{"RSA with another key's bytes", withHeader(`{"alg":"RSA-OAEP-256","enc":"A256GCM","kid":"rsa"}`), vts.ErrJWEKeyWrap},
}

// refusedContents have a part that was cut or changed.
var refusedContents = []refusedJWE{
	{"a short encrypted key", withPart(1, base64.RawURLEncoding.EncodeToString(make([]byte, 31))), vts.ErrJWEParts},
	{"an empty encrypted key", withPart(1, ""), vts.ErrJWEParts},
	{"a short iv", withPart(2, "AAAA"), vts.ErrJWEParts},
	{"a short tag", withPart(4, "AAAA"), vts.ErrJWEParts},
	{"a changed encrypted key", flippedPart(1), vts.ErrJWEKeyWrap},
	{"a changed iv", flippedPart(2), vts.ErrJWEContent},
	{"a changed ciphertext", flippedPart(3), vts.ErrJWEContent},
	{"no ciphertext", withPart(3, ""), vts.ErrJWEContent},
	{"a changed tag", flippedPart(4), vts.ErrJWEContent},
	{"a changed header", withHeader(strings.Replace(vecHeader, "1700000000", "1700000001", 1)), vts.ErrJWEContent},
}

func TestKeys_OpenRefuses(t *testing.T) {
	private := rsaKey(t)
	public, err := vts.NewRSAKey("rsa-public", &private.PublicKey, nil)
	if err != nil {
		t.Fatal(err)
	}
	both, err := vts.NewRSAKey("rsa", &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	keys := vts.Keys{sharedKey(t, encKey, encSecret), public, both}
	cases := append(slices.Concat(refusedForms, refusedHeaders, refusedKeys, refusedContents),
		refusedJWE{"another secret", sealedWith(t, make([]byte, 32), encKey), vts.ErrJWEKeyWrap})
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := keys.Open(c.compact)
			var refused *vts.JWEError
			if !errors.Is(err, c.want) || !errors.As(err, &refused) {
				t.Fatalf("error %v, want %v", err, c.want)
			}
			check := refused.Check("encPaymentInstrument")
			if check.OK || check.Name != "encPaymentInstrument JWE" || check.Difference == "" {
				t.Errorf("check %+v", check)
			}
		})
	}
}

// flipped changes the first character to another of the alphabet.
func flipped(s string) string {
	if s[0] == 'A' {
		return "B" + s[1:]
	}
	return "A" + s[1:]
}

func TestKeys_OpenHints(t *testing.T) {
	raw := []byte("0123456789abcdef0123456789abcdef")
	sum := sha256.Sum256(raw)
	other := sha256.Sum256([]byte("signing-secret"))
	cases := []struct {
		name, secret string
		kek          []byte
		hint         string
	}{
		{"the secret of another key", encSecret, other[:], "secret of the key SIGNKEY"},
		{"the secret not hashed", string(raw), raw, "take its SHA-256"},
		{"a base64-decoded secret", base64.StdEncoding.EncodeToString(raw), sum[:], "base64-decoded secret: take the secret as text"},
		{"a base64-decoded secret, not hashed", base64.StdEncoding.EncodeToString(raw), raw, "base64-decoded secret as key"},
		{"a hex-decoded secret", hex.EncodeToString(raw), sum[:], "hex-decoded secret: take the secret as text"},
		{"a hex-decoded secret, not hashed", hex.EncodeToString(raw), raw, "hex-decoded secret as key"},
		{"something else", encSecret, make([]byte, 32), "not the one of this kid"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			keys := vts.Keys{sharedKey(t, encKey, c.secret), sharedKey(t, "SIGNKEY", "signing-secret")}
			_, err := keys.Open(sealedWith(t, c.kek, encKey))
			var refused *vts.JWEError
			if !errors.As(err, &refused) || !errors.Is(err, vts.ErrJWEKeyWrap) {
				t.Fatal(err)
			}
			if !strings.Contains(refused.Hint, c.hint) || refused.KeyID != encKey {
				t.Errorf("got %+v, want hint %q", refused, c.hint)
			}
			if text := fmt.Sprintf("%+v %v", refused.Check("f"), err); strings.Contains(text, c.secret) || strings.Contains(text, string(raw)) {
				t.Errorf("a secret is in %s", text)
			}
		})
	}
}

func TestKeys_OpenMasksHeaderValues(t *testing.T) {
	keys := vts.Keys{sharedKey(t, encKey, encSecret)}
	for _, header := range []string{
		`{"alg":"A256GCMKW","enc":"A256GCM","kid":"4622943120000600"}`,
		`{"alg":"4622943120000600","enc":"A256GCM","kid":"a"}`,
		`{"alg":"A256GCMKW","enc":"A256GCM","kid":"` + strings.Repeat("k", 3000) + `"}`,
	} {
		_, err := keys.Open(withHeader(header))
		var refused *vts.JWEError
		if !errors.As(err, &refused) {
			t.Fatal(err)
		}
		if text := fmt.Sprintf("%+v", refused.Check("f")); strings.Contains(text, "4622943120000600") || len(text) > 600 {
			t.Errorf("too much is shown: %s", text)
		}
	}
}
