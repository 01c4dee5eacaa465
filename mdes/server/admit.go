package server

import (
	"crypto/rsa"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

// The names of the checks this face records, beside those of the codec.
const (
	CheckRoute       = "route"
	CheckSize        = "body size"
	CheckSandbox     = "sandbox"
	CheckContentType = "Content-Type header"
	CheckBody        = "JSON body"
	CheckTRID        = "tokenRequestorId"
	CheckTask        = "taskId"
	CheckPayload     = "payload encryption"
	CheckGuard       = "pan-guard"
)

// gatewayTooLarge is a reason code of ours; none is public.
const gatewayTooLarge = "REQUEST_TOO_LARGE"

// CheckField names the check of a field: "field taskId".
func CheckField(name string) string { return "field " + name }

// admit lets a request in or says why not: size, sandbox, signature
// (docs/wire/mdes.md "Authentication"). The route exists already, unless the
// sandbox does without it.
func (s *Server) admit(r *request) *refusal {
	r.x.Entry.Op = r.op
	if refused := s.place(r); refused != nil {
		return refused
	}
	switch {
	case r.x.TooLarge:
		return r.tooLarge()
	case !r.played():
		return r.nowhere(http.StatusNotFound)
	}
	if r.requestor != nil {
		var err error
		if r.account, err = s.accounts.of(r.box, r.requestor); err != nil {
			return internal(err.Error())
		}
	}
	if refused := r.authenticate(); refused != nil {
		return refused
	}
	r.x.Authenticated = true
	return nil
}

// publicKey finds the key that a consumer key names, in any sandbox.
func (s *Server) publicKey(key mdes.ConsumerKey) (*rsa.PublicKey, error) {
	owner, known := s.registry.ByConsumerKey(string(key))
	switch {
	case known:
		return &owner.Requestor.Mastercard.Signing.Private.PublicKey, nil
	case s.registry.KnownClientID(key.ClientID()):
		return nil, mdes.ErrUnknownKey
	}
	return nil, mdes.ErrUnknownClient
}

// seenURLs lists the URL of a request as its client may have signed it: below
// the public base URL, if there is one, and where it arrived; both with and
// without the prefix that names a sandbox.
func (s *Server) seenURLs(x *door.Exchange) []*url.URL {
	var seen []*url.URL
	add := func(base string) {
		for _, path := range x.ResourcePaths() {
			raw := base + path
			if x.RawQuery != "" {
				raw += "?" + x.RawQuery
			}
			if u, err := url.Parse(raw); err == nil {
				seen = append(seen, u)
			}
		}
	}
	if s.public != nil {
		add(s.public.Scheme + "://" + s.public.Host + strings.TrimSuffix(s.public.EscapedPath(), "/"))
	}
	add(x.Scheme + "://" + x.Host)
	return seen
}

// place finds the sandbox and opens the journal there. A refusal leaves the
// journal open if the address names a sandbox.
func (s *Server) place(r *request) *refusal {
	r.oauth = mdes.ReadAuthorization(r.x.Header.Get("Authorization"))
	owner, known := s.registry.ByConsumerKey(string(r.oauth.ConsumerKey()))
	box, err := s.registry.Place(r.x.Sandbox, owner)
	if box != nil {
		r.enter(box)
	}
	switch {
	case errors.Is(err, sandbox.ErrNoSandbox):
		return noSandbox(r.x.Sandbox)
	case err != nil:
		r.checks.Fail(token.Check{
			Name: CheckSandbox, Expected: "a consumer key of the sandbox " + box.ID(), Difference: err.Error(),
			Hint: door.AddressHint,
		})
		status, body := mdes.Verification{Failure: mdes.FailClient}.Gateway()
		return gatewayRefusal(status, body)
	case known:
		r.called(owner.Requestor)
	default:
		r.called(box.Trusting())
	}
	return nil
}

// enter makes the sandbox's journal the request's.
func (r *request) enter(box *sandbox.Sandbox) {
	r.box, r.x.Journal = box, box.Journal()
	e := &r.x.Entry
	e.Sandbox, e.Network, e.At = box.ID(), token.Mastercard, box.Now()
}

// called notes who calls; nil is nobody.
func (r *request) called(q *sandbox.Requestor) {
	if r.requestor = q; q != nil {
		r.x.Entry.Requestor = q.Name
	}
}

// authenticate judges the signature as strictly as the requestor's mode says.
func (r *request) authenticate() *refusal {
	if r.requestor != nil && r.requestor.Auth == sandbox.AuthOff {
		return nil
	}
	verifier := r.verifier()
	seen := verifier.Verify(mdes.SignedRequest{
		Method: r.x.Method, URLs: r.server.seenURLs(r.x), Read: r.oauth, Body: r.x.Body,
	}, r.x.Wall)
	if seen.OK() && r.account != nil {
		r.checks = append(r.checks, r.account.good(seen, verifier.Again != nil)...)
		r.safe = len(r.checks)
	} else {
		r.checks = append(r.checks, seen.Checks()...)
	}
	switch {
	case r.requestor == nil && seen.OK():
		seen.Failure = mdes.FailClient // its sandbox ended while the signature was verified
	case seen.OK(), r.requestor != nil && r.requestor.Auth == sandbox.AuthWarn:
		return nil
	}
	status, body := seen.GatewayAs(r.gatewayStatuses())
	return gatewayRefusal(status, body)
}

// tooLarge answers a body of which the end was not even read.
func (r *request) tooLarge() *refusal {
	r.checks.Fail(door.TooLarge(CheckSize))
	return gateway(http.StatusRequestEntityTooLarge, gatewayTooLarge, "The body is too long")
}

// noSandbox answers an address that is ours alone, so it may say what is wrong.
func noSandbox(id string) *refusal {
	return gateway(http.StatusNotFound, mdes.GatewayNotFound, "There is no sandbox "+door.Quoted(id))
}
