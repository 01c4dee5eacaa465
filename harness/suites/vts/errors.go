package vts

import (
	"context"
	"errors"
	"net/http"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/harness/errorkeys"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// wireForm is how a documented key looks on the wire: any of the statuses with
// the reason, or, without a reason, no JSON object at all.
type wireForm struct {
	key      token.Key
	statuses []int
	reason   vts.Reason
}

// forms are those of the nine keys that merchants know of Visa
// (docs/wire/vts.md "Errors").
var forms = []wireForm{
	{token.InvalidParameter, []int{400}, vts.ReasonInvalidParameter},
	{token.CardVerificationFailed, []int{403}, vts.ReasonCardVerificationFailed},
	{token.CardNotEligible, []int{403}, vts.ReasonCardNotEligible},
	{token.NotAllowed, []int{403, 409}, vts.ReasonNotAllowed},
	{token.Declined, []int{403}, vts.ReasonDeclined},
	{token.TRConfigIssue, []int{403}, vts.ReasonTRConfigIssue},
	{token.CardNotAllowed, []int{403}, vts.ReasonCardNotAllowed},
	{token.ServiceError, []int{500, 503}, vts.ReasonServiceError},
	{token.JSONParseError, []int{200, 502}, ""},
}

func (s *suite) errors() {
	harness.Feature("errors", "Errors", func() {
		for n, form := range forms {
			errorkeys.Check("V-ERR-", "answers provisioning with ", form.key, errorkeys.Ways{
				Rule: func(ctx SpecContext) { s.asked(form).ByRule(ctx, n) },
				Card: func(ctx SpecContext) { s.errorByCard(ctx, form) },
				Next: func(ctx SpecContext) { s.errorNext(ctx, form) },
			})
		}
	})
}

// provisionRaw sends a good provision with PAN data and returns the answer.
func (s *suite) provisionRaw(ctx context.Context, card harness.Card) harness.Answer {
	GinkgoHelper()
	req := withPANRequest()
	req.ClientAppID, req.ClientWalletAccountID, req.EncPaymentInstrument = "pantomime-harness", string(s.visa().TRID), s.seal(instrument(card))
	d := s.draft(token.VisaProvisionWithPAN, "", req)
	d.Sign()
	return d.Send(ctx)
}

func (f wireForm) in(a harness.Answer) {
	GinkgoHelper()
	if f.reason == "" {
		Expect(f.statuses).To(ContainElement(a.Status))
		Expect(harness.Shape{}.Broken(a.Body)).NotTo(BeEmpty(), "the answer is a JSON object")
		return
	}
	a.MustBeOneOf(f.statuses, refusalShape(a.Status, string(f.reason)))
}

// works expects a token, which the end of the check deletes.
func (s *suite) works(a harness.Answer) {
	GinkgoHelper()
	a.MustBeOneOf(s.created(), harness.Shape{{Path: "vProvisionedTokenID", Is: idRule}})
	s.forget(a)
}

// asked is how a key is asked for and judged here.
func (s *suite) asked(form wireForm) errorkeys.Asked {
	return errorkeys.Asked{
		Config: s.cfg, Network: token.Visa, Key: form.key, Ask: s.provisionRaw, Expects: form.in, Works: s.works,
	}
}

func (s *suite) errorByCard(ctx context.Context, form wireForm) {
	GinkgoHelper()
	card := s.asked(form).ByCard(ctx)
	s.errorInTwoSteps(ctx, card, form)
}

// errorInTwoSteps: which of enrolment and provisioning reports is not public, but
// one of them must.
func (s *suite) errorInTwoSteps(ctx context.Context, card harness.Card, form wireForm) {
	GinkgoHelper()
	if form.reason == "" {
		return
	}
	answer, err := s.client().EnrollPAN(ctx, enrolRequest(), instrument(card))
	if err == nil {
		_, err = s.client().Provision(ctx, answer.VPanEnrollmentID, provisionRequest(), nil)
	}
	var failure *vts.Error
	Expect(errors.As(err, &failure)).To(BeTrue(), "enrolling and provisioning in two calls is not refused: %v", err)
	Expect(failure.Reason()).To(Equal(form.reason))
}

func (s *suite) errorNext(ctx context.Context, form wireForm) {
	GinkgoHelper()
	e := s.enrol(ctx) // so that the target knows the card
	s.asked(form).Next(ctx, e.card)
	_, err := s.client().CardMetadata(ctx, e.id)
	Expect(err).NotTo(HaveOccurred(), "the enrolment was lost with HTTP %d", http.StatusOK)
}
