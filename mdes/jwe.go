package mdes

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// jweHeader is the protected header Mastercard's general libraries write.
// Nothing public says that MDES takes JWE (docs/wire/mdes.md "Not public").
type jweHeader struct {
	Kid string `json:"kid"`
	Cty string `json:"cty"`
	Alg string `json:"alg"`
	Enc string `json:"enc"`
}

const (
	jweAlg    = "RSA-OAEP-256"
	jweEncOut = "A256GCM"
)

// jweKeySizes is the content key's length in bytes by enc.
var jweKeySizes = map[string]int{"A128GCM": 16, "A192GCM": 24, "A256GCM": 32, "A128CBC-HS256": 32}

// SealJWE encrypts plain as a compact JWE, RSA-OAEP-256 with A256GCM, as RFC
// 7516 writes it: 12-byte IV and URL-safe base64. Fingerprint, Digest, KeyBits
// and OmitIV have no say in it.
func (s Sealer) SealJWE(plain []byte) (EncryptedPayload, error) {
	if s.Key == nil {
		return EncryptedPayload{}, fmt.Errorf("%w: no public key", ErrSeal)
	}
	kid, err := s.keyID()
	if err != nil {
		return EncryptedPayload{}, fmt.Errorf("%w: %w", ErrSeal, err)
	}
	header, err := marshal(jweHeader{Kid: kid, Cty: "application/json", Alg: jweAlg, Enc: jweEncOut})
	if err != nil {
		return EncryptedPayload{}, fmt.Errorf("%w: %w", ErrSeal, err)
	}
	key, iv, source := make([]byte, 32), make([]byte, 12), randomness(s.Rand)
	for _, b := range [][]byte{key, iv} {
		if _, err := io.ReadFull(source, b); err != nil {
			return EncryptedPayload{}, fmt.Errorf("%w: %w", ErrSeal, err)
		}
	}
	wrapped, err := rsa.EncryptOAEP(sha256.New(), source, s.Key, key, nil)
	if err != nil {
		return EncryptedPayload{}, fmt.Errorf("%w: %w", ErrSeal, err)
	}
	aead, err := gcm(key, len(iv))
	if err != nil {
		return EncryptedPayload{}, fmt.Errorf("%w: %w", ErrSeal, err)
	}
	protected := base64.RawURLEncoding.EncodeToString(header)
	sealed := aead.Seal(nil, iv, plain, []byte(protected))
	cut := len(sealed) - aead.Overhead()
	parts := []string{protected}
	for _, b := range [][]byte{wrapped, iv, sealed[:cut], sealed[cut:]} {
		parts = append(parts, base64.RawURLEncoding.EncodeToString(b))
	}
	return EncryptedPayload{EncryptedData: strings.Join(parts, ".")}, nil
}

func (s Sealer) keyID() (string, error) {
	if s.KeyID != "" {
		return s.KeyID, nil
	}
	return KeyFingerprint(s.Key)
}

func gcm(key []byte, ivSize int) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithNonceSize(block, ivSize)
}

// jweParts is a compact JWE out of its base64.
type jweParts struct {
	header               jweHeader
	protected            string // as received: the authenticated data
	key, iv, cipher, tag []byte
}

// openJWE takes what Mastercard's own libraries write, which is not what the
// RFC says: a 16-byte IV with GCM, "/" for "_" in the base64url parts, and no
// real tag with A128CBC-HS256.
func (o *Opener) openJWE(compact string) ([]byte, error) {
	p, err := splitJWE(compact)
	if err != nil {
		return nil, err
	}
	size, known := jweKeySizes[p.header.Enc]
	if p.header.Alg != jweAlg || !known {
		return nil, &CryptographyError{
			Cause: CauseJWE, Field: "encryptedData",
			Expected: "RSA-OAEP-256 with A128GCM, A192GCM, A256GCM or A128CBC-HS256",
			Received: quoted(p.header.Alg) + " with " + quoted(p.header.Enc),
		}
	}
	private, err := o.key(p.header.Kid)
	if err != nil {
		return nil, err
	}
	content, err := rsa.DecryptOAEP(sha256.New(), nil, private, p.key, nil)
	if err != nil {
		return nil, &CryptographyError{Cause: CauseKeyUnwrap, Field: "encryptedData", Hint: "sealed to another key than the kid names, or damaged"}
	}
	if len(content) != size {
		return nil, &CryptographyError{Cause: CauseKeyLength, Field: "encryptedData", Expected: fmt.Sprintf("a content key of %d bytes", size), Received: fmt.Sprintf("%d bytes", len(content))}
	}
	plain, err := o.openJWEContent(p, content)
	if err != nil {
		return nil, err
	}
	if !json.Valid(plain) {
		return nil, &CryptographyError{Cause: CauseNotJSON, Field: "encryptedData", Hint: "the clear text is no JSON"}
	}
	return plain, nil
}

func (o *Opener) openJWEContent(p jweParts, key []byte) ([]byte, error) {
	badTag := &CryptographyError{Cause: CauseTag, Field: "encryptedData", Hint: "wrong content key, or damaged"}
	if p.header.Enc == "A128CBC-HS256" {
		if len(p.iv) != aes.BlockSize {
			return nil, &CryptographyError{Cause: CauseIVLength, Field: "encryptedData", Expected: "16 bytes", Received: fmt.Sprintf("%d bytes", len(p.iv))}
		}
		if !o.IgnoreCBCTag && !hmac.Equal(cbcTag(key[:16], p), p.tag) {
			return nil, badTag
		}
		return decryptCBC(key[16:], p.iv, p.cipher)
	}
	if len(p.iv) == 0 || len(p.iv) > 64 {
		return nil, &CryptographyError{Cause: CauseIVLength, Field: "encryptedData", Expected: "12 or 16 bytes", Received: fmt.Sprintf("%d bytes", len(p.iv))}
	}
	aead, err := gcm(key, len(p.iv))
	if err != nil {
		return nil, badTag
	}
	if len(p.tag) != aead.Overhead() {
		return nil, badTag
	}
	plain, err := aead.Open(nil, p.iv, bytes.Join([][]byte{p.cipher, p.tag}, nil), []byte(p.protected))
	if err != nil {
		return nil, badTag
	}
	return plain, nil
}

// cbcTag is the tag of A128CBC-HS256: HMAC-SHA-256 over header, IV, cipher
// text and the header's length in bits, cut in half (RFC 7518, 5.2.2).
func cbcTag(key []byte, p jweParts) []byte {
	mac := hmac.New(sha256.New, key)
	for _, b := range [][]byte{[]byte(p.protected), p.iv, p.cipher, binary.BigEndian.AppendUint64(nil, uint64(len(p.protected))*8)} {
		mac.Write(b)
	}
	return mac.Sum(nil)[:16]
}

func splitJWE(compact string) (p jweParts, err error) {
	texts := strings.Split(compact, ".")
	var raw [5][]byte
	if len(texts) != len(raw) {
		return p, &CryptographyError{Cause: CauseJWE, Field: "encryptedData", Expected: "five parts", Received: fmt.Sprint(len(texts))}
	}
	for i, text := range texts {
		text = strings.TrimRight(strings.NewReplacer("+", "-", "/", "_").Replace(text), "=")
		if raw[i], err = base64.RawURLEncoding.DecodeString(text); err != nil {
			return p, &CryptographyError{Cause: CauseJWE, Field: "encryptedData", Hint: fmt.Sprintf("part %d is not base64", i+1)}
		}
	}
	if err = json.Unmarshal(raw[0], &p.header); err != nil {
		return p, &CryptographyError{Cause: CauseJWE, Field: "encryptedData", Hint: "the header is no JSON object"}
	}
	p.protected, p.key, p.iv, p.cipher, p.tag = texts[0], raw[1], raw[2], raw[3], raw[4]
	return p, nil
}
