package sandbox

import (
	"cmp"
	"fmt"
	"strconv"
	"time"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/authorization"
	"github.com/pantomime-dev/pantomime/simulator/vault"
	"github.com/pantomime-dev/pantomime/token"
)

// CheckEndpoint names what an issuer's own endpoint said.
const CheckEndpoint = "issuer endpoint"

// Pending is a request that waits for its issuer's endpoint, with all that its
// second step needs. The first has matched and counted it; of the request's secrets
// nothing is kept.
type Pending struct {
	ID     string    // of the inquiry, 32 hex digits
	At     time.Time // sandbox time of the first step
	Issuer string
	Late   scenarios.Late

	Op        token.Operation
	Network   token.Network
	Effect    Effect
	Requestor string
	Subject
	Making
	Paying

	ATC    uint16 // of the cryptogram that the first step spent
	Seq    uint32 // of the request among those about its entity
	Notify scenarios.Variants
	Before bool // notices leave before the answer
}

// call is the request again, for the second step.
func (p Pending) call() Call {
	return Call{
		Op: p.Op, Network: p.Network, Effect: p.Effect, Requestor: p.Requestor, Subject: p.Subject, Making: p.Making, Paying: &p.Paying,
	}
}

// asking is what a first step wants to know from outside.
type asking struct {
	Pending
	inquiry  token.Inquiry
	endpoint scenarios.Endpoint
}

// errAsked ends the first step of a request whose issuer is asked outside.
var errAsked = token.Refuse("issuer-asked", "the issuer's endpoint is being asked")

// ask asks the endpoint of a card's issuer: in the first step by leaving word of
// what to ask, in the second it has the answer. A step that changes nothing asks
// nobody.
func (x *step) ask(c Call, card vault.Card, q token.Inquiry) (token.Verdict, *token.Problem) {
	issuer := x.script.issuer(card.Issuer)
	switch {
	case x.resumes != nil && x.heard.State == token.InquiryResponded:
		return x.heard.Verdict, nil
	case x.resumes != nil:
		return late(x.resumes.Late, issuer, q), nil
	case x.dry:
		return late(issuer.Endpoint.Late, issuer, q), nil
	}
	q.ID = x.world.ids.Hex(32, "inquiry", c.Requestor, string(card.ID), strconv.Itoa(int(x.seq)))
	q.Sandbox, q.Issuer, q.Network, q.Requestor, q.At, q.PAN = x.world.id, issuer.Name, card.Network, c.Requestor, x.now, card.PAN
	if q.Expiry.IsZero() {
		q.Expiry = card.Expiry
	}
	p := Pending{
		ID: q.ID, At: x.now, Issuer: issuer.Name, Late: issuer.Endpoint.Late,
		Op: c.Op, Network: c.Network, Effect: c.Effect, Requestor: c.Requestor, Subject: c.Subject, Making: c.Making,
		ATC: x.spent, Seq: x.seq, Notify: x.notify, Before: x.before,
	}
	if c.Paying != nil {
		p.Paying = *c.Paying
	}
	p.Subject.Card.Code, p.Cryptogram = "", ""
	x.asks = &asking{p, q, issuer.Endpoint}
	x.change.Asked = append(x.change.Asked, p)
	return token.Verdict{}, errAsked
}

// late decides in place of an endpoint without an answer that can be used
// (docs/wire/issuer.md "In its place").
func late(by scenarios.Late, issuer scenarios.Issuer, q token.Inquiry) token.Verdict {
	switch by {
	case scenarios.LateApprove:
		return token.Verdict{Decision: token.Approve}
	case scenarios.LateStandIn:
		return standIn(issuer, q)
	}
	return token.Verdict{Decision: token.Decline, Reason: token.DeclineTooLate}
}

// standIn is what the network answers in an issuer's place.
func standIn(issuer scenarios.Issuer, q token.Inquiry) token.Verdict {
	if q.Kind == token.InquiryProvisioning {
		return token.Verdict{Decision: token.StepUp}
	}
	limit := int64(scenarios.DefaultStandIn)
	if issuer.StandIn != nil {
		limit = *issuer.StandIn
	}
	if why := authorization.StandIn(authorization.Amount{Value: q.Amount}, limit); why != "" {
		return token.Verdict{Decision: token.Decline, Reason: why}
	}
	return token.Verdict{Decision: token.Approve}
}

// conclude is the second step of a request: it decides and changes state, with what
// was heard from the endpoint.
func (x *step) conclude(p Pending, heard token.Heard) (r Result) {
	x.resumes, x.heard, x.legs = &p, heard, nil
	x.origin = Origin{Kind: token.OriginRequest, Operation: p.Op}
	x.notify, x.before, x.seq = p.Notify, p.Before, p.Seq
	x.change.Answered = append(x.change.Answered, p.ID)
	r, r.Problem = effects[p.Effect](x, p.call())
	r.Change, r.Work, r.Legs = x.change.Number, token.WorkNotDone, x.legs
	if r.Problem == nil {
		r.Work = token.WorkDone
	}
	return r
}

// hearing reports an endpoint that was asked, from the question on.
func (x *step) hearing(card vault.Card) token.Checks {
	p := x.resumes
	if p == nil {
		return nil
	}
	e := x.script.issuer(card.Issuer).Endpoint
	answer := token.Check{
		Name: CheckEndpoint, OK: true, Received: string(x.heard.State),
		Expected: "an answer of use within " + token.SpellDuration(e.Within),
		Hint:     "responded: " + string(cmp.Or(x.heard.Verdict.Reason, token.Key(x.heard.Verdict.Decision))),
	}
	if x.heard.State != token.InquiryResponded {
		answer.OK, answer.Difference = false, token.Scrub(x.heard.Why) // it may repeat what was asked
		answer.Hint = fmt.Sprintf("so %s decides: late is %s", map[bool]string{true: "the network", false: "the scenario"}[p.Late == scenarios.LateStandIn], p.Late)
		if x.heard.Status != 0 {
			answer.Received += ", status " + strconv.Itoa(x.heard.Status)
		}
	}
	return token.Checks{
		{Name: CheckEndpoint, OK: true, Received: string(token.InquiryPending), Hint: fmt.Sprintf("pending: inquiry %s went to %s at %s", p.ID, p.Issuer, e.URL)}, answer,
	}
}
