package server

import (
	"encoding/json"

	"github.com/pantomime-dev/pantomime/acquirer"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

// Misread lets a request that was refused by its form count among the attempts
// at what it is about, as far as that is known.
func (r *request) Misread() { r.World.Misread(r.row.Route.Op, r.Caller, r.about()) }

// about finds what was to be paid with in a request that was not read to its end.
func (r *request) about() sandbox.Subject {
	s := r.call.Subject
	s.Payment = r.id()
	var body struct {
		Instrument struct {
			Type   string `json:"type"`
			Number string `json:"number"`
		} `json:"instrument"`
	}
	if s.Card.PAN != "" || s.FromToken != "" || json.Unmarshal(r.In.Body, &body) != nil {
		return s
	}
	number, err := token.ParsePAN(body.Instrument.Number)
	if err != nil {
		return s
	}
	if body.Instrument.Type == acquirer.TypeToken {
		s.FromToken = token.TokenPAN(number)
		return s
	}
	s.Card.PAN = number
	return s
}
