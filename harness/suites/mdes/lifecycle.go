package mdes

import (
	"context"
	"net/http"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/token"
)

// allowed is what a requestor may do, by state and call; every pair that is not
// in it is refused and changes nothing (docs/wire/mdes.md "Life cycle").
// Suspending a suspended token is one of those: see M-LIFE-02.
var allowed = map[string]map[token.Operation]string{
	mdes.StatusInactive:    {token.MCDelete: mdes.StatusDeactivated},
	mdes.StatusActive:      {token.MCSuspend: mdes.StatusSuspended, token.MCDelete: mdes.StatusDeactivated},
	mdes.StatusSuspended:   {token.MCSuspend: mdes.StatusSuspended, token.MCUnsuspend: mdes.StatusActive, token.MCDelete: mdes.StatusDeactivated},
	mdes.StatusDeactivated: {},
}

func (s *suite) lifeCycle() {
	harness.Feature("life-cycle", "Life cycle", func() {
		states := []string{mdes.StatusInactive, mdes.StatusActive, mdes.StatusSuspended, mdes.StatusDeactivated}
		for _, from := range states {
			for _, op := range []token.Operation{token.MCSuspend, token.MCUnsuspend, token.MCDelete} {
				id := "M-LIFE-" + from + "-" + op.Info().Wire
				if to, ok := allowed[from][op]; ok {
					says, basis := op.Info().Wire+" makes a token that is "+from+" "+to, harness.Documented
					if from == to {
						basis = harness.Assumed
					}
					harness.Check(id, basis, says, func(ctx SpecContext) { s.moves(ctx, from, op, to) })
					continue
				}
				says := op.Info().Wire + " is refused for a token that is " + from
				harness.Check(id, harness.Assumed, says, func(ctx SpecContext) { s.refusesMove(ctx, from, op) }, harness.BadInput)
			}
		}
		harness.Check("M-LIFE-01", harness.Documented, "keeps a list of suspenders and resumes only when all are gone", s.severalSuspenders)
		harness.Check("M-LIFE-02", harness.Assumed, "changes nothing when the same party suspends again", s.suspendsTwice)
		harness.Check("M-LIFE-03", harness.Assumed, "does not let a party lift another's suspension", s.liftsOwnOnly)
		harness.Check("M-LIFE-04", harness.Assumed, "names who suspended by what the request was caused by", s.namesSuspender)
		harness.Check("M-LIFE-05", harness.Documented, "answers life-cycle calls with the token's state and its time", s.changeShape)
	})
}

// in makes a token in a state.
func (s *suite) in(ctx context.Context, status string) tokenized {
	GinkgoHelper()
	if status == mdes.StatusInactive {
		return s.delayed(ctx)
	}
	t := s.tokenize(ctx)
	var err error
	switch status {
	case mdes.StatusSuspended:
		_, err = s.client().Suspend(ctx, lifecycle(t.ref))
	case mdes.StatusDeactivated:
		_, err = s.client().Delete(ctx, lifecycle(t.ref))
	}
	Expect(err).NotTo(HaveOccurred())
	Expect(s.status(ctx, t.ref)).To(Equal(status), "making a token that is %s", status)
	return t
}

func (s *suite) change(ctx context.Context, op token.Operation, body mdes.LifecycleRequest) harness.Answer {
	GinkgoHelper()
	body.RequestID = mdes.LooseString(fresh("req"))
	d := s.draft(op, "", body)
	d.Sign()
	return d.Send(ctx)
}

// leftIn is the answer to a change that left a token in a state.
func leftIn(status string) harness.Shape {
	return harness.Shape{{Path: "tokens", Is: harness.ListOf(1)}, {Path: "tokens[].status", Is: harness.Exactly(status)}}
}

func (s *suite) moves(ctx context.Context, from string, op token.Operation, to string) {
	GinkgoHelper()
	t := s.in(ctx, from)
	s.change(ctx, op, lifecycle(t.ref)).MustBe(http.StatusOK, leftIn(to))
	Expect(s.status(ctx, t.ref)).To(Equal(to))
}

func (s *suite) refusesMove(ctx context.Context, from string, op token.Operation) {
	GinkgoHelper()
	t := s.in(ctx, from)
	s.mustRefuse(s.change(ctx, op, lifecycle(t.ref)), mdes.InvalidTokenStatus)
	Expect(s.status(ctx, t.ref)).To(Equal(from), "the refused call changed the token")
}

// causedBy is a life-cycle request on behalf of a party.
func causedBy(party string, refs ...token.Ref) mdes.LifecycleRequest {
	r := lifecycle(refs...)
	r.CausedBy = party
	return r
}

func (s *suite) suspenders(ctx context.Context, ref token.Ref) []string {
	GinkgoHelper()
	return s.state(ctx, ref).SuspendedBy
}

func (s *suite) severalSuspenders(ctx SpecContext) {
	t := s.tokenize(ctx)
	_, err := s.client().Suspend(ctx, lifecycle(t.ref))
	Expect(err).NotTo(HaveOccurred())
	s.operator().Suspend(ctx, t.ref, "SUSPECTED_FRAUD")
	Expect(s.suspenders(ctx, t.ref)).To(ConsistOf("TOKEN_REQUESTOR", "ISSUER"))
	_, err = s.client().Unsuspend(ctx, lifecycle(t.ref))
	Expect(err).NotTo(HaveOccurred())
	state := s.state(ctx, t.ref)
	Expect([]any{state.Status, state.SuspendedBy}).To(Equal([]any{mdes.StatusSuspended, []string{"ISSUER"}}))
	s.operator().Resume(ctx, t.ref, "NOT_FRAUD")
	Expect(s.status(ctx, t.ref)).To(Equal(mdes.StatusActive))
}

func (s *suite) suspendsTwice(ctx SpecContext) {
	t := s.in(ctx, mdes.StatusSuspended)
	before := s.state(ctx, t.ref)
	s.change(ctx, token.MCSuspend, lifecycle(t.ref)).MustBe(http.StatusOK, leftIn("SUSPENDED"))
	after := s.state(ctx, t.ref)
	Expect(after.SuspendedBy).To(Equal(before.SuspendedBy))
	Expect(after.StatusTimestamp.Equal(before.StatusTimestamp.Time)).To(BeTrue(), "the status time moved")
}

func (s *suite) liftsOwnOnly(ctx SpecContext) {
	t := s.tokenize(ctx)
	_, err := s.client().Suspend(ctx, causedBy("CARDHOLDER", t.ref))
	Expect(err).NotTo(HaveOccurred())
	_, err = s.client().Unsuspend(ctx, causedBy("TOKEN_REQUESTOR", t.ref))
	refused(err, mdes.InvalidTokenStatus)
	Expect(s.status(ctx, t.ref)).To(Equal(mdes.StatusSuspended))
	_, err = s.client().Unsuspend(ctx, causedBy("CARDHOLDER", t.ref))
	Expect(err).NotTo(HaveOccurred())
	Expect(s.status(ctx, t.ref)).To(Equal(mdes.StatusActive))
}

func (s *suite) namesSuspender(ctx SpecContext) {
	for _, party := range []string{"TOKEN_REQUESTOR", "CARDHOLDER"} {
		t := s.tokenize(ctx)
		_, err := s.client().Suspend(ctx, causedBy(party, t.ref))
		Expect(err).NotTo(HaveOccurred())
		Expect(s.suspenders(ctx, t.ref)).To(Equal([]string{party}))
	}
}

func (s *suite) changeShape(ctx SpecContext) {
	t := s.tokenize(ctx)
	common := harness.Shape{
		{Path: "responseHost", Is: harness.Text},
		{Path: "responseId", Is: idRule},
		{Path: "tokens", Is: harness.ListOf(1)},
		{Path: "tokens[].tokenUniqueReference", Is: harness.Exactly(string(t.ref))},
		{Path: "tokens[].statusTimestamp", Is: instant},
		{Path: "errorCode", Is: harness.Missing},
	}
	s.change(ctx, token.MCSuspend, lifecycle(t.ref)).MustBe(http.StatusOK, slices.Concat(common, harness.Shape{{Path: "tokens[].suspendedBy", Is: harness.ListOf(1)}}))
	s.change(ctx, token.MCUnsuspend, lifecycle(t.ref)).MustBe(http.StatusOK, slices.Concat(common, harness.Shape{{Path: "tokens[].suspendedBy", Is: harness.Missing}}))
	s.change(ctx, token.MCDelete, lifecycle(t.ref)).MustBe(http.StatusOK, slices.Concat(common, harness.Shape{{Path: "tokens[].suspendedBy", Is: harness.Missing}}))
}
