package vts

import (
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/simulator/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// The gateway's codes (docs/wire/vts.md "Authentication").
const (
	codeToken = "9159"
	codeKey   = "9201"
)

func (s *suite) authentication() {
	harness.Feature("authentication", "Authentication", func() {
		for _, row := range goodTokens() {
			harness.Check(row.id, row.basis, "accepts "+row.says, func(ctx SpecContext) {
				// Only what was let in is asked for a token that nobody has.
				row.call(ctx, s.reader()).MustBe(http.StatusNotFound, refusalShape(http.StatusNotFound, "invalidParameter"))
			})
		}
		for _, row := range append(badTokens(), badMessages()...) {
			harness.Check(row.id, row.basis, "refuses "+row.says, func(ctx SpecContext) {
				row.call(ctx, s.reader()).MustBe(http.StatusUnauthorized, gatewayShape(codeToken))
			}, badInput)
		}
		for _, row := range s.badKeys() {
			harness.Check(row.id, row.basis, "refuses "+row.says, func(ctx SpecContext) {
				row.call(ctx, s.reader()).MustBe(http.StatusUnauthorized, gatewayShape(codeKey))
			}, badInput)
		}
		for _, row := range badBodies() {
			harness.Check(row.id, row.basis, "refuses "+row.says, func(ctx SpecContext) {
				row.call(ctx, s.enroller()).MustBe(http.StatusUnauthorized, gatewayShape(codeToken))
			}, badInput)
		}
		harness.Check("V-AUTH-70", harness.Documented, "refuses a signature made for another path", s.refusesAnotherPath, badInput)
		harness.Check("V-AUTH-71", harness.Assumed, "takes a signature made with the encryption pair", s.signsWithEitherPair)
	})
}

// badInput labels checks that send what must be refused.
var badInput = Label("bad-input")

func goodTokens() []spoilt {
	return []spoilt{
		{id: "V-AUTH-01", basis: harness.Documented, says: "an x-pay-token of form xv2"},
		{id: "V-AUTH-02", basis: harness.Observed, says: "the parameter spelled apikey, hashed as sent", before: func(d *draft) {
			d.query = strings.Replace(d.query, "apiKey=", "apikey=", 1)
		}},
		{id: "V-AUTH-03", basis: harness.Observed, says: "further query parameters in the order sent", before: func(d *draft) {
			d.query = "zebra=1&" + d.query + "&alpha=2"
		}},
		{id: "V-AUTH-04", basis: harness.Documented, says: "a timestamp 7 minutes old", before: func(d *draft) { d.at = d.at.Add(-7 * time.Minute) }},
		{id: "V-AUTH-05", basis: harness.Documented, says: "a timestamp 7 minutes ahead", before: func(d *draft) { d.at = d.at.Add(7 * time.Minute) }},
		{id: "V-AUTH-06", basis: harness.Observed, says: "a signed GET with a content type", before: func(d *draft) {
			d.header.Set("Content-Type", "application/json;charset=utf-8")
		}},
		{id: "V-AUTH-07", basis: harness.Observed, says: "headers of other products beside", before: func(d *draft) {
			d.header.Set("X-SERVICE-CONTEXT", base64.StdEncoding.EncodeToString([]byte(`{"serviceId":"vts","serviceVersion":"1.0"}`)))
			d.header.Set("keyId", "00000000-0000-0000-0000-000000000000")
		}},
	}
}

// header replaces the x-pay-token after signing.
func header(change func(form, timestamp, sum string) string) func(*draft) {
	return func(d *draft) {
		parts := strings.Split(d.header.Get(vts.HeaderPayToken), ":")
		d.header.Set(vts.HeaderPayToken, change(parts[0], parts[1], parts[2]))
	}
}

func badTokens() []spoilt {
	return []spoilt{
		{id: "V-AUTH-20", basis: harness.Documented, says: "a request without x-pay-token", after: func(d *draft) { d.header.Del(vts.HeaderPayToken) }},
		{id: "V-AUTH-21", basis: harness.Documented, says: "a blank x-pay-token", after: func(d *draft) { d.header.Set(vts.HeaderPayToken, " ") }},
		{id: "V-AUTH-22", basis: harness.Documented, says: "two x-pay-tokens", after: func(d *draft) {
			d.header.Add(vts.HeaderPayToken, d.header.Get(vts.HeaderPayToken))
		}},
		{id: "V-AUTH-23", basis: harness.Documented, says: "an x-pay-token of two parts", after: header(func(form, _, sum string) string { return form + ":" + sum })},
		{id: "V-AUTH-24", basis: harness.Documented, says: "an x-pay-token of four parts", after: header(func(f, t, sum string) string { return f + ":" + t + ":" + sum + ":" })},
		{id: "V-AUTH-25", basis: harness.Documented, says: "a version that does not exist", after: header(func(_, t, sum string) string { return "xv3:" + t + ":" + sum })},
		{id: "V-AUTH-26", basis: harness.Assumed, says: "the older form x", after: func(d *draft) {
			d.header.Set(vts.HeaderPayToken, d.signer.SignX(d.at, vts.Message{Path: strings.TrimPrefix(d.path, "/"), Query: d.query, Body: d.body}))
		}},
		{id: "V-AUTH-27", basis: harness.Documented, says: "a timestamp that is no number", after: header(func(f, _, sum string) string { return f + ":yesterday:" + sum })},
		{id: "V-AUTH-28", basis: harness.Documented, says: "a negative timestamp", after: header(func(f, t, sum string) string { return f + ":-" + t + ":" + sum })},
		{id: "V-AUTH-29", basis: harness.Documented, says: "a timestamp in milliseconds", before: func(d *draft) {
			d.at = time.Unix(d.at.UnixMilli(), 0)
		}},
		{id: "V-AUTH-30", basis: harness.Documented, says: "a timestamp 9 minutes old", before: func(d *draft) { d.at = d.at.Add(-9 * time.Minute) }},
		{id: "V-AUTH-31", basis: harness.Documented, says: "a timestamp 9 minutes ahead", before: func(d *draft) { d.at = d.at.Add(9 * time.Minute) }},
		{id: "V-AUTH-32", basis: harness.Documented, says: "a timestamp changed by one second after signing", after: header(func(f, t, sum string) string {
			seconds, _ := strconv.ParseInt(t, 10, 64)
			return f + ":" + strconv.FormatInt(seconds+1, 10) + ":" + sum
		})},
		{id: "V-AUTH-33", basis: harness.Assumed, says: "a hash in upper case", after: header(func(f, t, sum string) string { return f + ":" + t + ":" + strings.ToUpper(sum) })},
		{id: "V-AUTH-34", basis: harness.Observed, says: "a hash in base64", after: header(func(f, t, sum string) string {
			raw, _ := hex.DecodeString(sum)
			return f + ":" + t + ":" + base64.StdEncoding.EncodeToString(raw)
		})},
		{id: "V-AUTH-35", basis: harness.Documented, says: "a hash cut short", after: header(func(f, t, sum string) string { return f + ":" + t + ":" + sum[:63] })},
		{id: "V-AUTH-36", basis: harness.Documented, says: "an empty hash", after: header(func(f, t, _ string) string { return f + ":" + t + ":" })},
		{id: "V-AUTH-37", basis: harness.Documented, says: "a hash with one digit changed", after: header(func(f, t, sum string) string {
			last := byte('0')
			if sum[63] == '0' {
				last = '1'
			}
			return f + ":" + t + ":" + sum[:63] + string(last)
		})},
	}
}

// badMessages are signatures over something else than what was sent.
func badMessages() []spoilt {
	signs := func(change func(*vts.Message)) func(*draft) {
		return func(d *draft) {
			d.signed = func(m vts.Message) vts.Message {
				change(&m)
				return m
			}
		}
	}
	return []spoilt{
		{id: "V-AUTH-40", basis: harness.Documented, says: "a signature made with another secret", before: func(d *draft) {
			d.signWith(harness.KeyPair{APIKey: d.s.visa().Signing.APIKey, Secret: "a-secret-that-nobody-was-given-00000000"})
		}},
		{id: "V-AUTH-41", basis: harness.Observed, says: "a path signed with its leading slash", before: signs(func(m *vts.Message) { m.Path = "/" + m.Path })},
		{id: "V-AUTH-42", basis: harness.Observed, says: "a path signed without its first segment", before: signs(func(m *vts.Message) { m.Path = strings.TrimPrefix(m.Path, "vts/") })},
		{id: "V-AUTH-43", basis: harness.Observed, says: "a query signed with its question mark", before: signs(func(m *vts.Message) { m.Query = "?" + m.Query })},
		{id: "V-AUTH-44", basis: harness.Documented, says: "a query signed in another spelling", before: signs(func(m *vts.Message) { m.Query = strings.Replace(m.Query, "apiKey", "apikey", 1) })},
		{id: "V-AUTH-45", basis: harness.Documented, says: "a query parameter added after signing", after: func(d *draft) { d.query += "&more=1" }},
		{id: "V-AUTH-46", basis: harness.Assumed, says: "a query whose order was changed after signing", before: func(d *draft) { d.query += "&more=1" }, after: func(d *draft) {
			first, rest, _ := strings.Cut(d.query, "&")
			d.query = rest + "&" + first
		}},
		{id: "V-AUTH-47", basis: harness.Documented, says: "a GET signed over a body that was not sent", before: signs(func(m *vts.Message) { m.Body = []byte("{}") })},
		{id: "V-AUTH-48", basis: harness.Documented, says: "a signature without the query", before: signs(func(m *vts.Message) { m.Query = "" })},
	}
}

func (s *suite) badKeys() []spoilt {
	return []spoilt{
		{id: "V-AUTH-50", basis: harness.Documented, says: "an API key that nobody has", before: func(d *draft) { d.query = "apiKey=NOBODYHASTHISKEY00000000000000000000000000000000" }},
		{id: "V-AUTH-51", basis: harness.Assumed, says: "the key with which the network signs its own calls", before: func(d *draft) {
			out := s.visa().Outbound
			if out == nil {
				harness.NotApplicable("the target file names no outbound key")
			}
			d.query = "apiKey=" + out.APIKey
			d.signWith(*out)
		}},
		{id: "V-AUTH-52", basis: harness.Documented, says: "an API key cut short", before: func(d *draft) { d.query = d.query[:len(d.query)-1] }},
	}
}

func badBodies() []spoilt {
	return []spoilt{
		{id: "V-AUTH-60", basis: harness.Documented, says: "a body with one byte changed after signing", after: func(d *draft) {
			d.body = []byte(strings.Replace(string(d.body), "en_US", "en_GB", 1))
		}},
		{id: "V-AUTH-61", basis: harness.Documented, says: "a body with a space added after signing", after: func(d *draft) { d.body = append(d.body, ' ') }},
		{id: "V-AUTH-62", basis: harness.Documented, says: "a body written anew after signing", after: func(d *draft) {
			d.body = []byte("{\n" + strings.TrimPrefix(string(d.body), "{"))
		}},
		{id: "V-AUTH-63", basis: harness.Documented, says: "a body dropped after signing", after: func(d *draft) { d.body = nil }},
		{id: "V-AUTH-64", basis: harness.Documented, says: "a request that names no API key", before: func(d *draft) { d.query = "" }},
	}
}

func (s *suite) refusesAnotherPath(ctx SpecContext) {
	one := s.reader()
	one.sign()
	two := s.draft(token.VisaGetToken, "11111111111111111111111111111111", nil)
	two.header = one.header
	two.send(ctx).MustBe(http.StatusUnauthorized, gatewayShape(codeToken))
}

// signsWithEitherPair: projects with one pair and projects with two exist, so
// either may be told to sign (docs/wire/vts.md "Authentication").
func (s *suite) signsWithEitherPair(ctx SpecContext) {
	if s.visa().Encryption == nil {
		harness.NotApplicable("the target file names one pair only")
	}
	d := s.reader()
	pair := s.visa().FieldKey()
	d.query = "apiKey=" + pair.APIKey
	d.signWith(pair)
	d.sign()
	Expect(d.send(ctx).Status).NotTo(Equal(http.StatusUnauthorized), "the encryption pair was refused for signing")
}
