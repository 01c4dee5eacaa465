package server

import (
	"encoding/json"

	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

// Misread lets a request that was refused by its form count among the attempts
// at what it is about, as far as that is known.
func (r *request) Misread() { r.World.Misread(r.row.Route.Op, r.Caller, r.about()) }

// about finds whom a request means that was not read to its end: by the handles
// of its body or, where that has none, by the card it holds.
func (r *request) about() sandbox.Subject {
	s := r.call.Subject
	var body struct {
		TokenUniqueReference  string                  `json:"tokenUniqueReference"`
		TokenUniqueReferences []string                `json:"tokenUniqueReferences"`
		FundingAccountInfo    mdes.FundingAccountInfo `json:"fundingAccountInfo"`
	}
	if s.Card.PAN != "" || s.Token != "" || json.Unmarshal(r.In.Body, &body) != nil {
		return s
	}
	info := body.FundingAccountInfo
	s.Token, s.Enrolment = token.Ref(body.TokenUniqueReference), token.CardRef(info.PANUniqueReference)
	if len(body.TokenUniqueReferences) > 0 {
		s.Token = token.Ref(body.TokenUniqueReferences[0])
	}
	if info.EncryptedPayload == nil {
		return s
	}
	opener := r.account.opener
	opener.JWE, opener.IgnoreCBCTag = r.switches().JWE, true
	var data mdes.FundingAccountData
	if plain, err := opener.Open(*info.EncryptedPayload); err == nil && json.Unmarshal(plain, &data) == nil && data.CardAccountData != nil {
		s.Card.PAN, _ = token.ParsePAN(string(data.CardAccountData.AccountNumber))
	}
	return s
}
