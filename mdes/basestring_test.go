package mdes

import (
	"net/url"
	"strings"
	"testing"
)

func mustURL(t testing.TB, raw string) *url.URL {
	t.Helper()
	u, err := url.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

const vectorBody = `{"requestId":"req-0001","tokenUniqueReference":"DWSPMC0000000001aaaabbbbccccddddeeeeffff00001111","dsrpType":"UCAF"}`

const vectorBase = "POST&https%3A%2F%2Fsandbox.api.mastercard.com%2Fmdes%2Fremotetransaction%2Fstatic%2F1%2F0%2Ftransact" +
	"&oauth_body_hash%3D5FWDg1dat4V6kVBfKrM3QNhh2SPhnRIp14Nlwwj24Yc%3D%26oauth_consumer_key%3DfakeClientId000000000000000000000000000000000000" +
	"%210123456789abcdef0123456789abcdef0000000000000000%26oauth_nonce%3DAbCdEfGhIjKlMnOp%26oauth_signature_method%3DRSA-SHA256" +
	"%26oauth_timestamp%3D1735689600%26oauth_version%3D1.0"

// The worked example of docs/wire/mdes.md "Test data".
func TestBaseString_WorkedExample(t *testing.T) {
	if len(vectorBody) != 116 || len(vectorBase) != 412 {
		t.Fatalf("the example has %d and %d characters, want 116 and 412", len(vectorBody), len(vectorBase))
	}
	if got, want := bodyHash([]byte(vectorBody)), "5FWDg1dat4V6kVBfKrM3QNhh2SPhnRIp14Nlwwj24Yc="; got != want {
		t.Errorf("body hash %s, want %s", got, want)
	}
	u := mustURL(t, "https://sandbox.api.mastercard.com/mdes/remotetransaction/static/1/0/transact")
	params := oauthParams{
		{key: "oauth_version", value: "1.0"},
		{key: "oauth_nonce", value: "AbCdEfGhIjKlMnOp"},
		{key: "realm", value: "ignored"},
		{key: "oauth_timestamp", value: "1735689600"},
		{key: "oauth_signature", value: "ignored"},
		{key: "oauth_consumer_key", value: string(testKey)},
		{key: "oauth_body_hash", value: bodyHash([]byte(vectorBody))},
		{key: "oauth_signature_method", value: "RSA-SHA256"},
	}
	if got := baseString(FormMastercard, "post", u, params); got != vectorBase {
		t.Errorf("base string\n got %s\nwant %s", got, vectorBase)
	}
	rfc := baseString(FormRFC5849, "POST", u, params)
	if !strings.Contains(rfc, "Yc%253D%26") || !strings.Contains(rfc, "%252101234") {
		t.Errorf("RFC 5849 encodes = as %%253D and ! as %%2521: %s", rfc)
	}
}

func TestBodyHash_Vectors(t *testing.T) {
	for body, want := range map[string]string{
		"":              "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
		`{"foõ":"bar"}`: "+Z+PWW2TJDnPvRcTgol+nKO3LT7xm8smnsg+//XMIyI=",
	} {
		if got := bodyHash([]byte(body)); got != want {
			t.Errorf("hash of %q is %s, want %s", body, got, want)
		}
	}
}

// Cases of Mastercard's own signer tests, see docs/wire/mdes.md "Sources".
func TestBaseURL_Normalised(t *testing.T) {
	tests := []struct {
		name, url string
		form      BaseForm
		want      string
	}{
		{"an empty path becomes a slash", "https://www.example.net:8080", FormMastercard, "https://www.example.net:8080/"},
		{"escapes of the path stay", "http://EXAMPLE.COM:80/r%20v/X?id=123", FormMastercard, "http://example.com/r%20v/X"},
		{"port 443 is dropped", "https://api.mastercard.com:443/test?query=param", FormMastercard, "https://api.mastercard.com/test"},
		{"port 80 is dropped", "http://api.mastercard.com:80/test", FormMastercard, "http://api.mastercard.com/test"},
		{"another port stays", "https://api.mastercard.com:17443/test", FormMastercard, "https://api.mastercard.com:17443/test"},
		{"the fragment goes", "https://api.mastercard.com/test?query=param#fragment", FormMastercard, "https://api.mastercard.com/test"},
		{"scheme and host in lower case, path as it is", "HTTPS://API.MASTERCARD.COM/TEST", FormMastercard, "https://api.mastercard.com/TEST"},
		{"port 80 under https is dropped too", "https://api.mastercard.com:80/x", FormMastercard, "https://api.mastercard.com/x"},
		{"RFC 5849 keeps port 80 under https", "https://api.mastercard.com:80/x", FormRFC5849, "https://api.mastercard.com:80/x"},
		{"RFC 5849 drops port 443 under https", "https://api.mastercard.com:443/x", FormRFC5849, "https://api.mastercard.com/x"},
		{"RFC 5849 drops port 80 under http", "http://api.mastercard.com:80/x", FormRFC5849, "http://api.mastercard.com/x"},
		{"the kept port stays", "https://api.mastercard.com:443/x", FormKeptPort, "https://api.mastercard.com:443/x"},
		{"the kept port stays with a raw query", "https://api.mastercard.com:443/x", FormRawQueryKeptPort, "https://api.mastercard.com:443/x"},
		{"an IPv6 host keeps its colons", "http://[::1]:8480/x", FormMastercard, "http://[::1]:8480/x"},
		{"a raw query has no say in the port", "https://h:443/x", FormRawQuery, "https://h/x"},
		{"Java keeps another scheme's port", "https://h:80/x", FormJava, "https://h:80/x"},
		{"PHP drops it", "https://h:80/x", FormPHP, "https://h/x"},
		{"Node keeps every port", "http://127.0.0.1:80/x", FormNode, "http://127.0.0.1:80/x"},
		{"Ruby has no port at all", "http://127.0.0.1:8480/x", FormRuby, "http://127.0.0.1/x"},
		{"nor had Node at first", "http://[::1]:8480/x", FormNodeOld, "http://[::1]/x"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := baseURL(ruleOf(tt.form), mustURL(t, tt.url)); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestBaseString_Query(t *testing.T) {
	const head = "GET&https%3A%2F%2Fexample.com%2F&"
	tests := []struct {
		name, query string
		form        BaseForm
		want        string
	}{
		{"an encoded colon is encoded twice", "param=token1%3Atoken2", FormMastercard, "param%3Dtoken1%253Atoken2"},
		{"a bare colon is encoded once", "param=token1:token2", FormMastercard, "param%3Dtoken1%3Atoken2"},
		{"RFC 5849 encodes a bare colon twice", "param=token1:token2", FormRFC5849, "param%3Dtoken1%253Atoken2"},
		{"lower-case escapes become upper case", "colon=%3a", FormMastercard, "colon%3D%253A"},
		{"a raw query stays as sent", "colon=%3a", FormRawQuery, "colon%3D%253a"},
		{"sorted by key, then by value, in byte order", "b=b&A=a&A=A&B=B&a=A&a=a&0=0", FormMastercard, "0%3D0%26A%3DA%26A%3Da%26B%3DB%26a%3DA%26a%3Da%26b%3Db"},
		{"empty values and keys without a value", "empty&odd=&&offset=1", FormMastercard, "empty%3D%26odd%3D%26offset%3D1"},
		{"escapes that are none stay", "a=%zz", FormMastercard, "a%3D%2525zz"},
		// [G1] By the sources of Mastercard's libraries, see docs/wire/mdes.md "Authentication".
		{"Go: + is a space", "a=b+c&d=%3A", FormMastercard, "a%3Db%2520c%26d%3D%253A"},
		{"Java: + is data", "a=b+c&d=%3A", FormJava, "a%3Db%252Bc%26d%3D%253A"},
		{"Java leaves a query without escapes", "a=b+c", FormJava, "a%3Db%2Bc"},
		{"Java takes the query apart after decoding", "a=b%26c%3Dd", FormJava, "a%3Db%26c%3Dd"},
		{"C#: + is data", "a=b+c&d=%3A", FormCSharp, "a%3Db%252Bc%26d%3D%253A"},
		{"C# encodes what has no escapes", "param=token1:token2", FormCSharp, "param%3Dtoken1%253Atoken2"},
		{"Python: + is a space next to escapes", "a=b+c&d=%3A", FormPython, "a%3Db%2520c%26d%3D%253A"},
		{"Python: + stays without escapes", "a=b+c", FormPython, "a%3Db%2Bc"},
		{"Python sorts whole texts", "a1=1&a=2", FormPython, "a1%3D1%26a%3D2"},
		{"PHP encodes what is encoded", "a=b+c&d=%3A", FormPHP, "a%3Db%252Bc%26d%3D%25253A"},
		{"PHP sorts numbers as numbers", "a10=1&a2=10&a2=9", FormPHP, "a2%3D9%26a2%3D10%26a10%3D1"},
		{"Node leaves marks, but for the first * and !", "n=O'Brien!*!*", FormNode, "n%3DO'Brien%21%2A!*"},
		{"Node counts a pair once", "a=1&a=1", FormNode, "a%3D1"},
		{"Ruby sorts without letter case", "b=1&A=2", FormRuby, "A%3D2%26b%3D1"},
		{"Ruby encodes as web forms do", "n=~*", FormRuby, "n%3D%7E*"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := baseString(tt.form, "GET", mustURL(t, "https://example.com/?"+tt.query), nil)
			if got != head+tt.want {
				t.Errorf("got %s, want %s", got, head+tt.want)
			}
		})
	}
}

func TestPercentEncode(t *testing.T) {
	for in, want := range map[string]string{
		"Format=XML":                     "Format%3DXML",
		"WhqqH+TU95VgZMItpdq78BWb4cE=&o": "WhqqH%2BTU95VgZMItpdq78BWb4cE%3D%26o",
		"WhqqH+TU95VgZ~Itpdq78BWb4cE=&o": "WhqqH%2BTU95VgZ~Itpdq78BWb4cE%3D%26o",
		"-._~!'()* ":                     "-._~%21%27%28%29%2A%20",
		"ö":                              "%C3%B6",
		"nothing-to-do":                  "nothing-to-do",
	} {
		if got := percentEncode(in); got != want {
			t.Errorf("%q became %s, want %s", in, got, want)
		}
	}
}
