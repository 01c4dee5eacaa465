package server

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
	"github.com/pantomime-dev/pantomime/wire"
)

// decode reads the request's JSON (docs/wire/vts.md "Errors").
func (r *request) decode(into vts.Request) *refusal {
	if len(r.In.Body) > 0 && !r.In.JSON() {
		r.Checks.Fail(token.Check{
			Name: CheckContentType, Expected: "application/json", Received: door.Quoted(r.In.Header.Get("Content-Type")),
		})
		return platform(http.StatusUnsupportedMediaType, "the body is not declared as JSON")
	}
	err := r.leniency().DecodeRequest(r.In.Body, into)
	if err == nil {
		return nil
	}
	var bad wire.BadFields
	if errors.As(err, &bad) {
		return r.fields(bad)
	}
	r.Checks.Fail(token.Check{
		Name: CheckBody, Expected: "exactly one JSON object with nothing after it",
		Received: size(len(r.In.Body)), Difference: err.Error(), Hint: r.In.BodyHint(),
	})
	return notUnderstood()
}

// fields refuses every bad field at once.
func (r *request) fields(bad wire.BadFields) *refusal {
	for _, field := range bad {
		r.Checks.Fail(token.Check{Name: CheckField(field.Location), Difference: field.Why})
	}
	return invalid(bad.Locations()...)
}

// known refuses a reason code that public material does not show, where a
// sandbox is that strict.
func (r *request) known(field, code string, shown ...string) *refusal {
	if r.switches().AnyReasonCode || slices.Contains(shown, code) {
		return nil
	}
	return r.fields(wire.BadFields{{Location: field, Why: "must be one of " + strings.Join(shown, ", ")}})
}

// size words a number of bytes.
func size(n int) string {
	if n == 1 {
		return "1 byte"
	}
	return strconv.Itoa(n) + " bytes"
}
