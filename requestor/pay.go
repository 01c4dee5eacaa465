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
	Attempt  bool // with the network token, where that is possible
	Amount   int64
	Currency string
	Merchant string // as the acquirer knows it
}

// Paid is how a payment came out.
type Paid struct {
	Decision Decision
	Approved bool
	Reason   string   // of a payment that is not approved, the acquirer's own
	Problem  *Problem // why it was not made with the token; nil where it was, or where it was not wanted
	Answer   any      // the acquirer's; nil where none could be read
}

// Pay decides what the payment is made with, gets a cryptogram for a token, and
// has the acquirer authorize it. What keeps the token from being used is no
// failure of the payment, unless the account takes no card instead.
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
	paid, with := q.choose(ctx, &s)
	if paid.Decision.Use == ByCard && p.Attempt && !account.Features.Fallback {
		return paid, q.count(p, paid)
	}
	about := wallet.Subject{Card: m.card(), Pay: wallet.Pay{Amount: p.Amount, Currency: p.Currency, Merchant: p.Merchant}}
	if paid.Decision.Use == ByToken {
		about.Token.Ref = m.Holds.Ref
		about = with.By(about)
	}
	m, err = q.edit(p.Method, func(m *Method) { m.Orders++ })
	if err != nil {
		return Paid{}, err
	}
	out, ending := q.ask(ctx, m, token.Authorize, about, m.Orders)
	paid.Approved, paid.Answer, paid.Reason = ending.Kind == wallet.EndedWell, out.Answer, ending.Reason
	if !paid.Approved && paid.Reason == "" {
		paid.Reason = string(ending.Kind)
	}
	return paid, q.count(p, paid)
}

// choose decides, and gets the cryptogram only where all else speaks for the
// token.
func (q *Requestor) choose(ctx context.Context, s *Situation) (paid Paid, with wallet.Paying) {
	paid.Decision = decide(*s, len(factors)-1)
	if paid.Decision.Use == ByToken {
		var problem *Problem
		with, problem = q.cryptogram(ctx, s.Method)
		s.Cryptogram = problem == nil
		if paid.Decision, paid.Problem = Decide(*s), problem; problem != nil {
			paid.Problem.Key, paid.Problem.Message = CryptogramError, own(CryptogramError, "").Message
		}
		return paid, with
	}
	if paid.Decision.Key != "" {
		paid.Problem = own(paid.Decision.Key, "")
	}
	return paid, with
}

// cryptogram asks the network for one.
func (q *Requestor) cryptogram(ctx context.Context, m Method) (wallet.Paying, *Problem) {
	m, err := q.edit(m.Token, func(m *Method) { m.Orders++ })
	if err != nil {
		return wallet.Paying{}, own(CryptogramError, err.Error())
	}
	out, ending := q.ask(ctx, m, operations[m.Network].cryptogram, held(m.Holds.Ref), m.Orders)
	return out.Paying, problemOf(m.Network, ending)
}

// count adds a payment to the figures.
func (q *Requestor) count(p Payment, paid Paid) error {
	_, err := q.change(p.Method, func(m *Method) {
		if p.Attempt {
			m.Tally.Attempted++
		}
		if paid.Decision.Use == ByToken {
			m.Tally.Used++
		}
		if paid.Approved {
			m.Tally.Succeeded++
		}
	})
	return err
}
