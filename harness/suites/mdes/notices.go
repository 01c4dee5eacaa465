package mdes

import (
	"context"
	"net/http"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/harness/delivery"
	"github.com/pantomime-dev/pantomime/harness/request"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/token"
)

// about opens a notice and reports the first token in it.
func (s *suite) about(n harness.Notice) string {
	if !strings.HasSuffix(n.Request.URL.Path, "/notifyTokenUpdated") || s.cfg.Target.Mastercard == nil {
		return ""
	}
	keys, err := s.mastercard().Keys()
	if err != nil {
		return ""
	}
	opener, err := keys.Opener()
	if err != nil {
		return ""
	}
	content, err := mdes.OpenNotice(opener, n.Body)
	if err != nil || len(content.Tokens) == 0 {
		return ""
	}
	return content.Tokens[0].TokenUniqueReference
}

func (s *suite) notices() {
	harness.Feature("notices", "Notifications", func() {
		harness.Check("M-NOTE-01", harness.Documented, "sends a notice when the issuer suspends a token", s.noticeOfSuspension)
		harness.Check("M-NOTE-02", harness.Documented, "sends a notice when the issuer lifts the suspension", s.noticeOfResume)
		harness.Check("M-NOTE-03", harness.Documented, "sends a notice when the issuer deletes a token", s.noticeOfDeletion)
		harness.Check("M-NOTE-04", harness.Documented, "sends a notice when a delayed token becomes active, not before", s.noticeOfActivation)
		harness.Check("M-NOTE-05", harness.Documented, "sends notices to the path of its environment, encrypted and unsigned", s.noticeShape)
		harness.Check("M-NOTE-06", harness.Assumed, "shows the new state before the notice leaves, also to a receiver that asks at once", s.noticeAfterState)
		harness.Check("M-NOTE-07", harness.Assumed, "sends nothing about a requestor's own changes", s.noticeOfOwn)
		harness.Check("M-NOTE-08", harness.Assumed, "tries again after one and five minutes when the receiver fails twice", s.delivery().Retried)
		harness.Check("M-NOTE-09", harness.Assumed, "keeps the request id over attempts and encrypts each again", s.noticeRenewed)
		harness.Check("M-NOTE-10", harness.Assumed, "stops trying once the receiver has accepted", s.delivery().Accepted)
		harness.Check("M-NOTE-11", harness.Assumed, "sends a notice again when asked to", s.noticeResent)
	})
}

// delivery is what both networks' notices have in common.
func (s *suite) delivery() delivery.Notices {
	return delivery.Notices{Config: s.cfg, Network: token.Mastercard, Make: func(ctx context.Context) token.Ref {
		GinkgoHelper()
		return s.tokenize(ctx).ref
	}}
}

// content opens a notice.
func (s *suite) content(n harness.Notice) mdes.NoticeContent {
	GinkgoHelper()
	opener, err := s.keys().Opener()
	Expect(err).NotTo(HaveOccurred())
	content, err := mdes.OpenNotice(opener, n.Body)
	Expect(err).NotTo(HaveOccurred())
	Expect(content.Tokens).NotTo(BeEmpty())
	return content
}

// noticeOf judges what the n-th notice about a token says.
func (s *suite) noticeOf(ctx context.Context, t tokenized, n int, status, reason string) mdes.Token {
	GinkgoHelper()
	got := s.content(s.cfg.Await(ctx, string(t.ref), n)[n-1]).Tokens[0]
	Expect(harness.Shape{
		{Path: "tokenUniqueReference", Is: harness.Exactly(string(t.ref))},
		{Path: "tokenRequestorId", Is: harness.Exactly(string(s.mastercard().TRID))},
		{Path: "status", Is: harness.Exactly(status)},
		{Path: "eventReasonCode?", Is: harness.Matching("[A-Z_]{1,32}", "1 to 32 capitals and underscores")},
		{Path: "statusTimestamp", Is: instant},
	}.Broken(request.JSON(got))).To(BeEmpty(), "what the notice says")
	if reason != "" {
		Expect(got.EventReasonCode).To(Equal(reason))
	}
	return got
}

func (s *suite) noticeOfSuspension(ctx SpecContext) {
	s.cfg.Receiver()
	t := s.tokenize(ctx)
	s.operator().Suspend(ctx, t.ref, "SUSPECTED_FRAUD")
	got := s.noticeOf(ctx, t, 1, mdes.StatusSuspended, "SUSPECTED_FRAUD")
	Expect(got.SuspendedBy).To(Equal([]string{"ISSUER"}))
	Expect(got.ProductConfig).To(BeNil(), "the product did not change")
	Expect(got.TokenInfo).To(BeNil(), "token and account did not change")
}

func (s *suite) noticeOfResume(ctx SpecContext) {
	s.cfg.Receiver()
	t := s.tokenize(ctx)
	s.operator().Suspend(ctx, t.ref, "SUSPECTED_FRAUD")
	s.cfg.Await(ctx, string(t.ref), 1)
	s.operator().Resume(ctx, t.ref, "NOT_FRAUD")
	got := s.noticeOf(ctx, t, 2, mdes.StatusActive, "NOT_FRAUD")
	Expect(got.SuspendedBy).To(BeEmpty())
}

func (s *suite) noticeOfDeletion(ctx SpecContext) {
	s.cfg.Receiver()
	t := s.tokenize(ctx)
	s.operator().Delete(ctx, t.ref, "ACCOUNT_CLOSED")
	s.noticeOf(ctx, t, 1, mdes.StatusDeactivated, "ACCOUNT_CLOSED")
}

func (s *suite) noticeOfActivation(ctx SpecContext) {
	s.cfg.Receiver()
	t := s.delayed(ctx)
	s.delivery().InTime(ctx, t.ref)
	s.noticeOf(ctx, t, 1, mdes.StatusActive, "")
	Expect(s.status(ctx, t.ref)).To(Equal(mdes.StatusActive))
}

func (s *suite) noticeShape(ctx SpecContext) {
	s.cfg.Receiver()
	t := s.tokenize(ctx)
	s.operator().Suspend(ctx, t.ref, "SUSPECTED_FRAUD")
	n := s.cfg.Await(ctx, string(t.ref), 1)[0]
	Expect(n.Request.Method).To(Equal(http.MethodPost))
	Expect(n.Request.URL.Path).To(HaveSuffix(s.env().NoticePath()))
	Expect(n.Request.Header.Get("Content-Type")).To(HavePrefix("application/json"))
	Expect(n.Request.Header.Get("Authorization")).To(BeEmpty(), "notices carry no OAuth header")
	Expect(slices.Concat(harness.Shape{
		{Path: "responseHost", Is: harness.Matching(".{11,64}", "11 to 64 characters")},
		{Path: "requestId", Is: idRule},
		{Path: "tokens", Is: harness.Missing},
	}, sealedShape("encryptedPayload")).Broken(n.Body)).To(BeEmpty(), "the body of the notice")
}

func (s *suite) noticeAfterState(ctx SpecContext) {
	client := s.client()
	s.delivery().AfterState(ctx, mdes.StatusSuspended, func(ref token.Ref) (string, error) {
		answer, err := client.GetToken(ctx, ref, false)
		if err != nil || answer.Token == nil {
			return "", err
		}
		return answer.Token.Status, nil
	})
}

func (s *suite) noticeOfOwn(ctx SpecContext) {
	s.cfg.Receiver()
	t := s.tokenize(ctx)
	_, err := s.client().Suspend(ctx, lifecycle(t.ref))
	Expect(err).NotTo(HaveOccurred())
	s.delivery().None(ctx, t.ref)
}

func (s *suite) noticeRenewed(ctx SpecContext) {
	first, second := s.delivery().TriedTwice(ctx, 0)
	one, two := s.content(first), s.content(second)
	Expect(two.RequestID).To(Equal(one.RequestID), "the request id changed")
	Expect(two.Tokens).To(Equal(one.Tokens), "the content changed")
	Expect(second.Body).NotTo(Equal(first.Body), "the same ciphertext was sent again")
}

func (s *suite) noticeResent(ctx SpecContext) {
	one, two := s.delivery().Resent(ctx)
	Expect(s.content(two).Tokens).To(Equal(s.content(one).Tokens))
}
