package server

import (
	"errors"
	"net/http"

	"github.com/pantomime-dev/pantomime/acquirer"
	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/wire"
)

// decode reads the request's JSON (docs/wire/acquirer.md "Errors").
func (r *request) decode() (body acquirer.AuthorizeRequest, refused *refusal) {
	if !r.Declared() {
		return body, refuse(http.StatusUnsupportedMediaType, acquirer.CodeMediaType, "the body is not declared as JSON")
	}
	body, err := acquirer.DecodeAuthorize(r.In.Body)
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
