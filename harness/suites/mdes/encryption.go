package mdes

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/harness/request"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/token"
)

func (s *suite) encryption() {
	harness.Feature("encryption", "Payload encryption", func() {
		for _, row := range goodSeals() {
			harness.Check(row.id, row.basis, "opens "+row.says, func(ctx SpecContext) { s.opens(ctx, row) })
		}
		for _, row := range brokenSeals() {
			harness.Check(row.id, row.basis, "refuses "+row.says, func(ctx SpecContext) {
				s.mustRefuse(s.sendSealed(ctx, row.make(s, *s.sealed(funding(s.cfg.FreshCard(token.Mastercard))))), mdes.CryptographyFailed)
			}, harness.BadInput)
		}
		for _, row := range badHolders() {
			harness.Check(row.id, row.basis, "refuses "+row.says, func(ctx SpecContext) { s.refusesHolder(ctx, row) }, harness.BadInput)
		}
		harness.Check("M-ENC-70", harness.Documented, "encrypts answers to the requestor's own key", s.encryptsToOwn)
		harness.Check("M-ENC-71", harness.Documented, "encrypts each answer again", s.encryptsAgain)
		harness.Check("M-ENC-72", harness.Observed, "opens what searchTokens sends likewise", s.searchCryptography, harness.BadInput)
	})
}

// seal is one way to encrypt a request.
type seal struct {
	id    string
	basis harness.Basis
	says  string
	with  func(*mdes.Sealer)
	after func(*mdes.EncryptedPayload)
	form  mdes.FingerprintForm
}

func goodSeals() []seal {
	return []seal{
		{id: "M-ENC-01", basis: harness.Documented, says: "OAEP with SHA-512", with: func(s *mdes.Sealer) { s.Digest = mdes.SHA512 }},
		{id: "M-ENC-02", basis: harness.Documented, says: "OAEP with SHA-256", with: func(s *mdes.Sealer) { s.Digest = mdes.SHA256 }},
		{id: "M-ENC-03", basis: harness.Observed, says: "a key named by the SHA-1 of its certificate", form: mdes.CertificateSHA1},
		{id: "M-ENC-04", basis: harness.Observed, says: "a key named by the SHA-256 of its certificate", form: mdes.CertificateSHA256},
		{id: "M-ENC-05", basis: harness.Observed, says: "a key named by the SHA-256 of itself", form: mdes.PublicKeySHA256},
		{id: "M-ENC-06", basis: harness.Documented, says: "a fingerprint and ciphertext in capitals", after: func(p *mdes.EncryptedPayload) {
			for _, text := range []*string{&p.PublicKeyFingerprint, &p.EncryptedKey, &p.IV, &p.EncryptedData} {
				*text = strings.ToUpper(*text)
			}
		}},
		{id: "M-ENC-07", basis: harness.Documented, says: "a content key of 256 bits", with: func(s *mdes.Sealer) { s.KeyBits = 256 }},
		{id: "M-ENC-08", basis: harness.Documented, says: "a payload without iv, which means zeros", with: func(s *mdes.Sealer) { s.OmitIV = true }},
		{id: "M-ENC-09", basis: harness.Documented, says: "a payload without digest, which means PKCS #1 v1.5", with: func(s *mdes.Sealer) { s.Digest = mdes.PKCS1v15 }},
	}
}

func (s *suite) opens(ctx context.Context, row seal) {
	GinkgoHelper()
	form := row.form
	if form == "" {
		form = mdes.CertificateSHA256
	}
	sealer, err := mdes.NewSealer(s.keys().Encryption, form)
	Expect(err).NotTo(HaveOccurred())
	if row.with != nil {
		row.with(&sealer)
	}
	payload, err := sealer.SealJSON(funding(s.cfg.FreshCard(token.Mastercard)))
	Expect(err).NotTo(HaveOccurred())
	if row.after != nil {
		row.after(&payload)
	}
	s.works(s.sendSealed(ctx, payload))
}

func (s *suite) sendSealed(ctx context.Context, payload mdes.EncryptedPayload) harness.Answer {
	GinkgoHelper()
	d := s.draft(token.MCTokenize, "", s.tokenizeBody(&payload))
	d.Sign()
	return d.Send(ctx)
}

// broken is a payload that cannot be opened.
type broken struct {
	id    string
	basis harness.Basis
	says  string
	make  func(s *suite, good mdes.EncryptedPayload) mdes.EncryptedPayload
}

// changed makes a payload by changing a good one.
func changed(change func(p *mdes.EncryptedPayload)) func(*suite, mdes.EncryptedPayload) mdes.EncryptedPayload {
	return func(_ *suite, good mdes.EncryptedPayload) mdes.EncryptedPayload {
		change(&good)
		return good
	}
}

// flip changes the first hex digit.
func flip(text string) string {
	if text[0] == '0' {
		return "1" + text[1:]
	}
	return "0" + text[1:]
}

// resealed seals a clear text of one's own making.
func resealed(plain string) func(*suite, mdes.EncryptedPayload) mdes.EncryptedPayload {
	return func(s *suite, _ mdes.EncryptedPayload) mdes.EncryptedPayload {
		GinkgoHelper()
		payload, err := s.sealer().Seal([]byte(plain))
		Expect(err).NotTo(HaveOccurred())
		return payload
	}
}

func brokenSeals() []broken {
	return []broken{
		{"M-ENC-20", harness.Observed, "a fingerprint of 40 digits that no key has", changed(func(p *mdes.EncryptedPayload) { p.PublicKeyFingerprint = strings.Repeat("0", 40) })},
		{"M-ENC-21", harness.Observed, "a fingerprint of 64 digits that no key has", changed(func(p *mdes.EncryptedPayload) { p.PublicKeyFingerprint = strings.Repeat("0", 64) })},
		{"M-ENC-22", harness.Documented, "ciphertext cut by a byte", changed(func(p *mdes.EncryptedPayload) { p.EncryptedData = p.EncryptedData[:len(p.EncryptedData)-2] })},
		{"M-ENC-23", harness.Documented, "ciphertext cut by a block", changed(func(p *mdes.EncryptedPayload) { p.EncryptedData = p.EncryptedData[:len(p.EncryptedData)-32] })},
		{"M-ENC-24", harness.Documented, "ciphertext with a changed byte in its first block", changed(func(p *mdes.EncryptedPayload) { p.EncryptedData = flip(p.EncryptedData) })},
		{"M-ENC-25", harness.Documented, "an encrypted key with a changed byte", changed(func(p *mdes.EncryptedPayload) { p.EncryptedKey = flip(p.EncryptedKey) })},
		{"M-ENC-26", harness.Documented, "an encrypted key cut by a byte", changed(func(p *mdes.EncryptedPayload) { p.EncryptedKey = p.EncryptedKey[:len(p.EncryptedKey)-2] })},
		{"M-ENC-27", harness.Documented, "an iv with a changed byte", changed(func(p *mdes.EncryptedPayload) { p.IV = flip(p.IV) })},
		{"M-ENC-28", harness.Documented, "a digest announced that was not used", changed(func(p *mdes.EncryptedPayload) { p.OAEPHashingAlgorithm = "SHA256" })},
		{"M-ENC-29", harness.Documented, "an OAEP key announced as PKCS #1 v1.5", changed(func(p *mdes.EncryptedPayload) { p.OAEPHashingAlgorithm = "" })},
		{"M-ENC-30", harness.Documented, "a payload sealed to the requestor's own key", func(s *suite, good mdes.EncryptedPayload) mdes.EncryptedPayload {
			GinkgoHelper()
			own := mdes.Sealer{Key: &s.keys().Decryption.PublicKey, Fingerprint: good.PublicKeyFingerprint}
			payload, err := own.SealJSON(funding(s.cfg.FreshCard(token.Mastercard)))
			Expect(err).NotTo(HaveOccurred())
			return payload
		}},
		{"M-ENC-31", harness.Documented, "a clear text that is no JSON", resealed("accountNumber=5204731600014784")},
		{"M-ENC-32", harness.Documented, "an empty clear text", resealed("")},
	}
}

// badHolder is a holder whose members have the wrong form: the service may
// name the field or say that it cannot open it.
type badHolder struct {
	id, says string
	basis    harness.Basis
	codes    []mdes.ReasonCode
	change   func(p *mdes.EncryptedPayload)
}

func badHolders() []badHolder {
	format := []mdes.ReasonCode{mdes.CryptographyFailed, mdes.InvalidFieldFormat, mdes.InvalidFieldLength, mdes.InvalidFieldValue}
	missing := []mdes.ReasonCode{mdes.MissingRequiredField}
	length := []mdes.ReasonCode{mdes.InvalidFieldLength}
	return []badHolder{
		{"M-ENC-40", "ciphertext in base64", harness.Documented, format, func(p *mdes.EncryptedPayload) {
			raw, _ := hex.DecodeString(p.EncryptedData)
			p.EncryptedData = base64.StdEncoding.EncodeToString(raw)
		}},
		{"M-ENC-41", "an odd number of hex digits", harness.Documented, format, func(p *mdes.EncryptedPayload) { p.EncryptedData += "0" }},
		{"M-ENC-42", "a digest written with a dash", harness.Documented, format, func(p *mdes.EncryptedPayload) { p.OAEPHashingAlgorithm = "SHA-512" }},
		{"M-ENC-43", "a digest that does not exist", harness.Documented, format, func(p *mdes.EncryptedPayload) { p.OAEPHashingAlgorithm = "MD5" }},
		{"M-ENC-44", "an iv of 15 bytes", harness.Documented, length, func(p *mdes.EncryptedPayload) { p.IV = p.IV[2:] }},
		{"M-ENC-45", "an encrypted key longer than any key", harness.Documented, length, func(p *mdes.EncryptedPayload) { p.EncryptedKey += "00" }},
		{"M-ENC-46", "a fingerprint of 20 digits", harness.Documented, length, func(p *mdes.EncryptedPayload) { p.PublicKeyFingerprint = p.PublicKeyFingerprint[:20] }},
		{"M-ENC-47", "a payload without fingerprint", harness.Documented, missing, func(p *mdes.EncryptedPayload) { p.PublicKeyFingerprint = "" }},
		{"M-ENC-48", "a payload without encrypted key", harness.Documented, missing, func(p *mdes.EncryptedPayload) { p.EncryptedKey = "" }},
		{"M-ENC-49", "a payload without ciphertext", harness.Documented, missing, func(p *mdes.EncryptedPayload) { p.EncryptedData = "" }},
	}
}

func (s *suite) refusesHolder(ctx context.Context, row badHolder) {
	GinkgoHelper()
	payload := *s.sealed(funding(s.cfg.FreshCard(token.Mastercard)))
	row.change(&payload)
	s.mustRefuse(s.sendSealed(ctx, payload), row.codes...)
}

func (s *suite) encryptsToOwn(ctx SpecContext) {
	t := s.tokenize(ctx)
	opener, err := s.keys().Opener()
	Expect(err).NotTo(HaveOccurred())
	Expect(opener.Fingerprints()).To(ContainElement(strings.ToLower(t.detail().PublicKeyFingerprint)),
		"the answer is not sealed to a key of the requestor")
	Expect(t.detail().EncryptedKey).To(HaveLen(2 * s.keys().Decryption.Size()))
}

func (s *suite) encryptsAgain(ctx SpecContext) {
	t := s.tokenize(ctx)
	seen := map[string]bool{}
	for range 3 {
		answer := s.transactWith(ctx, mdes.TransactRequest{TokenUniqueReference: string(t.ref)})
		for _, part := range []string{answer.EncryptedPayload.EncryptedKey, answer.EncryptedPayload.IV, answer.EncryptedPayload.EncryptedData} {
			Expect(seen[part]).To(BeFalse(), "a key, an iv or a ciphertext came twice")
			seen[part] = true
		}
	}
}

func (s *suite) searchCryptography(ctx SpecContext) {
	body := request.WithMember(request.JSON(s.goodBody(token.MCSearchTokens, "")), "fundingAccountInfo.encryptedPayload.publicKeyFingerprint", strings.Repeat("0", 64))
	d := s.draft(token.MCSearchTokens, "", body)
	d.Sign()
	s.mustRefuse(d.Send(ctx), mdes.CryptographyFailed)
}
