package face

import (
	"strconv"

	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/wire"
)

// The names of the checks of what a request holds, at every face.
const (
	CheckContentType = "Content-Type header"
	CheckBody        = "JSON body"
	CheckGuard       = "pan-guard"
)

// CheckField names the check of a field: "field amount.value".
func CheckField(location string) string { return "field " + location }

// Declared reports whether a body, if there is one, is sent as JSON, and records
// that it is not.
func (r *Request[W]) Declared() bool {
	if len(r.In.Body) == 0 || r.In.JSON() {
		return true
	}
	r.Checks.Fail(token.Check{
		Name: CheckContentType, Expected: "application/json", Received: door.Quoted(r.In.Header.Get("Content-Type")),
	})
	return false
}

// NotOneObject records that the body is no JSON object, or more than one.
func (r *Request[W]) NotOneObject(why error) {
	r.Checks.Fail(token.Check{
		Name: CheckBody, Expected: "exactly one JSON object with nothing after it",
		Received: Bytes(len(r.In.Body)), Difference: why.Error(), Hint: r.In.BodyHint(),
	})
}

// Spoilt adds to the check of that name, which covers the bytes of the body and did
// not hold, how they were written: what compresses a body after it was signed
// leaves another one than was signed.
func (r *Request[W]) Spoilt(name string) {
	hint := r.In.BodyHint()
	if hint == "" {
		return
	}
	for i := range r.Checks {
		if c := &r.Checks[i]; c.Name == name && !c.OK {
			c.Hint = hint + ", or else: " + c.Hint
		}
	}
}

// Bad records each bad field.
func (r *Request[W]) Bad(fields wire.BadFields) {
	for _, field := range fields {
		r.Checks.Fail(token.Check{Name: CheckField(token.Scrub(field.Location)), Difference: field.Why})
	}
}

// Bytes words a number of bytes.
func Bytes(n int) string {
	if n == 1 {
		return "1 byte"
	}
	return strconv.Itoa(n) + " bytes"
}
