package mdes

import (
	"encoding/json"
	"errors"
	"testing"
)

func FuzzOpen(f *testing.F) {
	for _, digest := range []Digest{SHA256, SHA512, PKCS1v15} {
		s := testSealer(f, CertificateSHA256)
		s.Digest = digest
		p, err := s.Seal([]byte(`{"a":1}`))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(p.PublicKeyFingerprint, p.EncryptedKey, p.OAEPHashingAlgorithm, p.IV, p.EncryptedData)
	}
	p, err := testSealer(f, CertificateSHA256).SealJWE([]byte(`{"a":1}`))
	if err != nil {
		f.Fatal(err)
	}
	f.Add("", "", "", "", p.EncryptedData)
	f.Add("", "", "", "", "....")
	o := testOpener(f, "network")
	o.JWE, o.IgnoreCBCTag = true, true
	f.Fuzz(func(t *testing.T, fingerprint, key, digest, iv, data string) {
		plain, err := o.Open(EncryptedPayload{fingerprint, key, digest, iv, data})
		var failed *CryptographyError
		switch {
		case err == nil && !json.Valid(plain):
			t.Errorf("%q is no JSON", plain)
		case err != nil && !errors.As(err, &failed):
			t.Errorf("%v is no CryptographyError", err)
		case err != nil && len(err.Error()) > 600:
			t.Errorf("an error of %d characters", len(err.Error()))
		}
	})
}

func BenchmarkSeal(b *testing.B) {
	s, plain := testSealer(b, CertificateSHA256), make([]byte, 400)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Seal(plain); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	p, err := testSealer(b, CertificateSHA256).Seal([]byte(`{"cardAccountData":{"accountNumber":"5204731600014784","expiryMonth":"12","expiryYear":"30"},"source":"ACCOUNT_ON_FILE"}`))
	if err != nil {
		b.Fatal(err)
	}
	o := testOpener(b, "network", "requestor")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := o.Open(p); err != nil {
			b.Fatal(err)
		}
	}
}
