package mdes

import (
	"crypto/aes"
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/pantomime-dev/pantomime/wire"
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
	compact, err := wire.SealJWE(header, wrapped, key, iv, plain)
	if err != nil {
		return EncryptedPayload{}, fmt.Errorf("%w: %w", ErrSeal, err)
	}
	return EncryptedPayload{EncryptedData: compact}, nil
}

func (s Sealer) keyID() (string, error) {
	if s.KeyID != "" {
		return s.KeyID, nil
	}
	return KeyFingerprint(s.Key)
}

// openJWE takes what Mastercard's own libraries write, which is not what the
// RFC says: a 16-byte IV with GCM, "/" for "_" in the base64url parts, and no
// real tag with A128CBC-HS256.
func (o *Opener) openJWE(compact string) ([]byte, error) {
	p, header, err := splitJWE(compact)
	if err != nil {
		return nil, err
	}
	size, known := jweKeySizes[header.Enc]
	if header.Alg != jweAlg || !known {
		return nil, &CryptographyError{
			Cause: CauseJWE, Field: "encryptedData",
			Expected: "RSA-OAEP-256 with A128GCM, A192GCM, A256GCM or A128CBC-HS256",
			Received: quoted(header.Alg) + " with " + quoted(header.Enc),
		}
	}
	private, err := o.key(header.Kid)
	if err != nil {
		return nil, err
	}
	content, err := rsa.DecryptOAEP(sha256.New(), nil, private, p.Key, nil)
	if err != nil {
		return nil, &CryptographyError{Cause: CauseKeyUnwrap, Field: "encryptedData", Hint: "sealed to another key than the kid names, or damaged"}
	}
	if len(content) != size {
		return nil, &CryptographyError{Cause: CauseKeyLength, Field: "encryptedData", Expected: fmt.Sprintf("a content key of %d bytes", size), Received: fmt.Sprintf("%d bytes", len(content))}
	}
	plain, err := o.openJWEContent(p, header.Enc, content)
	if err != nil {
		return nil, err
	}
	if !json.Valid(plain) {
		return nil, &CryptographyError{Cause: CauseNotJSON, Field: "encryptedData", Hint: "the clear text is no JSON"}
	}
	return plain, nil
}

func (o *Opener) openJWEContent(p wire.JWE, enc string, key []byte) ([]byte, error) {
	badTag := &CryptographyError{Cause: CauseTag, Field: "encryptedData", Hint: "wrong content key, or damaged"}
	if enc == "A128CBC-HS256" {
		if len(p.IV) != aes.BlockSize {
			return nil, &CryptographyError{Cause: CauseIVLength, Field: "encryptedData", Expected: "16 bytes", Received: fmt.Sprintf("%d bytes", len(p.IV))}
		}
		if !o.IgnoreCBCTag && !hmac.Equal(cbcTag(key[:16], p), p.Tag) {
			return nil, badTag
		}
		return decryptCBC(key[16:], p.IV, p.Ciphertext)
	}
	if len(p.IV) == 0 || len(p.IV) > 64 {
		return nil, &CryptographyError{Cause: CauseIVLength, Field: "encryptedData", Expected: "12 or 16 bytes", Received: fmt.Sprintf("%d bytes", len(p.IV))}
	}
	aead, err := wire.GCM(key, len(p.IV))
	if err != nil {
		return nil, badTag
	}
	if len(p.Tag) != aead.Overhead() {
		return nil, badTag
	}
	plain, err := p.Open(aead)
	if err != nil {
		return nil, badTag
	}
	return plain, nil
}

// cbcTag is the tag of A128CBC-HS256: HMAC-SHA-256 over header, IV, cipher
// text and the header's length in bits, cut in half (RFC 7518, 5.2.2).
func cbcTag(key []byte, p wire.JWE) []byte {
	mac := hmac.New(sha256.New, key)
	for _, b := range [][]byte{[]byte(p.Protected), p.IV, p.Ciphertext, binary.BigEndian.AppendUint64(nil, uint64(len(p.Protected))*8)} {
		mac.Write(b)
	}
	return mac.Sum(nil)[:16]
}

func splitJWE(compact string) (p wire.JWE, header jweHeader, err error) {
	p, err = wire.SplitJWE(compact, wire.LooseBase64URL)
	refused := &CryptographyError{Cause: CauseJWE, Field: "encryptedData"}
	var part wire.PartError
	switch {
	case errors.Is(err, wire.ErrParts):
		refused.Expected, refused.Received = "five parts", fmt.Sprint(strings.Count(compact, ".")+1)
	case errors.As(err, &part):
		refused.Hint = fmt.Sprintf("part %d is not base64", part.Part+1)
	case json.Unmarshal(p.Header, &header) != nil:
		refused.Hint = "the header is no JSON object"
	default:
		return p, header, nil
	}
	return p, header, refused
}
