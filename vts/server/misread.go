package server

import (
	"encoding/json"

	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// Misread lets a request that was refused by its form count among the attempts
// at what it is about, as far as that can be told.
func (r *request) Misread() {
	r.call.Op, r.call.Network, r.call.Requestor = r.row.Route.Op, token.Visa, r.Caller
	r.about()
	r.World.Misread(r.call)
}

// about finds whom a request means that was not read to its end: by its path or,
// where that names nobody, by the card it holds.
func (r *request) about() {
	switch r.row.Route.Param() {
	case "vProvisionedTokenID":
		r.call.Token = token.Ref(r.id())
		return
	case "vPanEnrollmentID":
		r.call.Enrolment = token.CardRef(r.id())
		return
	}
	var body struct {
		EncPaymentInstrument string `json:"encPaymentInstrument"`
	}
	var card vts.PaymentInstrument
	if r.call.Card.PAN != "" || json.Unmarshal(r.In.Body, &body) != nil || body.EncPaymentInstrument == "" {
		return
	}
	if opened, err := r.account.keys.Open(body.EncPaymentInstrument); err == nil && json.Unmarshal(opened.Plain, &card) == nil {
		r.call.Card.PAN, _ = token.ParsePAN(card.AccountNumber)
	}
}
