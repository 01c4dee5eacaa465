package vault

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/pantomime-dev/pantomime/seed"
	"github.com/pantomime-dev/pantomime/token"
)

// tokenYears is how long a token lives; its expiry is its own, not the card's
// (docs/wire/vts.md "Identifiers"). The figure is ours.
const tokenYears = 3

// Enrol returns the requestor's enrolment of a card, making it on first sight:
// the same requestor, wallet account and card give the same handle.
func (x *Tx) Enrol(network token.Network, requestor, wallet string, card Card) Enrolment {
	e, known := x.Enrolled(network, requestor, wallet, card)
	if !known {
		x.PutEnrolment(e)
	}
	return e
}

// Enrolled finds the requestor's enrolment of a card or, if there is none, says
// what it would be.
func (x *Tx) Enrolled(network token.Network, requestor, wallet string, card Card) (e Enrolment, known bool) {
	e = Enrolment{Network: network, Requestor: requestor, Wallet: wallet, Card: card.ID}
	e.Ref = token.CardRef(networks[network].cardRefs + x.ids.Hex(32, "enrolment", string(network), requestor, wallet, string(card.ID)))
	if made, known := x.Enrolment(e.Ref); known {
		return made, true
	}
	return e, false
}

// Blueprint says what token to make.
type Blueprint struct {
	TRID         token.TRID
	Presentation string
	Status       token.Status
	StepUp       bool
	Env          string
	ReplyTo      string
}

// Provision makes the next token of an enrolment.
func (x *Tx) Provision(e Enrolment, b Blueprint) Token {
	n := strconv.Itoa(e.Issued)
	e.Issued++
	x.PutEnrolment(e)
	t := Token{
		Ref: token.Ref(networks[e.Network].tokenRefs + x.ids.Hex(32, "token", string(e.Ref), n)), Network: e.Network, Requestor: e.Requestor,
		TRID: b.TRID, Enrolment: e.Ref, Card: e.Card, Presentation: b.Presentation,
		Status: b.Status, StepUp: b.StepUp, StatusAt: x.now, Env: b.Env, ReplyTo: b.ReplyTo,
	}
	t.Expiry = x.newExpiry()
	t.Number = x.number(e.Network, string(e.Ref), n)
	x.PutToken(t)
	return t
}

// newExpiry is that of a token number given out now.
func (x *Tx) newExpiry() token.Expiry {
	at := x.now.AddDate(tokenYears, 0, 1-x.now.Day())
	return token.Expiry{Year: at.Year(), Month: at.Month()}
}

// number derives a token number that was never issued before in this sandbox.
func (x *Tx) number(network token.Network, path ...string) token.TokenPAN {
	for try := 0; ; try++ {
		body := networks[network].bin + x.ids.Digits(9, slices.Concat([]string{"number"}, path, []string{strconv.Itoa(try)})...)
		number := token.TokenPAN(body + string(token.CheckDigit(body)))
		if !x.NumberTaken(number) {
			return number
		}
	}
}

// Redigitize gives a live token a new expiry and, if asked, a new number, and
// returns it as it is afterwards. It stays who it is: reference,
// status and counter are as they were. A token's numbers follow each other in
// one line of derived ones, as each that it had stays taken.
func (x *Tx) Redigitize(t Token, newNumber bool) (Token, error) {
	if t.Status == token.Deactivated {
		return t, fmt.Errorf("redigitize a token that is %s: %w", t.Status, ErrNotAllowed)
	}
	t.Expiry = x.newExpiry()
	if newNumber {
		t.Number = x.number(t.Network, string(t.Ref))
	}
	x.PutToken(t)
	return t, nil
}

// Again finds the token of an enrolment and presentation that a repeated
// provisioning gets again: a suspended one is replaced (docs/wire/vts.md
// "Provisioning"). live reports whether there is any that is not deleted. It looks
// no further than it must, since an enrolment may have very many tokens.
func (x *Tx) Again(e Enrolment, presentation string) (again Token, usable, live bool) {
	for t := range x.Tokens(e.Ref) {
		if t.Presentation != presentation || t.Status == token.Deactivated {
			continue
		}
		if live = true; t.Status != token.Suspended {
			return t, true, true
		}
	}
	return Token{}, false, live
}

// NextATC raises a token's transaction counter and returns the token. The
// counter wraps at 65535, as it has two bytes on the wire.
func (x *Tx) NextATC(t Token) Token {
	t.ATC++
	x.PutToken(t)
	return t
}

// PARFor derives a card's payment account reference: 29 characters, V001 and
// upper case at Visa, 5001 and lower-case hex at Mastercard.
func PARFor(ids seed.Source, network token.Network, card token.PAN) token.PAR {
	return networks[network].par(ids.Hex(25, "par", string(card)))
}

// Event makes the next event of a token, with everything a notice may say as
// it is now. The card is the token's, in its present form.
func (x *Tx) Event(kind token.EventType, ref token.Ref, by token.Suspender, reason string) token.Event {
	t, _ := x.Token(ref)
	e, _ := x.Enrolment(t.Enrolment)
	n := strconv.Itoa(t.Events)
	t.Events++
	x.PutToken(t)
	ev := x.event(kind, e, x.ids.Hex(32, "event", string(t.Ref), n))
	ev.By, ev.Reason, ev.Token = by, reason, t.State()
	return ev
}

// Untold counts an event of a token without a notice, so that the ids of
// later ones are the same whether or not somebody listened.
func (x *Tx) Untold(ref token.Ref) {
	t, _ := x.Token(ref)
	t.Events++
	x.PutToken(t)
}

// CardEvent makes the next event of an enrolment that concerns no single token.
func (x *Tx) CardEvent(kind token.EventType, ref token.CardRef, reason string) token.Event {
	e, _ := x.Enrolment(ref)
	n := strconv.Itoa(e.Events)
	e.Events++
	x.PutEnrolment(e)
	ev := x.event(kind, e, x.ids.Hex(32, "event", string(e.Ref), n))
	ev.By, ev.Reason = token.ByIssuer, reason
	return ev
}

func (x *Tx) event(kind token.EventType, e Enrolment, id string) token.Event {
	card, _ := x.Card(e.Card)
	return token.Event{
		ID: id, Type: kind, Network: e.Network, Requestor: e.Requestor, At: x.now,
		Card: token.AccountState{
			Ref: e.Ref, First6: card.PAN.First6(), Last4: card.PAN.Last4(),
			Expiry: card.Expiry, Issuer: card.Issuer, Revision: card.Product,
		},
	}
}

// State is what a notice may say of the token now.
func (t Token) State() token.TokenState {
	return token.TokenState{
		Ref: t.Ref, TRID: t.TRID, Status: t.Status, SuspendedBy: t.SuspendedBy, StatusAt: t.StatusAt.UTC(),
		Last4: t.Number.Last4(), Expiry: t.Expiry, Env: t.Env, ReplyTo: t.ReplyTo,
	}
}
