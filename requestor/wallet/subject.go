package wallet

import (
	"slices"

	"github.com/pantomime-dev/pantomime/token"
)

// Account says what provisioning and searching name the account by.
type Account string

// The ways to name an account, as scenario files spell them.
const (
	ByCard      Account = "card"      // the card's number; so does ""
	ByReference Account = "reference" // the handle of its enrolment
	ByToken     Account = "token"     // a token of it: at Visa its number, at Mastercard its reference; to pay, its number with a cryptogram
)

// Subject is what a request is about. Which of its members count is what the
// operation needs, see [Needs].
type Subject struct {
	Card    Card
	Account Account
	Token   Token       // that the operation acts on, or that represents its account
	Batch   []token.Ref // Mastercard's suspend, unsuspend and delete: several tokens instead
	ID      string      // of an enrolment, a step-up method, a task or a piece of content
	Code    string      // that the cardholder received
	Reason  string      // of suspending, resuming and deleting; "" is the usual one
	Pay     Pay
	Once    string // names a request to an acquirer, which has its effect once however often it is sent; "" names none

	sent map[string]string // what the requestor made itself for the request
}

// Pay is what a payment says besides what it is made with; what is left out is
// filled in.
type Pay struct {
	Amount     int64 // in the smallest unit of the currency
	Nothing    bool  // an authorization of 0, which only verifies what is paid with
	Currency   string
	Merchant   string           // its id
	Cryptogram token.Cryptogram // of the token
	ECI        token.ECI
	// Previous is the network's transaction id of an earlier payment: the merchant
	// begins this one by itself, and a token needs no cryptogram then.
	Previous string
}

// Card is a card as its holder has it in hand.
type Card struct {
	Name   string // for people; "" shows the number, masked
	PAN    token.PAN
	Expiry token.Expiry // may be zero at Mastercard
}

func (c Card) title() string {
	if c.Name == "" {
		return c.PAN.String()
	}
	return token.Scrub(c.Name)
}

// Token is a token as the wallet knows it.
type Token struct {
	Ref    token.Ref
	Number token.TokenPAN // needed where it is given instead of an account at Visa
	Expiry token.Expiry   // likewise
}

// refs are the tokens that a life-cycle operation acts on.
func (s Subject) refs() []token.Ref {
	if s.Batch != nil {
		return s.Batch
	}
	return []token.Ref{s.Token.Ref}
}

// Kind says which member of a [Subject] a request needs.
type Kind string

// The kinds of needs.
const (
	NeedCard   Kind = "card"
	NeedToken  Kind = "token"  // its reference
	NeedNumber Kind = "number" // of the token
	NeedID     Kind = "id"
	NeedCode   Kind = "code"
	// NeedCryptogram is a cryptogram that has not paid.
	NeedCryptogram Kind = "cryptogram"
)

// Need is something without which a request makes no sense.
type Need struct {
	What Kind
	Name string // of an id or a reference, as the network calls it: "taskId"; see [GivenBy]
	In   string // dotted path of the member that holds it; "" where it is in the path of the request
}

// Needs are what an operation needs, in the order in which it is missed. An
// operation of no network needs nothing.
func Needs(op token.Operation, by Account) []Need {
	if h, ok := halves[op.Party()]; ok {
		return h.needs(op, by)
	}
	return nil
}

// Asks reports whether an operation needs something of a kind when it names the
// account by the card.
func Asks(op token.Operation, what Kind) bool {
	return slices.ContainsFunc(Needs(op, ByCard), func(n Need) bool { return n.What == what })
}

// Missing finds the first need that a subject does not meet.
func (s Subject) Missing(op token.Operation) (Need, bool) {
	for _, n := range Needs(op, s.Account) {
		if !s.has(n.What) {
			return n, true
		}
	}
	return Need{}, false
}

func (s Subject) has(what Kind) bool {
	switch what {
	case NeedCard:
		return s.Card.PAN != ""
	case NeedToken:
		return !slices.Contains(s.refs(), "")
	case NeedNumber:
		return s.Token.Number != ""
	case NeedID:
		return s.ID != ""
	case NeedCode:
		return s.Code != ""
	case NeedCryptogram:
		return s.Pay.Cryptogram != "" || s.Pay.Previous != ""
	}
	return false
}
