package server

import (
	"crypto/subtle"
	"encoding/base64"
	"strings"

	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/token"
)

// The names of the checks this face records, besides those of the step.
const (
	CheckKey            = "key"
	CheckSecret         = "secret"
	CheckIdempotencyKey = "Idempotency-Key header"
)

// basic reads the Authorization header.
func (r *request) basic() (key, secret string) {
	scheme, encoded, _ := strings.Cut(r.In.Header.Get("Authorization"), " ")
	raw, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil || !strings.EqualFold(scheme, "Basic") {
		return "", ""
	}
	key, secret, _ = strings.Cut(string(raw), ":")
	return key, secret
}

// Credential is the key, as the registry lists it.
func (r *request) Credential() string {
	key, _ := r.basic()
	return key
}

// Admit has no keys to make ready.
func (r *request) Admit() *refusal { return nil }

// Verify judges key and secret.
func (r *request) Verify() *refusal {
	key, secret := r.basic()
	who, known := r.World.Requestor(r.Caller)
	if !known {
		r.Checks.Fail(token.Check{
			Name: CheckKey, Expected: "HTTP Basic with a key of the sandbox " + r.World.ID(), Received: door.Quoted(key),
			Hint: "`pantomime env` prints key and secret; they change with the seed and with the sandbox's id",
		})
		return unauthenticated()
	}
	own := KeysOf(who).By(key)
	if own.Key == "" || subtle.ConstantTimeCompare([]byte(secret), []byte(own.Secret)) != 1 {
		r.Checks.Fail(token.Check{
			Name: CheckSecret, Expected: "the secret of the requestor " + r.Caller, Received: token.Secret, KeyID: own.Key,
			Hint: "key and secret are joined by a colon and encoded in base64",
		})
		return unauthenticated()
	}
	r.call.Acquirer = own.Acquirer
	r.Checks.Pass(CheckSecret, own.Key)
	return nil
}
