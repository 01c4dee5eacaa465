package requestor

import (
	"context"
	"fmt"

	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/token"
)

// Payment is what a merchant wants paid.
type Payment struct {
	Method   string
	Gateway  string // "" is the account's first
	Ability  Ability
	Attempt  bool  // with the network token, where that is possible
	Amount   int64 // in the smallest unit of the currency; 0 only verifies
	Currency string
	Merchant string // as the acquirer knows it
	// Alone says that the merchant begins the payment by itself: an earlier one of
	// the payment method at this merchant can replace the cryptogram.
	Alone bool
}

// Paid is how a payment came out.
type Paid struct {
	Decision Decision
	Approved bool
	Unknown  bool     // no answer says whether it was approved or captured: a finding does
	Reason   string   // of a payment that is not approved, the acquirer's own
	Problem  *Problem // why it was not made with the token; nil where it was, or where it was not wanted
	ID       string   // the acquirer's, by which it is captured or refunded later
	Answer   any      // the acquirer's; nil where none could be read
}

// follows is what a gateway asks the acquirer for after the authorization.
var follows = map[Ability]token.Operation{AbilityPurchase: token.Capture, AbilityVerify: token.Void}

// Pay decides what the payment is made with, gets a cryptogram for a token, and
// has the acquirer authorize it; a purchase is captured at once, or given up where the
// capture is refused, and what was only to be verified is voided. What keeps the token from being used is no failure of
// the payment, unless the account takes no card instead.
func (q *Requestor) Pay(ctx context.Context, p Payment) (Paid, error) {
	m, err := q.Method(p.Method)
	if err == nil && m.State == Redacted {
		err = ErrGone
	}
	if err != nil {
		return Paid{}, err
	}
	account := q.account()
	gateway, known := account.gateway(p.Gateway)
	if !known {
		return Paid{}, fmt.Errorf("gateway %q: %w", token.Scrub(p.Gateway), ErrAccount)
	}
	s := Situation{Account: account, Method: m, Gateway: gateway, Ability: p.Ability, Asked: p.Attempt}
	about := wallet.Subject{Card: m.card(), Pay: wallet.Pay{Amount: p.Amount, Nothing: p.Amount == 0, Currency: p.Currency, Merchant: p.Merchant}}
	if p.Alone {
		about.Pay.Previous = m.First[p.Merchant]
	}
	paid, with := q.choose(ctx, &s, about.Pay.Previous)
	if paid.Decision.Use == ByCard && p.Attempt && !account.Features.Fallback {
		return paid, q.count(p, paid, "")
	}
	if paid.Decision.Use == ByToken {
		about.Token.Ref = m.Holds.Ref
		about = with.By(about)
	}
	transaction, err := q.charge(ctx, p, about, &paid)
	if err != nil {
		return paid, err
	}
	return paid, q.count(p, paid, transaction)
}

// charge asks the acquirer, and for what follows an authorization.
func (q *Requestor) charge(ctx context.Context, p Payment, about wallet.Subject, paid *Paid) (transaction string, err error) {
	m, err := q.edit(p.Method, func(m *Method) { m.Orders++ })
	if err != nil {
		return "", err
	}
	out, ending, err := q.order(ctx, m, token.Authorize, about)
	paid.judge(out, ending)
	paid.Answer, paid.ID = out.Answer, out.Payment
	if op := follows[p.Ability]; err == nil && paid.Approved && op != "" {
		err = q.follow(ctx, m, op, paid)
	}
	return out.Transaction, err
}

// follow asks for what follows an authorization. A purchase of which certainly nothing
// was captured is given up, so that the cardholder has the money again.
func (q *Requestor) follow(ctx context.Context, m Method, op token.Operation, paid *Paid) error {
	about := wallet.Subject{ID: paid.ID}
	out, ending, err := q.order(ctx, m, op, about)
	paid.judge(out, ending)
	if err != nil || paid.Approved || paid.Unknown || op != token.Capture {
		return err
	}
	out, ending, err = q.order(ctx, m, token.Void, about)
	if err == nil && ending.Kind != wallet.EndedWell && !ending.Unknown() {
		err = q.doubt(m, paid.ID, "it is not captured, and cannot be voided: "+reasonOf(out, ending))
	}
	return err
}

// judge takes over how a call to the acquirer ended.
func (p *Paid) judge(out wallet.Outcome, e wallet.Ending) {
	p.Approved, p.Unknown, p.Reason = e.Kind == wallet.EndedWell, e.Unknown(), reasonOf(out, e)
}

// choose decides, and gets the cryptogram only where all else speaks for the
// token, and no earlier payment replaces it.
func (q *Requestor) choose(ctx context.Context, s *Situation, previous string) (paid Paid, with wallet.Paying) {
	paid.Decision = decide(*s, len(factors)-1)
	if paid.Decision.Use == ByCard {
		if paid.Decision.Key != "" {
			paid.Problem = own(paid.Decision.Key, "")
		}
		return paid, with
	}
	if t := s.Method.Holds; previous != "" && t.Number != "" {
		with = wallet.Paying{Number: t.Number, Expiry: t.Expiry}
	} else if with, paid.Problem = q.cryptogram(ctx, s.Method); paid.Problem != nil {
		paid.Problem.Key, paid.Problem.Message = CryptogramError, own(CryptogramError, "").Message
	}
	s.Cryptogram = paid.Problem == nil
	paid.Decision = Decide(*s)
	return paid, with
}

// cryptogram asks the network for one. The number that comes with it is kept, for
// payments without one.
func (q *Requestor) cryptogram(ctx context.Context, m Method) (wallet.Paying, *Problem) {
	m, err := q.edit(m.Token, func(m *Method) { m.Orders++ })
	if err != nil || m.Holds == nil {
		return wallet.Paying{}, own(CryptogramError, "the token is gone")
	}
	ref := m.Holds.Ref
	out, ending := q.ask(ctx, m, operations[m.Network].cryptogram, held(ref), m.Orders)
	problem := problemOf(m.Network, ending)
	if problem == nil && m.Holds.Number != out.Paying.Number {
		if _, err = q.change(m.Token, func(m *Method) {
			if m.Holds != nil && m.Holds.Ref == ref {
				m.Holds.Number, m.Holds.Expiry = out.Paying.Number, out.Paying.Expiry
			}
		}); err != nil {
			return out.Paying, own(CryptogramError, err.Error())
		}
	}
	return out.Paying, problem
}

// maxMerchants bounds the merchants of a payment method whose first payment is kept.
const maxMerchants = 100

// count adds a payment to the figures, and keeps the network's id of the first that
// was approved at a merchant.
func (q *Requestor) count(p Payment, paid Paid, transaction string) error {
	_, err := q.change(p.Method, func(m *Method) {
		if p.Attempt {
			m.Tally.Attempted++
		}
		if paid.Decision.Use == ByToken {
			m.Tally.Used++
		}
		if !paid.Approved {
			return
		}
		m.Tally.Succeeded++
		if m.First[p.Merchant] == "" && transaction != "" && len(m.First) < maxMerchants {
			if m.First == nil {
				m.First = map[string]string{}
			}
			m.First[p.Merchant] = transaction
		}
	})
	return err
}
