package mdes

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// resign signs the Authorization header as it is now, whatever it says of
// method, version or time: only the rule that the header breaks can refuse it
// then, and not the signature. The client cannot write such headers, so the base
// string is made here (docs/wire/mdes.md "Authentication"): values once encoded,
// of a URL without query.
func (d *draft) resign() {
	GinkgoHelper()
	d.param("oauth_signature", "")
	header := d.Header.Get("Authorization")
	rest, _ := strings.CutPrefix(header, "OAuth ")
	var params []string
	for pair := range strings.SplitSeq(rest, ",") {
		params = append(params, strings.ReplaceAll(pair, `"`, ""))
	}
	slices.Sort(params) // no name begins another one
	base := strings.Join([]string{d.Method, percent(d.url), percent(strings.Join(params, "&"))}, "&")
	digest := sha256.Sum256([]byte(base))
	signature, err := rsa.SignPKCS1v15(nil, d.signer.Key, crypto.SHA256, digest[:])
	Expect(err).NotTo(HaveOccurred())
	d.Header.Set("Authorization", header+`,oauth_signature="`+percent(base64.StdEncoding.EncodeToString(signature))+`"`)
}

// percent encodes as RFC 3986 does.
func percent(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
