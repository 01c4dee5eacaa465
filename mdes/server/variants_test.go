package server_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/mdes/server"

	"github.com/go-jose/go-jose/v4"

	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

// TestEncryption_EveryVariantIsOpened: each wrapping with each key length, with
// and without IV, under each fingerprint (docs/wire/mdes.md "Payload
// encryption").
func TestEncryption_EveryVariantIsOpened(t *testing.T) {
	w := newWorld(t)
	for _, digest := range []mdes.Digest{mdes.SHA512, mdes.SHA256, mdes.PKCS1v15} {
		for _, bits := range []int{128, 256} {
			for _, noIV := range []bool{false, true} {
				for _, form := range mdes.FingerprintForms() {
					t.Run(fmt.Sprintf("%s, %d bits, zero IV %t, %s", digest, bits, noIV, form), func(t *testing.T) {
						w := w.in(t)
						seal := stage.Must(mdes.NewSealer(server.KeysOf(w.who).Network.Certificate, form))(t)
						seal.Digest, seal.KeyBits, seal.OmitIV = digest, bits, noIV
						s := w.request(token.MCTokenize, nil)
						sealTo(func(*world) mdes.Sealer { return seal })(w, s)
						holder := stage.Decode[mdes.TokenizeRequest](t, s.body).FundingAccountInfo.EncryptedPayload
						if (holder.IV == "") != noIV || (holder.OAEPHashingAlgorithm == "") != (digest == mdes.PKCS1v15) || len(holder.EncryptedKey) != 512 {
							t.Fatalf("the request is another variant: %+v", holder)
						}
						got, asked := w.send(s), holder.OAEPHashingAlgorithm
						if made := stage.Decode[mdes.TokenizeResponse](t, got.Body); made.Decision != "APPROVED" || made.TokenDetail.OAEPHashingAlgorithm != asked { // [F8]
							t.Errorf("%s", got.Body)
						}
					})
				}
			}
		}
	}
}

// rewrapped is a payload that announces SHA512, its content key wrapped again as
// the options say.
func rewrapped(options rsa.OAEPOptions) func(*world, *sending) {
	return func(w *world, s *sending) {
		network := server.KeysOf(w.who).Network.Private
		changed("encryptedKey", func(digits string) string {
			wrapped := stage.Must(hex.DecodeString(digits))(w.t)
			key := stage.Must(network.Decrypt(nil, wrapped, &rsa.OAEPOptions{Hash: crypto.SHA512}))(w.t)
			return hex.EncodeToString(stage.Must(rsa.EncryptOAEPWithOptions(rand.Reader, &network.PublicKey, key, &options))(w.t))
		})(w, s)
	}
}

// foreignJWE is written by a library that follows the RFCs.
func (w *world) foreignJWE(clear any, enc jose.ContentEncryption, form mdes.FingerprintForm) object {
	w.t.Helper()
	network := server.KeysOf(w.who).Network
	encrypter := stage.Must(jose.NewEncrypter(enc, jose.Recipient{
		Algorithm: jose.RSA_OAEP_256, Key: &network.Private.PublicKey,
		KeyID: stage.Must(mdes.CertificateFingerprint(network.Certificate, form))(w.t),
	}, (&jose.EncrypterOptions{}).WithContentType("application/json")))(w.t)
	sealed := stage.Must(encrypter.Encrypt(stage.Marshal(w.t, clear)))(w.t)
	return object{"encryptedData": stage.Must(sealed.CompactSerialize())(w.t)}
}

// asJWE funds a request in JWE.
func asJWE(enc jose.ContentEncryption, form mdes.FingerprintForm, alter func(string) string) func(*world, *sending) {
	return func(w *world, s *sending) {
		p := w.foreignJWE(cardData(goodPAN, nil), enc, form)
		if alter != nil {
			p["encryptedData"] = alter(p["encryptedData"].(string))
		}
		fund(w, s, object{"encryptedPayload": p})
	}
}

// part changes one of the five parts of a compact JWE.
func part(n int, change func(string) string) func(string) string {
	return func(compact string) string {
		parts := strings.Split(compact, ".")
		parts[n] = change(parts[n])
		return strings.Join(parts, ".")
	}
}

func constant(s string) func(string) string { return func(string) string { return s } }

func TestJWE_WhatIsAskedInJWEIsAnsweredInJWE(t *testing.T) {
	w := newWorld(t)
	own := server.KeysOf(w.who).Requestor
	tolerated := map[string]func(string) string{
		"as the RFC writes it": nil,
		"/ and + in base64url": func(c string) string { // but for the header, which the tag covers
			head, rest, _ := strings.Cut(c, ".")
			return head + "." + strings.NewReplacer("-", "+", "_", "/").Replace(rest)
		},
		"padded": part(1, func(p string) string { return p + strings.Repeat("=", (4-len(p)%4)%4) }),
	}
	for _, enc := range []jose.ContentEncryption{jose.A256GCM, jose.A192GCM, jose.A128GCM, jose.A128CBC_HS256} {
		for _, form := range mdes.FingerprintForms() {
			for name, alter := range tolerated {
				s := w.request(token.MCTokenize, nil)
				asJWE(enc, form, alter)(w, s)
				got := w.send(s)
				made := stage.Decode[mdes.TokenizeResponse](t, got.Body)
				if made.Decision != "APPROVED" || made.TokenDetail.TokenUniqueReference == "" || made.TokenDetail.EncryptedKey != "" || made.TokenDetail.PublicKeyFingerprint != "" {
					t.Fatalf("%s, %s, %s: %s", enc, form, name, got.Body)
				}
				answer := stage.Must(jose.ParseEncryptedCompact(made.TokenDetail.EncryptedData, []jose.KeyAlgorithm{jose.RSA_OAEP_256}, []jose.ContentEncryption{jose.A256GCM}))(t)
				detail := stage.Decode[mdes.TokenDetailData](t, stage.Must(answer.Decrypt(own.Private))(t))
				if v, _ := w.box.Token(token.Ref(made.TokenUniqueReference)); string(detail.TokenNumber) != v.Token.Number.Digits() {
					t.Errorf("%s, %s, %s: another number", enc, form, name)
				}
				if kid := spkiSHA256(t, own); answer.Header.KeyID != kid {
					t.Errorf("the answer names the key %s, want %s", answer.Header.KeyID, kid)
				}
			}
		}
	}
}

// spkiSHA256 is how a JWE names a key (docs/wire/mdes.md "Payload encryption").
func spkiSHA256(t testing.TB, pair fixtures.KeyPair) string {
	t.Helper()
	der := stage.Must(x509.MarshalPKIXPublicKey(&pair.Private.PublicKey))(t)
	return fmt.Sprintf("%x", sha256.Sum256(der))
}

// TestJWE_TheKeyIsNamedByItsPublicHalf whatever field-level payloads call it.
func TestJWE_TheKeyIsNamedByItsPublicHalf(t *testing.T) {
	for _, set := range []string{"", "fingerprint: cert-sha1", "fingerprint: cert-sha256", "fingerprint: key-sha256"} {
		w := switched(t, set)
		s := w.request(token.MCTokenize, nil)
		asJWE(jose.A256GCM, mdes.CertificateSHA1, nil)(w, s)
		compact := stage.Decode[mdes.TokenizeResponse](t, w.send(s).Body).TokenDetail.EncryptedData
		answer := stage.Must(jose.ParseEncryptedCompact(compact, []jose.KeyAlgorithm{jose.RSA_OAEP_256}, []jose.ContentEncryption{jose.A256GCM}))(t)
		if want := spkiSHA256(t, server.KeysOf(w.who).Requestor); answer.Header.KeyID != want {
			t.Errorf("%q: the answer names the key %s, want %s", set, answer.Header.KeyID, want)
		}
	}
}

// Mastercard's libraries neither write nor look at the tag of A128CBC-HS256.
func TestJWE_ATagThatThoseLibrariesDoNotWriteIsNotAskedFor(t *testing.T) {
	w := newWorld(t)
	s := w.request(token.MCTokenize, nil)
	asJWE(jose.A128CBC_HS256, mdes.PublicKeySHA256, part(4, constant("Y29uc3RhbnQ")))(w, s)
	if got := w.send(s); stage.Decode[mdes.TokenizeResponse](t, got.Body).Decision != "APPROVED" {
		t.Errorf("%s", got.Body)
	}
}

// Operations that carry no ciphertext in cannot be asked in JWE, and notices
// are field-level whatever the requestor speaks.
func TestJWE_TheRestStaysFieldLevel(t *testing.T) {
	w, in, _ := notified(t, withInbox)
	s := w.request(token.MCTokenize, nil)
	asJWE(jose.A256GCM, mdes.PublicKeySHA256, nil)(w, s)
	ref := stage.Decode[mdes.TokenizeResponse](t, w.send(s).Body).TokenUniqueReference
	key := server.KeysOf(w.who).Requestor.Private
	paid := stage.Decode[mdes.TransactResponse](t, w.send(w.request(token.MCTransact, about(ref, object{"dsrpType": "UCAF"}))).Body)
	reported := stage.Decode[mdes.GetTokenResponse](t, w.send(w.request(token.MCGetToken, about(ref, object{"includeTokenDetail": "true"}))).Body)
	w.act(scenarios.Action{Do: "suspend", By: token.ByIssuer}, sandbox.Target{Token: token.Ref(ref)})
	notice := stage.Decode[mdes.Notice](t, in.all()[0].body)
	for name, p := range map[string]mdes.EncryptedPayload{
		"transact": paid.EncryptedPayload, "getToken": reported.TokenDetail.EncryptedPayload, "notice": *notice.EncryptedPayload,
	} {
		if len(openBy(t, key, p)) == 0 || p.IsJWE() {
			t.Errorf("%s: %+v", name, p)
		}
	}
	search := w.send(w.request(token.MCSearchTokens, object{"requestId": "r", "fundingAccountInfo": object{
		"encryptedPayload": w.foreignJWE(object{"cardAccountData": object{"accountNumber": goodPAN}}, jose.A128GCM, mdes.CertificateSHA1),
	}}))
	if list := stage.Decode[mdes.TokensResponse](t, search.Body); len(list.Tokens) != 2 {
		t.Errorf("a search in JWE: %s", search.Body)
	}
}

func TestSwitch_JWE(t *testing.T) {
	for set, taken := range map[string]bool{"": true, "jwe: true": true, "jwe: false": false} {
		w := switched(t, set)
		s := w.request(token.MCTokenize, nil)
		asJWE(jose.A256GCM, mdes.PublicKeySHA256, nil)(w, s)
		got := w.send(s)
		if made := stage.Decode[mdes.TokenizeResponse](t, got.Body); (made.Decision == "APPROVED") != taken {
			t.Errorf("%q: %s", set, got.Body)
		}
		if !taken && got.Failed() != "field fundingAccountInfo.encryptedPayload.publicKeyFingerprint" {
			t.Errorf("%q: check %q", set, got.Failed())
		}
		if !taken {
			extended := w.request(token.MCTokenize, nil)
			asJWE(jose.A256GCM, mdes.PublicKeySHA256, nil)(w, extended)
			extended.body = []byte(strings.Replace(string(extended.body), `{"encryptedData":`,
				`{"publicKeyFingerprint":"`+strings.Repeat("a", 64)+`","encryptedKey":"00","encryptedData":`, 1))
			if got := w.send(extended); got.refused(t).ErrorCode != "CRYPTOGRAPHY_ERROR" {
				t.Errorf("%q: a JWE under a field-level key: %s", set, got.Body)
			}
		}
	}
}

// jweFailures are CRYPTOGRAPHY_ERROR like those of the field-level form.
var jweFailures = []struct {
	name string
	do   func(w *world, s *sending)
}{
	{"a JWE with another content encryption", asJWE(jose.A256CBC_HS512, mdes.PublicKeySHA256, nil)},
	{"a JWE with a header of no JSON", asJWE(jose.A256GCM, mdes.PublicKeySHA256, part(0, constant("eA")))},
	{"a JWE with an unknown kid", asJWE(jose.A256GCM, mdes.PublicKeySHA256, part(0, constant(encoded(`{"alg":"RSA-OAEP-256","enc":"A256GCM","kid":"00"}`))))},
	{"a JWE without a kid", asJWE(jose.A256GCM, mdes.PublicKeySHA256, part(0, constant(encoded(`{"alg":"RSA-OAEP-256","enc":"A256GCM"}`))))},
	{"a JWE with a shared key", asJWE(jose.A256GCM, mdes.PublicKeySHA256, part(0, constant(encoded(`{"alg":"dir","enc":"A256GCM","kid":"00"}`))))},
	{"a JWE that is not encrypted", asJWE(jose.A256GCM, mdes.PublicKeySHA256, part(0, constant(encoded(`{"alg":"none"}`))))},
	{"a JWE with a damaged key", asJWE(jose.A256GCM, mdes.PublicKeySHA256, part(1, constant("AAAA")))},
	{"a JWE without an iv", asJWE(jose.A256GCM, mdes.PublicKeySHA256, part(2, constant("")))},
	{"a JWE with another iv", asJWE(jose.A256GCM, mdes.PublicKeySHA256, part(2, constant("AAAAAAAAAAAAAAAA")))},
	{"a JWE with a changed cipher text", asJWE(jose.A256GCM, mdes.PublicKeySHA256, part(3, constant("AAAA")))},
	{"a JWE with a cut tag", asJWE(jose.A256GCM, mdes.PublicKeySHA256, part(4, func(p string) string { return p[:8] }))},
	{"a JWE with a part of no base64", asJWE(jose.A256GCM, mdes.PublicKeySHA256, part(3, constant("*")))},
	{"a JWE in CBC with a short iv", asJWE(jose.A128CBC_HS256, mdes.PublicKeySHA256, part(2, constant("AAAA")))},
	{"four dots and nothing else", asJWE(jose.A256GCM, mdes.PublicKeySHA256, constant("...."))},
}

func encoded(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

func TestJWE_Refused(t *testing.T) {
	w := newWorld(t)
	for _, c := range jweFailures {
		t.Run(c.name, func(t *testing.T) {
			w := w.in(t)
			s := w.request(token.MCTokenize, nil)
			c.do(w, s)
			got := w.send(s)
			if got.refused(t).ErrorCode != "CRYPTOGRAPHY_ERROR" || !strings.HasPrefix(got.Failed(), "payload encryption") {
				t.Errorf("%s, check %q", got.Body, got.Failed())
			}
		})
	}
	w.untouched()
}

func TestFault_OfTheEncryptionInJWE(t *testing.T) {
	for fault, cause := range map[string]mdes.Cause{"wrong-key": mdes.CauseKeyUnwrap, "bad-ciphertext": mdes.CauseTag} {
		w := faulty(t, "fault: "+fault)
		s := w.request(token.MCTokenize, nil)
		asJWE(jose.A256GCM, mdes.PublicKeySHA256, nil)(w, s)
		made := stage.Decode[mdes.TokenizeResponse](t, w.send(s).Body)
		own := opener(t, server.KeysOf(w.who).Requestor)
		own.JWE = true
		_, err := own.Open(made.TokenDetail.EncryptedPayload)
		failedWith(t, err, cause)
	}
}
