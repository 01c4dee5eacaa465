package mdes

import (
	"bytes"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"testing"
)

func testSealer(t testing.TB, form FingerprintForm) Sealer {
	t.Helper()
	s, err := NewSealer(certificate(t, "network"), form)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func testOpener(t testing.TB, names ...string) *Opener {
	t.Helper()
	var keys []OwnKey
	for _, name := range names {
		key := OwnKey{Key: privateKey(t, name)}
		if name != "signing" {
			key.Certificates = append(key.Certificates, certificate(t, name))
		}
		keys = append(keys, key)
	}
	o, err := NewOpener(keys...)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// The worked example of docs/wire/mdes.md "Test data".
func TestEncryptCBC_WorkedExample(t *testing.T) {
	const plain = `{"cardAccountData":{"accountNumber":"5204731600014784","expiryMonth":"12","expiryYear":"30"},"source":"ACCOUNT_ON_FILE"}`
	const want = "4b1b92d7d0b92e3b2a0ad9f6f72725981aecb30bb99f5919bb6f2b32ea652a88" +
		"3726cb9f232a860959f32ab21c0370e3350463e030c316d0b837af01292eab8d" +
		"1de4f8d256414bfd5fde21a032064dc1805339c75e1cb9c7de11aa56e888a457" +
		"e50638ea1b54ad562bfc30f457b52e2ec62c65feb5c4126fb38f1014e7ec0288"
	key, _ := hex.DecodeString("000102030405060708090a0b0c0d0e0f")
	iv, _ := hex.DecodeString("101112131415161718191a1b1c1d1e1f")
	got, err := encryptCBC(key, iv, []byte(plain))
	if err != nil {
		t.Fatal(err)
	}
	if hex.EncodeToString(got) != want {
		t.Errorf("got %x, want %s", got, want)
	}
	raw, _ := hex.DecodeString(want)
	back, err := decryptCBC(key, iv, raw)
	if err != nil || string(back) != plain {
		t.Errorf("back came %q, %v", back, err)
	}
}

func TestSealer_RoundTrips(t *testing.T) {
	opener := testOpener(t, "requestor", "network")
	for _, form := range FingerprintForms() {
		for _, digest := range []Digest{"", SHA256, SHA512, PKCS1v15} {
			for _, bits := range []int{0, 128, 256} {
				for _, omit := range []bool{false, true} {
					s := testSealer(t, form)
					s.Digest, s.KeyBits, s.OmitIV = digest, bits, omit
					p, err := s.SealJSON(map[string]string{"a": "<&>ü"})
					if err != nil {
						t.Fatal(err)
					}
					p.PublicKeyFingerprint = strings.ToUpper(p.PublicKeyFingerprint)
					p.EncryptedData = strings.ToUpper(p.EncryptedData)
					plain, err := opener.Open(p)
					if err != nil || string(plain) != `{"a":"<&>ü"}` {
						t.Errorf("%s %s %d %v: %q, %v", form, digest, bits, omit, plain, err)
					}
					if (p.IV == "") != omit || (p.OAEPHashingAlgorithm == "") != (digest == PKCS1v15) {
						t.Errorf("%s %d %v: members %+v", digest, bits, omit, p)
					}
				}
			}
		}
	}
}

func TestSealer_Deterministic(t *testing.T) {
	s := testSealer(t, CertificateSHA1)
	var first EncryptedPayload
	for i := range 2 {
		s.Rand = bytes.NewReader(bytes.Repeat([]byte{7}, 1024))
		p, err := s.Seal([]byte(`{}`))
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			first = p
		} else if p != first {
			t.Error("the same randomness gave two payloads")
		}
	}
	if len(first.EncryptedKey) != 512 || len(first.IV) != 32 || len(first.PublicKeyFingerprint) != 40 || first.OAEPHashingAlgorithm != "SHA512" {
		t.Errorf("members %+v", first)
	}
	golden(t, "sealed.json", first)
}

func TestSealer_Refuses(t *testing.T) {
	good := testSealer(t, CertificateSHA256)
	tests := []struct {
		name string
		edit func(*Sealer)
		says string
	}{
		{"no key", func(s *Sealer) { s.Key = nil }, "no public key"},
		{"an unknown key length", func(s *Sealer) { s.KeyBits = 192 }, "accepted are 128, 256"},
		{"an unknown digest", func(s *Sealer) { s.Digest = "SHA-512" }, "accepted are SHA512, SHA256, PKCS1v1.5"},
		{"no randomness", func(s *Sealer) { s.Rand = strings.NewReader("short") }, "EOF"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := good
			tt.edit(&s)
			_, err := s.Seal([]byte(`{}`))
			if !errors.Is(err, ErrSeal) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("%v", err)
			}
		})
	}
	if _, err := good.SealJSON(make(chan int)); !errors.Is(err, ErrSeal) {
		t.Errorf("a channel as JSON: %v", err)
	}
	if _, err := NewSealer(nil, CertificateSHA1); !errors.Is(err, ErrFingerprint) {
		t.Errorf("no certificate: %v", err)
	}
	if _, err := NewSealer(certificate(t, "network"), "md5"); !errors.Is(err, ErrFingerprint) || !strings.Contains(err.Error(), "certificate-sha1") {
		t.Errorf("an unknown form: %v", err)
	}
	if _, err := NewOpener(OwnKey{}); !errors.Is(err, ErrFingerprint) {
		t.Errorf("no private key: %v", err)
	}
	if _, err := NewOpener(OwnKey{Key: privateKey(t, "network"), Certificates: certificates(t, "requestor")}); !errors.Is(err, ErrFingerprint) {
		t.Errorf("somebody else's certificate: %v", err)
	}
}

func TestOpener_MastercardNodeEncryption(t *testing.T) {
	var file struct {
		Clear string
		Cases []struct {
			Name    string
			JWE     bool
			Payload EncryptedPayload
		}
	}
	readJSON(t, &file, "interop", "encryption.json")
	if len(file.Cases) != 5 {
		t.Fatalf("%d cases, want 5", len(file.Cases))
	}
	for _, c := range file.Cases {
		t.Run(c.Name, func(t *testing.T) {
			opener := testOpener(t, "network")
			opener.JWE = c.JWE
			plain, err := opener.Open(c.Payload)
			if err != nil || string(plain) != file.Clear {
				t.Errorf("%q, %v", plain, err)
			}
			if c.JWE {
				_, err := testOpener(t, "network").Open(c.Payload)
				expectCause(t, err, CauseFingerprint)
			}
		})
	}
}

func expectCause(t *testing.T, err error, want Cause) {
	t.Helper()
	var failed *CryptographyError
	if !errors.As(err, &failed) {
		t.Fatalf("%v is no CryptographyError, want cause %s", err, want)
	}
	if failed.Cause != want {
		t.Errorf("cause %s, want %s: %v", failed.Cause, want, err)
	}
	if check := failed.Check(); check.OK || !strings.Contains(check.Hint, string(want)) || !strings.HasPrefix(check.Name, "payload encryption") {
		t.Errorf("check %+v", check)
	}
}

// refusedPayload is sealed and altered, and what is said of it.
type refusedPayload struct {
	name  string
	plain string
	with  func(testing.TB, *Sealer) // nil: as it is
	alter func(*EncryptedPayload)
	cause Cause
	says  string
}

// longer is more than one block, so that one can be taken away.
const longer = `{"a":"0123456789abcdef"}`

func sealedBy(d Digest) func(testing.TB, *Sealer) {
	return func(_ testing.TB, s *Sealer) { s.Digest = d }
}

// sealedToRequestor seals with a key that the network has not.
func sealedToRequestor(t testing.TB, s *Sealer) {
	t.Helper()
	s.Key = &privateKey(t, "requestor").PublicKey
}

// flip changes one bit of the byte at a place, counted from the end if negative.
func flip(s string, at int) string {
	b, _ := hex.DecodeString(s)
	b[(at+len(b))%len(b)] ^= 1
	return hex.EncodeToString(b)
}

var refusedMembersOfPayload = []refusedPayload{
	{"nothing at all", `{}`, nil, func(p *EncryptedPayload) { *p = EncryptedPayload{} }, CauseFingerprint, "publicKeyFingerprint"},
	{"an unknown fingerprint", `{}`, nil, func(p *EncryptedPayload) { p.PublicKeyFingerprint = "ab" + p.PublicKeyFingerprint[2:] }, CauseFingerprint, "certificate of this network"},
	{"base64 for the key", `{}`, nil, func(p *EncryptedPayload) { p.EncryptedKey = "q83vASNFZ4k=" }, CauseHex, "encryptedKey"},
	{"half a byte of data", `{}`, nil, func(p *EncryptedPayload) { p.EncryptedData += "a" }, CauseHex, "odd number"},
	{"words for the iv", `{}`, nil, func(p *EncryptedPayload) { p.IV = "zz" }, CauseHex, "iv"},
	{"a short iv", `{}`, nil, func(p *EncryptedPayload) { p.IV = p.IV[:24] }, CauseIVLength, "iv"},
	{"a digest with a dash", `{}`, nil, func(p *EncryptedPayload) { p.OAEPHashingAlgorithm = "SHA-512" }, CauseDigest, "oaepHashingAlgorithm"},
}

var refusedContentKeys = []refusedPayload{
	{"the other digest announced", `{}`, nil, func(p *EncryptedPayload) { p.OAEPHashingAlgorithm = "SHA256" }, CauseKeyUnwrap, "not the one announced"},
	{"the other digest announced, the other way", `{}`, sealedBy(SHA256), func(p *EncryptedPayload) { p.OAEPHashingAlgorithm = "SHA512" }, CauseKeyUnwrap, "not the one announced"},
	{"a key sealed to somebody else", `{}`, sealedToRequestor, nil, CauseKeyUnwrap, "encryptedKey"},
	{"a damaged key", `{}`, nil, func(p *EncryptedPayload) { p.EncryptedKey = flip(p.EncryptedKey, 100) }, CauseKeyUnwrap, "encryptedKey"},
	{"no key", `{}`, nil, func(p *EncryptedPayload) { p.EncryptedKey = "" }, CauseKeyUnwrap, "encryptedKey"},
	{"a PKCS #1 key cut short", `{}`, sealedBy(PKCS1v15), func(p *EncryptedPayload) { p.EncryptedKey = p.EncryptedKey[:128] }, CauseKeyUnwrap, "not as long as"},
}

var refusedData = []refusedPayload{
	{"no data", `{}`, nil, func(p *EncryptedPayload) { p.EncryptedData = "" }, CauseDataLength, "encryptedData"},
	{"half a block", `{}`, nil, func(p *EncryptedPayload) { p.EncryptedData = p.EncryptedData[:16] }, CauseDataLength, "encryptedData"},
	{"a cut block", longer, nil, func(p *EncryptedPayload) { p.EncryptedData = p.EncryptedData[:32] }, CausePadding, "wrong content key or IV"},
	{"a damaged padding", longer, nil, func(p *EncryptedPayload) { p.EncryptedData = flip(p.EncryptedData, -17) }, CausePadding, "damaged"},
	{"a wrong iv", longer, nil, func(p *EncryptedPayload) { p.IV = flip(p.IV, 0) }, CauseNotJSON, "no JSON"},
	{"a text instead of JSON", `hello`, nil, nil, CauseNotJSON, "no JSON"},
	{"an empty text", ``, nil, nil, CauseNotJSON, "no JSON"},
}

func TestOpener_Refuses(t *testing.T) {
	for _, tt := range slices.Concat(refusedMembersOfPayload, refusedContentKeys, refusedData) {
		t.Run(tt.name, func(t *testing.T) {
			s := testSealer(t, CertificateSHA256)
			if tt.with != nil {
				tt.with(t, &s)
			}
			p, err := s.Seal([]byte(tt.plain))
			if err != nil {
				t.Fatal(err)
			}
			if tt.alter != nil {
				tt.alter(&p)
			}
			_, err = testOpener(t, "network").Open(p)
			expectCause(t, err, tt.cause)
			if !strings.Contains(err.Error(), tt.says) {
				t.Errorf("%q does not say %q", err, tt.says)
			}
		})
	}
}

// A bad PKCS #1 padding must look like any wrong content key: one that says
// so would let a sender decrypt with our key by asking often enough.
func TestOpener_NoPaddingOracle(t *testing.T) {
	s := testSealer(t, PublicKeySHA256)
	s.Digest = PKCS1v15
	p, err := s.Seal([]byte(`{"a":"0123456789abcdef"}`))
	if err != nil {
		t.Fatal(err)
	}
	wrong := testSealer(t, PublicKeySHA256) // OAEP in place of PKCS #1: no PKCS #1 padding inside
	q, err := wrong.Seal([]byte(`{"a":"0123456789abcdef"}`))
	if err != nil {
		t.Fatal(err)
	}
	p.EncryptedKey = q.EncryptedKey
	_, err = testOpener(t, "network").Open(p)
	var failed *CryptographyError
	if !errors.As(err, &failed) || (failed.Cause != CausePadding && failed.Cause != CauseNotJSON) {
		t.Errorf("a bad wrap shows as %v", err)
	}
}

func TestOpener_ContentKeyLength(t *testing.T) {
	s := testSealer(t, CertificateSHA256)
	wrapped, err := s.wrap(make([]byte, 24))
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.Seal([]byte(`{}`))
	if err != nil {
		t.Fatal(err)
	}
	p.EncryptedKey = hex.EncodeToString(wrapped)
	_, err = testOpener(t, "network").Open(p)
	expectCause(t, err, CauseKeyLength)
}

func TestOpener_OpenJSON(t *testing.T) {
	p, err := testSealer(t, CertificateSHA256).Seal([]byte(`{"tokens":"none"}`))
	if err != nil {
		t.Fatal(err)
	}
	var into struct{ Tokens string }
	if err := testOpener(t, "network").OpenJSON(p, &into); err != nil || into.Tokens != "none" {
		t.Errorf("%+v, %v", into, err)
	}
	var wrong struct{ Tokens []int }
	expectCause(t, testOpener(t, "network").OpenJSON(p, &wrong), CauseNotJSON)
	expectCause(t, testOpener(t, "requestor").OpenJSON(p, &into), CauseFingerprint)
}

// The two fingerprints of Mastercard's published sandbox certificate have 40
// and 64 digits; ours must have the forms' lengths and differ.
func TestFingerprints(t *testing.T) {
	cert := certificate(t, "network")
	seen := map[string]bool{}
	for form, size := range map[FingerprintForm]int{CertificateSHA1: 40, CertificateSHA256: 64, PublicKeySHA256: 64} {
		got, err := CertificateFingerprint(cert, form)
		if err != nil || len(got) != size || strings.ToLower(got) != got || seen[got] {
			t.Errorf("%s: %q, %v", form, got, err)
		}
		seen[got] = true
	}
	byKey, err := KeyFingerprint(&privateKey(t, "network").PublicKey)
	if err != nil || !seen[byKey] {
		t.Errorf("the key alone gives %q, %v", byKey, err)
	}
	if _, err := KeyFingerprint(nil); !errors.Is(err, ErrFingerprint) {
		t.Errorf("no key: %v", err)
	}
	if got := testOpener(t, "network", "requestor").Fingerprints(); len(got) != 6 {
		t.Errorf("two keys are known by %d fingerprints, want 6: %v", len(got), got)
	}
}
