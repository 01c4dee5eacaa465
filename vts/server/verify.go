package server

import (
	"net/http"
	"slices"
	"strings"

	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// The names of the checks this face records, besides those of the codec.
const (
	CheckCardOnFile = "card-on-file only"
	CheckAPIKey     = "API key"
	CheckReplay     = "x-pay-token reuse"
	CheckRequestID  = "x-request-id header"
)

// CheckClear names the check of what an encrypted field held.
func CheckClear(field string) string { return field + " clear text" }

// Credential is the API key, as the registry lists it.
func (r *request) Credential() string { return strings.ToLower(r.apiKey()) }

// apiKey is the API key as it was sent, "" for none.
func (r *request) apiKey() string {
	key, _ := vts.APIKey(r.In.RawQuery)
	return key
}

// Admit makes the caller's keys ready.
func (r *request) Admit() (refused *refusal) {
	if r.Caller == "" {
		return nil
	}
	var err error
	if r.account, err = accountOf(r.World, r.Caller); err != nil {
		return internal(err.Error())
	}
	r.sealing = r.account.sealingFor(r.apiKey())
	return nil
}

// Verify judges the API key and the x-pay-token, in the order in which the
// gateway is believed to look (docs/wire/vts.md "Authentication").
func (r *request) Verify() *refusal {
	key := r.apiKey()
	if r.Caller == "" {
		return r.unknown(key)
	}
	if !r.signs(key) && r.Auth == token.AuthVerify {
		return unauthenticated(vts.CodeAPIKey)
	}
	header := r.In.Header.Values(vts.HeaderPayToken)
	checks, err := r.account.signer(key).Verify(vts.Received{
		Header: header, Paths: resourcePaths(r.In), Query: r.In.RawQuery, Body: r.In.Body,
		Now: r.In.Wall, AllowX: r.switches().OldPayToken, Others: r.account.signers, Own: r.account.outbound,
	})
	r.Checks = append(r.Checks, checks...)
	switch {
	case err != nil:
		r.Spoilt(vts.CheckHash)
		return unauthenticated(vts.CodeTokenValidation)
	case r.replayed(header[0]):
		return unauthenticated(vts.CodeTokenReused)
	}
	return nil
}

// unknown refuses a request without a key that anybody has here.
func (r *request) unknown(key string) *refusal {
	if key == "" {
		r.Checks.Fail(token.Check{
			Name: CheckAPIKey, Expected: "apiKey=… in the query", Received: "no such parameter",
			Hint: "the query is signed too: put the parameter in before signing",
		})
		return unauthenticated(vts.CodeTokenValidation)
	}
	r.Checks.Fail(token.Check{
		Name: CheckAPIKey, Expected: "an API key of a requestor in the sandbox " + r.World.ID(), Received: door.Quoted(key), Hint: keyHint(r.World, key),
	})
	return unauthenticated(vts.CodeAPIKey)
}

// keyHint names the usual cause of an unknown key.
func keyHint(box *sandbox.Sandbox, key string) string {
	for _, q := range box.Requestors() {
		if sameKey(KeysOf(q).Outbound.APIKey, key) {
			return "this is the key with which the network signs its own calls to the requestor " + q.Name
		}
	}
	return "no requestor of any sandbox has this key; it changes with the seed and with the sandbox's id"
}

// signs holds an API key to its use, where that matters.
func (r *request) signs(key string) bool {
	if !r.switches().KeyUse {
		return true
	}
	signers := r.account.own.Signers()
	if slices.ContainsFunc(signers, func(s string) bool { return sameKey(s, key) }) {
		return true
	}
	r.Checks.Fail(token.Check{
		Name: CheckAPIKey, Expected: "a key that signs: " + strings.Join(signers, " or "), Received: door.Quoted(key),
		Hint: "this key of the requestor is for fields alone; the switch key-use holds it to that",
	})
	return false
}

// replayed reports a good token that came before, where that matters: it could be
// used again for as long as its timestamp may be a whole window ahead. Two equal
// reads within a second rightly carry the same one, so GET is left out.
func (r *request) replayed(payToken string) bool {
	if !r.switches().ReplayCache || r.In.Method == http.MethodGet {
		return false
	}
	r.account.replays.Forget(r.In.Wall.Add(-2 * vts.Window))
	if !r.account.replays.Again(payToken, r.In.Wall) {
		return false
	}
	r.Checks.Fail(token.Check{
		Name: CheckReplay, Expected: "a token that was not used before", Received: "the same token again",
		Hint: "sign each request again; two equal requests within one second have the same token",
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
