package mdes

import (
	"bytes"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/clock"
)

const transactURL = "https://sandbox.api.mastercard.com/mdes/remotetransaction/static/1/0/transact"

var signedAt = time.Unix(1735689600, 0)

func testSigner(t testing.TB) Signer {
	t.Helper()
	return Signer{ConsumerKey: testKey, Key: privateKey(t, "signing"), Wall: clock.NewFixed(signedAt), Rand: bytes.NewReader(make([]byte, 4096))}
}

func testVerifier(t testing.TB) Verifier {
	t.Helper()
	return Verifier{Lookup: Keys{testKey: &privateKey(t, "signing").PublicKey}.Lookup}
}

// signedExample is the worked example, signed.
func signedExample(t testing.TB) SignedRequest {
	t.Helper()
	u := mustURL(t, transactURL)
	header, err := testSigner(t).Header("POST", u, []byte(vectorBody))
	if err != nil {
		t.Fatal(err)
	}
	return SignedRequest{Method: "POST", URLs: []*url.URL{u}, Authorization: header, Body: []byte(vectorBody)}
}

func TestVerify_Accepts(t *testing.T) {
	r := signedExample(t)
	parts := strings.Split(strings.TrimPrefix(r.Authorization, "OAuth "), ",")
	tests := []struct {
		name   string
		header string
	}{
		{"what the signer writes", r.Authorization},
		{"any order, with spaces and line breaks", "oauth " + strings.Join([]string{parts[6], parts[2], parts[0], parts[5], parts[1], parts[4], parts[3]}, ", \t")},
		{"a realm and a comma at the end", `OAuth realm="https://x",` + strings.Join(parts, ",") + ","},
		{"every value percent-encoded", strings.ReplaceAll(r.Authorization, `Yc="`, `Yc%3D"`)},
		{"values without quotes", strings.ReplaceAll(r.Authorization, `"`, "")},
		{"a bare plus in the signature", strings.ReplaceAll(r.Authorization, "%2B", "+")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := r
			r.Authorization = tt.header
			got := testVerifier(t).Verify(r, time.Time{})
			if !got.OK() || got.Form != FormMastercard || got.URL != transactURL || got.ConsumerKey != testKey {
				t.Errorf("%+v", got)
			}
			if len(got.Checks()) != 8 {
				t.Errorf("%d checks, want one a step: %+v", len(got.Checks()), got.Checks())
			}
		})
	}
}

// swap returns the example with one piece of its header replaced.
func swap(old, with string) func(*SignedRequest) {
	return func(r *SignedRequest) { r.Authorization = strings.Replace(r.Authorization, old, with, 1) }
}

func header(h string) func(*SignedRequest) { return func(r *SignedRequest) { r.Authorization = h } }

// refusedSignature is a change to the signed example, and what is said of it.
type refusedSignature struct {
	name    string
	change  func(*SignedRequest)
	failure Failure
	param   string
	says    string // part of the failing check
}

// refusedHeaders cannot be read.
var refusedHeaders = []refusedSignature{
	{"no header", header(""), FailHeaderMissing, "", "no Authorization header"},
	{"blanks for a header", header("  "), FailHeaderMissing, "", "no Authorization header"},
	{"another scheme", header("Bearer abc"), FailHeader, "", "does not begin with OAuth"},
	{"a parameter without a value", header("OAuth abc"), FailHeader, "", `"abc" has no value`},
	{"an open quote", header(`OAuth oauth_nonce="abc`), FailHeader, "", "no closing quote"},
	{"a broken escape", header(`OAuth oauth_nonce="a%2"`), FailHeader, "", "not percent-encoded"},
	{"a broken escape in a name", header(`OAuth oauth%zz="a"`), FailHeader, "", "name"},
	{"a parameter without a name", header(`OAuth ="a"`), FailHeader, "", "no name"},
	{"a parameter twice", swap("OAuth ", `OAuth oauth_nonce="1",`), FailHeader, "", "comes twice"},
	{"too long a header", header("OAuth " + strings.Repeat("a", 9000)), FailHeader, "", "at most 8192"},
	{"too many parameters", header("OAuth " + manyParams(33)), FailHeader, "", "more than 32"},
}

// refusedParams are missing, or not of their form.
var refusedParams = []refusedSignature{
	{"the scheme alone", header("OAuth"), FailParamMissing, "oauth_consumer_key", "oauth_consumer_key"},
	{"no consumer key", swap("oauth_consumer_key", "consumer_key"), FailParamMissing, "oauth_consumer_key", "oauth_consumer_key"},
	{"no nonce", swap("oauth_nonce", "nonce"), FailParamMissing, "oauth_nonce", "oauth_nonce"},
	{"no timestamp", swap("oauth_timestamp", "timestamp"), FailParamMissing, "oauth_timestamp", ""},
	{"no signature method", swap("oauth_signature_method", "x"), FailParamMissing, "oauth_signature_method", ""},
	{"no body hash", swap("oauth_body_hash", "x"), FailParamMissing, "oauth_body_hash", "that of the empty string"},
	{"no signature", swap("oauth_signature=", "x="), FailParamMissing, "oauth_signature", ""},
	{"an empty nonce", swap(`oauth_nonce="0000000000000000"`, `oauth_nonce=""`), FailParamMissing, "oauth_nonce", ""},
	{"version 2", swap(`"1.0"`, `"2.0"`), FailParam, "oauth_version", `"1.0"`},
	{"a timestamp in words", swap("1735689600", "now"), FailParam, "oauth_timestamp", "seconds since 1970"},
	{"a timestamp in nanoseconds", swap("1735689600", "1735689600000000000"), FailParam, "oauth_timestamp", "seconds"},
	{"a negative timestamp", swap("1735689600", "-5"), FailParam, "oauth_timestamp", "seconds"},
	{"a nonce in the query as well", func(r *SignedRequest) { r.URLs[0].RawQuery = "a=1&oauth%5Fnonce=2" }, FailParam, "oauth_nonce", "in the query"}, // [G2]
	{"a signature in no base64", swap("oauth_signature=\"", "oauth_signature=\"*"), FailParam, "oauth_signature", "standard base64"},
}

// refusedKeys name an unknown method, client or key.
var refusedKeys = []refusedSignature{
	{"HMAC", swap("RSA-SHA256", "HMAC-SHA256"), FailMethod, "oauth_signature_method", `"HMAC-SHA256"`},
	{"SHA-1", swap("RSA-SHA256", "RSA-SHA1"), FailMethod, "oauth_signature_method", "RSA-SHA256"},
	{"another client", swap("fakeClientId", "otherClient0"), FailClient, "", "before the !"},
	{"another key of the client", swap("!0123", "!9999"), FailKey, "", "after the !"},
	{"a consumer key cut at the !", swap("!0123456789abcdef0123456789abcdef0000000000000000", ""), FailKey, "", ""},
}

// refusedContents were signed otherwise than they came.
var refusedContents = []refusedSignature{
	{"a changed body", func(r *SignedRequest) { r.Body = []byte(strings.Replace(vectorBody, "UCAF", "UCAG", 1)) }, FailBodyHash, "", "character 1"},
	{"a line break after the body", func(r *SignedRequest) { r.Body = append(bytes.Clone(r.Body), '\n') }, FailBodyHash, "", "exact bytes"},
	{"the hash of an empty body", swap("5FWDg1dat4V6kVBfKrM3QNhh2SPhnRIp14Nlwwj24Yc=", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="), FailBodyHash, "", "empty body"},
	{"the hash without padding", swap("4Yc=", "4Yc"), FailBodyHash, "", "lacks its padding"},
	{"a changed nonce", swap("0000000000000000\",oauth_signature_method", "0000000000000001\",oauth_signature_method"), FailSignature, "", "another private key signed, or the client saw another URL than " + transactURL},
	{"an added parameter", swap("OAuth ", `OAuth oauth_token="",`), FailSignature, "", ""},
	{"another method", func(r *SignedRequest) { r.Method = "PUT" }, FailSignature, "", "PUT&https"},
	{"another path", func(r *SignedRequest) { r.URLs[0].Path += "x" }, FailSignature, "", "transactx"},
	{"another host", func(r *SignedRequest) { r.URLs[0].Host = "localhost:8480" }, FailSignature, "", "localhost%3A8480"},
	{"an added query", func(r *SignedRequest) { r.URLs[0].RawQuery = "a=1" }, FailSignature, "", "a%3D1"},
	{"a cut signature", swap("%3D%3D\"", "\""), FailParam, "oauth_signature", ""},
	{"a short signature", func(r *SignedRequest) { r.Authorization = cutSignature(r.Authorization) + `YWJj"` }, FailSignature, "", ""},
	{"PSS asked for a PKCS #1 signature", swap("RSA-SHA256", "RSA-PSS"), FailSignature, "", ""},
	{"no URL", func(r *SignedRequest) { r.URLs = nil }, FailSignature, "", "not known"},
}

func TestVerify_Refuses(t *testing.T) {
	for _, tt := range slices.Concat(refusedHeaders, refusedParams, refusedKeys, refusedContents) {
		t.Run(tt.name, func(t *testing.T) {
			r := signedExample(t)
			before := r.Authorization + string(r.Body) + r.Method
			tt.change(&r)
			if r.Authorization+string(r.Body)+r.Method == before && len(r.URLs) == 1 && r.URLs[0].String() == transactURL {
				t.Fatal("the case changes nothing")
			}
			got := testVerifier(t).Verify(r, signedAt)
			if got.Failure != tt.failure || got.Param != tt.param {
				t.Fatalf("failure %q param %q, want %q %q", got.Failure, got.Param, tt.failure, tt.param)
			}
			check, failed := got.Checks().Failed()
			if !failed {
				t.Fatal("no check failed")
			}
			text := strings.Join([]string{check.Expected, check.Received, check.Difference, check.Hint}, "\n")
			if !strings.Contains(text, tt.says) {
				t.Errorf("the check does not say %q:\n%s", tt.says, text)
			}
			if status, body := got.Gateway(); status < 400 || len(body.Errors.Error) != 1 {
				t.Errorf("gateway answers %d %+v", status, body)
			}
		})
	}
}

// [G2] What is taken by default, and not where the header is checked exactly.
func TestVerify_ExactHeader(t *testing.T) {
	for name, change := range map[string]struct {
		do   func(*SignedRequest)
		says string
	}{
		"as the libraries write it":     {func(*SignedRequest) {}, ""},
		"a value without quotes":        {swap(`"1.0"`, "1.0"), "double quotes"},
		"a signature as it was encoded": {func(r *SignedRequest) { r.Authorization = strings.ReplaceAll(r.Authorization, "%2B", "+") }, "not percent-encoded"},
	} {
		r, v := signedExample(t), testVerifier(t)
		change.do(&r)
		if got := v.Verify(r, signedAt); !got.OK() {
			t.Errorf("%s: %+v", name, got)
		}
		v.Exact = true
		got := v.Verify(r, signedAt)
		check, _ := got.Checks().Failed()
		if got.OK() != (change.says == "") || !strings.Contains(check.Received, change.says) {
			t.Errorf("%s, checked exactly: %+v", name, got)
		}
	}
	two := ReadAuthorization("OAuth a=b", "OAuth a=b")
	if got := testVerifier(t).Verify(SignedRequest{Read: two}, signedAt); got.Failure != FailHeader {
		t.Errorf("two headers: %+v", got)
	}
}

func manyParams(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("p" + strings.Repeat("x", i) + `="1",`)
	}
	return b.String()
}

func cutSignature(h string) string {
	return h[:strings.Index(h, `oauth_signature="`)+len(`oauth_signature="`)]
}

func TestBodyHashHint(t *testing.T) {
	body := []byte("d") // its hash holds + and /, so that the alphabets differ
	sum := sha256.Sum256(body)
	std := base64.StdEncoding.EncodeToString(sum[:])
	if !strings.Contains(std, "+") || !strings.Contains(std, "/") {
		t.Fatalf("%s distinguishes no alphabet from another", std)
	}
	tests := []struct{ name, received, says string }{
		{"empty body", bodyHash(nil), "empty body"},
		{"URL-safe", base64.URLEncoding.EncodeToString(sum[:]), "URL-safe"},
		{"URL-safe without padding", base64.RawURLEncoding.EncodeToString(sum[:]), "URL-safe"},
		{"hex", hex.EncodeToString(sum[:]), "in hex"},
		{"hex in upper case", strings.ToUpper(hex.EncodeToString(sum[:])), "in hex"},
		{"without padding", strings.TrimRight(std, "="), "padding"},
		{"plus became space", strings.ReplaceAll(std, "+", " "), "became a space"},
		{"something else", "abc", "exact bytes"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := bodyHashHint(body, tt.received); !strings.Contains(got, tt.says) {
				t.Errorf("%q does not say %q", got, tt.says)
			}
		})
	}
}

func TestFirstDifference(t *testing.T) {
	for _, tt := range []struct{ expected, received, want string }{
		{"abc", "abc", ""},
		{"abc", "abd", `character 3: expected 'c', received 'd'`},
		{"abc", "ab", "the first 2 characters agree; expected 3 in all, received 2"},
		{"", "x", "the first 0 characters agree; expected 0 in all, received 1"},
	} {
		if got := firstDifference(tt.expected, tt.received); got != tt.want {
			t.Errorf("%q against %q: %q, want %q", tt.expected, tt.received, got, tt.want)
		}
	}
}

func TestVerify_Window(t *testing.T) {
	v := testVerifier(t)
	tests := []struct {
		name   string
		window time.Duration
		now    time.Time
		want   Failure
	}{
		{"no window, ten years later", 0, signedAt.AddDate(10, 0, 0), ""},
		{"within, later", 5 * time.Minute, signedAt.Add(5 * time.Minute), ""},
		{"within, earlier", 5 * time.Minute, signedAt.Add(-5 * time.Minute), ""},
		{"too late", 5 * time.Minute, signedAt.Add(5*time.Minute + time.Second), FailTimestamp},
		{"from the future", 5 * time.Minute, signedAt.Add(-5*time.Minute - time.Second), FailTimestamp},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v.Window = tt.window
			got := v.Verify(signedExample(t), tt.now)
			if got.Failure != tt.want {
				t.Errorf("failure %q, want %q", got.Failure, tt.want)
			}
			if tt.want != "" && got.Param != "oauth_timestamp" {
				t.Errorf("parameter %q", got.Param)
			}
		})
	}
}

func TestVerify_LookupAnswers(t *testing.T) {
	tests := []struct {
		name   string
		lookup KeyLookup
		want   Failure
	}{
		{"none at all", nil, FailClient},
		{"an error of its own", func(ConsumerKey) (*rsa.PublicKey, error) { return nil, errors.New("database is down") }, FailClient},
		{"no key and no error", func(ConsumerKey) (*rsa.PublicKey, error) { return nil, nil }, FailClient},
		{"an unknown key", func(ConsumerKey) (*rsa.PublicKey, error) { return nil, ErrUnknownKey }, FailKey},
		{"another key", func(ConsumerKey) (*rsa.PublicKey, error) { return &privateKey(t, "network").PublicKey, nil }, FailSignature},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := (Verifier{Lookup: tt.lookup}).Verify(signedExample(t), signedAt); got.Failure != tt.want {
				t.Errorf("failure %q, want %q", got.Failure, tt.want)
			}
		})
	}
}

func TestSigner_Refuses(t *testing.T) {
	full := testSigner(t)
	tests := []struct {
		name   string
		signer Signer
		url    string
		says   string
	}{
		{"no private key", Signer{ConsumerKey: testKey, Wall: full.Wall}, transactURL, "no private key"},
		{"no consumer key", Signer{Key: full.Key, Wall: full.Wall}, transactURL, "no consumer key"},
		{"no clock", Signer{ConsumerKey: testKey, Key: full.Key}, transactURL, "no clock"},
		{"a path for a URL", full, "/mdes", "not absolute"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := tt.signer.Header(http.MethodGet, mustURL(t, tt.url), nil)
			if !errors.Is(err, ErrSigner) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("%v", err)
			}
		})
	}
	full.Rand = bytes.NewReader(nil)
	if _, err := full.Header(http.MethodGet, mustURL(t, transactURL), nil); err == nil || !strings.Contains(err.Error(), "nonce") {
		t.Errorf("an empty source of randomness: %v", err)
	}
}
