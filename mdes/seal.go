package mdes

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"

	"github.com/pantomime-dev/pantomime/wire"
)

// EncryptedPayload holds an encrypted object, all in hex
// (docs/wire/mdes.md "Payload encryption").
type EncryptedPayload struct {
	PublicKeyFingerprint string `json:"publicKeyFingerprint,omitempty"`
	EncryptedKey         string `json:"encryptedKey,omitempty"`
	OAEPHashingAlgorithm string `json:"oaepHashingAlgorithm,omitempty"` // SHA256, SHA512; absent means PKCS #1 v1.5
	IV                   string `json:"iv,omitempty"`                   // absent means 16 zero bytes
	EncryptedData        string `json:"encryptedData,omitempty"`
}

// IsJWE reports whether the holder has nothing but a compact JWE.
func (p EncryptedPayload) IsJWE() bool {
	return p.EncryptedKey == "" && wire.IsCompact(p.EncryptedData)
}

// Digest is how a content key is wrapped. OAEP uses the digest for MGF1 too.
type Digest string

// The digests, as oaepHashingAlgorithm spells them.
const (
	SHA512   Digest = "SHA512" // also what "" means when sealing
	SHA256   Digest = "SHA256"
	PKCS1v15 Digest = "PKCS1v1.5" // no OAEP: the wire leaves oaepHashingAlgorithm out
)

// ErrSeal says that a payload could not be sealed: settings or randomness.
var ErrSeal = errors.New("seal payload")

// Sealer encrypts to one public key. Key and what names it are separate so that
// a test can announce one key and use another; [NewSealer] makes them agree.
type Sealer struct {
	Key         *rsa.PublicKey
	Fingerprint string    // sent as it is; not with JWE
	KeyID       string    // kid of a JWE, sent as it is; "" is the SHA-256 of Key
	Digest      Digest    // "" is SHA-512
	KeyBits     int       // of the content key: 128 (also what 0 means) or 256
	OmitIV      bool      // use the zero IV and leave iv out
	JWE         bool      // write a compact JWE; see [Sealer.SealJWE]
	Rand        io.Reader // content key, IV, OAEP seed; nil is crypto/rand
}

// NewSealer seals to a certificate's RSA key under the fingerprint of the form.
// A JWE names the key by the SHA-256 of the public key whatever the form.
func NewSealer(cert *x509.Certificate, form FingerprintForm) (Sealer, error) {
	fingerprint, err := CertificateFingerprint(cert, form)
	if err != nil {
		return Sealer{}, err
	}
	key, ok := cert.PublicKey.(*rsa.PublicKey)
	if !ok {
		return Sealer{}, fmt.Errorf("%w: the certificate's key is not RSA", ErrFingerprint)
	}
	keyID, err := CertificateFingerprint(cert, PublicKeySHA256)
	return Sealer{Key: key, Fingerprint: fingerprint, KeyID: keyID}, err
}

// SealJSON encodes v and seals it.
func (s Sealer) SealJSON(v any) (EncryptedPayload, error) {
	plain, err := marshal(v)
	if err != nil {
		return EncryptedPayload{}, fmt.Errorf("%w: %w", ErrSeal, err)
	}
	return s.Seal(plain)
}

// Seal encrypts plain, the UTF-8 text of a JSON value: AES-CBC with PKCS #7
// padding under a one-time key, the key wrapped by RSA.
func (s Sealer) Seal(plain []byte) (EncryptedPayload, error) {
	if s.JWE {
		return s.SealJWE(plain)
	}
	key, iv, err := s.draw()
	if err != nil {
		return EncryptedPayload{}, err
	}
	wrapped, err := s.wrap(key)
	if err != nil {
		return EncryptedPayload{}, err
	}
	data, err := encryptCBC(key, iv, plain)
	if err != nil {
		return EncryptedPayload{}, fmt.Errorf("%w: %w", ErrSeal, err)
	}
	p := EncryptedPayload{
		PublicKeyFingerprint: s.Fingerprint,
		EncryptedKey:         hex.EncodeToString(wrapped),
		IV:                   hex.EncodeToString(iv),
		EncryptedData:        hex.EncodeToString(data),
	}
	if s.OmitIV {
		p.IV = ""
	}
	if s.Digest != PKCS1v15 {
		p.OAEPHashingAlgorithm = string(s.digest())
	}
	return p, nil
}

func (s Sealer) digest() Digest {
	if s.Digest == "" {
		return SHA512
	}
	return s.Digest
}

// draw makes the content key and the IV.
func (s Sealer) draw() (key, iv []byte, err error) {
	bits := s.KeyBits
	if bits == 0 {
		bits = 128
	}
	switch {
	case s.Key == nil:
		return nil, nil, fmt.Errorf("%w: no public key", ErrSeal)
	case bits != 128 && bits != 256:
		return nil, nil, fmt.Errorf("%w: content key of %d bits: accepted are 128, 256", ErrSeal, bits)
	}
	both := make([]byte, bits/8+aes.BlockSize)
	drawn := both
	if s.OmitIV {
		drawn = both[:bits/8] // the rest stays zero
	}
	if _, err = io.ReadFull(randomness(s.Rand), drawn); err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrSeal, err)
	}
	return both[:bits/8], both[bits/8:], nil
}

func (s Sealer) wrap(key []byte) (wrapped []byte, err error) {
	digest := s.digest()
	if digest == PKCS1v15 {
		//nolint:staticcheck // the wire's form when oaepHashingAlgorithm is absent
		wrapped, err = rsa.EncryptPKCS1v15(randomness(s.Rand), s.Key, key)
	} else {
		sum := hashOf(digest)
		if sum == nil {
			return nil, fmt.Errorf("%w: digest %q: accepted are %s, %s, %s", ErrSeal, digest, SHA512, SHA256, PKCS1v15)
		}
		wrapped, err = rsa.EncryptOAEP(sum, randomness(s.Rand), s.Key, key, nil)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSeal, err)
	}
	return wrapped, nil
}

// hashOf is nil for a digest OAEP is not used with.
func hashOf(d Digest) hash.Hash {
	switch d {
	case SHA256:
		return sha256.New()
	case SHA512:
		return sha512.New()
	}
	return nil
}

func encryptCBC(key, iv, plain []byte) ([]byte, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	pad := aes.BlockSize - len(plain)%aes.BlockSize
	data := make([]byte, len(plain)+pad)
	for i := copy(data, plain); i < len(data); i++ {
		data[i] = byte(pad)
	}
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(data, data)
	return data, nil
}

// marshal encodes as the wire does: compact, with &, < and > as they are.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
