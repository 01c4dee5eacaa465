package server

import (
	"errors"

	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/simulator/token"
)

// Where a request carries its account.
const (
	fundingField = "fundingAccountInfo"
	payloadField = fundingField + ".encryptedPayload"
	receiptField = fundingField + ".pushAccountReceipt"
)

// account reads the account a request names into r.call: by reference, or by
// card data, which it also returns, nil where there is none. A reference goes
// before the data beside it, of which searchTokens has six digits.
func (r *request) account(info mdes.FundingAccountInfo) (*mdes.CardAccountData, *refusal) {
	if info.PushAccountReceipt != "" {
		return nil, r.fail(token.Check{
			Name: CheckField(receiptField), Expected: "card data, panUniqueReference or tokenUniqueReference",
			Hint: "receipts belong to Token Connect, which is not played here",
		}, token.Refuse(token.Key(mdes.InvalidFieldValue), "no receipt is known", receiptField))
	}
	r.call.Enrolment, r.call.Token = token.CardRef(info.PANUniqueReference), token.Ref(info.TokenUniqueReference)
	if info.EncryptedPayload == nil {
		return nil, nil
	}
	data, refused := r.open(info)
	if refused != nil || info.ByReference() {
		return nil, refused
	}
	number := string(data.CardAccountData.AccountNumber)
	if !r.server.guard(number) {
		return nil, r.fail(token.Check{
			Name: CheckGuard, Expected: "a number published for tests", Received: token.Mask(number),
			Hint: "it may be somebody's card; list the cards that are let in, or start with the guard off",
		}, token.Refuse(token.GuardedPAN, "the number is not on the list of test numbers"))
	}
	r.checks.Pass(CheckGuard, "")
	r.call.Card.PAN = token.PAN(number)
	return data.CardAccountData, nil
}

// open decrypts and reads the card data. The wire says the same of every
// payload that does not open (docs/wire/mdes.md "Errors").
func (r *request) open(info mdes.FundingAccountInfo) (mdes.FundingAccountData, *refusal) {
	opener, err := mdes.NewOpener(own(r.requestor.Mastercard.Network))
	if err != nil {
		return mdes.FundingAccountData{}, internal("network key: " + err.Error())
	}
	plain, err := opener.Open(*info.EncryptedPayload)
	if err != nil {
		check := token.Check{Name: CheckPayload}
		var failed *mdes.CryptographyError
		if errors.As(err, &failed) {
			check = failed.Check()
		}
		return mdes.FundingAccountData{}, r.fail(check, token.Refuse(token.Key(mdes.CryptographyFailed), err.Error()))
	}
	r.checks.Pass(CheckPayload, info.EncryptedPayload.PublicKeyFingerprint)
	r.x.Sent(payloadField, plain)
	data, err := mdes.DecodeFunding(r.op, plain, info, leniency)
	return data, r.fields(err)
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
