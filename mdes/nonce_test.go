package mdes

import (
	"fmt"
	"testing"
)

func TestVerify_ANonceIsGoodOnce(t *testing.T) {
	noted := map[string]int{}
	v := testVerifier(t)
	v.Again = func(key ConsumerKey, timestamp int64, nonce string) bool {
		one := fmt.Sprint(key, timestamp, nonce)
		noted[one]++
		return noted[one] > 1
	}
	r := signedExample(t)
	if got := v.Verify(r, signedAt); !got.OK() || len(got.Checks()) != 9 {
		t.Fatalf("the first time: %+v", got)
	}
	got := v.Verify(r, signedAt)
	check, _ := got.Checks().Failed()
	if got.Failure != FailNonce || got.Param != "oauth_nonce" || check.Name != "oauth nonce" || check.Received != `"0000000000000000"` {
		t.Errorf("again: %+v", got)
	}
	r.Body = []byte("{}")
	if got := v.Verify(r, signedAt); got.Failure != FailBodyHash || noted[fmt.Sprint(testKey, signedAt.Unix(), "0000000000000000")] != 2 {
		t.Errorf("a bad request notes its nonce: %+v, %v", got, noted)
	}
}

func TestAuthorization_ConsumerKey(t *testing.T) {
	for header, want := range map[string]ConsumerKey{
		signedExample(t).Authorization:     testKey,
		`OAuth oauth_consumer_key="a%21b"`: "a!b",
		`OAuth oauth_nonce="1"`:            "",
		`OAuth oauth_consumer_key="open`:   "",
		"Bearer abc":                       "",
		"":                                 "",
		`oauth  oauth_consumer_key="x!y",`: "x!y",
	} {
		if got := ReadAuthorization(header).ConsumerKey(); got != want {
			t.Errorf("%q: %q, want %q", header, got, want)
		}
	}
}
