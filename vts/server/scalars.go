package server

import (
	"encoding/json"

	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/wire"
)

// scalars are the members of answers of which sources show two forms
// (docs/wire/vts.md "Provisioning").
var scalars = map[string]bool{"width": true, "height": true, "tokenRequestorID": true}

// formed is a body with its scalars in the form that the sandbox has set; by
// default they are the texts that they are anyway.
func (r *request) formed(body any) any {
	if r.switches().Scalars == wire.AsText {
		return body
	}
	plain, err := door.JSON(body)
	if err == nil {
		plain, err = wire.Written(plain, r.switches().Scalars, scalars)
	}
	if err != nil {
		panic("encode: " + err.Error()) // nothing of this face can fail to encode
	}
	return json.RawMessage(plain)
}
