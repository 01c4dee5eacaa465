package mdes

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/token"
)

// issuer is what the issuer does to tokens behind the requestor's back.
func (s *suite) issuer() {
	harness.Feature("issuer", "Life cycle", func() {
		harness.Check("M-ISS-01", harness.Documented, "shows a token suspended by its issuer, and resumed", s.issuerSuspends)
		harness.Check("M-ISS-02", harness.Assumed, "does not let the requestor lift the issuer's suspension", s.issuerHolds)
		harness.Check("M-ISS-03", harness.Documented, "shows a token deleted by its issuer, for good", s.issuerDeletes)
		harness.Check("M-ISS-04", harness.Documented, "activates a delayed token when its time has come, not before", s.activatesInTime)
		harness.Check("M-ISS-05", harness.Documented, "lets the issuer activate a delayed token at once", s.issuerActivates)
		harness.Check("M-ISS-06", harness.Documented, "lets a delayed token be deleted before its time, for good", s.deletedBeforeItsTime)
	})
}

func (s *suite) issuerSuspends(ctx SpecContext) {
	t := s.tokenize(ctx)
	s.operator().Suspend(ctx, t.ref, "SUSPECTED_FRAUD")
	state := s.state(ctx, t.ref)
	Expect([]any{state.Status, state.SuspendedBy}).To(Equal([]any{mdes.StatusSuspended, []string{"ISSUER"}}))
	_, err := s.client().Transact(ctx, mdes.TransactRequest{TokenUniqueReference: string(t.ref)})
	refused(err, mdes.InvalidTokenStatus)
	s.operator().Resume(ctx, t.ref, "NOT_FRAUD")
	Expect(s.status(ctx, t.ref)).To(Equal(mdes.StatusActive))
}

func (s *suite) issuerHolds(ctx SpecContext) {
	t := s.tokenize(ctx)
	s.operator().Suspend(ctx, t.ref, "SUSPECTED_FRAUD")
	_, err := s.client().Unsuspend(ctx, lifecycle(t.ref))
	refused(err, mdes.InvalidTokenStatus)
	Expect(s.status(ctx, t.ref)).To(Equal(mdes.StatusSuspended))
}

func (s *suite) issuerDeletes(ctx SpecContext) {
	t := s.tokenize(ctx)
	s.operator().Delete(ctx, t.ref, "ACCOUNT_CLOSED")
	Expect(s.status(ctx, t.ref)).To(Equal(mdes.StatusDeactivated))
	_, err := s.client().Unsuspend(ctx, lifecycle(t.ref))
	refused(err, mdes.InvalidTokenStatus)
}

// delayed tokenizes a card whose tokens become active later by themselves, as
// all did before 2022.
func (s *suite) delayed(ctx context.Context) tokenized {
	GinkgoHelper()
	t := s.tokenizeCard(ctx, s.client(), s.cfg.DelayedCard(token.Mastercard))
	Expect(s.status(ctx, t.ref)).To(Equal(mdes.StatusInactive))
	return t
}

func (s *suite) activatesInTime(ctx SpecContext) {
	t := s.delayed(ctx)
	wait := s.cfg.Activation(token.Mastercard)
	_, err := s.client().Transact(ctx, mdes.TransactRequest{TokenUniqueReference: string(t.ref)})
	refused(err, mdes.InvalidTokenStatus)
	s.operator().Elapse(ctx, wait/2)
	Expect(s.status(ctx, t.ref)).To(Equal(mdes.StatusInactive), "active before its time")
	s.operator().Elapse(ctx, wait/2+wait%2)
	Expect(s.status(ctx, t.ref)).To(Equal(mdes.StatusActive), "not active after its time")
	s.transact(ctx, t)
}

func (s *suite) issuerActivates(ctx SpecContext) {
	t := s.delayed(ctx)
	s.operator().Activate(ctx, t.ref)
	Expect(s.status(ctx, t.ref)).To(Equal(mdes.StatusActive))
	s.operator().Elapse(ctx, s.cfg.Activation(token.Mastercard))
	Expect(s.status(ctx, t.ref)).To(Equal(mdes.StatusActive))
}

func (s *suite) deletedBeforeItsTime(ctx SpecContext) {
	t := s.delayed(ctx)
	_, err := s.client().Delete(ctx, lifecycle(t.ref))
	Expect(err).NotTo(HaveOccurred())
	s.operator().Elapse(ctx, s.cfg.Activation(token.Mastercard))
	Expect(s.status(ctx, t.ref)).To(Equal(mdes.StatusDeactivated))
}
