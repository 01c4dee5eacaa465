package mdes

import (
	"cmp"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pantomime-dev/pantomime/token"
)

// The signature methods of Mastercard's libraries
// (docs/wire/mdes.md "Authentication").
const (
	methodRSASHA256 = "RSA-SHA256"
	methodRSAPSS    = "RSA-PSS"
)

// What a failing signature costs at most: URLs that are looked at, and different
// base strings that are tried over them.
const (
	maxSeenURLs    = 24
	maxBaseStrings = 96
)

// verifying is one run of [Verifier.Verify]; each step fills out and reports
// whether to go on.
type verifying struct {
	Verifier
	req    SignedRequest
	now    time.Time
	params oauthParams
	at     int64
	sig    []byte
	pss    bool // not PKCS #1 v1.5
	key    *rsa.PublicKey
	out    Verification
}

func (r *verifying) fail(f Failure, c token.Check) bool {
	r.out.Failure, r.out.failed = f, c
	return false
}

func (r *verifying) header() bool {
	read := r.req.Read
	if read == nil {
		read = ReadAuthorization(r.req.Authorization)
	}
	err := read.err
	if errors.Is(err, errNoAuthorization) {
		return r.fail(FailHeaderMissing, token.Check{Expected: `OAuth oauth_consumer_key="...",...`, Hint: err.Error()})
	}
	if err != nil {
		return r.fail(FailHeader, token.Check{Expected: `OAuth oauth_consumer_key="...",...`, Received: err.Error()})
	}
	if r.Exact && read.loose != "" {
		return r.fail(FailHeader, token.Check{
			Expected: `OAuth name="value",..., with the signature percent-encoded`, Received: read.loose,
			Hint: "the switch oauth-header-exact holds the header to what Mastercard's libraries write",
		})
	}
	r.params = read.params
	r.out.ConsumerKey = read.ConsumerKey()
	return true
}

// required looks for the parameters every request carries, GET included
// (docs/wire/mdes.md "Authentication"). A value of "" counts as none.
func (r *verifying) required() bool {
	for _, param := range []string{
		"oauth_consumer_key", "oauth_nonce", "oauth_timestamp",
		"oauth_signature_method", "oauth_body_hash", "oauth_signature",
	} {
		if r.params.get(param) == "" {
			r.out.Param = param
			return r.fail(FailParamMissing, token.Check{Expected: param, Hint: missingHint(param)})
		}
	}
	return true
}

func missingHint(param string) string {
	if param == "oauth_body_hash" {
		return "every request carries a body hash, one without a body that of the empty string"
	}
	return ""
}

// inQuery finds an oauth_* parameter in the query. A request brings them in one
// place (RFC 5849, section 3.5).
func (r *verifying) inQuery() string {
	if len(r.req.URLs) == 0 {
		return ""
	}
	for _, p := range eachPair(r.req.URLs[0].RawQuery, unescapeQuery) {
		if strings.HasPrefix(p.key, "oauth_") {
			return p.key
		}
	}
	return ""
}

func (r *verifying) wellFormed() bool {
	if name := r.inQuery(); name != "" {
		r.out.Param = name
		return r.fail(FailParam, token.Check{
			Expected: "oauth parameters in the Authorization header alone", Received: quoted(name) + " in the query",
			Hint: "RFC 5849 wants them in one place; the gateway reads the header",
		})
	}
	bad := func(param, expected string) bool {
		r.out.Param = param
		return r.fail(FailParam, token.Check{Expected: param + " " + expected, Received: quoted(r.params.get(param))})
	}
	if v := r.params.get("oauth_version"); v != "" && v != "1.0" {
		return bad("oauth_version", `"1.0"`)
	}
	at := r.params.get("oauth_timestamp")
	seconds, err := strconv.ParseInt(at, 10, 64)
	if err != nil || len(at) > 12 || seconds <= 0 {
		return bad("oauth_timestamp", "in seconds since 1970")
	}
	sig, err := base64.StdEncoding.DecodeString(r.params.get("oauth_signature"))
	if err != nil {
		r.out.Param = "oauth_signature"
		return r.fail(FailParam, token.Check{Expected: "oauth_signature in standard base64, percent-encoded", Hint: err.Error()})
	}
	r.at, r.sig = seconds, sig
	return true
}

func (r *verifying) signatureMethod() bool {
	switch method := r.params.get("oauth_signature_method"); method {
	case methodRSASHA256, methodRSAPSS:
		return true
	default:
		r.out.Param = "oauth_signature_method"
		return r.fail(FailMethod, token.Check{Expected: methodRSASHA256, Received: quoted(method)})
	}
}

func (r *verifying) timestamp() bool {
	gap := r.now.Sub(time.Unix(r.at, 0))
	if r.Window == 0 || gap.Abs() <= r.Window {
		return true
	}
	r.out.Param = "oauth_timestamp"
	return r.fail(FailTimestamp, token.Check{
		Expected: fmt.Sprintf("within %s of %d", r.Window, r.now.Unix()),
		Received: strconv.FormatInt(r.at, 10),
		Hint:     "the clock of the client or of this machine is wrong, or the request was recorded and sent again",
	})
}

func (r *verifying) consumerKey() bool {
	if r.Lookup == nil {
		return r.fail(FailClient, token.Check{Hint: "no consumer key is known here"})
	}
	key, err := r.Lookup(r.out.ConsumerKey)
	switch {
	case errors.Is(err, ErrUnknownKey):
		return r.fail(FailKey, token.Check{Received: quoted(r.out.ConsumerKey.KeyID()), Hint: "the client id is known, the part after the ! is not"})
	case err != nil || key == nil:
		return r.fail(FailClient, token.Check{Received: quoted(r.out.ConsumerKey.ClientID()), Hint: "the part before the ! is not known"})
	}
	r.key = key
	return true
}

func (r *verifying) bodyHash() bool {
	got := r.params.get("oauth_body_hash")
	r.out.ReceivedBodyHash = got
	right, received := hashText(r.req.Body), [hashTextSize]byte{}
	if n := copy(received[:], got); n == len(got) && subtle.ConstantTimeCompare(right[:], received[:]) == 1 {
		return true
	}
	want := string(right[:])
	r.out.CalculatedBodyHash = want
	return r.fail(FailBodyHash, token.Check{
		Expected: want, Received: quoted(got),
		Difference: firstDifference(want, got), Hint: bodyHashHint(r.req.Body, got),
	})
}

// signature tries the accepted base strings over the candidate URLs; see
// [verifying.match] for what it costs.
func (r *verifying) signature() bool {
	if len(r.req.URLs) == 0 {
		return r.fail(FailSignature, token.Check{Hint: "the URL as the client saw it is not known"})
	}
	likeliest := r.req.URLs[0]
	accepted, others := splits[r.Forms].accepted, splits[r.Forms].others
	r.pss = r.params.get("oauth_signature_method") == methodRSAPSS
	var tried []string
	if r.match(accepted, &tried) {
		if r.out.Form != accepted[0].name || r.out.URL != likeliest.Redacted() {
			r.out.note = "the base string has the form " + string(r.out.Form) + " over " + r.out.URL
		}
		return true
	}
	shown := cmp.Or(r.req.Shown, likeliest)
	hint := "another private key signed, or the client saw another URL than " + shown.Redacted()
	switch {
	case r.mislabelled(accepted):
		const what = "the signature is PSS, though it is called " + methodRSASHA256
		if r.Forms.take(ruleOf(FormJava)) {
			r.out.note = what + ", as by mastercard-java where its platform has no PKCS #1"
			return true
		}
		hint = what + ", which is switched off"
	case r.match(others, &tried):
		hint = "the signature fits the form " + string(r.out.Form) + ", which is switched off"
	}
	r.out.Form, r.out.URL = "", ""
	r.out.BaseString = baseString(accepted[0].name, r.req.Method, shown, r.params)
	return r.fail(FailSignature, token.Check{Expected: r.out.BaseString, KeyID: r.out.ConsumerKey.KeyID(), Hint: hint})
}

// mislabelled reports whether a PSS signature that is called RSA-SHA256 fits one
// of the forms.
func (r *verifying) mislabelled(forms []*baseRule) bool {
	if r.pss || !padsPSS(r.key, r.sig) {
		return false
	}
	r.pss = true
	defer func() { r.pss = false }()
	return r.match(forms, new([]string))
}

// padsPSS reports whether a signature ends as PSS pads (RFC 8017, section 9.1.1),
// which one of PKCS #1 v1.5 does only if its digest does by chance. It saves trying
// all base strings a second time.
func padsPSS(key *rsa.PublicKey, sig []byte) bool {
	const trailer = 0xbc
	padded := new(big.Int).Exp(new(big.Int).SetBytes(sig), big.NewInt(int64(key.E)), key.N)
	return new(big.Int).And(padded, big.NewInt(0xff)).Int64() == trailer
}

// nonce is asked only where nonces are remembered.
func (r *verifying) nonce() bool {
	nonce := r.params.get("oauth_nonce")
	if !r.Again(r.out.ConsumerKey, r.at, nonce) {
		return true
	}
	r.out.Param = "oauth_nonce"
	return r.fail(FailNonce, token.Check{
		Expected: "a nonce that was not used with this key and timestamp before", Received: quoted(nonce),
		Hint: "the request was recorded and sent again, or the client draws the same nonce twice",
	})
}

// match tries forms over URLs, each different base string once.
func (r *verifying) match(forms []*baseRule, tried *[]string) bool {
	var space [baseCapacity]byte
	for _, u := range r.req.URLs[:min(len(r.req.URLs), maxSeenURLs)] {
		for _, form := range forms {
			base := appendBase(space[:0], form, r.req.Method, u, r.params)
			if slices.ContainsFunc(*tried, func(before string) bool { return before == string(base) }) {
				continue
			}
			if len(*tried) == maxBaseStrings {
				return false
			}
			if r.holds(base) {
				r.out.Form, r.out.URL, r.out.BaseString = form.name, u.Redacted(), string(base)
				return true
			}
			*tried = append(*tried, string(base))
		}
	}
	return false
}

func (r *verifying) holds(base []byte) bool {
	digest := sha256.Sum256(base)
	if r.pss {
		return rsa.VerifyPSS(r.key, crypto.SHA256, digest[:], r.sig, nil) == nil
	}
	return rsa.VerifyPKCS1v15(r.key, crypto.SHA256, digest[:], r.sig) == nil
}

// bodyHashHint names the usual mistake behind a wrong body hash.
func bodyHashHint(body []byte, got string) string {
	sum := sha256.Sum256(body)
	switch {
	case got == bodyHash(nil):
		return "this is the hash of an empty body"
	case got == base64.RawStdEncoding.EncodeToString(sum[:]):
		return "the hash is right and lacks its padding"
	case got == base64.RawURLEncoding.EncodeToString(sum[:]), got == base64.URLEncoding.EncodeToString(sum[:]):
		return "the hash is right and in URL-safe base64; standard base64 is asked for"
	case strings.EqualFold(got, fmt.Sprintf("%x", sum)):
		return "the hash is right and in hex; standard base64 is asked for"
	case strings.ReplaceAll(got, " ", "+") == base64.StdEncoding.EncodeToString(sum[:]):
		return "the hash is right, but each + became a space on the way"
	}
	return "hash the exact bytes that are sent; encoding the JSON a second time or a proxy changes them"
}

// firstDifference says where two texts part, counting characters from 1.
func firstDifference(expected, received string) string {
	n := min(len(expected), len(received))
	for i := range n {
		if expected[i] != received[i] {
			return fmt.Sprintf("character %d: expected %q, received %q", i+1, expected[i], received[i])
		}
	}
	if len(expected) == len(received) {
		return ""
	}
	return fmt.Sprintf("the first %d characters agree; expected %d in all, received %d", n, len(expected), len(received))
}
