package mdes

import (
	"context"
	"crypto/rsa"
	"net/http"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/mdes"
)

// refusedBy is a row with the gateway's answer to it.
type refusedBy struct {
	altered
	statuses []int
	reason   string // "": not public
}

func (s *suite) authentication() {
	harness.Feature("authentication", "Authentication", func() {
		for _, row := range goodSignatures() {
			harness.Check(row.ID, row.Basis, "accepts "+row.Says, func(ctx SpecContext) {
				// Only what was let in is asked for an unknown token.
				s.mustRefuse(row.Call(ctx, s.reader()), mdes.InvalidTokenUniqueReference)
			})
		}
		for _, row := range append(append(badSignatures(), s.badKeys()...), badParameters()...) {
			harness.Check(row.ID, row.Basis, "refuses "+row.Says, func(ctx SpecContext) { s.refusedByGateway(ctx, row) }, harness.BadInput)
		}
		for _, row := range badHashes() {
			harness.Check(row.ID, row.Basis, "refuses "+row.Says, func(ctx SpecContext) { s.refusedByGateway(ctx, row) }, harness.BadInput)
		}
		harness.Check("M-AUTH-70", harness.Observed, "names the base string it would accept when signatures differ", s.tellsBaseString)
		harness.Check("M-AUTH-71", harness.Observed, "names both hashes when the body hash differs", s.tellsHashes)
		harness.Check("M-AUTH-72", harness.Observed, "asks for a body hash with GET too", s.getNeedsHash, harness.BadInput)
		harness.Check("M-AUTH-73", harness.Assumed, "refuses a requestor id that is not the caller's", s.refusesForeignTRID, harness.BadInput)
	})
}

func goodSignatures() []altered {
	return []altered{
		{ID: "M-AUTH-01", Basis: harness.Observed, Says: "a signature over once-encoded parameters"},
		{ID: "M-AUTH-02", Basis: harness.Observed, Says: "parameters in another order", After: func(d *draft) {
			list := strings.Split(strings.TrimPrefix(d.Header.Get("Authorization"), "OAuth "), ",")
			for i, j := 0, len(list)-1; i < j; i, j = i+1, j-1 {
				list[i], list[j] = list[j], list[i]
			}
			d.Header.Set("Authorization", "OAuth "+strings.Join(list, ","))
		}},
		{ID: "M-AUTH-05", Basis: harness.Observed, Says: "a header signed again by hand", After: (*draft).resign},
		{ID: "M-AUTH-03", Basis: harness.Observed, Says: "a body hash that is percent-encoded", After: func(d *draft) {
			raw := d.Header.Get("Authorization")
			_, rest, _ := strings.Cut(raw, `oauth_body_hash="`)
			hash, _, _ := strings.Cut(rest, `"`)
			d.param("oauth_body_hash", strings.NewReplacer("+", "%2B", "/", "%2F", "=", "%3D").Replace(hash))
		}},
		{ID: "M-AUTH-04", Basis: harness.Observed, Says: "spaces behind the commas", After: func(d *draft) {
			d.Header.Set("Authorization", strings.ReplaceAll(d.Header.Get("Authorization"), ",", ", "))
		}},
	}
}

func badSignatures() []refusedBy {
	unauthorized := []int{http.StatusUnauthorized, http.StatusForbidden}
	signs := func(id, says string, over signed) refusedBy {
		return refusedBy{altered{ID: id, Basis: harness.Observed, Says: says, Before: func(d *draft) { d.signed = over }}, unauthorized, mdes.GatewayAuthenticationFailed}
	}
	return []refusedBy{
		signs("M-AUTH-20", "a signature made for another method", signed{method: http.MethodPut}),
		signs("M-AUTH-21", "a signature made for another host", signed{url: "https://sandbox.api.mastercard.com/mdes/digitization/static/1/0/getToken"}),
		{altered{ID: "M-AUTH-22", Basis: harness.Observed, Says: "a signature made for another path", Before: func(d *draft) {
			d.signed.url = strings.Replace(d.url, "getToken", "suspend", 1)
		}}, unauthorized, mdes.GatewayAuthenticationFailed},
		{altered{ID: "M-AUTH-23", Basis: harness.Observed, Says: "a query added after signing", After: func(d *draft) { d.url += "?more=1" }}, unauthorized, mdes.GatewayAuthenticationFailed},
		{altered{ID: "M-AUTH-24", Basis: harness.Observed, Says: "a nonce changed after signing", After: func(d *draft) { d.param("oauth_nonce", "AbCdEfGhIjKlMnOp") }}, unauthorized, mdes.GatewayAuthenticationFailed},
		{altered{ID: "M-AUTH-25", Basis: harness.Observed, Says: "a timestamp changed after signing", After: (*draft).second}, unauthorized, mdes.GatewayAuthenticationFailed},
		{altered{ID: "M-AUTH-26", Basis: harness.Observed, Says: "a signature of another length", After: func(d *draft) { d.param("oauth_signature", "QUJDRA%3D%3D") }}, unauthorized, mdes.GatewayAuthenticationFailed},
		{altered{ID: "M-AUTH-27", Basis: harness.Assumed, Says: "a request without Authorization", After: func(d *draft) { d.Header.Del("Authorization") }}, append(unauthorized, http.StatusBadRequest), ""},
		{altered{ID: "M-AUTH-28", Basis: harness.Assumed, Says: "another scheme of authorization", After: func(d *draft) {
			d.Header.Set("Authorization", "Bearer abcdefghijklmnop")
		}}, append(unauthorized, http.StatusBadRequest), ""},
		{altered{ID: "M-AUTH-29", Basis: harness.Assumed, Says: "an Authorization header without parameters", After: func(d *draft) { d.Header.Set("Authorization", "OAuth ") }}, append(unauthorized, http.StatusBadRequest), ""},
	}
}

// badKeys are good signatures by somebody else.
func (s *suite) badKeys() []refusedBy {
	unauthorized := []int{http.StatusUnauthorized, http.StatusForbidden}
	key := func(change func(client, id string) string) func(*draft) {
		return func(d *draft) {
			own := d.signer.ConsumerKey
			d.signer.ConsumerKey = mdes.ConsumerKey(change(own.ClientID(), own.KeyID()))
		}
	}
	return []refusedBy{
		{altered{ID: "M-AUTH-30", Basis: harness.Observed, Says: "a signature made with another private key", Before: func(d *draft) { d.signer.Key = s.anotherKey() }}, unauthorized, mdes.GatewayAuthenticationFailed},
		{altered{ID: "M-AUTH-31", Basis: harness.Observed, Says: "an unknown client id", Before: key(func(_, id string) string {
			return strings.Repeat("x", 48) + "!" + id
		})}, unauthorized, mdes.GatewayInvalidClientID},
		{altered{ID: "M-AUTH-32", Basis: harness.Assumed, Says: "a key id that the client does not have", Before: key(func(client, _ string) string {
			return client + "!" + strings.Repeat("0", 48)
		})}, unauthorized, ""},
		{altered{ID: "M-AUTH-33", Basis: harness.Assumed, Says: "a consumer key without its key id", Before: key(func(client, _ string) string { return client })}, append(unauthorized, http.StatusBadRequest), ""},
	}
}

// anotherKey is a private key that the network does not know as a signing key.
func (s *suite) anotherKey() *rsa.PrivateKey {
	GinkgoHelper()
	keys := s.keys()
	Expect(keys.Decryption.Equal(keys.Signing)).To(BeFalse(), "the target uses one key for everything")
	return keys.Decryption
}

// badParameter are the statuses of what is wrong in the header or with the body
// hash: which one it is, is not public.
var badParameter = []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden}

func badParameters() []refusedBy {
	var rows []refusedBy
	for _, name := range []string{
		"oauth_consumer_key", "oauth_nonce", "oauth_timestamp", "oauth_signature_method", "oauth_body_hash", "oauth_signature",
	} {
		rows = append(rows, refusedBy{altered{ID: "M-AUTH-40-" + name, Basis: harness.Documented, Says: "a request without " + name, After: func(d *draft) {
			d.param(name, "")
			if name != "oauth_signature" {
				d.resign()
			}
		}}, badParameter, ""})
	}
	wrong := []struct{ id, name, value, says string }{
		{"M-AUTH-50", "oauth_signature_method", "HMAC-SHA1", "the signature method HMAC-SHA1"},
		{"M-AUTH-51", "oauth_signature_method", "PLAINTEXT", "the signature method PLAINTEXT"},
		{"M-AUTH-52", "oauth_version", "2.0", "version 2.0 of OAuth"},
		{"M-AUTH-53", "oauth_timestamp", "yesterday", "a timestamp that is no number"},
		{"M-AUTH-54", "oauth_timestamp", "-1", "a negative timestamp"},
		{"M-AUTH-55", "oauth_signature", "not base64", "a signature that is no base64"},
	}
	for _, w := range wrong {
		rows = append(rows, refusedBy{altered{ID: w.id, Basis: harness.Documented, Says: w.says, After: func(d *draft) {
			d.param(w.name, w.value)
			if w.name != "oauth_signature" {
				d.resign()
			}
		}}, badParameter, ""})
	}
	return rows
}

func badHashes() []refusedBy {
	row := func(id, says string, before, after func(*draft)) refusedBy {
		return refusedBy{altered{ID: id, Basis: harness.Observed, Says: says, Before: before, After: after}, badParameter, mdes.GatewayInvalidBodyHash}
	}
	return []refusedBy{
		row("M-AUTH-60", "a body changed after signing", nil, func(d *draft) {
			d.Body = []byte(strings.Replace(string(d.Body), "DWSPMC00", "DWSPMC01", 1))
		}),
		row("M-AUTH-61", "a body with a space added after signing", nil, func(d *draft) { d.Body = append(d.Body, ' ') }),
		row("M-AUTH-62", "a body dropped after signing", nil, func(d *draft) { d.Body = nil }),
		row("M-AUTH-63", "the hash of an empty body", func(d *draft) { d.signed.body = func([]byte) []byte { return nil } }, nil),
	}
}

func (s *suite) refusedByGateway(ctx context.Context, row refusedBy) {
	GinkgoHelper()
	reason := harness.Rule(harness.Text)
	if row.reason != "" {
		reason = harness.Exactly(row.reason)
	}
	row.Call(ctx, s.reader()).MustBeOneOf(row.statuses, gatewayShape(reason))
}

// description is that of the gateway's error.
func description(a harness.Answer) string {
	GinkgoHelper()
	var body mdes.GatewayErrors
	a.Read(&body)
	return harness.First(body.Errors.Error, "Errors.Error").Description
}

func (s *suite) tellsBaseString(ctx SpecContext) {
	row := altered{Before: func(d *draft) { d.signer.Key = s.anotherKey() }}
	text := description(row.Call(ctx, s.reader()))
	_, base, found := strings.Cut(text, "cceptable signature base string: ")
	Expect(found).To(BeTrue(), "the description is %q", text)
	Expect(base).To(HavePrefix("POST&http"))
	Expect(base).To(ContainSubstring("getToken&oauth_body_hash%3D"))
	Expect(base).To(ContainSubstring("%21"), "the consumer key is not encoded once")
}

func (s *suite) tellsHashes(ctx SpecContext) {
	d := s.reader()
	d.Sign()
	d.Body = nil
	// The hash of nothing is one everybody knows.
	Expect(description(d.Send(ctx))).To(And(
		ContainSubstring("Calculated: 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="), ContainSubstring("Received: ")))
}

func (s *suite) getNeedsHash(ctx SpecContext) {
	d := s.draft("mastercard/getAsset", "00000000-0000-0000-0000-000000000000", nil)
	d.Sign()
	d.param("oauth_body_hash", "")
	d.resign()
	d.Send(ctx).MustBeOneOf(badParameter, gatewayShape(harness.Text))
}

func (s *suite) refusesForeignTRID(ctx SpecContext) {
	req := s.tokenizeBody(s.sealed(funding(s.cfg.FreshCard("mastercard"))))
	req.TokenRequestorID = "98765432101"
	d := s.draft("mastercard/tokenize", "", req)
	d.Sign()
	s.mustRefuse(d.Send(ctx), mdes.AuthorizationFailed)
}
