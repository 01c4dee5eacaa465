package vts

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// issuer is what the issuer does to tokens behind the requestor's back.
func (s *suite) issuer() {
	harness.Feature("issuer", "Life cycle", func() {
		harness.Check("V-ISS-01", harness.Documented, "shows a token suspended by its issuer, and resumed", s.issuerSuspends)
		harness.Check("V-ISS-02", harness.Assumed, "does not let the requestor lift the issuer's suspension", s.issuerHolds)
		harness.Check("V-ISS-03", harness.Documented, "shows a token deleted by its issuer, for good", s.issuerDeletes)
		harness.Check("V-ISS-04", harness.Assumed, "keeps the issuer's suspension next to the requestor's", s.bothSuspend)
		harness.Check("V-ISS-05", harness.Assumed, "activates a delayed token when its time has come, not before", s.activatesInTime)
		harness.Check("V-ISS-06", harness.Assumed, "lets a delayed token be deleted before its time, for good", s.deletedBeforeItsTime)
	})
}

func (s *suite) issuerSuspends(ctx SpecContext) {
	p := s.provision(ctx)
	s.operator().Suspend(ctx, p.ref, "SUSPECTED_FRAUD")
	Expect(s.status(ctx, p.ref)).To(Equal(vts.StatusSuspended))
	_, err := s.client().PaymentData(ctx, string(p.ref), paymentRequest)
	refused(err, vts.ReasonNotAllowed)
	s.operator().Resume(ctx, p.ref, "NOT_FRAUD")
	Expect(s.status(ctx, p.ref)).To(Equal(vts.StatusActive))
}

func (s *suite) issuerHolds(ctx SpecContext) {
	p := s.provision(ctx)
	s.operator().Suspend(ctx, p.ref, "SUSPECTED_FRAUD")
	refused(s.client().Resume(ctx, string(p.ref), customerAsked), vts.ReasonNotAllowed)
	Expect(s.status(ctx, p.ref)).To(Equal(vts.StatusSuspended))
	s.operator().Resume(ctx, p.ref, "NOT_FRAUD")
}

func (s *suite) issuerDeletes(ctx SpecContext) {
	p := s.provision(ctx)
	s.operator().Delete(ctx, p.ref, "ACCOUNT_CLOSED")
	Expect(s.status(ctx, p.ref)).To(Equal(vts.StatusDeleted))
	refused(s.client().Resume(ctx, string(p.ref), customerAsked), vts.ReasonNotAllowed)
}

func (s *suite) bothSuspend(ctx SpecContext) {
	p := s.provision(ctx)
	Expect(s.client().Suspend(ctx, string(p.ref), customerAsked)).To(Succeed())
	s.operator().Suspend(ctx, p.ref, "SUSPECTED_FRAUD")
	refused(s.client().Resume(ctx, string(p.ref), customerAsked), vts.ReasonNotAllowed)
	Expect(s.status(ctx, p.ref)).To(Equal(vts.StatusSuspended))
}

// delayed provisions a card whose tokens become active later by themselves.
func (s *suite) delayed(ctx SpecContext) provisioned {
	GinkgoHelper()
	card := s.cfg.DelayedCard(token.Visa)
	p := s.provisionFor(ctx, s.client(), s.enrolFor(ctx, s.client(), card))
	Expect(p.answer.TokenInfo.TokenStatus).To(Equal(vts.StatusInactive))
	return p
}

func (s *suite) activatesInTime(ctx SpecContext) {
	p := s.delayed(ctx)
	wait := s.cfg.Activation(token.Visa)
	_, err := s.client().PaymentData(ctx, string(p.ref), paymentRequest)
	refused(err, vts.ReasonNotAllowed)
	s.operator().Elapse(ctx, wait/2)
	Expect(s.status(ctx, p.ref)).To(Equal(vts.StatusInactive), "active before its time")
	s.operator().Elapse(ctx, wait/2+wait%2)
	Expect(s.status(ctx, p.ref)).To(Equal(vts.StatusActive), "not active after its time")
	s.pay(ctx, p)
}

func (s *suite) deletedBeforeItsTime(ctx SpecContext) {
	p := s.delayed(ctx)
	Expect(s.client().Delete(ctx, string(p.ref), customerAsked)).To(Succeed())
	s.operator().Elapse(ctx, s.cfg.Activation(token.Visa))
	Expect(s.status(ctx, p.ref)).To(Equal(vts.StatusDeleted))
}
