package server

import (
	"encoding/json"

	"github.com/pantomime-dev/pantomime/acquirer"
	"github.com/pantomime-dev/pantomime/token"
)

// Misread lets a request that was refused by its form count among the attempts
// at what it is about, as far as that can be told.
func (r *request) Misread() {
	r.call.Op, r.call.Requestor = r.row.Route.Op, r.Caller
	r.about()
	r.World.Misread(r.call)
}

// about finds what was to be paid with in a request that was not read to its end.
func (r *request) about() {
	var body struct {
		Instrument struct {
			Type   string `json:"type"`
			Number string `json:"number"`
		} `json:"instrument"`
	}
	if r.call.Network != "" || json.Unmarshal(r.In.Body, &body) != nil {
		return
	}
	number, err := token.ParsePAN(body.Instrument.Number)
	if err != nil {
		return
	}
	r.call.Network = number.Network()
	if body.Instrument.Type == acquirer.TypeToken {
		r.call.FromToken = token.TokenPAN(number)
		return
	}
	r.call.Card.PAN = number
}
