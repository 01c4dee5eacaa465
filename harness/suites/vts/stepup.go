package vts

import (
	"context"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/harness/request"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

func (s *suite) stepUp() {
	harness.Feature("decisions", "Provisioning", func() {
		harness.Check("V-DEC-01", harness.Observed, "answers a step-up with an inactive token and the ways to confirm", s.stepUpShape)
		harness.Check("V-DEC-02", harness.Assumed, "gives no payment data for a token that waits for a step-up", s.inactivePays)
		harness.Check("V-DEC-03", harness.Assumed, "lets the issuer activate such a token", s.issuerActivates)
		harness.Check("V-DEC-04", harness.Documented, "answers the issuer's decline with declined", s.declines)
		harness.Check("V-DEC-05", harness.Assumed, "declines the card that the issuer always declines", s.declinesCard)
	})
}

// inactive provisions a token that waits for a step-up.
func (s *suite) inactive(ctx context.Context) provisioned {
	GinkgoHelper()
	if cards := s.visa().Cards; len(cards.StepUp) > 0 {
		card := harness.Card{Number: cards.StepUp[0], Expiry: s.cfg.FreshCard(token.Visa).Expiry}
		return s.provisionFor(ctx, s.client(), s.enrolFor(ctx, s.client(), card))
	}
	e := s.enrol(ctx)
	s.operator().Decide(ctx, e.card, token.StepUp)
	return s.provisionFor(ctx, s.client(), e)
}

func (s *suite) stepUpShape(ctx SpecContext) {
	p := s.inactive(ctx)
	broken := slices.Concat(tokenShape(string(s.visa().TRID), "INACTIVE"), harness.Shape{
		{Path: "stepUpRequest", Is: harness.ListOf(1)},
		{Path: "stepUpRequest[].method", Is: harness.OneOf("OTPSMS", "OTPEMAIL", "OTPONLINEBANKING", "CUSTOMERSERVICE", "APP-TO-APP", "OUTBOUNDCALL")},
		{Path: "stepUpRequest[].value", Is: harness.Text},
		{Path: "stepUpRequest[].identifier", Is: harness.Text},
	}).Broken(request.JSON(p.answer))
	Expect(broken).To(BeEmpty())
	Expect(s.status(ctx, p.ref)).To(Equal(vts.StatusInactive))
}

func (s *suite) inactivePays(ctx SpecContext) {
	_, err := s.client().PaymentData(ctx, string(s.inactive(ctx).ref), paymentRequest)
	refused(err, vts.ReasonNotAllowed)
}

func (s *suite) issuerActivates(ctx SpecContext) {
	p := s.inactive(ctx)
	s.operator().Activate(ctx, p.ref)
	Expect(s.status(ctx, p.ref)).To(Equal(vts.StatusActive))
	s.pay(ctx, p)
}

func (s *suite) declines(ctx SpecContext) {
	e := s.enrol(ctx)
	s.operator().Decide(ctx, e.card, token.Decline)
	_, err := s.client().Provision(ctx, e.id, provisionRequest(), nil)
	refused(err, vts.ReasonDeclined)
	s.provisionFor(ctx, s.client(), e) // the next one is asked again
}

func (s *suite) declinesCard(ctx SpecContext) {
	_, err := s.client().ProvisionWithPAN(ctx, withPANRequest(), instrument(s.cfg.DeclinedCard(token.Visa)), nil)
	refused(err, vts.ReasonDeclined)
}
