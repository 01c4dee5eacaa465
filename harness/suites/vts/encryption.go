package vts

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/harness/request"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

const fieldInstrument = "encPaymentInstrument"

// badJWE is a field that cannot be opened, or whose clear text cannot be used.
type badJWE struct {
	id    string
	basis harness.Basis
	says  string
	make  func(s *suite, good string) string // from a good JWE of a card
}

func (s *suite) encryption() {
	harness.Feature("encryption", "Encryption", func() {
		harness.Check("V-ENC-01", harness.Observed, "opens a field whose header has the five needed parameters only", s.opensShortHeader)
		harness.Check("V-ENC-02", harness.Assumed, "opens a field whose iat is a number", s.opensNumericIAT)
		harness.Check("V-ENC-03", harness.Observed, "opens month and year sent as numbers", s.opensNumericExpiry)
		harness.Check("V-ENC-04", harness.Documented, "seals the token number with all eight header parameters, iat as a text", s.sealsEightParameters)
		harness.Check("V-ENC-05", harness.Documented, "seals each answer again", s.sealsAgain)
		for _, row := range append(brokenJWEs(), wrongKeys()...) {
			harness.Check(row.id, row.basis, "refuses "+row.says, func(ctx SpecContext) { s.refusesField(ctx, row) }, harness.BadInput)
		}
		for _, row := range badCards() {
			harness.Check(row.id, row.basis, "refuses "+row.says, func(ctx SpecContext) { s.refusesField(ctx, row) }, harness.BadInput)
		}
		harness.Check("V-ENC-70", harness.Documented, "refuses risk data that does not open", s.refusesRiskData, harness.BadInput)
	})
}

func (s *suite) refusesField(ctx context.Context, row badJWE) {
	GinkgoHelper()
	good := s.seal(instrument(s.cfg.FreshCard(token.Visa)))
	d := s.draft(token.VisaEnroll, "", s.enrolmentOf(row.make(s, good)))
	d.Sign()
	d.Send(ctx).MustBe(http.StatusBadRequest, at(fieldInstrument))
}

// parts splits a compact JWE; join puts it together again.
func parts(jwe string) []string { return strings.Split(jwe, ".") }

func join(parts ...string) string { return strings.Join(parts, ".") }

// part makes a field by changing one of the five parts.
func part(n int, change func(string) string) func(*suite, string) string {
	return func(_ *suite, good string) string {
		p := parts(good)
		p[n] = change(p[n])
		return join(p...)
	}
}

// flip changes the first character to another of the alphabet, which changes
// the first byte.
func flip(text string) string {
	if text[0] == 'A' {
		return "B" + text[1:]
	}
	return "A" + text[1:]
}

// headerOf changes a member of the protected header, which the tag covers.
func headerOf(name string, value any) func(*suite, string) string {
	return part(0, func(head string) string {
		GinkgoHelper()
		raw, err := base64.RawURLEncoding.DecodeString(head)
		Expect(err).NotTo(HaveOccurred())
		var members map[string]any
		Expect(json.Unmarshal(raw, &members)).To(Succeed())
		members[name] = value
		if value == nil {
			delete(members, name)
		}
		return base64.RawURLEncoding.EncodeToString(request.JSON(members))
	})
}

func brokenJWEs() []badJWE {
	return []badJWE{
		{"V-ENC-20", harness.Documented, "an empty field", func(*suite, string) string { return "" }},
		{"V-ENC-21", harness.Documented, "a JWE cut to four parts", func(_ *suite, g string) string { return join(parts(g)[:4]...) }},
		{"V-ENC-22", harness.Documented, "a JWE with a sixth part", func(_ *suite, g string) string { return g + ".AAAA" }},
		{"V-ENC-23", harness.Documented, "a JWE cut in the middle", func(_ *suite, g string) string { return g[:len(g)/2] }},
		{"V-ENC-24", harness.Documented, "a ciphertext cut short", part(3, func(p string) string { return p[:len(p)-4] })},
		{"V-ENC-25", harness.Documented, "a ciphertext with a changed byte", part(3, flip)},
		{"V-ENC-26", harness.Documented, "a tag with a changed byte", part(4, flip)},
		{"V-ENC-27", harness.Documented, "an iv with a changed byte", part(2, flip)},
		{"V-ENC-28", harness.Documented, "an encrypted key with a changed byte", part(1, flip)},
		{"V-ENC-29", harness.Documented, "a header changed after sealing", headerOf("typ", "JWT")},
		{"V-ENC-30", harness.Documented, "characters outside base64url", part(3, func(p string) string { return "+/" + p[2:] })},
		{"V-ENC-31", harness.Documented, "padded base64", func(_ *suite, g string) string { return g + "==" }},
		{"V-ENC-32", harness.Documented, "a header that is no JSON", part(0, func(string) string { return base64.RawURLEncoding.EncodeToString([]byte("A256GCMKW")) })},
		{"V-ENC-33", harness.Documented, "a card sent in the clear", func(*suite, string) string { return `{"accountNumber":"4000000000000002"}` }},
		{"V-ENC-34", harness.Documented, "a header without kid", headerOf("kid", nil)},
		{"V-ENC-35", harness.Documented, "a header without the key wrap's iv", headerOf("iv", nil)},
		{"V-ENC-36", harness.Documented, "a header without the key wrap's tag", headerOf("tag", nil)},
		{"V-ENC-37", harness.Documented, "the content encryption A128GCM", headerOf("enc", "A128GCM")},
		{"V-ENC-38", harness.Documented, "the algorithm dir", headerOf("alg", "dir")},
		{"V-ENC-39", harness.Documented, "the algorithm none", headerOf("alg", "none")},
	}
}

func wrongKeys() []badJWE {
	with := func(pair harness.KeyPair) string {
		GinkgoHelper()
		key, err := vts.NewSharedKey(pair.Credential())
		Expect(err).NotTo(HaveOccurred())
		sealed, err := key.SealJSON(map[string]string{"accountNumber": "4000000000000002"}, time.Time{}, nil)
		Expect(err).NotTo(HaveOccurred())
		return sealed
	}
	return []badJWE{
		{"V-ENC-40", harness.Documented, "a field under an unknown key", func(*suite, string) string {
			return with(harness.KeyPair{APIKey: "NOBODYHASTHISKEY", Secret: "a-secret-that-nobody-was-given-00000000"})
		}},
		{"V-ENC-41", harness.Documented, "a field sealed with another secret under the right key id", func(s *suite, _ string) string {
			return with(harness.KeyPair{APIKey: s.visa().FieldKey().APIKey, Secret: "a-secret-that-nobody-was-given-00000000"})
		}},
		{"V-ENC-42", harness.Documented, "a field that names another key than it was sealed with", headerOf("kid", "NOBODYHASTHISKEY")},
	}
}

// clearText makes a field of a clear text that opens and cannot be used.
func clearText(v any) func(*suite, string) string {
	return func(s *suite, _ string) string {
		GinkgoHelper()
		return s.seal(v)
	}
}

// badCards are clear texts that break the rules of the card.
func badCards() []badJWE {
	card := func(change func(map[string]any)) func(*suite, string) string {
		return func(s *suite, _ string) string {
			GinkgoHelper()
			members := map[string]any{
				"accountNumber": s.cfg.FreshCard(token.Visa).Digits(), "expirationDate": map[string]any{"month": "12", "year": "2039"},
			}
			change(members)
			return s.seal(members)
		}
	}
	set := func(name string, value any) func(*suite, string) string {
		return card(func(m map[string]any) { m[name] = value })
	}
	return []badJWE{
		{"V-ENC-50", harness.Documented, "a clear text that is a text", clearText("4000000000000002")},
		{"V-ENC-51", harness.Documented, "a clear text that is a list", clearText([]string{"4000000000000002"})},
		{"V-ENC-52", harness.Documented, "a card without number", card(func(m map[string]any) { delete(m, "accountNumber") })},
		{"V-ENC-53", harness.Documented, "an empty card number", set("accountNumber", "")},
		{"V-ENC-54", harness.Documented, "a card number of 12 digits", set("accountNumber", "400000000002")},
		{"V-ENC-55", harness.Documented, "a card number of 20 digits", set("accountNumber", "40000000000000000002")},
		{"V-ENC-56", harness.Documented, "a card number with letters", set("accountNumber", "40000000000OOOO2")},
		{"V-ENC-57", harness.Documented, "a card number with spaces", set("accountNumber", "4000 0000 0000 0002")},
		{"V-ENC-58", harness.Assumed, "a card number whose check digit is wrong", set("accountNumber", "4000000000000003")},
		{"V-ENC-59", harness.Documented, "month 13", set("expirationDate", map[string]any{"month": "13", "year": "2039"})},
		{"V-ENC-60", harness.Documented, "a year of two digits", set("expirationDate", map[string]any{"month": "12", "year": "39"})},
		{"V-ENC-61", harness.Documented, "a security code of two digits", set("cvv2", "12")},
		{"V-ENC-62", harness.Documented, "a name of 257 characters", set("name", strings.Repeat("A", 257))},
	}
}

// sealWith encrypts a card under the target's field key with a header of its
// own making.
func (s *suite) sealWith(v any, issuedAt time.Time) string {
	GinkgoHelper()
	key, err := vts.NewSharedKey(s.visa().FieldKey().Credential())
	Expect(err).NotTo(HaveOccurred())
	sealed, err := key.SealJSON(v, issuedAt, nil)
	Expect(err).NotTo(HaveOccurred())
	return sealed
}

func (s *suite) enrols(ctx context.Context, sealed string) {
	GinkgoHelper()
	d := s.draft(token.VisaEnroll, "", s.enrolmentOf(sealed))
	d.Sign()
	d.Send(ctx).MustBeOneOf(s.created(), harness.Shape{{Path: "vPanEnrollmentID", Is: idRule}})
}

func (s *suite) opensShortHeader(ctx SpecContext) {
	s.enrols(ctx, s.sealWith(instrument(s.cfg.FreshCard(token.Visa)), time.Time{}))
}

func (s *suite) opensNumericExpiry(ctx SpecContext) {
	card := s.cfg.FreshCard(token.Visa)
	s.enrols(ctx, s.seal(map[string]any{
		"accountNumber":  card.Digits(),
		"expirationDate": map[string]int{"month": int(card.Expiry.Month), "year": card.Expiry.Year},
	}))
}

func (s *suite) sealsAgain(ctx SpecContext) {
	p := s.provision(ctx)
	var seen []string
	for range 3 {
		jwe := parts(s.pay(ctx, p).TokenInfo.EncTokenInfo)
		Expect(jwe).To(HaveLen(5), "encTokenInfo is no compact JWE")
		for n, what := range map[int]string{1: "encrypted key", 2: "iv", 3: "ciphertext"} {
			Expect(seen).NotTo(ContainElement(jwe[n]), "the %s came twice", what)
			seen = append(seen, jwe[n])
		}
	}
}

func (s *suite) sealsEightParameters(ctx SpecContext) {
	sealed := s.provision(ctx).answer.TokenInfo.EncTokenInfo
	if sealed == "" {
		harness.NotApplicable("the requestor is not entitled to see token numbers")
	}
	head, err := base64.RawURLEncoding.DecodeString(parts(sealed)[0])
	Expect(err).NotTo(HaveOccurred(), "the header is not base64url")
	broken := harness.Shape{
		{Path: "alg", Is: harness.Exactly("A256GCMKW")},
		{Path: "enc", Is: harness.Exactly("A256GCM")},
		{Path: "kid", Is: harness.Exactly(s.visa().FieldKey().APIKey)},
		{Path: "iv", Is: harness.Matching("[A-Za-z0-9_-]{16}", "base64url of 12 bytes")},
		{Path: "tag", Is: harness.Matching("[A-Za-z0-9_-]{22}", "base64url of 16 bytes")},
		{Path: "typ", Is: harness.Exactly("JOSE")},
		{Path: "channelSecurityContext", Is: harness.Exactly("SHARED_SECRET")},
		{Path: "iat", Is: harness.Matching("[0-9]{10}", "Unix seconds as a text")},
	}.Broken(head)
	Expect(broken).To(BeEmpty(), "the header of encTokenInfo")
}

func (s *suite) refusesRiskData(ctx SpecContext) {
	e := s.enrol(ctx)
	req := provisionRequest()
	req.ClientAppID, req.EncRiskDataInfo = "pantomime-harness", part(3, flip)(s, s.seal(vts.RiskData{{Name: vts.RiskExpiryMonth, Value: "12"}}))
	d := s.draft(token.VisaProvision, e.id, req)
	d.Sign()
	d.Send(ctx).MustBe(http.StatusBadRequest, at("encRiskDataInfo"))
}
