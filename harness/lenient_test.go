package harness_test

import (
	"crypto"
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/harness/suites/mdes"
	"github.com/pantomime-dev/pantomime/harness/suites/vts"
)

// Two servers that verify signatures and know no other rule of authentication.

const (
	mcGateway = `{"Errors":{"Error":[{"Source":"Gateway","ReasonCode":"AUTHENTICATION_FAILED","Description":"no","Recoverable":false}]}}`
	mcUnknown = `{"errorCode":"INVALID_TOKEN_UNIQUE_REFERENCE","errorDescription":"no","errors":[{"source":"INPUT","reasonCode":"INVALID_TOKEN_UNIQUE_REFERENCE","description":"no"}]}`
	visaToken = `{"responseStatus":{"status":401,"code":"9159","severity":"ERROR","message":"no","info":""}}`
	visaNone  = `{"errorResponse":{"status":404,"reason":"invalidParameter","message":"no"}}`
)

// lenientMastercard verifies an OAuth signature over whatever parameters came.
func lenientMastercard(key *rsa.PublicKey) http.HandlerFunc {
	escape := func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		rest, _ := strings.CutPrefix(r.Header.Get("Authorization"), "OAuth ")
		var params []string
		var signature []byte
		for pair := range strings.SplitSeq(rest, ",") {
			name, value, _ := strings.Cut(strings.ReplaceAll(pair, `"`, ""), "=")
			if name == "oauth_signature" {
				text, _ := url.PathUnescape(value)
				signature, _ = base64.StdEncoding.DecodeString(text)
				continue
			}
			params = append(params, name+"="+value)
		}
		slices.Sort(params)
		base := r.Method + "&" + escape("http://"+r.Host+r.URL.Path) + "&" + escape(strings.Join(params, "&"))
		digest := sha256.Sum256([]byte(base))
		if rsa.VerifyPKCS1v15(key, crypto.SHA256, digest[:], signature) != nil {
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = io.WriteString(w, mcGateway)
			return
		}
		_, _ = io.WriteString(w, mcUnknown)
	}
}

// lenientVisa verifies the hash of an x-pay-token, whatever its form and time.
func lenientVisa(secret string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		parts := append(strings.Split(r.Header.Get("x-pay-token"), ":"), "", "")
		sum := hmac.New(sha256.New, []byte(secret))
		body, _ := io.ReadAll(r.Body)
		_, _ = fmt.Fprint(sum, parts[1], strings.TrimPrefix(r.URL.Path, "/"), r.URL.RawQuery, string(body))
		if parts[2] != hex.EncodeToString(sum.Sum(nil)) {
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = io.WriteString(w, visaToken)
			return
		}
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, visaNone)
	}
}

// [I4] A rule about a signed request is judged by one whose signature is good:
// a server that verifies signatures and knows no such rule fails.
func TestRun_ASignatureIsNoRule(t *testing.T) {
	good := ours(t)
	keys, err := good.Mastercard.Keys()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		suite  harness.Suite
		answer http.HandlerFunc
		fails  []string
		passes []string
	}{
		{mdes.Suite(), lenientMastercard(&keys.Signing.PublicKey), []string{
			"M-AUTH-40-oauth_nonce", "M-AUTH-40-oauth_timestamp", "M-AUTH-40-oauth_signature_method", "M-AUTH-40-oauth_body_hash",
			"M-AUTH-50", "M-AUTH-51", "M-AUTH-52", "M-AUTH-53", "M-AUTH-54", "M-AUTH-72",
		}, []string{"M-AUTH-01", "M-AUTH-05", "M-AUTH-24", "M-AUTH-40-oauth_signature"}},
		{vts.Suite(), lenientVisa(string(good.Visa.Signing.Secret)), []string{
			"V-AUTH-25", "V-AUTH-27", "V-AUTH-28", "V-AUTH-29", "V-AUTH-30",
		}, []string{"V-AUTH-01", "V-AUTH-08", "V-AUTH-32"}},
	} {
		sum := judged(t, harness.Options{Suite: tt.suite, Target: strange(t, good, tt.answer), Label: "authentication"})
		mustFail(t, sum, tt.fails)
		for _, r := range sum.Results {
			if slices.Contains(tt.passes, r.ID) && r.Verdict != harness.Pass {
				t.Errorf("%s is %s: %s\n%s", r.ID, r.Verdict, r.Message, r.Log)
			}
		}
	}
}
