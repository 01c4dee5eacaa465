package server

import (
	"errors"

	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/token"
)

// Where a request carries its account.
const (
	fundingField = "fundingAccountInfo"
	payloadField = fundingField + ".encryptedPayload"
	receiptField = fundingField + ".pushAccountReceipt"
)

// funding reads the account a request names into r.call: by reference, by a
// token's number, or by card data. A reference goes before the data beside it,
// of which searchTokens has six digits.
func (r *request) funding(info mdes.FundingAccountInfo) *refusal {
	if info.PushAccountReceipt != "" {
		return r.fail(token.Check{
			Name: CheckField(receiptField), Expected: "card data, panUniqueReference or tokenUniqueReference",
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
	data, err := mdes.DecodeFunding(r.op, plain, info, r.leniency())
	if refused := r.fields(err); refused != nil || info.ByReference() {
		return refused
	}
	if r.op == token.MCTokenize && data.Source == mdes.SourceExistingToken {
		r.call.FromToken = token.TokenPAN(data.CardAccountData.AccountNumber)
		return nil
	}
	if refused := r.card(data.CardAccountData.AccountNumber); refused != nil || r.op != token.MCTokenize {
		return refused
	}
	return r.expiry(data.CardAccountData)
}

// card takes a card number that may enter. One that may not stays out of the
// call, and so out of everything that is kept.
func (r *request) card(number mdes.Sensitive) *refusal {
	if !r.server.guard(string(number)) {
		return r.fail(door.Guarded(CheckGuard, string(number)), token.Refuse(token.GuardedPAN, "the number is not on the list of test numbers"))
	}
	r.checks.Pass(CheckGuard, "")
	r.call.Card.PAN = token.PAN(number)
	return nil
}

// open decrypts a field of the request. The wire says the same of every payload
// that does not open (docs/wire/mdes.md "Errors").
func (r *request) open(field string, p mdes.EncryptedPayload) ([]byte, *refusal) {
	opener := r.account.opener
	opener.JWE, opener.IgnoreCBCTag = r.settings().JWE, true // as Mastercard's libraries, which do not look at that tag
	plain, err := opener.Open(p)
	if err != nil {
		check := token.Check{Name: CheckPayload}
		var failed *mdes.CryptographyError
		if errors.As(err, &failed) {
			check = failed.Check()
		}
		return nil, r.fail(check, token.Refuse(token.Key(mdes.CryptographyFailed), err.Error()))
	}
	r.checks.Pass(CheckPayload, p.PublicKeyFingerprint)
	r.jwe = p.IsJWE()
	r.x.Sent(field, plain)
	return plain, nil
}

// expiry reads the card's expiry, which a card given in full needs
// (docs/wire/mdes.md "Errors").
func (r *request) expiry(card *mdes.CardAccountData) *refusal {
	const field = "cardAccountData.expiryMonth"
	expiry, err := token.ExpiryOf(card.ExpiryMonth, card.ExpiryYear)
	if err != nil {
		return r.fail(token.Check{Name: CheckField(field), Expected: "expiryMonth and expiryYear beside the number"},
			token.Refuse(token.Key(mdes.MissingExpiryDate), "the card has no expiry", field))
	}
	r.call.Card.Expiry = expiry
	return nil
}
