package server_test

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/mdes/server"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

const emptyHash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="

// Names of the codec's checks, as explain prints them.
const (
	checkHeader    = "authorization header"
	checkParams    = "oauth parameters"
	checkForms     = "oauth parameter forms"
	checkMethod    = "oauth signature method"
	checkKey       = "oauth consumer key"
	checkBodyHash  = "oauth body hash"
	checkSignature = "oauth signature"
)

// param changes one parameter of the header after signing; "" leaves it out.
func param(name, value string) func(*world, *sending) {
	return rewrite(func(header string) string {
		one := regexp.MustCompile(`(^OAuth |,)` + name + `="[^"]*"`)
		if value == "" {
			return strings.Replace(one.ReplaceAllString(header, "$1"), ",,", ",", 1)
		}
		return one.ReplaceAllString(header, "${1}"+name+`="`+value+`"`)
	})
}

func rewrite(change func(string) string) func(*world, *sending) {
	return func(_ *world, s *sending) { s.authorize = change }
}

// oauthFailures: what the client did, the gateway's answer as in
// docs/wire/mdes.md "Errors", and the check that explain names.
var oauthFailures = []struct {
	name   string
	do     func(w *world, s *sending)
	status int
	reason string
	check  string
}{
	{"there is no header", rewrite(func(string) string { return "" }), 401, "AUTHENTICATION_FAILED", checkHeader},
	{"the scheme is Bearer", rewrite(func(string) string { return "Bearer abc" }), 400, "INVALID_OAUTH_PARAMETER", checkHeader},
	{"the scheme is Basic", rewrite(func(string) string { return "Basic YTpi" }), 400, "INVALID_OAUTH_PARAMETER", checkHeader},
	{"nothing follows OAuth", rewrite(func(string) string { return "OAuth" }), 400, "MISSING_OAUTH_PARAMETER", checkParams},
	{"a value has no closing quote", rewrite(func(h string) string { return h[:len(h)-1] }), 400, "INVALID_OAUTH_PARAMETER", checkHeader},
	{"a parameter has no value", rewrite(func(h string) string { return h + ",realm" }), 400, "INVALID_OAUTH_PARAMETER", checkHeader},
	{"a parameter comes twice", rewrite(func(h string) string { return h + `,oauth_nonce="x"` }), 400, "INVALID_OAUTH_PARAMETER", checkHeader},
	{"a percent sign escapes nothing", param("oauth_nonce", "%zz"), 400, "INVALID_OAUTH_PARAMETER", checkHeader},
	{"the header is longer than anything real", rewrite(func(h string) string { return h + `,realm="` + strings.Repeat("a", 9000) + `"` }), 400, "INVALID_OAUTH_PARAMETER", checkHeader},
	{"no consumer key", param("oauth_consumer_key", ""), 400, "MISSING_OAUTH_PARAMETER", checkParams},
	{"no nonce", param("oauth_nonce", ""), 400, "MISSING_OAUTH_PARAMETER", checkParams},
	{"no timestamp", param("oauth_timestamp", ""), 400, "MISSING_OAUTH_PARAMETER", checkParams},
	{"no signature method", param("oauth_signature_method", ""), 400, "MISSING_OAUTH_PARAMETER", checkParams},
	{"no body hash", param("oauth_body_hash", ""), 400, "MISSING_OAUTH_PARAMETER", checkParams},
	{"no signature", param("oauth_signature", ""), 400, "MISSING_OAUTH_PARAMETER", checkParams},
	{"a nonce in header and query", func(_ *world, s *sending) { s.query = "oauth_nonce=x" }, 400, "INVALID_OAUTH_PARAMETER", checkForms}, // [G2]
	{"the version is 2.0", param("oauth_version", "2.0"), 400, "INVALID_OAUTH_PARAMETER", checkForms},
	{"the timestamp is a date", param("oauth_timestamp", "2026-07-14T12:00:00Z"), 400, "INVALID_OAUTH_PARAMETER", checkForms},
	{"the timestamp is negative", param("oauth_timestamp", "-1"), 400, "INVALID_OAUTH_PARAMETER", checkForms},
	{"the timestamp is in milliseconds", param("oauth_timestamp", "1735689600000"), 400, "INVALID_OAUTH_PARAMETER", checkForms},
	{"the signature is not base64", param("oauth_signature", "no*base64"), 400, "INVALID_OAUTH_PARAMETER", checkForms},
	{"the signature method is HMAC-SHA1", param("oauth_signature_method", "HMAC-SHA1"), 400, "INVALID_OAUTH_PARAMETER", checkMethod},
	{"the client id is unknown", func(_ *world, s *sending) {
		s.signer.ConsumerKey = mdes.ConsumerKey(strings.Repeat("a", 48) + "!" + strings.Repeat("0", 48))
	}, 401, "INVALID_CLIENT_ID", checkKey},
	{"the client id is known, its key is not", func(_ *world, s *sending) {
		s.signer.ConsumerKey = mdes.ConsumerKey(s.signer.ConsumerKey.ClientID() + "!" + strings.Repeat("0", 48))
	}, 401, "INVALID_KEY", checkKey},
	{"the consumer key has no key id", func(_ *world, s *sending) {
		s.signer.ConsumerKey = mdes.ConsumerKey(s.signer.ConsumerKey.ClientID())
	}, 401, "INVALID_KEY", checkKey},
	{"the body was changed after signing", func(_ *world, s *sending) {
		s.signBody, s.body = s.body, append(slices.Clone(s.body), ' ')
	}, 400, "INVALID_BODY_HASH", checkBodyHash},
	{"the body hash is that of an empty body", func(_ *world, s *sending) { s.signBody = []byte{} }, 400, "INVALID_BODY_HASH", checkBodyHash},
	{"the body hash was changed", param("oauth_body_hash", emptyHash), 400, "INVALID_BODY_HASH", checkBodyHash},
	{"the body hash is in hex", func(_ *world, s *sending) {
		sum := sha256.Sum256(s.body)
		param("oauth_body_hash", hex.EncodeToString(sum[:]))(nil, s)
	}, 400, "INVALID_BODY_HASH", checkBodyHash},
	{"the body hash lacks its padding", func(_ *world, s *sending) {
		sum := sha256.Sum256(s.body)
		param("oauth_body_hash", base64.RawStdEncoding.EncodeToString(sum[:]))(nil, s)
	}, 400, "INVALID_BODY_HASH", checkBodyHash},
	{"another private key signed", func(_ *world, s *sending) { s.signer.Key = fixtures.Key(20).Private }, 401, "AUTHENTICATION_FAILED", checkSignature},
	{"the requestor's encryption key signed", func(w *world, s *sending) { s.signer.Key = server.KeysOf(w.who).Requestor.Private }, 401, "AUTHENTICATION_FAILED", checkSignature},
	{"another path was signed", func(w *world, s *sending) { s.signURL = w.url + "/mdes/digitization/1/0/tokenize" }, 401, "AUTHENTICATION_FAILED", checkSignature},
	{"the path was signed without /mdes", func(w *world, s *sending) { s.signURL = w.url + strings.TrimPrefix(s.path, "/mdes") }, 401, "AUTHENTICATION_FAILED", checkSignature},
	{"another host was signed", func(_ *world, s *sending) { s.signURL = "http://api.mastercard.com" + s.path }, 401, "AUTHENTICATION_FAILED", checkSignature},
	{"another method was signed", func(_ *world, s *sending) { s.signMethod = http.MethodPut }, 401, "AUTHENTICATION_FAILED", checkSignature},
	{"a query was added after signing", func(w *world, s *sending) { s.signURL, s.query = w.url+s.path, "a=b" }, 401, "AUTHENTICATION_FAILED", checkSignature},
	{"the nonce was changed after signing", param("oauth_nonce", "AbCdEfGhIjKlMnOp"), 401, "AUTHENTICATION_FAILED", checkSignature},
	{"the timestamp was changed after signing", param("oauth_timestamp", strconv.FormatInt(stage.WallStart.Unix()+1, 10)), 401, "AUTHENTICATION_FAILED", checkSignature},
	{"the timestamp is eleven minutes old", signedAt(-11 * time.Minute), 400, "INVALID_OAUTH_PARAMETER", "oauth timestamp"},
	{"the timestamp is eleven minutes ahead", signedAt(11 * time.Minute), 400, "INVALID_OAUTH_PARAMETER", "oauth timestamp"},
	{"the version was left out after signing", param("oauth_version", ""), 401, "AUTHENTICATION_FAILED", checkSignature},
	{"the signature is another's", param("oauth_signature", base64.StdEncoding.EncodeToString(make([]byte, 256))), 401, "AUTHENTICATION_FAILED", checkSignature},
	{"the signature is too short", param("oauth_signature", "AAAA"), 401, "AUTHENTICATION_FAILED", checkSignature},
}

// signedAt signs by a clock that is off.
func signedAt(off time.Duration) func(*world, *sending) {
	return func(_ *world, s *sending) { s.signer.Wall = clock.NewFixed(stage.WallStart.Add(off)) }
}

func TestOAuth_Refused(t *testing.T) {
	w := newWorld(t)
	for _, c := range oauthFailures {
		t.Run(c.name, func(t *testing.T) {
			w := w.in(t)
			s := w.request(token.MCTokenize, w.tokenizeBody(goodPAN, nil))
			c.do(w, s)
			got := w.send(s)
			e := got.gateway(t)
			if got.Status != c.status || e.ReasonCode != c.reason || e.Source != "Gateway" || e.Recoverable || e.Details != nil {
				t.Errorf("%d %s, want %d %s", got.Status, got.Body, c.status, c.reason)
			}
			if got.Failed() != c.check || got.Entry.Problem != token.Key(c.reason) {
				t.Errorf("explain names %q, want %q: %+v", got.Failed(), c.check, got.Entry.Checks)
			}
			if got.Entry.Rule != "" || got.Entry.Entity != "" {
				t.Errorf("it reached the step: %+v", got.Entry)
			}
		})
	}
	if len(stage.Tokens(w.box)) != 0 || len(stage.Cards(w.box)) != 0 {
		t.Error("refused requests changed state")
	}
}

// The gateway prints the base string it would accept; whoever signs that gets in.
func TestOAuth_TheAcceptableBaseStringIsAcceptable(t *testing.T) {
	w := newWorld(t)
	s := w.request(token.MCTokenize, w.tokenizeBody(goodPAN, nil))
	var right string
	s.authorize = func(header string) string {
		right = header
		return regexp.MustCompile(`oauth_signature="[^"]*"`).ReplaceAllString(header, `oauth_signature="AAAA"`)
	}
	got := w.send(s)
	_, base, found := strings.Cut(got.gateway(t).Description, "Acceptable signature base string: ")
	if !found || !strings.HasPrefix(base, "POST&http%3A%2F%2F127.0.0.1%3A") || !strings.Contains(base, "%21") || strings.Contains(base, "%253D") {
		t.Fatalf("%s", got.Body)
	}
	again := w.request(token.MCTokenize, nil)
	again.body = s.body
	again.authorize = func(string) string {
		signature := url.QueryEscape(base64.StdEncoding.EncodeToString(rsaSign(t, server.KeysOf(w.who).Signing, base)))
		return regexp.MustCompile(`oauth_signature="[^"]*"`).ReplaceAllString(right, `oauth_signature="`+signature+`"`)
	}
	if got := w.send(again); got.Failed() != "" || got.Status != http.StatusOK {
		t.Errorf("%d %s %+v", got.Status, got.Body, got.Entry.Checks)
	}
}

func rsaSign(t *testing.T, key fixtures.KeyPair, base string) []byte {
	t.Helper()
	sum := sha256.Sum256([]byte(base))
	return stage.Must(rsa.SignPKCS1v15(nil, key.Private, crypto.SHA256, sum[:]))(t)
}

func TestOAuth_Accepted(t *testing.T) {
	for _, c := range []struct {
		name   string
		public string
		do     func(w *world, s *sending)
	}{
		{"as Mastercard's Go library signs", "", func(*world, *sending) {}},
		{"the parameters in another order", "", rewrite(func(h string) string {
			parts := strings.Split(strings.TrimPrefix(h, "OAuth "), ",")
			slices.Reverse(parts)
			return "OAuth " + strings.Join(parts, ", ")
		})},
		{"the body hash percent-encoded as well", "", rewrite(func(h string) string {
			before, rest, _ := strings.Cut(h, `oauth_body_hash="`)
			hash, after, _ := strings.Cut(rest, `"`)
			return before + `oauth_body_hash="` + url.QueryEscape(hash) + `"` + after
		})},
		{"a realm next to them", "", rewrite(func(h string) string { return strings.Replace(h, "OAuth ", `OAuth realm="x",`, 1) })},
		{"the form of RFC 5849", "", signRFC},
		{"a clock that is nine minutes late", "", signedAt(-9 * time.Minute)},
		{"the prefix of the sandbox signed", "", func(_ *world, s *sending) { s.path = "/s/default" + s.path }},
		{"the prefix of the sandbox not signed", "", func(w *world, s *sending) {
			s.signURL, s.path = w.url+s.path, "/s/default"+s.path
		}},
		{"https in front of us, set by a proxy", "", func(w *world, s *sending) {
			s.header.Set("X-Forwarded-Proto", "https")
			s.signURL = strings.Replace(w.url, "http:", "https:", 1) + s.path
		}},
		// [G3]
		{"https in front of us, set by two proxies", "", forwardedBy("X-Forwarded-Proto", "https, http", "https://127.0.0.1")},
		{"another host, set by a proxy", "", forwardedBy("X-Forwarded-Host", "api.example", "http://api.example")},
		{"scheme and host, set as RFC 7239 has it", "", forwardedBy("Forwarded", `for=_x;host="api.example:8443";proto=https`, "https://api.example:8443")},
		{"https in front of us, that no proxy set", "", forwardedBy("Via", "1.1 proxy", "https://127.0.0.1")},
		{"another host, set by Host", "", func(_ *world, s *sending) { s.host = "sandbox.api.mastercard.com" }},
		{"port 80 dropped, as the library does", "", func(_ *world, s *sending) {
			s.host, s.signURL = "mdes.example:80", "http://mdes.example"+s.path
		}},
		{"the public URL", "https://mock.example/network", func(_ *world, s *sending) {
			s.signURL = "https://mock.example/network" + s.path
		}},
		{"the public URL with a sandbox's prefix", "https://mock.example", func(_ *world, s *sending) {
			s.path = "/s/default" + s.path
			s.signURL = "https://mock.example" + s.path
		}},
		{"our own address in spite of a public URL", "https://mock.example", func(*world, *sending) {}},
		{"a query", "", func(_ *world, s *sending) { s.query = "b=2&a=1" }},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorldAt(t, c.public)
			s := w.request(token.MCTokenize, w.tokenizeBody(goodPAN, nil))
			c.do(w, s)
			if got := w.send(s); got.Status != http.StatusOK || got.Failed() != "" || got.refused(t).ErrorCode != "" {
				t.Errorf("%d %s %+v", got.Status, got.Body, got.Entry.Checks)
			}
		})
	}
}

// [G3] What a refusal prints is the URL that a forwarder named.
func TestOAuth_TheAcceptableBaseStringBehindAForwarder(t *testing.T) {
	for set, want := range map[string]string{"": "POST&https%3A%2F%2Fapi.example%2F", "forwarded-urls: false": "POST&http%3A%2F%2F127.0.0.1"} {
		w := switched(t, set)
		s := w.request(token.MCTokenize, w.tokenizeBody(goodPAN, nil))
		s.signer.Key = fixtures.Key(20).Private
		s.header.Set("Forwarded", "proto=https;host=api.example")
		if got := w.send(s).gateway(t).Description; !strings.Contains(got, "string: "+want) {
			t.Errorf("%q: %s", set, got)
		}
	}
}

// forwardedBy brings a header of a forwarder, and a signature over the URL as the
// client saw it; at 127.0.0.1 it saw our port.
func forwardedBy(header, value, base string) func(*world, *sending) {
	return func(w *world, s *sending) {
		s.header.Set(header, value)
		s.signURL = strings.Replace(base, "127.0.0.1", strings.TrimPrefix(w.url, "http://"), 1) + s.path
	}
}

// signRFC encodes each value once more before all are joined.
func signRFC(w *world, s *sending) {
	s.authorize = func(header string) string {
		escape := func(v string) string { return strings.ReplaceAll(url.QueryEscape(v), "+", "%20") }
		var pairs []string
		for _, one := range strings.Split(strings.TrimPrefix(header, "OAuth "), ",") {
			name, value, _ := strings.Cut(one, "=")
			if name != "oauth_signature" {
				pairs = append(pairs, name+"="+escape(strings.Trim(value, `"`)))
			}
		}
		slices.Sort(pairs)
		base := "POST&" + escape(w.url+s.path) + "&" + escape(strings.Join(pairs, "&"))
		sum := sha256.Sum256([]byte(base))
		signature, err := rsa.SignPKCS1v15(nil, server.KeysOf(w.who).Signing.Private, crypto.SHA256, sum[:])
		if err != nil {
			w.t.Fatal(err)
		}
		return regexp.MustCompile(`oauth_signature="[^"]*"`).ReplaceAllString(header,
			`oauth_signature="`+escape(base64.StdEncoding.EncodeToString(signature))+`"`)
	}
}

func TestOAuth_TheRequestorsModeDecidesHowStrictly(t *testing.T) {
	bad := param("oauth_nonce", "changed")
	none := rewrite(func(string) string { return "" })
	for _, c := range []struct {
		name  string
		auth  token.Auth
		do    func(*world, *sending)
		in    bool
		check string
	}{
		{"verify refuses a bad signature", token.AuthVerify, bad, false, checkSignature},
		{"verify refuses a missing one", token.AuthVerify, none, false, checkHeader},
		{"warn records a bad signature", token.AuthWarn, bad, true, checkSignature},
		{"warn records a missing one", token.AuthWarn, none, true, checkHeader},
		{"off does not look", token.AuthOff, bad, true, ""},
		{"off needs no header", token.AuthOff, none, true, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.who.Auth = c.auth
			s := w.request(token.MCTokenize, w.tokenizeBody(goodPAN, nil))
			c.do(w, s)
			got := w.send(s)
			if (got.Status == http.StatusOK) != c.in || got.Failed() != c.check {
				t.Errorf("%d, check %q: %s", got.Status, got.Failed(), got.Body)
			}
		})
	}
}

func TestPlace_AddressAndCredentialMustAgree(t *testing.T) {
	w := newWorld(t)
	qa := w.add("qa", "", "")
	for _, c := range []struct {
		name   string
		who    *sandbox.Requestor
		do     func(s *sending)
		status int
		reason string
		box    *sandbox.Sandbox // where it is journaled
		check  string
	}{
		{"the credential alone leads to its sandbox", qa.Requestors()[0], func(*sending) {}, 200, "", qa, ""},
		{"the header agrees", qa.Requestors()[0], func(s *sending) { s.header.Set(door.SandboxHeader, "qa") }, 200, "", qa, ""},
		{"the path agrees", qa.Requestors()[0], func(s *sending) { s.path = "/s/qa" + s.path }, 200, "", qa, ""},
		{"the host agrees", qa.Requestors()[0], func(s *sending) { s.host = "qa.localhost" }, 200, "", qa, ""},
		{"the header names another", w.who, func(s *sending) { s.header.Set(door.SandboxHeader, "qa") }, 401, "INVALID_CLIENT_ID", qa, "sandbox"},
		{"the path names another", qa.Requestors()[0], func(s *sending) { s.path = "/s/default" + s.path }, 401, "INVALID_CLIENT_ID", w.box, "sandbox"},
		{"an unknown sandbox", w.who, func(s *sending) { s.path = "/s/none" + s.path }, 404, "NOT_FOUND", nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := *w.in(t)
			w.who = c.who
			before := [2]int{len(stage.Tokens(w.box)), len(stage.Tokens(qa))}
			s := w.request(token.MCGetToken, about("DWSPMC000000000100000000000000000000000000000000", nil))
			c.do(s)
			got := w.send(s)
			if got.Status != c.status || c.reason != "" && got.gateway(t).ReasonCode != c.reason {
				t.Fatalf("%d %s", got.Status, got.Body)
			}
			if c.box != nil {
				e := stage.Last(c.box)
				check, _ := e.Checks.Failed()
				if check.Name != c.check || e.Sandbox != c.box.ID() {
					t.Errorf("journal of %s: %+v", c.box.ID(), e)
				}
			}
			if after := [2]int{len(stage.Tokens(w.box)), len(stage.Tokens(qa))}; after != before {
				t.Errorf("tokens %v, before %v", after, before)
			}
		})
	}
}
