package mdes

import (
	"crypto/rsa"
	"crypto/sha1" //nolint:gosec // an identifier the wire asks for, not a protection
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
)

// FingerprintForm is one of the three ways to name a public key in
// publicKeyFingerprint (docs/wire/mdes.md "Payload encryption").
type FingerprintForm string

// The forms.
const (
	CertificateSHA1   FingerprintForm = "certificate-sha1"   // 40 hex digits, what MDES asked its users to send
	CertificateSHA256 FingerprintForm = "certificate-sha256" // 64 hex digits, default of Mastercard's libraries
	PublicKeySHA256   FingerprintForm = "public-key-sha256"  // 64 hex digits, of the SubjectPublicKeyInfo
)

// FingerprintForms lists them.
func FingerprintForms() []FingerprintForm {
	return []FingerprintForm{CertificateSHA1, CertificateSHA256, PublicKeySHA256}
}

// ErrFingerprint says that a fingerprint cannot be made: the form is unknown,
// or it is one of a certificate and there is none, or the key is not RSA.
var ErrFingerprint = errors.New("fingerprint")

// CertificateFingerprint names a certificate's key, in lower-case hex.
func CertificateFingerprint(cert *x509.Certificate, form FingerprintForm) (string, error) {
	if cert == nil {
		return "", fmt.Errorf("%w: no certificate", ErrFingerprint)
	}
	switch form {
	case CertificateSHA1:
		sum := sha1.Sum(cert.Raw) //nolint:gosec // see the import
		return hex.EncodeToString(sum[:]), nil
	case CertificateSHA256:
		sum := sha256.Sum256(cert.Raw)
		return hex.EncodeToString(sum[:]), nil
	case PublicKeySHA256:
		sum := sha256.Sum256(cert.RawSubjectPublicKeyInfo)
		return hex.EncodeToString(sum[:]), nil
	}
	return "", fmt.Errorf("%w: form %q: accepted are %v", ErrFingerprint, form, FingerprintForms())
}

// KeyFingerprint is the [PublicKeySHA256] of a key that has no certificate.
func KeyFingerprint(key *rsa.PublicKey) (string, error) {
	if key == nil {
		return "", fmt.Errorf("%w: no key", ErrFingerprint)
	}
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrFingerprint, err)
	}
	sum := sha256.Sum256(der)
	return hex.EncodeToString(sum[:]), nil
}
