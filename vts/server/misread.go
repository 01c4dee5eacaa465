package server

import (
	"encoding/json"

	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// Misread lets a request that was refused by its form count among the attempts
// at what it is about, as far as that is known.
func (r *request) Misread() { r.World.Misread(r.row.Route.Op, r.Caller, r.about()) }

// about finds whom a request means that was not read to its end: by its path or,
// where that names none, by the card it holds.
func (r *request) about() sandbox.Subject {
	s := r.call.Subject
	switch r.row.Route.Param() {
	case "vProvisionedTokenID":
		s.Token = token.Ref(r.id())
		return s
	case "vPanEnrollmentID":
		s.Enrolment = token.CardRef(r.id())
		return s
	}
	var body struct {
		EncPaymentInstrument string `json:"encPaymentInstrument"`
	}
	var card vts.PaymentInstrument
	if s.Card.PAN != "" || json.Unmarshal(r.In.Body, &body) != nil || body.EncPaymentInstrument == "" {
		return s
	}
	if opened, err := r.account.keys.Open(body.EncPaymentInstrument); err == nil && json.Unmarshal(opened.Plain, &card) == nil {
		s.Card.PAN, _ = token.ParsePAN(card.AccountNumber)
	}
	return s
}
