package mdes

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/rsa"
	"crypto/subtle"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// OwnKey is a private key with the certificates it was handed out in; each
// adds the fingerprints it can be announced by.
type OwnKey struct {
	Key          *rsa.PrivateKey
	Certificates []*x509.Certificate
}

// Opener opens payloads with any of its keys, picked by fingerprint; several
// are live during a key change (docs/wire/mdes.md "Payload encryption").
// It is not changed by use; set the switches before the first use.
type Opener struct {
	// JWE also takes a holder that has nothing but a compact JWE in
	// encryptedData, as Mastercard's general libraries write it.
	JWE bool
	// IgnoreCBCTag skips the authentication tag of A128CBC-HS256, which
	// Mastercard's libraries do not compute.
	IgnoreCBCTag bool

	keys map[string]*rsa.PrivateKey // by fingerprint in lower case
}

// NewOpener registers keys under all three forms of fingerprint.
func NewOpener(keys ...OwnKey) (*Opener, error) {
	o := &Opener{keys: map[string]*rsa.PrivateKey{}}
	for _, own := range keys {
		if own.Key == nil {
			return nil, fmt.Errorf("%w: no private key", ErrFingerprint)
		}
		fingerprint, err := KeyFingerprint(&own.Key.PublicKey)
		if err != nil {
			return nil, err
		}
		o.keys[fingerprint] = own.Key
		for _, cert := range own.Certificates {
			if err := o.addCertificate(own.Key, cert); err != nil {
				return nil, err
			}
		}
	}
	return o, nil
}

func (o *Opener) addCertificate(key *rsa.PrivateKey, cert *x509.Certificate) error {
	if cert != nil && !key.PublicKey.Equal(cert.PublicKey) {
		return fmt.Errorf("%w: the certificate is not of this key", ErrFingerprint)
	}
	for _, form := range FingerprintForms() {
		fingerprint, err := CertificateFingerprint(cert, form)
		if err != nil {
			return err
		}
		o.keys[fingerprint] = key
	}
	return nil
}

// Fingerprints lists what the keys are known by, sorted.
func (o *Opener) Fingerprints() []string {
	list := make([]string, 0, len(o.keys))
	for fingerprint := range o.keys {
		list = append(list, fingerprint)
	}
	slices.Sort(list)
	return list
}

// OpenJSON opens p and decodes the clear text into v; unknown members are let
// pass. The error is a *[CryptographyError], with the cause not-json when the
// clear text does not fit v.
func (o *Opener) OpenJSON(p EncryptedPayload, v any) error {
	plain, err := o.Open(p)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(plain, v); err != nil {
		return &CryptographyError{Cause: CauseNotJSON, Field: "encryptedData", Hint: "the clear text is JSON of another shape"}
	}
	return nil
}

// Open returns the clear text, which is valid JSON. The error is a
// *[CryptographyError].
func (o *Opener) Open(p EncryptedPayload) ([]byte, error) {
	if o.JWE && p.IsJWE() {
		return o.openJWE(p.EncryptedData)
	}
	key, err := o.key(p.PublicKeyFingerprint)
	if err != nil {
		return nil, err
	}
	in, err := decodeHolder(p)
	if err != nil {
		return nil, err
	}
	if p.OAEPHashingAlgorithm == "" {
		return openPKCS1(key, in)
	}
	content, err := unwrapOAEP(key, in.key, Digest(p.OAEPHashingAlgorithm))
	if err != nil {
		return nil, err
	}
	return openContent(content, in)
}

func (o *Opener) key(fingerprint string) (*rsa.PrivateKey, error) {
	if key := o.keys[strings.ToLower(fingerprint)]; key != nil {
		return key, nil
	}
	return nil, &CryptographyError{
		Cause: CauseFingerprint, Field: "publicKeyFingerprint",
		Expected: strings.Join(o.Fingerprints(), " or "), Received: quoted(fingerprint),
		Hint: "sealed to another key; check that the certificate of this network was configured",
	}
}

// holder is an [EncryptedPayload] out of its hex.
type holder struct{ key, iv, data []byte }

func decodeHolder(p EncryptedPayload) (h holder, err error) {
	if h.key, err = unhex("encryptedKey", p.EncryptedKey); err != nil {
		return h, err
	}
	if h.iv, err = unhex("iv", p.IV); err != nil {
		return h, err
	}
	if h.data, err = unhex("encryptedData", p.EncryptedData); err != nil {
		return h, err
	}
	if p.IV == "" {
		h.iv = make([]byte, aes.BlockSize)
	}
	if len(h.iv) != aes.BlockSize {
		return h, &CryptographyError{Cause: CauseIVLength, Field: "iv", Expected: "16 bytes", Received: fmt.Sprintf("%d bytes", len(h.iv))}
	}
	return h, nil
}

func unhex(field, s string) ([]byte, error) {
	b, err := hex.DecodeString(s)
	if err != nil {
		hint := "an odd number of digits"
		if !errors.Is(err, hex.ErrLength) {
			hint = "holds other characters than 0-9 a-f A-F; base64 is not taken"
		}
		return nil, &CryptographyError{Cause: CauseHex, Field: field, Expected: "hex", Hint: hint}
	}
	return b, nil
}

// unwrapOAEP opens the content key. When that fails it tries the other digest,
// only to say so.
func unwrapOAEP(key *rsa.PrivateKey, wrapped []byte, digest Digest) ([]byte, error) {
	sum := hashOf(digest)
	if sum == nil {
		return nil, &CryptographyError{
			Cause: CauseDigest, Field: "oaepHashingAlgorithm",
			Expected: "SHA256 or SHA512, without a dash", Received: quoted(string(digest)),
		}
	}
	content, err := rsa.DecryptOAEP(sum, nil, key, wrapped, nil)
	if err == nil {
		return content, nil
	}
	failed := &CryptographyError{
		Cause: CauseKeyUnwrap, Field: "encryptedKey",
		Hint: "sealed to another key than the fingerprint names, damaged, or OAEP with different digests for label and MGF1",
	}
	other := SHA256
	if digest == SHA256 {
		other = SHA512
	}
	if _, err := rsa.DecryptOAEP(hashOf(other), nil, key, wrapped, nil); err == nil {
		failed.Expected, failed.Received = "wrapped with "+string(digest), "wrapped with "+string(other)
		failed.Hint = "the digest used is not the one announced"
	}
	return nil, failed
}

// openPKCS1 never reports whether the padding of the wrapped key was good: a bad
// one yields a random content key, which then fails like any wrong key. The
// length of the content key must be known beforehand for that, so both are tried.
func openPKCS1(key *rsa.PrivateKey, in holder) ([]byte, error) {
	short := &CryptographyError{Cause: CauseKeyUnwrap, Field: "encryptedKey", Hint: "not as long as the key it is wrapped with"}
	if len(in.key) != key.Size() {
		return nil, short
	}
	var plain []byte
	var last error
	for _, size := range []int{16, 32} {
		content := make([]byte, size)
		_, _ = rand.Read(content) // never fails
		//nolint:staticcheck // the wire's form when oaepHashingAlgorithm is absent
		if err := rsa.DecryptPKCS1v15SessionKey(nil, key, in.key, content); err != nil {
			return nil, short
		}
		if got, err := openContent(content, in); err != nil {
			last = err
		} else {
			plain = got
		}
	}
	if plain == nil {
		return nil, last
	}
	return plain, nil
}

func openContent(content []byte, in holder) ([]byte, error) {
	if len(content) != 16 && len(content) != 32 {
		return nil, &CryptographyError{Cause: CauseKeyLength, Field: "encryptedKey", Expected: "a content key of 16 or 32 bytes", Received: fmt.Sprintf("%d bytes", len(content))}
	}
	plain, err := decryptCBC(content, in.iv, in.data)
	if err != nil {
		return nil, err
	}
	if !json.Valid(plain) {
		return nil, &CryptographyError{Cause: CauseNotJSON, Field: "encryptedData", Hint: "the clear text is no JSON"}
	}
	return plain, nil
}

// decryptCBC undoes encryptCBC; it looks at all padding bytes whatever the
// first ones say.
func decryptCBC(key, iv, data []byte) ([]byte, error) {
	if len(data) == 0 || len(data)%aes.BlockSize != 0 {
		return nil, &CryptographyError{Cause: CauseDataLength, Field: "encryptedData", Expected: "whole blocks of 16 bytes", Received: fmt.Sprintf("%d bytes", len(data))}
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, &CryptographyError{Cause: CauseKeyLength, Field: "encryptedKey"}
	}
	plain := make([]byte, len(data))
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(plain, data)
	pad := int(plain[len(plain)-1])
	good := subtle.ConstantTimeLessOrEq(1, pad) & subtle.ConstantTimeLessOrEq(pad, aes.BlockSize)
	for i := 1; i <= aes.BlockSize; i++ {
		inside := subtle.ConstantTimeLessOrEq(i, pad)
		same := subtle.ConstantTimeByteEq(plain[len(plain)-i], byte(pad))
		good &= same | (1 - inside)
	}
	if good != 1 {
		return nil, &CryptographyError{Cause: CausePadding, Field: "encryptedData", Hint: "wrong content key or IV, or damaged"}
	}
	return plain[:len(plain)-pad], nil
}
