package vts

import (
	"context"
	"net/http"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// lifeCycle is judged against this list of what is allowed, by state and call;
// every pair that is not in it is refused and changes nothing
// (docs/wire/vts.md "Life cycle").
var allowed = map[vts.TokenStatus]map[token.Operation]vts.TokenStatus{
	vts.StatusInactive:  {token.VisaDelete: vts.StatusDeleted},
	vts.StatusActive:    {token.VisaSuspend: vts.StatusSuspended, token.VisaDelete: vts.StatusDeleted},
	vts.StatusSuspended: {token.VisaResume: vts.StatusActive, token.VisaDelete: vts.StatusDeleted},
	vts.StatusDeleted:   {},
}

// harmless are refusals for which a server may also do nothing and say so.
var harmless = map[vts.TokenStatus]token.Operation{
	vts.StatusActive: token.VisaResume, vts.StatusSuspended: token.VisaSuspend, vts.StatusDeleted: token.VisaDelete,
}

func (s *suite) lifeCycle() {
	harness.Feature("life-cycle", "Life cycle", func() {
		states := []vts.TokenStatus{vts.StatusInactive, vts.StatusActive, vts.StatusSuspended, vts.StatusDeleted}
		for _, from := range states {
			for _, op := range []token.Operation{token.VisaSuspend, token.VisaResume, token.VisaDelete} {
				id := "V-LIFE-" + string(from) + "-" + string(op.Info().Verb)
				if to, ok := allowed[from][op]; ok {
					says := string(op.Info().Verb) + " makes a token that is " + string(from) + " " + string(to)
					harness.Check(id, harness.Documented, says, func(ctx SpecContext) { s.moves(ctx, from, op, to) })
					continue
				}
				says := string(op.Info().Verb) + " is refused for a token that is " + string(from)
				harness.Check(id, harness.Assumed, says, func(ctx SpecContext) { s.refusesMove(ctx, from, op) }, harness.BadInput)
			}
		}
		harness.Check("V-LIFE-01", harness.Assumed, "takes any reason code of capital letters and underscores", s.reasonCodes)
		harness.Check("V-LIFE-02", harness.Assumed, "lets two requestors' tokens of one card live apart", s.livesApart)
		harness.Check("V-LIFE-03", harness.Observed, "refuses to change another requestor's token", s.refusesForeignMove, harness.BadInput)
	})
}

// in makes a token in a state.
func (s *suite) in(ctx context.Context, status vts.TokenStatus) provisioned {
	GinkgoHelper()
	if status == vts.StatusInactive {
		return s.inactive(ctx)
	}
	p := s.provision(ctx)
	switch status {
	case vts.StatusSuspended:
		Expect(s.client().Suspend(ctx, string(p.ref), customerAsked)).To(Succeed())
	case vts.StatusDeleted:
		Expect(s.client().Delete(ctx, string(p.ref), customerAsked)).To(Succeed())
	}
	Expect(s.status(ctx, p.ref)).To(Equal(status), "making a token that is %s", status)
	return p
}

func (s *suite) change(ctx context.Context, op token.Operation, ref token.Ref) harness.Answer {
	GinkgoHelper()
	d := s.draft(op, string(ref), vts.LifecycleRequest{UpdateReason: customerAsked})
	d.Sign()
	return d.Send(ctx)
}

func (s *suite) moves(ctx context.Context, from vts.TokenStatus, op token.Operation, to vts.TokenStatus) {
	GinkgoHelper()
	p := s.in(ctx, from)
	s.change(ctx, op, p.ref).MustBeOneOf([]int{200, 201}, harness.Shape{})
	Expect(s.status(ctx, p.ref)).To(Equal(to))
}

func (s *suite) refusesMove(ctx context.Context, from vts.TokenStatus, op token.Operation) {
	GinkgoHelper()
	p := s.in(ctx, from)
	answer := s.change(ctx, op, p.ref)
	if harmless[from] != op || answer.Status != http.StatusOK {
		answer.MustBe(http.StatusForbidden, refusalShape(http.StatusForbidden, "notAllowed"))
	}
	Expect(s.status(ctx, p.ref)).To(Equal(from), "the refused call changed the token")
}

func (s *suite) reasonCodes(ctx SpecContext) {
	for _, code := range []string{"CUSTOMER_CONFIRMED", "FRAUD", "SOMETHING_NOBODY_PUBLISHED"} {
		p := s.provision(ctx)
		Expect(s.client().Suspend(ctx, string(p.ref), vts.UpdateReason{ReasonCode: code})).To(Succeed(), code)
	}
}

func (s *suite) livesApart(ctx SpecContext) {
	other, mine := s.other(), s.provision(ctx)
	theirs := s.provisionFor(ctx, other, s.enrolFor(ctx, other, mine.card))
	Expect(theirs.ref).NotTo(Equal(mine.ref))
	Expect(other.Delete(ctx, string(theirs.ref), customerAsked)).To(Succeed())
	Expect(s.status(ctx, mine.ref)).To(Equal(vts.StatusActive))
}

func (s *suite) refusesForeignMove(ctx SpecContext) {
	other, p := s.other(), s.provision(ctx)
	refused(other.Suspend(ctx, string(p.ref), customerAsked), vts.ReasonAuthError)
	Expect(s.status(ctx, p.ref)).To(Equal(vts.StatusActive))
}
