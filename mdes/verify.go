package mdes

import (
	"crypto/rsa"
	"errors"
	"net/url"
	"time"

	"github.com/pantomime-dev/pantomime/token"
)

// Failure says at which step a signature was refused; "" means it was not.
type Failure string

// The failures, in the order they are looked for.
const (
	FailHeaderMissing Failure = "header-missing"    // no Authorization header
	FailHeader        Failure = "header-ill-formed" // not OAuth, or not readable
	FailParamMissing  Failure = "parameter-missing"
	FailParam         Failure = "parameter-invalid" // version, timestamp or signature not of their form
	FailMethod        Failure = "signature-method"  // an unknown method
	FailTimestamp     Failure = "timestamp"         // outside the window
	FailClient        Failure = "client-unknown"    // client id part of the consumer key
	FailKey           Failure = "key-unknown"       // key id part of the consumer key
	FailBodyHash      Failure = "body-hash"
	FailSignature     Failure = "signature"
	FailNonce         Failure = "nonce-reused"
)

// What a [KeyLookup] answers when it has no key.
var (
	ErrUnknownClient = errors.New("no client has this client id")
	ErrUnknownKey    = errors.New("this client has no such key")
)

// KeyLookup finds the public key of a consumer key. [ErrUnknownKey] says that
// the client is known and the key is not; any other error says that the client
// is unknown.
type KeyLookup func(ConsumerKey) (*rsa.PublicKey, error)

// Keys is a fixed set of public keys; its Lookup method is a [KeyLookup].
type Keys map[ConsumerKey]*rsa.PublicKey

// Lookup finds a key, and distinguishes an unknown key from an unknown client.
func (k Keys) Lookup(c ConsumerKey) (*rsa.PublicKey, error) {
	if key := k[c]; key != nil {
		return key, nil
	}
	for known := range k {
		if known.ClientID() == c.ClientID() {
			return nil, ErrUnknownKey
		}
	}
	return nil, ErrUnknownClient
}

// SignedRequest is all a signature covers, as it arrived.
type SignedRequest struct {
	Method        string
	URLs          []*url.URL     // absolute, as the client may have seen it, likeliest first; see [Seen]
	Shown         *url.URL       // the one that a refusal prints; nil is the first
	Authorization string         // the header's value
	Read          *Authorization // the same, if it was read already
	Body          []byte         // the exact bytes, nil for none
}

// Verifier checks OAuth 1.0a signatures as Mastercard's gateway does. Its zero
// value but for Lookup accepts all forms and any timestamp: the gateway's
// window is not public (docs/wire/mdes.md "Not public").
type Verifier struct {
	Lookup KeyLookup
	Forms  Forms
	Window time.Duration // how far oauth_timestamp may differ from now, both ways; 0 is any distance
	Exact  bool          // refuse a header that none of Mastercard's libraries writes so

	// Again notes the nonce of a good signature and reports whether the same
	// key has used it with the same timestamp before; nil remembers nothing.
	Again func(key ConsumerKey, timestamp int64, nonce string) bool
}

// Verification is the outcome of [Verifier.Verify], with what explain prints.
type Verification struct {
	Failure     Failure
	Param       string // the parameter at fault, with the parameter failures
	ConsumerKey ConsumerKey
	Form        BaseForm // which base string matched
	URL         string   // which of the URLs matched
	// BaseString is the one that matched or, with FailSignature, the one that
	// would be accepted; the gateway prints it back.
	BaseString         string
	CalculatedBodyHash string // with FailBodyHash
	ReceivedBodyHash   string

	passed int // steps
	failed token.Check
	note   string // what is not usual about the signature that matched
}

// OK reports whether the signature holds.
func (v Verification) OK() bool { return v.Failure == "" }

// roomForChecks is how many checks a request has, with those of whoever verifies
// it.
const roomForChecks = 16

// Usual reports whether the likeliest base string over the likeliest URL
// matched. The checks of all such signatures of one key are the same.
func (v Verification) Usual() bool { return v.OK() && v.note == "" }

// Checks reports each step that was taken, as explain prints it.
func (v Verification) Checks() token.Checks {
	checks, id := make(token.Checks, 0, roomForChecks), v.ConsumerKey.KeyID()
	for i := range v.passed {
		checks.Pass(steps[i].name, id)
		if steps[i].name == stepSignature {
			checks[i].Hint = v.note
		}
	}
	if v.failed.Name != "" {
		checks.Fail(v.failed)
	}
	return checks
}

// CheckBodyHash is the check of the hash of the body.
const CheckBodyHash = "oauth body hash"

// stepSignature is the step that says which form matched.
const stepSignature = "oauth signature"

// steps are what is looked at, in this order.
var steps = [...]struct {
	name string
	take func(*verifying) bool
}{
	{"authorization header", (*verifying).header},
	{"oauth parameters", (*verifying).required},
	{"oauth parameter forms", (*verifying).wellFormed},
	{"oauth signature method", (*verifying).signatureMethod},
	{"oauth timestamp", (*verifying).timestamp},
	{"oauth consumer key", (*verifying).consumerKey},
	{CheckBodyHash, (*verifying).bodyHash},
	{stepSignature, (*verifying).signature},
	{"oauth nonce", (*verifying).nonce}, // last, so that only good signatures are remembered
}

// Verify checks header, parameters, timestamp, key, body hash, signature and
// nonce, in this order, and stops at the first that fails. Now matters only
// with a Window.
func (v Verifier) Verify(r SignedRequest, now time.Time) Verification {
	run := verifying{Verifier: v, req: r, now: now}
	all := steps[:]
	if v.Again == nil {
		all = steps[:len(steps)-1]
	}
	for i := range all {
		if !all[i].take(&run) {
			run.out.failed.Name = all[i].name
			break
		}
		run.out.passed++
	}
	return run.out
}
