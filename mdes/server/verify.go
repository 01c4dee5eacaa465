package server

import (
	"crypto/rsa"
	"net/http"
	"strconv"
	"time"

	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/token"
)

// The names of the checks this face records, besides those of the codec.
const (
	CheckTRID    = "tokenRequestorId"
	CheckTask    = "taskId"
	CheckPayload = "payload encryption"
)

// Credential is the OAuth consumer key.
func (r *request) Credential() string {
	if r.oauth == nil {
		r.oauth = mdes.ReadAuthorization(r.In.Header.Values("Authorization")...)
	}
	if key := r.oauth.ConsumerKey(); string(key) != clientName(key) {
		return string(key)
	}
	return ""
}

// Admit makes the caller's keys ready, unless the sandbox does without the
// operation.
func (r *request) Admit() (refused *refusal) {
	if !r.played() {
		return r.Trouble(r.server.Missing(r.In, http.StatusNotFound))
	}
	if r.Caller == "" {
		return nil
	}
	var err error
	if r.account, err = accountOf(r.World, r.Caller); err != nil {
		return internal(err.Error())
	}
	return nil
}

// played reports whether the sandbox has the operation at all.
func (r *request) played() bool {
	return r.row.Route.Op != token.MCGetDigitalAssets || r.switches().DigitalAssets
}

// Verify judges the signature (docs/wire/mdes.md "Authentication").
func (r *request) Verify() *refusal {
	verifier, url := r.verifier(), r.url()
	seen := verifier.Verify(mdes.SignedRequest{
		Method: r.In.Method, URLs: url.URLs(), Shown: url.ForwardedURL(), Read: r.oauth, Body: r.In.Body,
	}, r.In.Wall)
	if seen.Usual() && r.Caller != "" {
		r.Checks = append(r.Checks, r.account.good(seen, verifier.Again != nil)...)
		return nil
	}
	r.Checks = append(r.Checks, scrubbed(seen.Checks())...)
	r.Spoilt(mdes.CheckBodyHash)
	if seen.OK() && r.Caller != "" {
		return nil
	}
	if seen.OK() {
		seen.Failure = mdes.FailClient // its sandbox ended while the signature was verified
	}
	status, body := seen.GatewayAs(r.gatewayStatuses())
	return gatewayRefusal(status, body)
}

// verifier judges signatures as the sandbox wants it.
func (r *request) verifier() mdes.Verifier {
	s := r.switches()
	v := mdes.Verifier{Lookup: r.server.publicKey, Forms: mdes.Forms(s.OAuthForms), Window: s.TimestampWindow, Exact: s.ExactHeader}
	if !s.NonceMemory || r.Caller == "" {
		return v
	}
	replays := r.account.replays
	if s.TimestampWindow > 0 { // the window would refuse it by now anyway
		replays.Forget(time.Unix(r.In.Wall.Add(-s.TimestampWindow).Unix(), 0))
	}
	v.Again = func(_ mdes.ConsumerKey, timestamp int64, nonce string) bool { // the requestor has one consumer key
		return replays.Again(strconv.FormatInt(timestamp, 10)+" "+nonce, time.Unix(timestamp, 0))
	}
	return v
}

// publicKey finds the key that a consumer key names, in any sandbox.
func (s *Server) publicKey(key mdes.ConsumerKey) (*rsa.PublicKey, error) {
	box, requestor, known := s.Registry.Owner(Name, string(key))
	if known && string(key) != clientName(key) {
		if q, ok := box.Requestor(requestor); ok {
			return &KeysOf(q).Signing.Private.PublicKey, nil
		}
	}
	if _, _, known := s.Registry.Owner(Name, clientName(key)); known {
		return nil, mdes.ErrUnknownKey
	}
	return nil, mdes.ErrUnknownClient
}

// url is how the request arrived. Its client may have signed it with and without
// the prefix that names a sandbox.
func (r *request) url() mdes.Seen {
	return mdes.Seen{
		Public: r.server.public, Scheme: r.In.Scheme, Host: r.In.Host,
		Paths: r.In.ResourcePaths(), RawQuery: r.In.RawQuery,
		Header: r.In.Header, Forwarded: r.switches().ForwardedURLs,
	}
}

// scrubbed masks card numbers that a client put where none belongs. It works in
// place.
func scrubbed(checks token.Checks) token.Checks {
	for i := range checks {
		c := &checks[i]
		for _, text := range [...]*string{&c.Name, &c.Expected, &c.Received, &c.Difference, &c.KeyID, &c.Hint} {
			*text = token.Scrub(*text)
		}
	}
	return checks
}
