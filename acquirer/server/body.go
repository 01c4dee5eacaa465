package server

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/pantomime-dev/pantomime/acquirer"
	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/wire"
)

// decode reads the request's JSON (docs/wire/acquirer.md "Errors").
func decode[T any](r *request, read func([]byte) (T, error)) (body T, refused *refusal) {
	if !r.Declared() {
		return body, refuse(http.StatusUnsupportedMediaType, acquirer.CodeMediaType, "the body is not declared as JSON")
	}
	body, err := read(r.In.Body)
	var bad wire.BadFields
	switch {
	case err == nil:
		return body, nil
	case errors.As(err, &bad):
		r.Bad(bad)
		return body, invalid(bad)
	}
	r.NotOneObject(err)
	return body, refuse(http.StatusBadRequest, acquirer.CodeInvalid, "The body is not one JSON object.")
}

// once reads the name that the request has.
func (r *request) once() (sandbox.Once, *refusal) {
	key := r.In.Header.Get(acquirer.IdempotencyHeader)
	if key == "" {
		return sandbox.Once{}, nil
	}
	if !acquirer.ValidIdempotencyKey(key) {
		r.Checks.Fail(token.Check{
			Name: CheckIdempotencyKey, Expected: "1 to 64 printable characters without blanks", Received: strconv.Itoa(len(key)) + " characters",
		})
		return sandbox.Once{}, refuse(http.StatusBadRequest, acquirer.CodeInvalid, acquirer.IdempotencyHeader+" must have 1 to 64 printable characters without blanks.")
	}
	h := sha256.New()
	for _, part := range [...]string{string(r.row.Route.Op), r.id(), string(r.In.Body)} {
		_, _ = fmt.Fprintf(h, "%d:%s", len(part), part)
	}
	return sandbox.Once{Key: key, Digest: hex.EncodeToString(h.Sum(nil))}, nil
}

// admit refuses a number that might be a real card's, before anything is kept
// of it.
func (r *request) admit(number string) *refusal {
	if r.server.Guard(number) {
		r.Checks.Pass(face.CheckGuard, "")
		return nil
	}
	r.Checks.Fail(door.Guarded(face.CheckGuard, number))
	return refuse(http.StatusForbidden, acquirer.CodeCardRefused, "The card number is not one of the test numbers.")
}
