package server

import (
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/token"
)

// Where a request carries its account.
const (
	fundingField = "fundingAccountInfo"
	payloadField = fundingField + ".encryptedPayload"
	receiptField = fundingField + ".pushAccountReceipt"
)

// funding reads the account a request names into r.call: by reference, by a
// token's number, or by card data. A reference takes precedence over the data next to it,
// of which searchTokens has six digits.
func (r *request) funding(info mdes.FundingAccountInfo) *refusal {
	if info.PushAccountReceipt != "" {
		return r.fail(token.Check{
			Name: face.CheckField(receiptField), Expected: "card data, panUniqueReference or tokenUniqueReference",
			Hint: "receipts belong to Token Connect, which is not played here",
		}, token.Refuse(token.Key(mdes.InvalidFieldValue), "no receipt is known", receiptField))
	}
	r.call.Enrolment, r.call.Token = token.CardRef(info.PANUniqueReference), token.Ref(info.TokenUniqueReference)
	if info.EncryptedPayload == nil {
		return nil
	}
	plain, refused := r.open(payloadField, *info.EncryptedPayload)
	if refused != nil {
		return refused
	}
	data, err := mdes.DecodeFunding(r.row.Route.Op, plain, info, r.leniency())
	if refused := r.fields(err); refused != nil || info.ByReference() {
		return refused
	}
	if r.row.Route.Op == token.MCTokenize && data.Source == mdes.SourceExistingToken {
		r.call.FromToken = token.TokenPAN(data.CardAccountData.AccountNumber)
		return nil
	}
	if refused := r.card(data.CardAccountData.AccountNumber); refused != nil || r.row.Route.Op != token.MCTokenize {
		return refused
	}
	return r.expiry(data.CardAccountData)
}
