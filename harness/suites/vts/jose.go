package vts

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/harness/request"
	"github.com/pantomime-dev/pantomime/token"
)

// opensNumericIAT seals by RFC 7516 and RFC 7518 alone, since no codec of ours
// writes this header.
func (s *suite) opensNumericIAT(ctx SpecContext) {
	pair := s.visa().FieldKey()
	s.enrols(ctx, sealByHand(pair, request.JSON(instrument(s.cfg.FreshCard(token.Visa))), map[string]any{"iat": s.cfg.Wall.Now().Unix()}))
}

// sealByHand makes a compact JWE of a shared secret with further header
// members.
func sealByHand(pair harness.KeyPair, plain []byte, members map[string]any) string {
	GinkgoHelper()
	random := make([]byte, 32+12+12)
	_, err := rand.Read(random)
	Expect(err).NotTo(HaveOccurred())
	cek, wrapIV, iv := random[:32], random[32:44], random[44:]
	kek := sha256.Sum256([]byte(pair.Secret))
	wrapped := gcm(kek[:]).Seal(nil, wrapIV, cek, nil)
	b64 := base64.RawURLEncoding.EncodeToString
	head := map[string]any{
		"alg": "A256GCMKW", "enc": "A256GCM", "kid": pair.APIKey, "iv": b64(wrapIV), "tag": b64(wrapped[32:]),
	}
	for name, value := range members {
		head[name] = value
	}
	protected := b64(request.JSON(head))
	sealed := gcm(cek).Seal(nil, iv, plain, []byte(protected))
	cut := len(sealed) - 16
	return join(protected, b64(wrapped[:32]), b64(iv), b64(sealed[:cut]), b64(sealed[cut:]))
}

func gcm(key []byte) cipher.AEAD {
	GinkgoHelper()
	block, err := aes.NewCipher(key)
	Expect(err).NotTo(HaveOccurred())
	aead, err := cipher.NewGCM(block)
	Expect(err).NotTo(HaveOccurred())
	return aead
}
