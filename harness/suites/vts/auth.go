package vts

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"

	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/token"
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
			harness.Check(row.ID, row.Basis, "accepts "+row.Says, func(ctx SpecContext) {
				// Only what was let in is asked for an unknown token.
				row.Call(ctx, s.reader()).MustBe(http.StatusNotFound, refusalShape(http.StatusNotFound, "invalidParameter"))
			})
		}
		for _, row := range append(badTokens(), badMessages()...) {
			harness.Check(row.ID, row.Basis, "refuses "+row.Says, func(ctx SpecContext) {
				row.Call(ctx, s.reader()).MustBe(http.StatusUnauthorized, gatewayShape(codeToken))
			}, harness.BadInput)
		}
		for _, row := range s.badKeys() {
			harness.Check(row.ID, row.Basis, "refuses "+row.Says, func(ctx SpecContext) {
				row.Call(ctx, s.reader()).MustBe(http.StatusUnauthorized, gatewayShape(codeKey))
			}, harness.BadInput)
		}
		for _, row := range badBodies() {
			harness.Check(row.ID, row.Basis, "refuses "+row.Says, func(ctx SpecContext) {
				row.Call(ctx, s.enroller()).MustBe(http.StatusUnauthorized, gatewayShape(codeToken))
			}, harness.BadInput)
		}
		harness.Check("V-AUTH-70", harness.Documented, "refuses a signature made for another path", s.refusesAnotherPath, harness.BadInput)
		harness.Check("V-AUTH-71", harness.Assumed, "takes a signature made with the encryption pair", s.signsWithEitherPair)
	})
}

func goodTokens() []altered {
	return []altered{
		{ID: "V-AUTH-01", Basis: harness.Documented, Says: "an x-pay-token of form xv2"},
		{ID: "V-AUTH-02", Basis: harness.Observed, Says: "the parameter spelled apikey, hashed as sent", Before: func(d *draft) {
			d.query = strings.Replace(d.query, "apiKey=", "apikey=", 1)
		}},
		{ID: "V-AUTH-03", Basis: harness.Observed, Says: "further query parameters in the order sent", Before: func(d *draft) {
			d.query = "zebra=1&" + d.query + "&alpha=2"
		}},
		{ID: "V-AUTH-04", Basis: harness.Documented, Says: "a timestamp 7 minutes old", Before: func(d *draft) { d.at = d.at.Add(-7 * time.Minute) }},
		{ID: "V-AUTH-05", Basis: harness.Documented, Says: "a timestamp 7 minutes ahead", Before: func(d *draft) { d.at = d.at.Add(7 * time.Minute) }},
		{ID: "V-AUTH-08", Basis: harness.Documented, Says: "an x-pay-token made by hand", After: func(d *draft) {
			d.signAt(strconv.FormatInt(d.at.Add(-time.Minute).Unix(), 10))
		}},
		{ID: "V-AUTH-06", Basis: harness.Observed, Says: "a signed GET with a content type", Before: func(d *draft) {
			d.Header.Set("Content-Type", "application/json;charset=utf-8")
		}},
		{ID: "V-AUTH-07", Basis: harness.Observed, Says: "headers of other products as well", Before: func(d *draft) {
			d.Header.Set("X-SERVICE-CONTEXT", base64.StdEncoding.EncodeToString([]byte(`{"serviceId":"vts","serviceVersion":"1.0"}`)))
			d.Header.Set("keyId", "00000000-0000-0000-0000-000000000000")
		}},
	}
}

// header replaces the x-pay-token after signing.
func header(change func(form, timestamp, sum string) string) func(*draft) {
	return func(d *draft) {
		parts := strings.Split(d.Header.Get(vts.HeaderPayToken), ":")
		d.Header.Set(vts.HeaderPayToken, change(parts[0], parts[1], parts[2]))
	}
}

// signAt signs for any timestamp, which the client cannot: only the rule about
// it can refuse the request then, and not the signature.
func (d *draft) signAt(timestamp string) {
	sum := hmac.New(sha256.New, []byte(d.s.visa().Signing.Secret))
	sum.Write([]byte(timestamp + strings.TrimPrefix(d.path, "/") + d.query + string(d.Body)))
	d.Header.Set(vts.HeaderPayToken, "xv2:"+timestamp+":"+hex.EncodeToString(sum.Sum(nil)))
}

func badTokens() []altered {
	return []altered{
		{ID: "V-AUTH-20", Basis: harness.Documented, Says: "a request without x-pay-token", After: func(d *draft) { d.Header.Del(vts.HeaderPayToken) }},
		{ID: "V-AUTH-21", Basis: harness.Documented, Says: "a blank x-pay-token", After: func(d *draft) { d.Header.Set(vts.HeaderPayToken, " ") }},
		{ID: "V-AUTH-22", Basis: harness.Documented, Says: "two x-pay-tokens", After: func(d *draft) {
			d.Header.Add(vts.HeaderPayToken, d.Header.Get(vts.HeaderPayToken))
		}},
		{ID: "V-AUTH-23", Basis: harness.Documented, Says: "an x-pay-token of two parts", After: header(func(form, _, sum string) string { return form + ":" + sum })},
		{ID: "V-AUTH-24", Basis: harness.Documented, Says: "an x-pay-token of four parts", After: header(func(f, t, sum string) string { return f + ":" + t + ":" + sum + ":" })},
		{ID: "V-AUTH-25", Basis: harness.Documented, Says: "a version that does not exist", After: header(func(_, t, sum string) string { return "xv3:" + t + ":" + sum })},
		{ID: "V-AUTH-26", Basis: harness.Assumed, Says: "the older form x", After: func(d *draft) {
			d.Header.Set(vts.HeaderPayToken, d.signer.SignX(d.at, vts.Message{Path: strings.TrimPrefix(d.path, "/"), Query: d.query, Body: d.Body}))
		}},
		{ID: "V-AUTH-27", Basis: harness.Documented, Says: "a timestamp that is no number", After: func(d *draft) { d.signAt("yesterday") }},
		{ID: "V-AUTH-28", Basis: harness.Documented, Says: "a negative timestamp", After: func(d *draft) { d.signAt("-1") }},
		{ID: "V-AUTH-29", Basis: harness.Documented, Says: "a timestamp in milliseconds", Before: func(d *draft) {
			d.at = time.Unix(d.at.UnixMilli(), 0)
		}},
		{ID: "V-AUTH-30", Basis: harness.Documented, Says: "a timestamp 9 minutes old", Before: func(d *draft) { d.at = d.at.Add(-9 * time.Minute) }},
		{ID: "V-AUTH-31", Basis: harness.Documented, Says: "a timestamp 9 minutes ahead", Before: func(d *draft) { d.at = d.at.Add(9 * time.Minute) }},
		{ID: "V-AUTH-32", Basis: harness.Documented, Says: "a timestamp changed by one second after signing", After: header(func(f, t, sum string) string {
			seconds, _ := strconv.ParseInt(t, 10, 64)
			return f + ":" + strconv.FormatInt(seconds+1, 10) + ":" + sum
		})},
		{ID: "V-AUTH-33", Basis: harness.Assumed, Says: "a hash in upper case", After: header(func(f, t, sum string) string { return f + ":" + t + ":" + strings.ToUpper(sum) })},
		{ID: "V-AUTH-34", Basis: harness.Observed, Says: "a hash in base64", After: header(func(f, t, sum string) string {
			raw, _ := hex.DecodeString(sum)
			return f + ":" + t + ":" + base64.StdEncoding.EncodeToString(raw)
		})},
		{ID: "V-AUTH-35", Basis: harness.Documented, Says: "a hash cut short", After: header(func(f, t, sum string) string { return f + ":" + t + ":" + sum[:63] })},
		{ID: "V-AUTH-36", Basis: harness.Documented, Says: "an empty hash", After: header(func(f, t, _ string) string { return f + ":" + t + ":" })},
		{ID: "V-AUTH-37", Basis: harness.Documented, Says: "a hash with one digit changed", After: header(func(f, t, sum string) string {
			last := byte('0')
			if sum[63] == '0' {
				last = '1'
			}
			return f + ":" + t + ":" + sum[:63] + string(last)
		})},
	}
}

// badMessages are signatures over something else than what was sent.
func badMessages() []altered {
	signs := func(change func(*vts.Message)) func(*draft) {
		return func(d *draft) {
			d.signed = func(m vts.Message) vts.Message {
				change(&m)
				return m
			}
		}
	}
	return []altered{
		{ID: "V-AUTH-40", Basis: harness.Documented, Says: "a signature made with another secret", Before: func(d *draft) {
			d.signWith(harness.KeyPair{APIKey: d.s.visa().Signing.APIKey, Secret: "a-secret-that-nobody-was-given-00000000"})
		}},
		{ID: "V-AUTH-41", Basis: harness.Observed, Says: "a path signed with its leading slash", Before: signs(func(m *vts.Message) { m.Path = "/" + m.Path })},
		{ID: "V-AUTH-42", Basis: harness.Observed, Says: "a path signed without its first segment", Before: signs(func(m *vts.Message) { m.Path = strings.TrimPrefix(m.Path, "vts/") })},
		{ID: "V-AUTH-43", Basis: harness.Observed, Says: "a query signed with its question mark", Before: signs(func(m *vts.Message) { m.Query = "?" + m.Query })},
		{ID: "V-AUTH-44", Basis: harness.Documented, Says: "a query signed in another spelling", Before: signs(func(m *vts.Message) { m.Query = strings.Replace(m.Query, "apiKey", "apikey", 1) })},
		{ID: "V-AUTH-45", Basis: harness.Documented, Says: "a query parameter added after signing", After: func(d *draft) { d.query += "&more=1" }},
		{ID: "V-AUTH-46", Basis: harness.Assumed, Says: "a query whose order was changed after signing", Before: func(d *draft) { d.query += "&more=1" }, After: func(d *draft) {
			first, rest, _ := strings.Cut(d.query, "&")
			d.query = rest + "&" + first
		}},
		{ID: "V-AUTH-47", Basis: harness.Documented, Says: "a GET signed over a body that was not sent", Before: signs(func(m *vts.Message) { m.Body = []byte("{}") })},
		{ID: "V-AUTH-48", Basis: harness.Documented, Says: "a signature without the query", Before: signs(func(m *vts.Message) { m.Query = "" })},
	}
}

func (s *suite) badKeys() []altered {
	return []altered{
		{ID: "V-AUTH-50", Basis: harness.Documented, Says: "an unknown API key", Before: func(d *draft) { d.query = "apiKey=NOBODYHASTHISKEY00000000000000000000000000000000" }},
		{ID: "V-AUTH-51", Basis: harness.Assumed, Says: "the key with which the network signs its own calls", Before: func(d *draft) {
			out := s.visa().Outbound
			if out == nil {
				harness.NotApplicable("the target file names no outbound key")
			}
			d.query = "apiKey=" + out.APIKey
			d.signWith(*out)
		}},
		{ID: "V-AUTH-52", Basis: harness.Documented, Says: "an API key cut short", Before: func(d *draft) { d.query = d.query[:len(d.query)-1] }},
	}
}

func badBodies() []altered {
	return []altered{
		{ID: "V-AUTH-60", Basis: harness.Documented, Says: "a body with one byte changed after signing", After: func(d *draft) {
			d.Body = []byte(strings.Replace(string(d.Body), "en_US", "en_GB", 1))
		}},
		{ID: "V-AUTH-61", Basis: harness.Documented, Says: "a body with a space added after signing", After: func(d *draft) { d.Body = append(d.Body, ' ') }},
		{ID: "V-AUTH-62", Basis: harness.Documented, Says: "a body written again after signing", After: func(d *draft) {
			d.Body = []byte("{\n" + strings.TrimPrefix(string(d.Body), "{"))
		}},
		{ID: "V-AUTH-63", Basis: harness.Documented, Says: "a body dropped after signing", After: func(d *draft) { d.Body = nil }},
		{ID: "V-AUTH-64", Basis: harness.Documented, Says: "a request that names no API key", Before: func(d *draft) { d.query = "" }},
	}
}

func (s *suite) refusesAnotherPath(ctx SpecContext) {
	one := s.reader()
	one.Sign()
	two := s.draft(token.VisaGetToken, "11111111111111111111111111111111", nil)
	two.Header = one.Header
	two.Send(ctx).MustBe(http.StatusUnauthorized, gatewayShape(codeToken))
}

// signsWithEitherPair: projects with one pair and projects with two exist, so
// either may be set to sign (docs/wire/vts.md "Authentication"). Only what was
// let in is asked for an unknown token.
func (s *suite) signsWithEitherPair(ctx SpecContext) {
	if s.visa().Encryption == nil {
		harness.NotApplicable("the target file names one pair only")
	}
	d := s.reader()
	pair := s.visa().FieldKey()
	d.query = "apiKey=" + pair.APIKey
	d.signWith(pair)
	d.Sign()
	d.Send(ctx).MustBe(http.StatusNotFound, refusalShape(http.StatusNotFound, "invalidParameter"))
}
