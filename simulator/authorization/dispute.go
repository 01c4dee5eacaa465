package authorization

import (
	"fmt"
	"time"

	"github.com/pantomime-dev/pantomime/token"
)

// DisputeState is how far a cardholder's dispute of a payment has come.
type DisputeState string

// The states. Who wins is said from the merchant's side.
const (
	DisputeNone   DisputeState = ""
	DisputeOpened DisputeState = "opened"
	DisputeWon    DisputeState = "won"
	DisputeLost   DisputeState = "lost"
)

// Dispute is what a cardholder, through the issuer, has against a payment. A
// payment has one at a time.
type Dispute struct {
	ID     string
	State  DisputeState
	Amount int64
	Reason string // the issuer's
	At     time.Time
	Ended  time.Time
}

// open is the amount that is in dispute now.
func (d Dispute) open() int64 {
	if d.State == DisputeOpened {
		return d.Amount
	}
	return 0
}

// Disputed is the authorization after its cardholder's dispute has come to a
// state. One is opened of what was captured and not given back, and only an open
// one ends.
func (a Authorization) Disputed(to DisputeState, id, reason string, now time.Time) (Authorization, *token.Problem) {
	most := a.Refundable()
	switch {
	case to == DisputeOpened && (a.Dispute.State == DisputeOpened || most <= 0):
		return a, token.Refuse(token.WrongPaymentStatus, fmt.Sprintf("the payment is %s: there is nothing to dispute", a.Status()))
	case to == DisputeOpened:
		a.Acts++
		a.Dispute = Dispute{ID: id, State: to, Amount: most, Reason: reason, At: now}
		return a, nil
	case a.Dispute.State != DisputeOpened:
		return a, token.Refuse(token.WrongPaymentStatus, "the payment has no open dispute")
	}
	if to == DisputeLost {
		a.Lost += a.Dispute.Amount
	}
	a.Dispute.State, a.Dispute.Ended = to, now
	return a, nil
}
