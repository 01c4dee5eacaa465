package sandbox

import (
	"strconv"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/vault"
	"github.com/pantomime-dev/pantomime/token"
)

// owned finds a token of the caller. The other network's tokens are in the same
// vault, and nobody at this one has heard of them.
func (x *step) owned(c Call, ref token.Ref) (vault.Token, *token.Problem) {
	t, ok := x.tx.Token(ref)
	switch {
	case !ok || t.Network != c.Op.Network():
		return vault.Token{}, token.Refuse(token.UnknownToken, "no token has this reference")
	case t.Requestor != c.Requestor:
		return vault.Token{}, token.Refuse(token.ForeignToken, "the token belongs to another token requestor")
	}
	return t, nil
}

// enrolment finds an enrolment of the caller at this network.
func (x *step) enrolment(c Call, ref token.CardRef) (vault.Enrolment, *token.Problem) {
	e, ok := x.tx.Enrolment(ref)
	if !ok || e.Requestor != c.Requestor || e.Network != c.Op.Network() {
		return vault.Enrolment{}, token.Refuse(token.UnknownCard, "no enrolment of this requestor has this reference")
	}
	return e, nil
}

// read answers the token as it is.
func (x *step) read(c Call, r *Result) {
	t, problem := x.owned(c, c.Token)
	if problem != nil {
		r.Problem = problem
		return
	}
	x.describe(t, r)
}

func (x *step) describe(t vault.Token, r *Result) {
	r.Token = t
	r.Enrolment, _ = x.tx.Enrolment(t.Enrolment)
	r.Card, _ = x.tx.Card(t.Card)
}

// cardMetadata answers the enrolment and its card.
func (x *step) cardMetadata(c Call, r *Result) {
	e, problem := x.enrolment(c, c.Enrolment)
	if problem != nil {
		r.Problem = problem
		return
	}
	r.Enrolment = e
	r.Card, _ = x.tx.Card(e.Card)
}

// cryptogram raises the counter of a payable token.
func (x *step) cryptogram(c Call, r *Result) {
	t, problem := x.owned(c, c.Token)
	switch {
	case problem != nil:
		r.Problem = problem
		return
	case t.Expired(x.now):
		r.Problem = token.Refuse(token.WrongStatus, "the token expired at the end of "+t.Expiry.String())
		return
	case !t.Payable(x.now):
		r.Problem = token.Refuse(token.WrongStatus, "the token is "+string(t.Status))
		return
	}
	t = x.tx.NextATC(t)
	x.describe(t, r)
	b := x.world.ids.Bytes("payment", string(t.Ref), strconv.Itoa(int(t.ATC)))
	copy(r.Random[:], b[:4])
	r.PaymentID = x.world.ids.Hex(32, "payment id", string(t.Ref), strconv.Itoa(int(t.ATC)))
}

// verbOf says which move an operation asks for.
var verbOf = map[token.Verb]vault.Move{
	token.VerbSuspend: vault.Suspend, token.VerbResume: vault.Resume, token.VerbDelete: vault.Deactivate,
}

// move changes one token for its requestor.
func (x *step) move(c Call, r *Result) {
	t, problem := x.owned(c, c.Token)
	if problem == nil {
		t, problem = x.change1(t, c)
	}
	r.Problem = problem
	if problem == nil {
		x.describe(t, r)
	}
}

// moveAll changes each token of a batch by itself; one that cannot be changed
// does not hold up the others.
func (x *step) moveAll(c Call, r *Result) {
	for _, ref := range c.Tokens {
		o := Outcome{Ref: ref}
		if o.Token, o.Problem = x.owned(c, ref); o.Problem == nil {
			o.Token, o.Problem = x.change1(o.Token, c)
		}
		o.Card, _ = x.tx.Card(o.Token.Card)
		r.Outcomes = append(r.Outcomes, o)
	}
}

func (x *step) change1(t vault.Token, c Call) (vault.Token, *token.Problem) {
	by := x.suspender(t, c)
	verb := verbOf[c.Op.Info().Verb]
	if changesNothing(t, verb, by) {
		return t, x.redundant(t, verb)
	}
	before := t.Status
	t, err := x.tx.Change(t, verb, by)
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

// changesNothing tells whether a token is already as a move would leave it.
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
	accepts := x.script.switches.Mastercard.Redundant
	if t.Network == token.Visa {
		accepts = x.script.switches.Visa.Redundant
	}
	if accepts == scenarios.RedundantAccept || (accepts == scenarios.RedundantSuspend && verb == vault.Suspend) {
		return nil
	}
	return token.Refuse(token.WrongStatus, "the token is "+string(t.Status)+" already")
}

// suspender is who a requestor's call counts as: what causedBy says, or the
// requestor. With the switch that lets a Visa requestor lift an issuer's
// suspension its resume counts as the issuer's.
func (x *step) suspender(t vault.Token, c Call) token.Suspender {
	switches := x.script.switches
	switch {
	case t.Network == token.Visa && c.Op == token.VisaResume && switches.Visa.ResumeIssuers:
		return token.ByIssuer
	case c.By == "", t.Network == token.Mastercard && !switches.Mastercard.CausedBySuspends:
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
func (x *step) search(c Call, r *Result) {
	ref := c.Enrolment
	switch {
	case c.Token != "":
		t, problem := x.owned(c, c.Token)
		if r.Problem = problem; problem != nil {
			return
		}
		ref = t.Enrolment
	case c.Card.PAN != "":
		if r.Problem = x.judge(c.Card.PAN, c.Op.Network()); r.Problem != nil {
			return
		}
		card, known := x.tx.Card(c.Card.PAN)
		if !known {
			return
		}
		for e := range x.tx.EnrolmentsOf(card.ID) {
			if e.Requestor == c.Requestor && e.Network == c.Op.Network() {
				ref = e.Ref
			}
		}
		if ref == "" {
			return
		}
	}
	e, problem := x.enrolment(c, ref)
	if r.Problem = problem; problem != nil {
		return
	}
	card, _ := x.tx.Card(e.Card)
	for t := range x.tx.Tokens(e.Ref) {
		if t.Status != token.Deactivated {
			r.Outcomes = append(r.Outcomes, Outcome{Ref: t.Ref, Token: t, Card: card})
		}
	}
}
