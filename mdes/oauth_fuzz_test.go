package mdes

import (
	"net/url"
	"strings"
	"testing"
)

func FuzzParseAuthorization(f *testing.F) {
	f.Add(signedExample(f).Authorization)
	for _, seed := range []string{"", "OAuth", "OAuth a=b", `OAuth a="b=c",d="e%2Ff"`, `OAuth realm="x", a="`, `OAuth a="%zz"`, "oauth =,=,", `OAuth a==b,c="+"`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		params, err := parseAuthorization(header)
		if err != nil {
			if len(err.Error()) > 600 {
				t.Errorf("an error of %d characters", len(err.Error()))
			}
			return
		}
		if len(params) > maxOAuthParams {
			t.Errorf("%d parameters", len(params))
		}
		// Written again in percent-encoding, the same parameters must come back.
		var parts []string
		for _, p := range params {
			parts = append(parts, percentEncode(p.key)+`="`+percentEncode(p.value)+`"`)
		}
		again, err := parseAuthorization("OAuth " + strings.Join(parts, ", "))
		if err != nil && !strings.Contains(err.Error(), "at most") {
			t.Fatalf("%q: %v", parts, err)
		}
		for i := range again {
			if again[i].key != params[i].key || again[i].value != params[i].value {
				t.Errorf("%v became %v", params[i], again[i])
			}
		}
	})
}

// What net/url reads in a path, and what it refuses there, is the measure.
func FuzzPercentDecode(f *testing.F) {
	for _, seed := range []string{"", "plain", "a%2Fb+c%3d%3D", "%", "%2", "%zz", "%00%ff", "a%25"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		want, err := url.PathUnescape(s)
		if got, ok := percentDecode(s); ok != (err == nil) || got != want {
			t.Errorf("%q is %q, %t; net/url says %q, %v", s, got, ok, want, err)
		}
	})
}

func FuzzVerify(f *testing.F) {
	r := signedExample(f)
	f.Add("POST", transactURL, r.Authorization, []byte(vectorBody))
	f.Add("GET", "http://h:80?a=%zz&&=", "OAuth oauth_signature_method=RSA-SHA256", []byte(nil))
	v := testVerifier(f)
	f.Fuzz(func(t *testing.T, method, rawURL, header string, body []byte) {
		u, err := url.Parse(rawURL)
		if err != nil {
			return
		}
		got := v.Verify(SignedRequest{Method: method, URLs: []*url.URL{u}, Authorization: header, Body: body}, signedAt)
		if _, failed := got.Checks().Failed(); failed == got.OK() {
			t.Errorf("failure %q and checks %+v disagree", got.Failure, got.Checks())
		}
		if got.OK() && string(body) != vectorBody {
			t.Errorf("a changed body passed: %q", body)
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	r, v := signedExample(b), testVerifier(b)
	b.ReportAllocs()
	for b.Loop() {
		if !v.Verify(r, signedAt).OK() {
			b.Fatal("refused")
		}
	}
}

func BenchmarkSign(b *testing.B) {
	s, u := testSigner(b), mustURL(b, transactURL)
	s.Rand = nil
	for b.Loop() {
		if _, err := s.Header("POST", u, []byte(vectorBody)); err != nil {
			b.Fatal(err)
		}
	}
}
