package server

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// The names of the checks this face records, beside those of the codec.
const (
	CheckRoute       = "route"
	CheckCardOnFile  = "card-on-file only"
	CheckSize        = "body size"
	CheckSandbox     = "sandbox"
	CheckAPIKey      = "API key"
	CheckReplay      = "x-pay-token reuse"
	CheckRequestID   = "x-request-id header"
	CheckContentType = "Content-Type header"
	CheckBody        = "JSON body"
	CheckSource      = "panSource"
	CheckGuard       = "pan-guard"
)

// CheckField names the check of a field: "field clientAppID".
func CheckField(location string) string { return "field " + location }

// CheckClear names the check of what an encrypted field held.
func CheckClear(field string) string { return field + " clear text" }

// admit lets a request in or says why not, in the order in which the gateway is
// believed to look (docs/wire/vts.md "Authentication"). The route exists already.
func (s *Server) admit(r *request) *refusal {
	caller, refused := s.place(r)
	switch {
	case r.x.TooLarge:
		return tooLarge(r)
	case refused != nil:
		return refused
	}
	var err error
	if r.account, err = s.accounts.of(caller); err != nil {
		return internal(err)
	}
	key, _ := vts.APIKey(r.x.RawQuery)
	r.sealing = r.account.sealingFor(key)
	if refused := r.authenticate(); refused != nil {
		return refused
	}
	r.x.Authenticated = true
	return r.requestID()
}

// place finds who calls and in which sandbox, and opens the journal there. A
// refusal leaves the journal open if the address names a sandbox.
func (s *Server) place(r *request) (sandbox.Address, *refusal) {
	key, given := vts.APIKey(r.x.RawQuery)
	owner, known := sandbox.Address{}, false
	if given {
		owner, known = s.registry.ByAPIKey(key)
	}
	box, err := s.registry.Place(r.x.Sandbox, owner)
	if box != nil {
		r.open(box)
	}
	switch {
	case errors.Is(err, sandbox.ErrNoSandbox):
		return owner, noSandbox(r.x.Sandbox)
	case err != nil:
		return owner, r.strange(key, token.Check{
			Name: CheckSandbox, Expected: "an API key of the sandbox " + box.ID(), Difference: err.Error(),
			Hint: door.AddressHint,
		})
	case known:
		r.x.Entry.Requestor = owner.Requestor.Name
		return owner, nil
	}
	if q := box.Trusting(); q != nil {
		r.x.Entry.Requestor = q.Name
		return sandbox.Address{Sandbox: box, Requestor: q}, nil
	}
	if !given {
		r.checks.Fail(token.Check{
			Name: CheckAPIKey, Expected: "apiKey=… in the query", Received: "no such parameter",
			Hint: "the query is signed too: put the parameter in before signing",
		})
		return owner, unauthenticated(vts.CodeTokenValidation)
	}
	return owner, r.strange(key, token.Check{Name: CheckAPIKey, Expected: "an API key of a requestor in the sandbox " + box.ID(), Hint: keyHint(box, key)})
}

// open makes the sandbox's journal the request's.
func (r *request) open(box *sandbox.Sandbox) {
	e := &r.x.Entry
	r.x.Journal = box.Journal()
	e.Sandbox, e.Network, e.At = box.ID(), token.Visa, box.Now()
}

// strange refuses a key that leads nowhere, or elsewhere.
func (r *request) strange(key string, check token.Check) *refusal {
	check.Received = door.Quoted(key)
	r.checks.Fail(check)
	return unauthenticated(vts.CodeAPIKey)
}

// keyHint names the usual cause of an unknown key.
func keyHint(box *sandbox.Sandbox, key string) string {
	for _, q := range box.Requestors() {
		if sameKey(q.Visa.Outbound.APIKey, key) {
			return "this is the key with which the network signs its own calls to the requestor " + q.Name
		}
	}
	return "no requestor of any sandbox has this key; it changes with the seed and with the sandbox's id"
}

// authenticate judges the x-pay-token as strictly as the requestor's mode says.
func (r *request) authenticate() *refusal {
	mode := r.account.requestor.Auth
	if mode == sandbox.AuthOff {
		return nil
	}
	key, _ := vts.APIKey(r.x.RawQuery)
	if !r.signs(key) && mode == sandbox.AuthVerify {
		return unauthenticated(vts.CodeAPIKey)
	}
	header := r.x.Header.Values(vts.HeaderPayToken)
	checks, err := r.account.signer(key).Verify(vts.Received{
		Header: header, Paths: resourcePaths(r.x), Query: r.x.RawQuery, Body: r.x.Body,
		Now: r.x.Wall, AllowX: r.account.switches().OldPayToken, Others: r.account.signers, Own: r.account.outbound,
	})
	if r.checks == nil {
		r.checks = checks
	} else {
		r.checks = append(r.checks, checks...)
	}
	code := vts.CodeTokenValidation
	if err == nil && r.replayed(header[0]) {
		err, code = vts.ErrPayToken, vts.CodeTokenReused
	}
	if err != nil && mode == sandbox.AuthVerify {
		return unauthenticated(code)
	}
	return nil
}

// signs holds an API key to its use, where that matters.
func (r *request) signs(key string) bool {
	if !r.account.switches().KeyUse {
		return true
	}
	signers := r.account.requestor.Visa.Signers()
	if slices.ContainsFunc(signers, func(s string) bool { return sameKey(s, key) }) {
		return true
	}
	r.checks.Fail(token.Check{
		Name: CheckAPIKey, Expected: "a key that signs: " + strings.Join(signers, " or "), Received: door.Quoted(key),
		Hint: "this key of the requestor is for fields alone; the switch key-use holds it to that",
	})
	return false
}

// replayed reports a good token that came before, where that matters. Two equal
// reads within a second rightly carry the same one, so GET is left out.
func (r *request) replayed(payToken string) bool {
	if !r.account.switches().ReplayCache || r.x.Method == http.MethodGet || !r.account.seen.again(payToken, r.x.Wall) {
		return false
	}
	r.checks.Fail(token.Check{
		Name: CheckReplay, Expected: "a token that was not used before", Received: "the same token again",
		Hint: "sign each request anew; two equal requests within one second have the same token",
	})
	return true
}

// resourcePaths are the paths a client may have signed: for this product the
// whole path without its leading slash.
func resourcePaths(x *door.Exchange) []string {
	paths := x.ResourcePaths()
	for i, p := range paths {
		paths[i] = strings.TrimPrefix(p, "/")
	}
	return paths
}

// requestID demands the one header that every known client sends.
func (r *request) requestID() *refusal {
	id := r.x.Header.Get(vts.HeaderRequestID)
	if vts.ValidRequestID(id) {
		return nil
	}
	r.checks.Fail(token.Check{
		Name: CheckRequestID, Expected: "1 to 36 letters, digits and dashes", Received: strconv.Itoa(len(id)) + " characters",
		Hint: "send a new UUID with each call",
	})
	return invalid("x-request-id")
}

func tooLarge(r *request) *refusal {
	r.checks.Fail(door.TooLarge(CheckSize))
	return platform(http.StatusRequestEntityTooLarge, "the body is too long")
}
