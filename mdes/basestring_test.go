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
		{"oauth_version", "1.0"},
		{"oauth_nonce", "AbCdEfGhIjKlMnOp"},
		{"realm", "ignored"},
		{"oauth_timestamp", "1735689600"},
		{"oauth_signature", "ignored"},
		{"oauth_consumer_key", string(testKey)},
		{"oauth_body_hash", bodyHash([]byte(vectorBody))},
		{"oauth_signature_method", "RSA-SHA256"},
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
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := baseURL(tt.form, mustURL(t, tt.url)); got != tt.want {
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

func TestParseForms(t *testing.T) {
	for in, want := range map[string]Forms{"": FormsAll, "all": FormsAll, "mastercard": FormsMastercard, "rfc": FormsRFC} {
		if got, err := ParseForms(in); err != nil || got != want {
			t.Errorf("%q is %q, %v", in, got, err)
		}
	}
	if _, err := ParseForms("strict"); err == nil || !strings.Contains(err.Error(), "accepted are all, mastercard, rfc") {
		t.Errorf("an unknown choice must name the accepted ones: %v", err)
	}
}
