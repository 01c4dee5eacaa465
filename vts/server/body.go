package server

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/pantomime-dev/pantomime/vts"
	"github.com/pantomime-dev/pantomime/wire"
)

// decode reads the request's JSON (docs/wire/vts.md "Errors").
func (r *request) decode(into vts.Request) *refusal {
	if !r.Declared() {
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
	r.NotOneObject(err)
	return notUnderstood()
}

// fields refuses every bad field at once.
func (r *request) fields(bad wire.BadFields) *refusal {
	r.Bad(bad)
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
