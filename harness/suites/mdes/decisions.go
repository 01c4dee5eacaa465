package mdes

import (
	"context"
	"net/http"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/token"
)

func (s *suite) decisions() {
	harness.Feature("decisions", "Operations", func() {
		harness.Check("M-DEC-01", harness.Documented, "answers the issuer's decline with 200 and no references", s.declineShape)
		harness.Check("M-DEC-02", harness.Documented, "declines when the issuer says so, once", s.declinesOnce)
		harness.Check("M-DEC-03", harness.Documented, "approves with further authentication on offer", s.stepsUp)
		harness.Check("M-DEC-04", harness.Assumed, "makes the token active where further authentication is on offer", s.activeThough)
	})
}

func (s *suite) declineShape(ctx SpecContext) {
	d := s.draft(token.MCTokenize, "", s.tokenizeBody(s.sealed(funding(s.cfg.DeclinedCard(token.Mastercard)))))
	d.Sign()
	d.Send(ctx).MustBe(http.StatusOK, harness.Shape{
		{Path: "decision", Is: harness.Exactly("DECLINED")},
		{Path: "responseId", Is: idRule},
		{Path: "supportsAuthentication", Is: flagRule},
		{Path: "tokenUniqueReference", Is: harness.Missing},
		{Path: "panUniqueReference", Is: harness.Missing},
		{Path: "productConfig", Is: harness.Missing},
		{Path: "tokenInfo", Is: harness.Missing},
		{Path: "tokenDetail", Is: harness.Missing},
		{Path: "errorCode", Is: harness.Missing},
	})
}

// known is a card that the target has seen. It has no token left: what the same
// card again gets next to a live one is not public.
func (s *suite) known(ctx context.Context) harness.Card {
	GinkgoHelper()
	t := s.tokenize(ctx)
	_, err := s.client().Delete(ctx, lifecycle(t.ref))
	Expect(err).NotTo(HaveOccurred(), "deleting the token")
	return t.card
}

func (s *suite) declinesOnce(ctx SpecContext) {
	card := s.known(ctx)
	s.operator().Decide(ctx, card, token.Decline)
	answer, err := s.client().Tokenize(ctx, tokenizeRequest(), funding(card))
	Expect(err).NotTo(HaveOccurred(), "a decline is no error")
	Expect(answer.Decision).To(Equal(mdes.DecisionDeclined))
	s.tokenizeCard(ctx, s.client(), card)
}

// offered is a token whose issuer offers further authentication.
func (s *suite) offered(ctx context.Context) tokenized {
	GinkgoHelper()
	card := s.known(ctx)
	s.operator().Decide(ctx, card, token.StepUp)
	return s.tokenizeCard(ctx, s.client(), card)
}

func (s *suite) stepsUp(ctx SpecContext) {
	t := s.offered(ctx)
	Expect(t.answer.Decision).To(Equal(mdes.DecisionRequireAuthentication))
	Expect(bool(t.answer.SupportsAuthentication)).To(BeTrue())
}

func (s *suite) activeThough(ctx SpecContext) {
	t := s.offered(ctx)
	Expect(s.status(ctx, t.ref)).To(Equal(mdes.StatusActive))
	s.transactWith(ctx, mdes.TransactRequest{TokenUniqueReference: string(t.ref)})
}

func (s *suite) tasks() {
	harness.Feature("tasks", "Operations", func() {
		harness.Check("M-TASK-01", harness.Documented, "reports the status of a task", s.taskShape)
		harness.Check("M-TASK-02", harness.Assumed, "reports a declined task as completed", s.declinedTask)
	})
}

func (s *suite) taskShape(ctx SpecContext) {
	req := tokenizeRequest()
	card := s.cfg.FreshCard(token.Mastercard)
	made, err := s.client().Tokenize(ctx, req, funding(card))
	s.tokenizedBy(s.client(), card, made, err)
	d := s.draft(token.MCGetTaskStatus, "", mdes.TaskStatusRequest{
		RequestID: "req-0003", TokenRequestorID: string(s.mastercard().TRID), TaskID: req.TaskID,
	})
	d.Sign()
	d.Send(ctx).MustBe(http.StatusOK, harness.Shape{
		{Path: "status", Is: harness.OneOf("PENDING", "IN_PROGRESS", "COMPLETED")},
		{Path: "responseId", Is: idRule},
		{Path: "responseHost?", Is: harness.Text},
	})
}

func (s *suite) declinedTask(ctx SpecContext) {
	req := tokenizeRequest()
	declined, err := s.client().Tokenize(ctx, req, funding(s.cfg.DeclinedCard(token.Mastercard)))
	Expect(err).NotTo(HaveOccurred())
	Expect(declined.Decision).To(Equal(mdes.DecisionDeclined))
	answer, err := s.client().GetTaskStatus(ctx, req.TaskID)
	Expect(err).NotTo(HaveOccurred())
	Expect(answer.Status).To(Equal(mdes.TaskCompleted))
}
