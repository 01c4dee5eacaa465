package harness

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/pantomime-dev/pantomime/vts"
)

// fresh sees to it that no two requests of a run bear the same x-pay-token by
// accident: a server may take each only once, and equal requests within one
// second have the same. A later one is signed for a second before.
type fresh struct {
	next    http.RoundTripper
	signers map[string]*vts.Signer // by API key

	mu   sync.Mutex
	sent map[string]bool // guarded by mu; tokens that left
}

// mostEarlier bounds how far a signature goes back: servers refuse old ones.
const mostEarlier = 100

// freshly wraps a client's transport for a target of Visa's service.
func freshly(next http.RoundTripper, v *Visa) http.RoundTripper {
	f := &fresh{next: next, signers: map[string]*vts.Signer{}, sent: map[string]bool{}}
	for ; v != nil; v = v.Other {
		for _, pair := range []KeyPair{v.Signing, v.FieldKey()} {
			if signer, err := vts.NewSigner(pair.Credential()); err == nil { // a bad one has been refused with the target file
				f.signers[pair.APIKey] = signer
			}
		}
	}
	return f
}

// RoundTrip sends a request, with another signature where that is needed.
func (f *fresh) RoundTrip(req *http.Request) (*http.Response, error) {
	tokens := req.Header.Values(vts.HeaderPayToken)
	again := false
	for _, token := range tokens {
		again = !f.leaves(token) || again
	}
	if !again || len(tokens) != 1 { // several are wrong on purpose
		return f.next.RoundTrip(req)
	}
	sign, at := f.signed(req, tokens[0])
	for n := 1; sign != nil && n <= mostEarlier; n++ {
		if other := sign(at.Add(-time.Duration(n) * time.Second)); f.leaves(other) {
			req = req.Clone(req.Context())
			req.Header.Set(vts.HeaderPayToken, other)
			break
		}
	}
	return f.next.RoundTrip(req)
}

// leaves notes a token that is about to be sent, and reports whether it is the
// first time.
func (f *fresh) leaves(token string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	before := f.sent[token]
	f.sent[token] = true
	return !before
}

// signed is how to sign a request again, if its token is a right one; what is
// wrong on purpose stays as it is.
func (f *fresh) signed(req *http.Request, token string) (sign func(time.Time) string, at time.Time) {
	signer, known := f.signers[req.URL.Query().Get("apiKey")]
	parts := strings.Split(token, ":")
	if !known || len(parts) != 3 {
		return nil, at
	}
	seconds, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil {
		return nil, at
	}
	var body []byte
	if req.GetBody != nil {
		again, err := req.GetBody()
		if err != nil {
			return nil, at
		}
		if body, err = io.ReadAll(again); err != nil {
			return nil, at
		}
	}
	path, query := vts.Target(req)
	sign = func(at time.Time) string { return signer.Sign(at, vts.Message{Path: path, Query: query, Body: body}) }
	if at = time.Unix(seconds, 0); sign(at) != token {
		return nil, at
	}
	return sign, at
}
