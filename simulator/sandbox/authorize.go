package sandbox

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/pantomime-dev/pantomime/simulator/authorization"
	"github.com/pantomime-dev/pantomime/simulator/vault"
	"github.com/pantomime-dev/pantomime/token"
)

// The names of what network and issuer look at, in their order.
const (
	CheckAcquirer   = "acquirer"
	CheckToken      = "token"
	CheckCryptogram = "cryptogram"
	CheckCard       = "card"
	CheckPrevious   = "previous transaction"
	CheckIssuer     = "issuer"
)

// authorize answers a payment. The network first finds the card: for a token it
// resolves the number and spends the cryptogram. Then the card's issuer is asked,
// which sees the card's number whatever the merchant sent.
func (x *step) authorize(c Call) (r Result, problem *token.Problem) {
	paid := authorization.Payment{Amount: c.Amount, Means: authorization.ByCard, Says: x.declines}
	if c.FromToken != "" {
		r.Story = append(r.Story, token.Check{Name: CheckAcquirer, OK: true, Hint: "sees token " + c.FromToken.String() + " and never its card"})
		paid.Means = authorization.ByToken
		r.Token, problem = x.payable(c, &r.Story)
		r.Card, _ = x.tx.Card(r.Token.Card)
	} else {
		r.Card, problem = x.paying(c, &r.Story)
		paid.Sent = c.Card.Expiry
		if problem == nil {
			problem = x.restsOn(c, r.Card, &r.Story)
		}
	}
	if problem != nil {
		return r, problem
	}
	paid.Printed, paid.Closed = r.Card.Expiry, r.Card.Closed
	answer, problem := x.answer(c, r.Card, paid, c.Merchant)
	if problem != nil {
		return r, problem
	}
	approved := c.Amount.Value
	if part := x.script.banks[r.Card.Issuer].Part(); c.Partial && answer == token.DeclineFunds && part > 0 && part < approved {
		answer, approved = "", part
	}
	r.Story = append(append(r.Story, x.hearing(r.Card)...), issuerSays(r.Card, c.Amount, c.Merchant, answer))
	if answer != "" {
		return r, decline(answer, "the issuer declined")
	}
	if approved < c.Amount.Value {
		r.Story = append(r.Story, token.Check{Name: CheckIssuer, OK: true, Hint: fmt.Sprintf("approves %d of it", approved)})
	}
	r.Paid = &Paid{Authorization: x.book(c, r, approved)}
	return r, nil
}

// issuerSays is the issuer's part of a payment's story.
func issuerSays(card vault.Card, amount authorization.Amount, at authorization.Merchant, why token.Key) token.Check {
	return token.Check{Name: CheckIssuer, OK: true, Hint: fmt.Sprintf("%s sees card %s and %s at merchant %s: %s",
		cmp.Or(card.Issuer, "the issuer"), card.PAN, amount, token.Scrub(at.ID), cmp.Or(string(why), "approved"))}
}

// paying finds the card of a payment with its number.
func (x *step) paying(c Call, story *token.Checks) (vault.Card, *token.Problem) {
	if c.Network == "" {
		return vault.Card{}, decline(token.DeclineInvalidCard, "the number is in the range of no network that is played")
	}
	card, problem := x.admit(c)
	if problem == nil {
		return card, nil
	}
	reason := token.DeclineInvalidCard
	if problem.Key == token.ExpiredCard || problem.Key == token.OtherDetails {
		reason = token.DeclineExpiredCard
	}
	story.Fail(token.Check{Name: CheckCard, Expected: "the number of a card that has not expired", Received: problem.Detail})
	return card, decline(reason, problem.Detail)
}

// payable resolves a token by its number and spends the cryptogram. A cryptogram
// that is not the token's spends nothing.
func (x *step) payable(c Call, story *token.Checks) (vault.Token, *token.Problem) {
	t, known := x.tx.TokenByNumber(c.FromToken)
	if why := x.tokenDeclines(t, known, c); why != "" && (x.resumes == nil || !known) { // it was judged before its issuer was asked
		reason, _ := token.DeclineReasonOf(why)
		story.Fail(token.Check{
			Name: CheckToken, Expected: "an active token of the requestor " + c.Requestor, Received: c.FromToken.String(), Hint: reason.About,
		})
		return t, decline(why, reason.About)
	}
	card, _ := x.tx.Card(t.Card)
	*story = append(*story, token.Check{Name: CheckToken, OK: true, Hint: fmt.Sprintf("%s is active and belongs to card %s", t.Number, card.PAN)})
	if c.Cryptogram == "" && c.Previous != "" { // judged by the earlier payment instead
		return t, x.restsOn(c, card, story)
	}
	made, why := x.fresh(t, c.Cryptogram)
	if why != "" {
		reason, _ := token.DeclineReasonOf(why)
		story.Fail(token.Check{
			Name: CheckCryptogram, Expected: "one of this token that is at most 24 hours old and has not paid", Received: token.Secret, Hint: reason.About,
		})
		return t, decline(why, reason.About)
	}
	if problem := x.restsOn(c, card, story); problem != nil {
		return t, problem
	}
	x.spend(made)
	*story = append(*story, token.Check{Name: CheckCryptogram, OK: true, Hint: fmt.Sprintf("number %d of the token, spent now; ECI %s", made.ATC, cmp.Or(string(c.ECI), "not given"))})
	return t, nil
}

// restsOn judges the earlier payment that a payment names: of the same card, at the
// same merchant, and approved (docs/wire/acquirer.md "Payments that rest on an
// earlier one").
func (x *step) restsOn(c Call, card vault.Card, story *token.Checks) *token.Problem {
	if c.Previous == "" {
		return nil
	}
	before, known := x.state.payments.ByTransaction(c.Previous, card.ID)
	var differs string
	switch {
	case !known || before.Requestor != c.Requestor:
		differs = "no payment of the requestor " + c.Requestor + " has this transaction id"
	case before.Card != card.ID:
		differs = "that payment was made with another card"
	case before.Merchant.ID != c.Merchant.ID:
		differs = "that payment was made at another merchant"
	default:
		story.Pass(CheckPrevious, "")
		return nil
	}
	story.Fail(token.Check{Name: CheckPrevious, Expected: "the transaction id of an approved payment of this card at this merchant", Received: token.Scrub(c.Previous), Difference: differs})
	return decline(token.DeclinePrevious, differs)
}

// tokenDeclines is what the network has against a token, "" for nothing.
func (x *step) tokenDeclines(t vault.Token, known bool, c Call) token.Key {
	merchants, now := x.world.requestors[c.Requestor].Merchants, x.now
	switch {
	case !known || t.Network != c.Network:
		return token.DeclineUnknownToken
	case t.Requestor != c.Requestor:
		return token.DeclineForeignToken
	case len(merchants) > 0 && !slices.Contains(merchants, c.Merchant.ID):
		return token.DeclineForeignMerchant
	case t.Status != token.Active:
		return unpayable[t.Status]
	case t.Expired(now):
		return token.DeclineExpiredToken
	case c.Expiry != t.Expiry:
		return token.DeclineTokenExpiry
	}
	return ""
}

// unpayable is why a token does not pay, by its status.
var unpayable = map[token.Status]token.Key{
	token.Inactive: token.DeclineInactiveToken, token.Suspended: token.DeclineSuspendedToken, token.Deactivated: token.DeclineDeletedToken,
}

// fresh finds a cryptogram that has not paid, or says why it does not pay.
func (x *step) fresh(t vault.Token, c token.Cryptogram) (made vault.Cryptogram, why token.Key) {
	if x.resumes != nil {
		return vault.Cryptogram{Token: t.Ref, ATC: x.resumes.ATC, Spent: true}, "" // before its issuer was asked
	}
	proof, key := x.world.proofs[t.Network], x.world.cryptogramKey(t.Network)
	if proof == nil {
		return made, token.DeclineInvalidCryptogram
	}
	atc, err := proof.ATC(c)
	if err != nil || !proof.Genuine(c, key[:], t.Number, x.payment(t.Ref, atc).ID) {
		return made, token.DeclineInvalidCryptogram
	}
	made, kept := x.tx.Cryptogram(t.Ref, atc)
	switch {
	case kept && made.Spent:
		return made, token.DeclineUsedCryptogram
	case !kept || x.now.Sub(made.At) > vault.CryptogramLife:
		return made, token.DeclineExpiredCryptogram
	}
	return made, ""
}

// spend lets a cryptogram pay, once.
func (x *step) spend(made vault.Cryptogram) {
	if made.Spent {
		return
	}
	made.Spent, x.spent = true, made.ATC
	x.tx.PutCryptogram(made)
}

// decline makes the problem of a payment that is not approved.
func decline(why token.Key, detail string) *token.Problem {
	reason, _ := token.DeclineReasonOf(why)
	return token.Refuse(why, fmt.Sprintf("response code %s: %s", reason.Code, detail))
}
