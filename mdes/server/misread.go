package server

import (
	"encoding/json"

	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/token"
)

// Misread lets a request that was refused by its form count among the attempts
// at what it is about, as far as that can be told.
func (r *request) Misread() {
	r.call.Op, r.call.Network, r.call.Requestor = r.row.Route.Op, token.Mastercard, r.Caller
	r.about()
	r.World.Misread(r.call)
}

// about finds whom a request means that was not read to its end: by the handles
// of its body or, where that has none, by the card it holds.
func (r *request) about() {
	var body struct {
		TokenUniqueReference  string                  `json:"tokenUniqueReference"`
		TokenUniqueReferences []string                `json:"tokenUniqueReferences"`
		FundingAccountInfo    mdes.FundingAccountInfo `json:"fundingAccountInfo"`
	}
	if r.call.Card.PAN != "" || r.call.Token != "" || json.Unmarshal(r.In.Body, &body) != nil {
		return
	}
	info := body.FundingAccountInfo
	r.call.Token, r.call.Enrolment = token.Ref(body.TokenUniqueReference), token.CardRef(info.PANUniqueReference)
	if len(body.TokenUniqueReferences) > 0 {
		r.call.Token = token.Ref(body.TokenUniqueReferences[0])
	}
	if info.EncryptedPayload == nil {
		return
	}
	opener := r.account.opener
	opener.JWE, opener.IgnoreCBCTag = r.switches().JWE, true
	var data mdes.FundingAccountData
	if plain, err := opener.Open(*info.EncryptedPayload); err == nil && json.Unmarshal(plain, &data) == nil && data.CardAccountData != nil {
		r.call.Card.PAN, _ = token.ParsePAN(string(data.CardAccountData.AccountNumber))
	}
}
