package mdes

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// signAs signs the example with one form of the base string.
func signAs(t testing.TB, form BaseForm, u *url.URL) SignedRequest {
	t.Helper()
	r := signedExample(t)
	params, err := parseAuthorization(r.Authorization)
	if err != nil {
		t.Fatal(err)
	}
	digest := sha256.Sum256([]byte(baseString(form, "POST", u, params)))
	signature, err := rsa.SignPKCS1v15(nil, privateKey(t, "signing"), crypto.SHA256, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	params = slices.DeleteFunc(params, func(p pair) bool { return p.key == "oauth_signature" })
	return SignedRequest{Method: "POST", URLs: []*url.URL{u}, Authorization: writeAuthorization(params, signature), Body: []byte(vectorBody)}
}

// Two URLs: in each form but one the first has a base string of its own, in that
// one the second.
const (
	formURL      = "https://h.example:443/mdes/x?z=%3a&b2=c+d&b10=%7E&b='*"
	plainFormURL = "https://h.example:443/mdes/x?z=a:b"
)

func TestVerify_FormSwitch(t *testing.T) {
	gateway := []BaseForm{FormMastercard, FormRawQuery, FormKeptPort, FormRawQueryKeptPort}
	others := []BaseForm{FormJava, FormCSharp, FormPython, FormPHP, FormNode, FormNodeOld, FormRuby}
	accepted := map[Forms][]BaseForm{
		FormsAll:        slices.Concat(gateway, others, []BaseForm{FormRFC5849}),
		FormsMastercard: gateway,
		FormsRFC:        {FormRFC5849},
	}
	for forms, good := range accepted {
		for _, form := range accepted[FormsAll] {
			u, v := mustURL(t, formURL), testVerifier(t)
			if form == FormCSharp {
				u = mustURL(t, plainFormURL)
			}
			v.Forms = forms
			got := v.Verify(signAs(t, form, u), signedAt)
			if want := slices.Contains(good, form); got.OK() != want {
				t.Errorf("%s given %s: failure %q, want accepted %v", forms, form, got.Failure, want)
			}
			if got.OK() && (got.Form != form || got.BaseString == "") {
				t.Errorf("%s reports form %q, want %s", forms, got.Form, form)
			}
		}
	}
}

// [G1] Some clients encode the body hash and sign what they wrote. The gateway
// prints such values unchanged, so no switch but that to the RFC refuses them.
func TestVerify_ValuesAsSent(t *testing.T) {
	r := signedExample(t)
	r.Authorization = strings.Replace(r.Authorization, "24Yc=", "24Yc%3D", 1)
	params, err := parseAuthorization(r.Authorization)
	if err != nil {
		t.Fatal(err)
	}
	base := strings.Replace(vectorBase, "24Yc%3D", "24Yc%253D", 1)
	base = strings.Replace(base, "AbCdEfGhIjKlMnOp", params.get("oauth_nonce"), 1)
	digest := sha256.Sum256([]byte(base))
	signature, err := rsa.SignPKCS1v15(nil, privateKey(t, "signing"), crypto.SHA256, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	r.Authorization = cutSignature(r.Authorization) + percentEncode(base64.StdEncoding.EncodeToString(signature)) + `"`
	for forms, want := range map[Forms]BaseForm{FormsAll: FormValuesAsSent, FormsMastercard: FormValuesAsSent, FormsRFC: ""} {
		v := testVerifier(t)
		v.Forms = forms
		if got := v.Verify(r, signedAt); got.Form != want || got.OK() != (want != "") {
			t.Errorf("%s: %q, form %q, want %q", forms, got.Failure, got.Form, want)
		}
	}
}

func TestVerify_CandidateURLs(t *testing.T) {
	u := mustURL(t, transactURL)
	r := signAs(t, FormMastercard, u)
	wrong := func(n int) []*url.URL {
		var urls []*url.URL
		for i := range n {
			urls = append(urls, mustURL(t, "http://127.0.0.1:8480/"+strings.Repeat("x", i)))
		}
		return urls
	}
	r.URLs = append(wrong(maxSeenURLs-1), u)
	if got := testVerifier(t).Verify(r, signedAt); !got.OK() || got.URL != transactURL {
		t.Errorf("the last URL that is looked at holds: %+v", got)
	}
	r.URLs = append(wrong(maxSeenURLs), u)
	got := testVerifier(t).Verify(r, signedAt)
	if got.Failure != FailSignature {
		t.Errorf("one more is not tried: %q", got.Failure)
	}
	if !strings.HasPrefix(got.BaseString, "POST&http%3A%2F%2F127.0.0.1%3A8480%2F&") {
		t.Errorf("the acceptable base string is of the likeliest URL: %s", got.BaseString)
	}
}

func TestSeenBy(t *testing.T) {
	tests := []struct {
		name, target, host, public string
		tls                        bool
		header                     http.Header
		want                       []string
	}{
		{"plain", "/mdes/x?a=%3a", "127.0.0.1:8480", "", false, nil, []string{"http://127.0.0.1:8480/mdes/x?a=%3a", "https://127.0.0.1:8480/mdes/x?a=%3a"}},
		{"tls", "/mdes/x", "h.example", "", true, nil, []string{"https://h.example/mdes/x"}},
		{"behind a proxy that says so", "/mdes/x", "h.example", "", false, proto("https"), []string{"http://h.example/mdes/x", "https://h.example/mdes/x"}},
		{"behind two proxies", "/mdes/x", "h.example", "", false, proto("https, http"), []string{"http://h.example/mdes/x", "https://h.example/mdes/x"}},
		{"an unknown scheme", "/mdes/x", "h.example", "", false, proto("gopher"), []string{"http://h.example/mdes/x", "https://h.example/mdes/x"}},
		{"a forwarded host", "/mdes/x", "10.0.0.7", "", false, http.Header{"X-Forwarded-Host": {"API.example"}, "X-Forwarded-Proto": {"https"}}, []string{
			"http://10.0.0.7/mdes/x", "https://api.example/mdes/x", "http://api.example/mdes/x", "https://10.0.0.7/mdes/x",
		}},
		{"the header of RFC 7239", "/mdes/x", "10.0.0.7", "", false, http.Header{"Forwarded": {`for=192.0.2.60;proto=https;Host="api.example:8443", for=10.1.1.1`}}, []string{
			"http://10.0.0.7/mdes/x", "https://api.example:8443/mdes/x", "http://api.example:8443/mdes/x", "https://10.0.0.7/mdes/x",
		}},
		{"more hops than are believed", "/x", "h", "", true, http.Header{"X-Forwarded-Host": {"a, b", "c"}}, []string{"https://h/x", "https://a/x", "https://b/x"}},
		{"a public address", "/mdes/x", "10.0.0.7:80", "https://api.mastercard.com", false, nil, []string{
			"https://api.mastercard.com/mdes/x", "http://10.0.0.7:80/mdes/x", "https://10.0.0.7:80/mdes/x",
		}},
		{"a public address with a path", "/mdes/x", "10.0.0.7", "https://h.example/deep/", true, nil, []string{"https://h.example/deep/mdes/x", "https://10.0.0.7/mdes/x"}},
		{"the public address is the host", "/mdes/x", "h.example", "https://h.example", true, nil, []string{"https://h.example/mdes/x"}},
		{"escapes of the path stay", "/mdes/a%2Fb", "h.example", "", true, nil, []string{"https://h.example/mdes/a%2Fb"}},
		{"the proxy's absolute form", "http://api.mastercard.com/mdes/x", "api.mastercard.com", "", false, nil, []string{"http://api.mastercard.com/mdes/x", "https://api.mastercard.com/mdes/x"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest("GET", tt.target, nil)
			r.Host, r.TLS = tt.host, nil
			if tt.tls {
				r.TLS = &tls.ConnectionState{}
			}
			if tt.header != nil {
				r.Header = tt.header
			}
			var public *url.URL
			if tt.public != "" {
				public = mustURL(t, tt.public)
			}
			r.URL.Path = "/rewritten" // the handler's view must not matter
			if got := texts(SeenBy(r, public).URLs()); !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			alone := SeenBy(r, public)
			alone.Forwarded = false
			for _, u := range texts(alone.URLs()) {
				if !strings.HasPrefix(u, alone.Scheme+"://"+tt.host+"/") && (tt.public == "" || !strings.HasPrefix(u, strings.TrimSuffix(tt.public, "/"))) {
					t.Errorf("%s, though no proxy is believed", u)
				}
			}
		})
	}
}

func proto(value string) http.Header { return http.Header{"X-Forwarded-Proto": {value}} }

func texts(urls []*url.URL) []string {
	var out []string
	for _, u := range urls {
		out = append(out, u.String())
	}
	return out
}

// TestSigner_OverHTTP signs a real request and verifies it on the other side.
func TestSigner_OverHTTP(t *testing.T) {
	var got Verification
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body := new(bytes.Buffer)
		_, _ = body.ReadFrom(r.Body)
		got = testVerifier(t).Verify(SignedRequest{Method: r.Method, URLs: SeenBy(r, nil).URLs(), Authorization: r.Header.Get("Authorization"), Body: body.Bytes()}, signedAt)
	}))
	defer server.Close()
	for _, host := range []string{"", "one.localhost:8480"} {
		req, err := http.NewRequest("POST", server.URL+"/s/one/mdes/a%2Fb?x=y", strings.NewReader(vectorBody))
		if err != nil {
			t.Fatal(err)
		}
		if host != "" {
			req.Host = host
		}
		if err := testSigner(t).Sign(req, []byte(vectorBody)); err != nil {
			t.Fatal(err)
		}
		answer, err := server.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if !got.OK() || got.Form != FormMastercard {
			t.Errorf("host %q: %+v", host, got)
		}
	}
}

func TestVerification_Gateway(t *testing.T) {
	if status, body := (Verification{}).Gateway(); status != 0 || body.Errors.Error != nil {
		t.Errorf("no failure, yet %d %+v", status, body)
	}
	type answer struct {
		Failure Failure
		Status  int
		Body    GatewayErrors
	}
	var answers []answer
	for _, f := range []Failure{FailHeaderMissing, FailHeader, FailParamMissing, FailParam, FailMethod, FailTimestamp, FailClient, FailKey, FailBodyHash, FailSignature, FailNonce} {
		v := Verification{Failure: f, Param: "oauth_nonce", BaseString: "POST&https%3A%2F%2Fh&x", CalculatedBodyHash: "AAA=", ReceivedBodyHash: "BBB="}
		status, body := v.Gateway()
		answers = append(answers, answer{f, status, body})
	}
	golden(t, "gateway.json", answers)

	answers = nil
	for _, f := range []Failure{FailHeaderMissing, FailHeader, FailParamMissing, FailParam, FailClient, FailKey, FailBodyHash, FailSignature, FailNonce} {
		v := Verification{Failure: f, Param: "oauth_nonce", BaseString: "POST&https%3A%2F%2Fh&x", CalculatedBodyHash: "AAA=", ReceivedBodyHash: "BBB="}
		status, body := v.GatewayAs(GatewayStatuses{Signature: 403, Parameter: 401})
		answers = append(answers, answer{f, status, body})
	}
	golden(t, "gateway-other-statuses.json", answers)

	_, plain := Verification{Failure: FailSignature, BaseString: "POST&https%3A%2F%2Fh&x"}.Gateway()
	raw, err := json.Marshal(plain)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"Errors":{"Error":[{"Source":"Gateway","ReasonCode":"AUTHENTICATION_FAILED","Description":"OAuth signatures did not match. Acceptable signature base string: POST\u0026https%3A%2F%2Fh\u0026x","Recoverable":false,"Details":null}]}}`
	if string(raw) != want {
		t.Errorf("got %s, want %s", raw, want)
	}
}
