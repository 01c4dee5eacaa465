package sandbox

import (
	"strconv"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/vault"
	"github.com/pantomime-dev/pantomime/token"
)

// owned finds a token of the caller. Tokens of other networks are in the
// same vault, and are unknown at this one.
func (x *step) owned(c Call, ref token.Ref) (vault.Token, *token.Problem) {
	t, ok := x.tx.Token(ref)
	switch {
	case !ok || t.Network != c.Network:
		return vault.Token{}, token.Refuse(token.UnknownToken, "no token has this reference")
	case t.Requestor != c.Requestor:
		return vault.Token{}, token.Refuse(token.ForeignToken, "the token belongs to another token requestor")
	}
	return t, nil
}

// enrolment finds an enrolment of the caller at this network.
func (x *step) enrolment(c Call, ref token.CardRef) (vault.Enrolment, *token.Problem) {
	e, ok := x.tx.Enrolment(ref)
	if !ok || e.Requestor != c.Requestor || e.Network != c.Network {
		return vault.Enrolment{}, token.Refuse(token.UnknownCard, "no enrolment of this requestor has this reference")
	}
	return e, nil
}

// readToken answers the token as it is.
func (x *step) readToken(c Call) (Result, *token.Problem) {
	t, problem := x.owned(c, c.Token)
	if problem != nil {
		return Result{}, problem
	}
	return Result{Found: x.found(t)}, nil
}

// found is a token with its enrolment and card.
func (x *step) found(t vault.Token) Found {
	f := Found{Token: t}
	f.Enrolment, _ = x.tx.Enrolment(t.Enrolment)
	f.Card, _ = x.tx.Card(t.Card)
	return f
}

// readEnrolment answers the enrolment and its card.
func (x *step) readEnrolment(c Call) (r Result, problem *token.Problem) {
	r.Enrolment, problem = x.enrolment(c, c.Enrolment)
	if problem == nil {
		r.Card, _ = x.tx.Card(r.Enrolment.Card)
	}
	return r, problem
}

// pay raises the counter of a payable token.
func (x *step) pay(c Call) (r Result, problem *token.Problem) {
	t, problem := x.owned(c, c.Token)
	switch {
	case problem != nil:
		return r, problem
	case t.Expired(x.now):
		return r, token.Refuse(token.WrongStatus, "the token expired at the end of "+t.Expiry.String())
	case !t.Payable(x.now):
		return r, token.Refuse(token.WrongStatus, "the token is "+string(t.Status))
	}
	t = x.tx.NextATC(t)
	x.tx.PutCryptogram(vault.Cryptogram{Token: t.Ref, ATC: t.ATC, At: x.now})
	r.Found, r.Payment = x.found(t), x.payment(t.Ref, t.ATC)
	return r, nil
}

// payment is what the cryptogram of a token's counter is made of.
func (x *step) payment(ref token.Ref, atc uint16) (p Payment) {
	n := strconv.Itoa(int(atc))
	b := x.world.ids.Bytes("payment", string(ref), n)
	copy(p.Random[:], b[:4])
	p.ID = x.world.ids.Hex(32, "payment id", string(ref), n)
	return p
}

// verbOf says which move an operation asks for.
var verbOf = map[token.Verb]vault.Move{
	token.VerbSuspend: vault.Suspend, token.VerbResume: vault.Resume, token.VerbDelete: vault.Deactivate,
}

// move changes one token for its requestor.
func (x *step) move(c Call) (r Result, problem *token.Problem) {
	t, problem := x.owned(c, c.Token)
	if problem == nil {
		t, problem = x.moved(t, c)
	}
	if problem == nil {
		r.Found = x.found(t)
	}
	return r, problem
}

// moveEach changes each token of a batch by itself; one that cannot be changed
// does not hold up the others.
func (x *step) moveEach(c Call) (r Result, _ *token.Problem) {
	for _, ref := range c.Tokens {
		o := Outcome{Ref: ref}
		if o.Token, o.Problem = x.owned(c, ref); o.Problem == nil {
			o.Token, o.Problem = x.moved(o.Token, c)
		}
		r.Each = append(r.Each, o)
	}
	return r, nil
}

// moved is a token after its requestor's move, or as it was when refused.
func (x *step) moved(t vault.Token, c Call) (vault.Token, *token.Problem) {
	verb := c.Op.Info().Verb
	by, move := x.suspender(c, verb), verbOf[verb]
	if changesNothing(t, move, by) {
		return t, x.redundant(t, move)
	}
	before := t.Status
	t, err := x.tx.Change(t, move, by, c.Reason)
	if err != nil {
		return t, token.Refuse(token.WrongStatus, err.Error())
	}
	if t.Status != before {
		x.happened(happening{
			kind: eventFor(t.Status), token: t.Ref, by: by, reason: c.Reason,
			silent: !x.world.requestors[c.Requestor].tellsOwn(t.Network),
		})
		t, _ = x.tx.Token(t.Ref)
	}
	return t, nil
}

// changesNothing reports whether a token is already as a move would leave it.
func changesNothing(t vault.Token, verb vault.Move, by token.Suspender) bool {
	switch verb {
	case vault.Suspend:
		return t.SuspendedBy.Has(by)
	case vault.Resume:
		return t.Status == token.Active
	case vault.Deactivate:
		return t.Status == token.Deactivated
	}
	return false
}

// redundant judges a requestor's move that changes nothing, which the networks
// say nothing of.
func (x *step) redundant(t vault.Token, verb vault.Move) *token.Problem {
	accepts := x.choices(t.Network).redundant
	if accepts == scenarios.RedundantAccept || (accepts == scenarios.RedundantSuspend && verb == vault.Suspend) {
		return nil
	}
	return token.Refuse(token.WrongStatus, "the token is "+string(t.Status)+" already")
}

// suspender is who a requestor's call counts as: what it says of itself, or the
// requestor. A switch lets a resume count as another's, so that a requestor
// lifts what the issuer suspended.
func (x *step) suspender(c Call, verb token.Verb) token.Suspender {
	choices := x.choices(c.Network)
	switch {
	case verb == token.VerbResume && choices.resumesAs != "":
		return choices.resumesAs
	case c.By == "", !choices.namesCauser:
		return token.ByRequestor
	}
	return c.By
}

// eventFor names the event of having come to a status.
func eventFor(s token.Status) token.EventType {
	switch s {
	case token.Suspended:
		return token.TokenSuspended
	case token.Deactivated:
		return token.TokenDeleted
	default:
		return token.TokenResumed
	}
}

// search lists the requestor's live tokens of a card.
func (x *step) search(c Call) (r Result, problem *token.Problem) {
	ref, problem := x.searched(c)
	if problem != nil || ref == "" {
		return r, problem
	}
	e, problem := x.enrolment(c, ref)
	if problem != nil {
		return r, problem
	}
	for t := range x.tx.Tokens(e.Ref) {
		if t.Status != token.Deactivated {
			r.Each = append(r.Each, Outcome{Ref: t.Ref, Token: t})
		}
	}
	return r, nil
}

// searched is the enrolment that a search is about; "" when the card has none
// at the requestor, which is no problem.
func (x *step) searched(c Call) (token.CardRef, *token.Problem) {
	switch {
	case c.Token != "":
		t, problem := x.owned(c, c.Token)
		return t.Enrolment, problem
	case c.Card.PAN == "":
		e, problem := x.enrolment(c, c.Enrolment)
		return e.Ref, problem
	}
	if problem := x.judge(c.Card.PAN, c.Network); problem != nil {
		return "", problem
	}
	var ref token.CardRef
	if card, known := x.tx.Card(c.Card.PAN); known {
		for e := range x.tx.EnrolmentsOf(card.ID) {
			if e.Requestor == c.Requestor && e.Network == c.Network {
				ref = e.Ref
			}
		}
	}
	return ref, nil
}
