package server

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/pantomime-dev/pantomime/acquirer"
	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/wire"
)

// decode reads the request's JSON (docs/wire/acquirer.md "Errors").
func (r *request) decode() (body acquirer.AuthorizeRequest, refused *refusal) {
	if !r.In.JSON() {
		r.Checks.Fail(token.Check{
			Name: CheckContentType, Expected: "application/json", Received: door.Quoted(r.In.Header.Get("Content-Type")),
		})
		return body, refuse(http.StatusUnsupportedMediaType, acquirer.CodeMediaType, "the body is not declared as JSON")
	}
	body, err := acquirer.DecodeAuthorize(r.In.Body)
	var bad wire.BadFields
	switch {
	case err == nil:
		return body, nil
	case errors.As(err, &bad):
		for _, field := range bad {
			r.Checks.Fail(token.Check{Name: CheckField(token.Scrub(field.Location)), Difference: field.Why})
		}
		return body, invalid(bad)
	}
	r.Checks.Fail(token.Check{
		Name: CheckBody, Expected: "exactly one JSON object with nothing after it",
		Received: strconv.Itoa(len(r.In.Body)) + " bytes", Difference: err.Error(),
	})
	return body, refuse(http.StatusBadRequest, acquirer.CodeInvalid, "The body is not one JSON object.")
}

// admit refuses a number that might be a real card's, before anything is kept
// of it.
func (r *request) admit(number string) *refusal {
	if r.server.guard(number) {
		r.Checks.Pass(CheckGuard, "")
		return nil
	}
	r.Checks.Fail(token.Check{
		Name: CheckGuard, Expected: "a published test number", Received: token.Mask(number),
		Hint: "it might be a real card, so it is refused; `pantomime list cards` has numbers to use",
	})
	return refuse(http.StatusForbidden, acquirer.CodeCardRefused, "The card number is not one of the test numbers.")
}
