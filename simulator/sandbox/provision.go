package sandbox

import (
	"fmt"
	"strings"
	"time"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/vault"
	"github.com/pantomime-dev/pantomime/token"
)

// findCard finds the card behind a number, for its product configuration.
func (x *step) findCard(c Call) (r Result, problem *token.Problem) {
	r.Card, problem = x.admit(c)
	return r, problem
}

// enroll makes or finds the requestor's enrolment of a card.
func (x *step) enroll(c Call) (r Result, problem *token.Problem) {
	card, problem := x.presented(c)
	if problem != nil {
		return r, problem
	}
	r.Card = card
	r.Enrolment, problem = x.enrol(c, card)
	return r, problem
}

// presented is the card that a request brings: by its number, or by a token's.
func (x *step) presented(c Call) (vault.Card, *token.Problem) {
	if c.FromToken != "" {
		return x.cardBehind(c)
	}
	return x.admit(c)
}

// provision makes a token for a card or for an enrolment of one.
func (x *step) provision(c Call) (r Result, problem *token.Problem) {
	if problem := x.freshTask(c); problem != nil {
		return r, problem
	}
	card, enrolment, problem := x.source(c)
	if problem != nil {
		x.failTask(c, problem)
		return r, problem
	}
	r.Card = card
	r.Decision, problem = x.decide(c, card)
	r.Story = x.hearing(card)
	if problem != nil {
		x.failTask(c, problem)
		return r, problem
	}
	if r.Decision == token.Decline {
		x.finishTask(c)
		return r, nil
	}
	if enrolment.Ref == "" {
		if enrolment, problem = x.enrol(c, card); problem != nil {
			x.failTask(c, problem)
			return r, problem
		}
	}
	repeat := x.choices(card.Network).repeat
	var again vault.Token
	var usable, live bool
	if repeat != scenarios.RepeatNew {
		again, usable, live = x.tx.Again(enrolment, c.Presentation)
	}
	switch {
	case !live || repeat == scenarios.RepeatSame && !usable:
		if problem = x.fits("tokens", x.tokens(), card.Network); problem != nil {
			x.failTask(c, problem)
			return r, problem
		}
		r.Token = x.issue(c, card, enrolment, r.Decision)
		r.Enrolment, _ = x.tx.Enrolment(enrolment.Ref)
	case repeat == scenarios.RepeatDuplicate:
		problem = token.Refuse(token.HasToken, "the card has a live token at this requestor")
		x.failTask(c, problem)
		return r, problem
	default:
		r.Token, r.Enrolment, r.Repeat = again, enrolment, true
		r.Decision = decisionOf(again, r.Decision)
	}
	x.finishTask(c)
	r.StepUp.Methods = x.methods(card, r.Decision)
	return r, nil
}

// decisionOf is what a repeated provisioning is answered: what counts is the
// token as it is, not what the issuer would say today.
func decisionOf(live vault.Token, today token.Decision) token.Decision {
	switch {
	case live.StepUp:
		return token.StepUp
	case today == token.StepUp:
		return token.Approve
	}
	return today
}

// source finds the card a provisioning request is about: given in full, by
// enrolment, or by an existing token.
func (x *step) source(c Call) (vault.Card, vault.Enrolment, *token.Problem) {
	if c.Card.PAN != "" || c.FromToken != "" {
		card, problem := x.presented(c)
		return card, vault.Enrolment{}, problem
	}
	ref := c.Enrolment
	if c.Token != "" {
		t, problem := x.owned(c, c.Token)
		if problem != nil {
			return vault.Card{}, vault.Enrolment{}, problem
		}
		ref = t.Enrolment
	}
	e, problem := x.enrolment(c, ref)
	if problem != nil {
		return vault.Card{}, vault.Enrolment{}, problem
	}
	if c.Wallet != "" && c.Wallet != e.Wallet {
		return vault.Card{}, e, token.Refuse(token.OtherWallet, "the enrolment belongs to another wallet account")
	}
	card, _ := x.tx.Card(e.Card)
	if card.Closed {
		return card, e, nil
	}
	if problem := x.compare(c.Card, card); problem != nil {
		return card, e, problem
	}
	return card, e, expired(card.Expiry, x.now)
}

// cardBehind finds the card of any requestor's token at this network: token for
// token.
func (x *step) cardBehind(c Call) (vault.Card, *token.Problem) {
	t, ok := x.tx.TokenByNumber(c.FromToken)
	if !ok || t.Network != c.Network {
		return vault.Card{}, token.Refuse(token.ForeignRange, "no token has this number")
	}
	if !t.Payable(x.now) {
		return vault.Card{}, token.Refuse(token.WrongStatus, "the source token is "+string(t.Status))
	}
	card, _ := x.tx.Card(t.Card)
	return card, nil
}

// issue makes the token, reports it, its issuer first, and plans its
// activation.
func (x *step) issue(c Call, card vault.Card, e vault.Enrolment, decision token.Decision) vault.Token {
	delay := x.activation(card, c.Requestor)
	plan := vault.Blueprint{
		TRID: x.world.requestors[c.Requestor].TRID[card.Network], Presentation: c.Presentation,
		Status: token.Active, StepUp: decision == token.StepUp, Env: c.Env, ReplyTo: c.ReplyTo,
	}
	waits := plan.StepUp && networks[card.Network].waits
	if waits || delay > 0 {
		plan.Status = token.Inactive
	}
	t := x.tx.Provision(e, plan)
	if delay > 0 && !waits {
		x.plan(Planned{Due: x.now.Add(delay), Action: x.activating(), Token: t.Ref, Cause: "activation"})
	}
	x.legs = append(x.legs, token.Leg{From: string(t.Network), To: issuerOf(card), Event: token.TokenProvisioned, Token: t.Ref})
	if plan.StepUp {
		x.happened(happening{kind: token.StepUpRequested, token: t.Ref, silent: true})
	}
	// After the plan, so that a timeline's own activation replaces it.
	x.happened(happening{kind: token.TokenProvisioned, token: t.Ref, silent: !x.choices(t.Network).tellsMade.Includes(c.Pushed || c.FromToken != "")})
	t, _ = x.tx.Token(t.Ref)
	return t
}

// issuerOf names a card's issuer as a party.
func issuerOf(card vault.Card) string { return strings.TrimSpace("issuer " + card.Issuer) }

// activating is the planned activation of a token. Its notice is wrong as the
// rule of this request asks for, though the request is long answered
// by then.
func (x *step) activating() *scenarios.Action {
	if x.notify == (scenarios.Variants{}) {
		return &activationAction
	}
	own := activationAction
	own.Notify = x.notify
	return &own
}

// activation is how long a new token stays inactive: the card's word counts
// before the issuer's, the issuer's before the requestor's.
func (x *step) activation(card vault.Card, requestor string) time.Duration {
	if d := x.script.card(card.ID).Activation; d != nil {
		return *d
	}
	if d := x.script.issuer(card.Issuer).Activation; d != nil {
		return *d
	}
	if d := x.world.requestors[requestor].Activation; d != nil {
		return *d
	}
	return 0
}

func (x *step) methods(card vault.Card, decision token.Decision) []string {
	if decision != token.StepUp {
		return nil
	}
	if m := x.script.issuer(card.Issuer).Methods; len(m) > 0 {
		return m
	}
	return []string{"sms", "email"}
}

// admit judges a card number as the network does before any issuer is asked,
// and remembers a card seen for the first time.
func (x *step) admit(c Call) (vault.Card, *token.Problem) {
	pan, network := c.Card.PAN, c.Network
	named := x.script.card(pan)
	if problem := x.judge(pan, network); problem != nil {
		return vault.Card{}, problem
	}
	if problem := expired(c.Card.Expiry, x.now); problem != nil {
		return vault.Card{}, problem
	}
	card, known := x.tx.Card(pan)
	if known && card.PAN != pan {
		return vault.Card{}, token.Refuse(token.ExpiredCard, "the number was replaced by the issuer")
	}
	if !known {
		card = vault.Card{ID: pan, PAN: pan, Network: network, Name: named.Name, Expiry: named.Expiry, Issuer: named.Issuer}
		card.PAR = vault.PARFor(x.world.ids, network, pan)
	}
	if problem := x.compare(c.Card, card); problem != nil {
		return vault.Card{}, problem
	}
	if card.Expiry.IsZero() {
		card.Expiry = c.Card.Expiry
	}
	if known {
		return card, nil
	}
	if problem := x.fits("cards", x.cards(), network); problem != nil {
		return vault.Card{}, problem
	}
	x.tx.PutCard(card)
	return card, nil
}

// compare holds what a request says of a card against what its issuer knows:
// what the scenario gives the card itself, and an expiry as it is now.
func (x *step) compare(sent CardInput, card vault.Card) *token.Problem {
	own := x.script.card(card.ID)
	switch {
	case !x.choices(card.Network).checksCards:
	case own.ExpiryGiven && !sent.Expiry.IsZero() && sent.Expiry != card.Expiry:
		return token.Refuse(token.OtherDetails, "the issuer knows the card with another expiry")
	case own.Code != "" && sent.Code != "" && !own.Code.Is(sent.Code):
		return token.Refuse(token.OtherDetails, "the issuer knows the card with another security code")
	}
	return nil
}

// judge reports whether a number can be one of the network's. A number that the
// scenario itself gives out need not have a good check digit.
func (x *step) judge(pan token.PAN, network token.Network) *token.Problem {
	switch {
	case !token.LuhnValid(pan.Digits()) && pan != networks[network].example && x.script.card(pan).PAN == "":
		return token.Refuse(token.BadCheckDigit, "the check digit does not hold")
	case pan.Network() != network:
		return token.Refuse(token.ForeignRange, fmt.Sprintf("the number is not in a range of %s", network))
	case x.tx.NumberTaken(token.TokenPAN(pan)):
		return token.Refuse(token.ForeignRange, "the number is a network token's, not a card's")
	}
	return nil
}

func expired(e token.Expiry, now time.Time) *token.Problem {
	if e.Passed(now) {
		return token.Refuse(token.ExpiredCard, "the card expired at the end of "+e.String())
	}
	return nil
}
