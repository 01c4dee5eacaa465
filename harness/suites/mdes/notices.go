package mdes

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/harness/request"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/simulator/token"
)

// about opens a notice and tells the first token in it.
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
		harness.Check("M-NOTE-08", harness.Assumed, "tries again after one and five minutes when the receiver fails twice", s.noticeRetried)
		harness.Check("M-NOTE-09", harness.Assumed, "keeps the request id over attempts and encrypts each anew", s.noticeRenewed)
		harness.Check("M-NOTE-10", harness.Assumed, "stops trying once the receiver has accepted", s.noticeAccepted)
		harness.Check("M-NOTE-11", harness.Assumed, "sends a notice again when asked to", s.noticeResent)
	})
}

func (s *suite) patience() time.Duration { return s.cfg.Target.Timeouts.Due() }

// await returns the notices about a token once there are n.
func (s *suite) await(ctx context.Context, ref token.Ref, n int) []harness.Notice {
	GinkgoHelper()
	came, err := s.cfg.Receiver().Wait(ctx, string(ref), n, s.patience())
	Expect(err).NotTo(HaveOccurred())
	return came
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
	got := s.content(s.await(ctx, t.ref, n)[n-1]).Tokens[0]
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
	s.await(ctx, t.ref, 1)
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
	receiver := s.cfg.Receiver()
	t := s.delayed(ctx)
	s.operator().Elapse(ctx, s.cfg.Activation(token.Mastercard)/2)
	Expect(receiver.About(string(t.ref))).To(BeEmpty(), "told before its time")
	s.operator().Elapse(ctx, s.cfg.Activation(token.Mastercard))
	s.noticeOf(ctx, t, 1, mdes.StatusActive, "")
	Expect(s.status(ctx, t.ref)).To(Equal(mdes.StatusActive))
}

func (s *suite) noticeShape(ctx SpecContext) {
	s.cfg.Receiver()
	t := s.tokenize(ctx)
	s.operator().Suspend(ctx, t.ref, "SUSPECTED_FRAUD")
	n := s.await(ctx, t.ref, 1)[0]
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

// noticeAfterState asks for the token from inside the receiver, before the
// notice is answered.
func (s *suite) noticeAfterState(ctx SpecContext) {
	t := s.tokenize(ctx)
	client := s.client()
	type seen struct {
		status string
		err    error
	}
	saw := make(chan seen, 1)
	s.cfg.Receiver().Plan(string(t.ref), harness.Reply{Before: func(harness.Notice) {
		answer, err := client.GetToken(ctx, t.ref, false)
		if err != nil || answer.Token == nil {
			saw <- seen{err: err}
			return
		}
		saw <- seen{status: answer.Token.Status}
	}})
	s.operator().Suspend(ctx, t.ref, "SUSPECTED_FRAUD")
	s.await(ctx, t.ref, 1)
	var got seen
	Eventually(ctx, saw).WithTimeout(s.patience()).Should(Receive(&got))
	Expect(got.err).NotTo(HaveOccurred(), "asking from inside the receiver")
	Expect(got.status).To(Equal(mdes.StatusSuspended))
}

// fails suspends a token as its issuer; the receiver answers 500 to the first
// n notices.
func (s *suite) fails(ctx context.Context, n int) tokenized {
	GinkgoHelper()
	receiver, t := s.cfg.Receiver(), s.tokenize(ctx)
	for range n {
		receiver.Plan(string(t.ref), harness.Reply{Status: http.StatusInternalServerError})
	}
	s.operator().Suspend(ctx, t.ref, "SUSPECTED_FRAUD")
	s.await(ctx, t.ref, 1)
	return t
}

func (s *suite) noticeOfOwn(ctx SpecContext) {
	receiver, t := s.cfg.Receiver(), s.tokenize(ctx)
	_, err := s.client().Suspend(ctx, lifecycle(t.ref))
	Expect(err).NotTo(HaveOccurred())
	// A notice about another token that comes after is as good as waiting.
	s.fails(ctx, 0)
	Expect(receiver.About(string(t.ref))).To(BeEmpty())
}

func (s *suite) noticeRetried(ctx SpecContext) {
	t := s.fails(ctx, 2)
	s.operator().Advance(ctx, 59*time.Second)
	Expect(s.cfg.Notices.About(string(t.ref))).To(HaveLen(1), "tried again too early")
	s.operator().Advance(ctx, time.Second)
	s.await(ctx, t.ref, 2)
	s.operator().Advance(ctx, 5*time.Minute)
	s.await(ctx, t.ref, 3)
}

func (s *suite) noticeRenewed(ctx SpecContext) {
	t := s.fails(ctx, 1)
	s.operator().Advance(ctx, time.Minute)
	came := s.await(ctx, t.ref, 2)
	one, two := s.content(came[0]), s.content(came[1])
	Expect(two.RequestID).To(Equal(one.RequestID), "the request id changed")
	Expect(two.Tokens).To(Equal(one.Tokens), "the content changed")
	Expect(came[1].Body).NotTo(Equal(came[0].Body), "the same ciphertext was sent again")
}

func (s *suite) noticeAccepted(ctx SpecContext) {
	t := s.fails(ctx, 1)
	s.operator().Advance(ctx, time.Minute)
	s.await(ctx, t.ref, 2)
	s.operator().Advance(ctx, 24*time.Hour)
	Expect(s.cfg.Notices.About(string(t.ref))).To(HaveLen(2), "an accepted notice was sent again")
}

func (s *suite) noticeResent(ctx SpecContext) {
	t := s.fails(ctx, 0)
	s.operator().Resend(ctx, t.ref)
	came := s.await(ctx, t.ref, 2)
	Expect(s.content(came[1]).Tokens).To(Equal(s.content(came[0]).Tokens))
}
