package authorization

import (
	"fmt"
	"slices"
	"time"

	"github.com/pantomime-dev/pantomime/token"
)

// Authorization is a payment that an issuer approved, and what became of it. It
// is a value: whoever changes one makes another.
type Authorization struct {
	Approval
	Acquirer  string // through which the merchant asked; others do not know it
	Requestor string // whose credential the merchant showed
	Reference string // the merchant's own

	Network  token.Network
	Card     token.PAN // the card's ID
	Token    token.Ref // "" where it was paid by card
	Means    Means
	Last4    string // of the number that the merchant sent
	Merchant Merchant

	Currency string
	Asked    int64 // by the merchant; more than Held after a partial approval
	Held     int64 // what the issuer holds: approved, plus increments, less reversals
	Captured int64
	Refunded int64
	Lost     int64 // to the cardholder, by disputes
	End      End
	At       time.Time
	Until    time.Time // when what is not captured expires
	Timer    uint64    // sequence of the planned expiry, 0 for none
	Acts     int       // so far
	Entries  []Entry   // captures and refunds, oldest first
	Dispute  Dispute
}

// End is why nothing more is captured of an authorization.
type End string

// The ends.
const (
	Open     End = ""
	Complete End = "complete" // its last capture said so
	Voided   End = "voided"
	Expired  End = "expired"
)

// Status sums up in one word what became of an authorization.
type Status string

// The statuses (docs/wire/acquirer.md "Status").
const (
	StatusAuthorized   Status = "authorized"
	StatusPartCaptured Status = "partially_captured"
	StatusCaptured     Status = "captured"
	StatusPartRefunded Status = "partially_refunded"
	StatusRefunded     Status = "refunded"
	StatusVoided       Status = "voided"
	StatusExpired      Status = "expired"
	StatusDisputed     Status = "disputed"
	StatusChargedBack  Status = "charged_back" // all of it was lost
)

// Status is the last thing that happened, as far as money moved.
func (a Authorization) Status() Status {
	switch {
	case a.Dispute.State == DisputeOpened:
		return StatusDisputed
	case a.Lost > 0 && a.Lost+a.Refunded == a.Captured:
		return StatusChargedBack
	case a.Refunded > 0 && a.Refunded == a.Captured:
		return StatusRefunded
	case a.Refunded > 0:
		return StatusPartRefunded
	case a.Captured > 0 && (a.Captured >= a.Held || a.End != Open):
		return StatusCaptured
	case a.Captured > 0:
		return StatusPartCaptured
	case a.End == Expired:
		return StatusExpired
	case a.End == Voided:
		return StatusVoided
	}
	return StatusAuthorized
}

// Capturable is what may still be captured in one go or several, as the terms of
// the acquirer allow.
func (a Authorization) Capturable(t Terms) int64 {
	if a.End != Open && (a.End != Expired || !t.Late) {
		return 0
	}
	return max(0, a.Held+a.Held*int64(t.Over)/100-a.Captured)
}

// Refundable is what may still be refunded. What is disputed may not be: the
// cardholder would get it twice.
func (a Authorization) Refundable() int64 { return a.Captured - a.Refunded - a.Lost - a.Dispute.open() }

// Terms are what an acquirer allows.
type Terms struct {
	Expires    time.Duration // after which what is not captured expires
	Over       int           // percent by which captures may exceed what is held
	Late       bool          // captures are taken after the expiry
	Clearing   time.Duration // from a capture or refund until the network clears it
	Settlement time.Duration // from there until the money moves
}

// Entry is one capture or refund, on its way to the merchant's account.
type Entry struct {
	ID      string
	Act     Act
	Amount  int64
	At      time.Time
	Cleared time.Time // zero before
	Settled time.Time // likewise
}

// Act is what a merchant does with an authorization.
type Act string

// The acts. Expire is the issuer's, when the time is over.
const (
	Capture   Act = "capture"
	Void      Act = "void"
	Refund    Act = "refund"
	Increment Act = "increment"
	Reverse   Act = "reverse"
	Expire    Act = "expire"
)

// maxEntries bounds the captures and refunds of one authorization.
const maxEntries = 200

// Asking is what a merchant asks for, of an authorization that exists.
type Asking struct {
	Amount   int64  // 0: all there is
	Currency string // "" where no amount is given
	Final    bool   // no capture follows
}

// act is what one of them needs and does.
type act struct {
	most  func(Authorization, Terms) int64                 // the largest amount
	all   func(Authorization, Terms) int64                 // the amount where none is given
	fits  func(Authorization, Terms) bool                  // whether its end allows it
	does  func(a *Authorization, amount int64, final bool) // changes the sums
	enter bool                                             // it is an entry: money moves
}

func open(a Authorization, _ Terms) bool { return a.End == Open }

func unfinished(a Authorization, _ Terms) bool { return !a.Over() }

func uncaptured(a Authorization, _ Terms) int64 { return max(0, a.Held-a.Captured) }

// maxAmount is the largest amount that the wire can tell.
const maxAmount = 999_999_999_999

var acts = map[Act]act{
	Capture: {
		most: Authorization.Capturable, all: uncaptured,
		fits: func(a Authorization, t Terms) bool { return a.End == Open || a.End == Expired && t.Late },
		does: func(a *Authorization, amount int64, final bool) {
			if a.Captured += amount; final {
				a.End = Complete
			}
		},
		enter: true,
	},
	Void: {
		most: uncaptured, all: uncaptured,
		fits: func(a Authorization, _ Terms) bool { return a.End == Open && a.Captured == 0 },
		does: func(a *Authorization, _ int64, _ bool) { a.End = Voided },
	},
	Refund: {
		most:  func(a Authorization, _ Terms) int64 { return a.Refundable() },
		all:   func(a Authorization, _ Terms) int64 { return a.Refundable() },
		fits:  func(a Authorization, _ Terms) bool { return a.Captured > 0 },
		does:  func(a *Authorization, amount int64, _ bool) { a.Refunded += amount },
		enter: true,
	},
	Increment: {
		most: func(a Authorization, _ Terms) int64 { return maxAmount - a.Held },
		all:  func(Authorization, Terms) int64 { return 0 },
		fits: open,
		does: func(a *Authorization, amount int64, _ bool) { a.Held += amount },
	},
	Reverse: {
		most: uncaptured, all: uncaptured, fits: unfinished,
		does: func(a *Authorization, amount int64, _ bool) {
			if a.Held -= amount; a.Held == 0 {
				a.End = Voided
			}
		},
	},
	Expire: {
		most: uncaptured, all: uncaptured, fits: unfinished,
		does: func(a *Authorization, _ int64, _ bool) { a.End = Expired },
	},
}

// Judge says why an authorization does not allow an act, nil if it does, and the
// amount that the act is of.
func (a Authorization) Judge(do Act, ask Asking, t Terms) (int64, *token.Problem) {
	row := acts[do]
	switch {
	case !row.fits(a, t), row.enter && len(a.Entries) >= maxEntries:
		return 0, token.Refuse(token.WrongPaymentStatus, fmt.Sprintf("the payment is %s: no %s", a.Status(), do))
	case ask.Currency != "" && ask.Currency != a.Currency:
		return 0, token.Refuse(token.OtherCurrency, "the payment is in "+a.Currency)
	}
	amount, most := ask.Amount, row.most(a, t)
	if amount == 0 {
		amount = row.all(a, t)
	}
	if nothing := amount == 0 && row.enter; nothing || amount > most {
		return 0, token.Refuse(token.AmountTooHigh, fmt.Sprintf("%s of %d: at most %d %s", do, amount, most, a.Currency))
	}
	return amount, nil
}

// Do is the authorization after an act that was judged, and the entry that came of
// it: of captures and refunds.
func (a Authorization) Do(do Act, amount int64, final bool, id string, now time.Time) (Authorization, Entry) {
	row := acts[do]
	row.does(&a, amount, final)
	a.Acts++
	e := Entry{ID: id, Act: do, Amount: amount, At: now}
	if row.enter {
		a.Entries = append(slices.Clip(a.Entries), e)
	}
	return a, e
}

// Over reports whether nothing is left to expire.
func (a Authorization) Over() bool { return a.End != Open || a.Captured >= a.Held && a.Held > 0 }

// AsOf is the authorization at an instant. One that has nothing left to expire has
// no planned expiry, but nothing more is asked for of it after its time either.
func (a Authorization) AsOf(now time.Time) Authorization {
	if a.End == Open && a.Timer == 0 && !now.Before(a.Until) {
		a.End = Expired
	}
	return a
}

// Proceed is the authorization after an entry was cleared or, when it had been,
// settled; known is false where there is no such entry or nothing left to do.
func (a Authorization) Proceed(id string, now time.Time) (_ Authorization, e Entry, known bool) {
	for i, one := range a.Entries {
		if one.ID != id {
			continue
		}
		switch {
		case one.Cleared.IsZero():
			one.Cleared = now
		case one.Settled.IsZero():
			one.Settled = now
		default:
			return a, one, false
		}
		a.Entries = slices.Clone(a.Entries)
		a.Entries[i] = one
		return a, one, true
	}
	return a, e, false
}
