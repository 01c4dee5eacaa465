package sandbox

import (
	"strconv"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/authorization"
	"github.com/pantomime-dev/pantomime/simulator/vault"
	"github.com/pantomime-dev/pantomime/token"
)

// bank is how an issuer answers payments.
type bank struct {
	authorization.Issuer
	outside bool // its endpoint is asked
}

func bankOf(i scenarios.Issuer) bank {
	p := i.Payments
	b := bank{authorization.Issuer{Declines: p.Declines, Only: authorization.Means(p.Only), Funds: p.Funds, StandIn: i.StandIn}, i.Endpoint.URL != ""}
	for means, rate := range map[authorization.Means]*int{authorization.ByCard: p.Approves.Card, authorization.ByToken: p.Approves.Token} {
		if rate == nil {
			continue
		}
		if b.Approves == nil {
			b.Approves = authorization.Rates{}
		}
		b.Approves[means] = *rate
	}
	return b
}

// answer asks a card's issuer about a payment: why it declines, "" if it approves.
// The problem is errAsked.
func (x *step) answer(c Call, card vault.Card, paid authorization.Payment, at authorization.Merchant) (token.Key, *token.Problem) {
	bank := x.script.banks[card.Issuer]
	if (bank.outside || x.resumes != nil) && !paid.Closed && paid.Says == "" {
		q := token.Inquiry{
			Kind: token.InquiryPayment, Expiry: paid.Sent, Amount: paid.Amount.Value, Currency: paid.Amount.Currency, ByToken: paid.Means == authorization.ByToken,
			ECI: c.ECI, Merchant: at.ID, Category: at.Category, Country: at.Country, Shown: at.Descriptor,
		}
		v, problem := x.ask(c, card, q)
		return v.Reason, problem
	}
	if bank.Approves != nil {
		paid.Chance = x.chance(c.Requestor, string(card.ID), strconv.Itoa(int(x.seq)))
	}
	return bank.Answer(paid), nil
}

// chance draws a number from 0 to 99 that is the same in each run for the same
// request.
func (x *step) chance(about ...string) int {
	return int(x.world.ids.Child(append([]string{"chance"}, about...)...).Uint64("draw") % 100)
}

// decide asks the rule first, then the card's issuer. A closed account is
// always declined. The problem is errAsked, or says why the issuer declines where
// the network has a word for it.
func (x *step) decide(c Call, card vault.Card) (token.Decision, *token.Problem) {
	issuer := x.script.issuer(card.Issuer)
	switch {
	case card.Closed:
		return token.Decline, nil
	case x.decision != "":
		return x.decision, nil
	case issuer.Endpoint.URL != "", x.resumes != nil:
		return x.decideOutside(c, card)
	case issuer.StandIn != nil:
		return token.StepUp, nil
	case issuer.Decision != "":
		return issuer.Decision, nil
	}
	return token.Approve, nil
}

// decideOutside lets the endpoint of a card's issuer decide about a provisioning.
func (x *step) decideOutside(c Call, card vault.Card) (token.Decision, *token.Problem) {
	v, problem := x.ask(c, card, token.Inquiry{Kind: token.InquiryProvisioning, Presentation: c.Presentation})
	if key, has := token.ProvisioningKey(card.Network, v.Reason); problem == nil && has {
		return "", token.Refuse(key, "the issuer declined: "+string(v.Reason))
	}
	return v.Decision, problem
}
