package server

import (
	"encoding/json"

	"github.com/pantomime-dev/pantomime/wire"
)

// scalars are the members of answers and notices of which sources show two forms
// (docs/wire/mdes.md "Conventions").
var scalars = map[string]bool{
	"isCoBranded": true, "dsrpCapable": true, "supportsAuthentication": true, // booleans
	"tokenAssuranceLevel": true, "id": true, "height": true, "width": true, // numbers
}

// formed is a body with its scalars in the form that the sandbox has set; by
// default each has its own.
func (r *request) formed(body any) any {
	form := r.switches().Scalars
	if form != wire.AsText && form != wire.AsNative {
		return body
	}
	return json.RawMessage(scalarsAs(form, encode(body)))
}

func scalarsAs(form string, body []byte) []byte { return encoded(wire.Written(body, form, scalars)) }
