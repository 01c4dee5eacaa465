package vts

import (
	"context"
	"net/http"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/simulator/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// about tells which token or card a notice names.
func about(n harness.Notice) string {
	path, query := vts.Target(n.Request)
	notice, err := vts.ParseNotice(path, query, n.Body)
	if err != nil {
		return ""
	}
	return notice.ID
}

func (s *suite) notices() {
	harness.Feature("notices", "Notifications", func() {
		harness.Check("V-NOTE-01", harness.Documented, "sends a notice when the issuer suspends a token", s.noticeOf(harness.DoSuspend))
		harness.Check("V-NOTE-02", harness.Documented, "sends a notice when the issuer resumes a token", s.noticeOf(harness.DoResume))
		harness.Check("V-NOTE-03", harness.Documented, "sends a notice when the issuer deletes a token", s.noticeOf(harness.DoDelete))
		harness.Check("V-NOTE-04", harness.Assumed, "sends a notice when a delayed token becomes active, not before", s.noticeOfActivation)
		harness.Check("V-NOTE-05", harness.Assumed, "signs notices with the outbound key over the receiver's own path", s.noticeSigned)
		harness.Check("V-NOTE-06", harness.Assumed, "shows the new state before the notice leaves, also to a receiver that asks at once", s.noticeAfterState)
		harness.Check("V-NOTE-07", harness.Assumed, "tells a requestor of changes it made itself", s.noticeOfOwn)
		harness.Check("V-NOTE-08", harness.Assumed, "tries again after one and five minutes when the receiver fails twice", s.noticeRetried)
		harness.Check("V-NOTE-09", harness.Assumed, "keeps the body over attempts and renews id and signature", s.noticeRenewed)
		harness.Check("V-NOTE-10", harness.Assumed, "stops trying once the receiver has accepted", s.noticeAccepted)
		harness.Check("V-NOTE-11", harness.Assumed, "sends a notice again when asked to", s.noticeResent)
		harness.Check("V-NOTE-12", harness.Assumed, "sends nothing about a token that did not change", s.noNotice)
	})
}

func (s *suite) patience() time.Duration { return s.cfg.Target.Timeouts.Due() }

// await returns the notices about a token once there are n.
func (s *suite) await(ctx context.Context, id string, n int) []harness.Notice {
	GinkgoHelper()
	came, err := s.cfg.Receiver().Wait(ctx, id, n, s.patience())
	Expect(err).NotTo(HaveOccurred())
	return came
}

// tokenNotice reads and judges a token notice: method, query, headers, body.
func (s *suite) tokenNotice(n harness.Notice) vts.Notice {
	GinkgoHelper()
	Expect(n.Request.Method).To(Equal(http.MethodPost))
	Expect(n.Request.Header.Get("Content-Type")).To(HavePrefix("application/json"))
	Expect(vts.ValidRequestID(n.Request.Header.Get(vts.HeaderRequestID))).To(BeTrue(), "x-request-id is no request id")
	Expect(harness.Shape{
		{Path: "vProvisionedTokenID", Is: idRule},
		{Path: "date", Is: harness.WholeNumber},
		{Path: "relationshipID?", Is: harness.Matching(".{1,100}", "1 to 100 characters")},
	}.Broken(n.Body)).To(BeEmpty(), "the body of the notice")
	path, query := vts.Target(n.Request)
	notice, err := vts.ParseNotice(path, query, n.Body)
	Expect(err).NotTo(HaveOccurred())
	Expect(notice.Kind).To(Equal(vts.NoticeToken))
	if out := s.visa().Outbound; out != nil {
		Expect(notice.APIKey).To(Equal(out.APIKey), "the apiKey of the notice")
	}
	return notice
}

// noticeOf: the issuer acts, and the requestor is told once.
func (s *suite) noticeOf(do harness.Action) func(SpecContext) {
	return func(ctx SpecContext) {
		receiver, p, op := s.cfg.Receiver(), s.provision(ctx), s.operator()
		if do == harness.DoResume {
			op.Suspend(ctx, p.ref, "SUSPECTED_FRAUD")
			s.await(ctx, string(p.ref), 1)
		}
		before := len(receiver.About(string(p.ref)))
		switch do {
		case harness.DoSuspend:
			op.Suspend(ctx, p.ref, "SUSPECTED_FRAUD")
		case harness.DoResume:
			op.Resume(ctx, p.ref, "NOT_FRAUD")
		case harness.DoDelete:
			op.Delete(ctx, p.ref, "ACCOUNT_CLOSED")
		}
		came := s.await(ctx, string(p.ref), before+1)
		Expect(s.tokenNotice(came[before]).EventType).To(Equal(vts.EventTokenStatusUpdated))
	}
}

func (s *suite) noticeOfActivation(ctx SpecContext) {
	receiver := s.cfg.Receiver()
	p := s.delayed(ctx)
	s.operator().Elapse(ctx, s.cfg.Activation(token.Visa)/2)
	Expect(receiver.About(string(p.ref))).To(BeEmpty(), "told before its time")
	s.operator().Elapse(ctx, s.cfg.Activation(token.Visa))
	came := s.await(ctx, string(p.ref), 1)
	Expect(s.tokenNotice(came[0]).EventType).To(Equal(vts.EventTokenStatusUpdated))
	Expect(s.status(ctx, p.ref)).To(Equal(vts.StatusActive))
}

func (s *suite) noticeSigned(ctx SpecContext) {
	out := s.visa().Outbound
	if out == nil {
		harness.NotApplicable("the target file names no outbound key")
	}
	s.cfg.Receiver()
	signer, err := vts.NewSigner(out.Credential())
	Expect(err).NotTo(HaveOccurred())
	p := s.provision(ctx)
	s.operator().Suspend(ctx, p.ref, "SUSPECTED_FRAUD")
	n := s.await(ctx, string(p.ref), 1)[0]
	_, checks, err := vts.VerifyNotice(n.Request, n.Body, signer, s.cfg.Wall.Now())
	failed, _ := checks.Failed()
	Expect(err).NotTo(HaveOccurred(), "%s: expected %s, received %s", failed.Name, failed.Expected, failed.Received)
}

// noticeAfterState asks for the token from inside the receiver, before the
// notice is answered.
func (s *suite) noticeAfterState(ctx SpecContext) {
	p := s.provision(ctx)
	client := s.client()
	type seen struct {
		status vts.TokenStatus
		err    error
	}
	saw := make(chan seen, 1)
	s.cfg.Receiver().Plan(string(p.ref), harness.Reply{Before: func(harness.Notice) {
		answer, err := client.GetToken(ctx, string(p.ref))
		if err != nil {
			saw <- seen{err: err}
			return
		}
		saw <- seen{status: answer.TokenInfo.TokenStatus}
	}})
	s.operator().Suspend(ctx, p.ref, "SUSPECTED_FRAUD")
	s.await(ctx, string(p.ref), 1)
	var got seen
	Eventually(ctx, saw).WithTimeout(s.patience()).Should(Receive(&got))
	Expect(got.err).NotTo(HaveOccurred(), "asking from inside the receiver")
	Expect(got.status).To(Equal(vts.StatusSuspended))
}

func (s *suite) noticeOfOwn(ctx SpecContext) {
	s.cfg.Receiver()
	p := s.provision(ctx)
	Expect(s.client().Suspend(ctx, string(p.ref), customerAsked)).To(Succeed())
	s.tokenNotice(s.await(ctx, string(p.ref), 1)[0])
}

// fails suspends a token whose receiver answers 500 to the first n notices.
func (s *suite) fails(ctx context.Context, n int) provisioned {
	GinkgoHelper()
	receiver, p := s.cfg.Receiver(), s.provision(ctx)
	for range n {
		receiver.Plan(string(p.ref), harness.Reply{Status: http.StatusInternalServerError})
	}
	s.operator().Suspend(ctx, p.ref, "SUSPECTED_FRAUD")
	s.await(ctx, string(p.ref), 1)
	return p
}

func (s *suite) noticeRetried(ctx SpecContext) {
	p := s.fails(ctx, 2)
	s.operator().Advance(ctx, 59*time.Second)
	Expect(s.cfg.Notices.About(string(p.ref))).To(HaveLen(1), "tried again too early")
	s.operator().Advance(ctx, time.Second)
	s.await(ctx, string(p.ref), 2)
	s.operator().Advance(ctx, 5*time.Minute)
	s.await(ctx, string(p.ref), 3)
}

func (s *suite) noticeRenewed(ctx SpecContext) {
	p := s.fails(ctx, 1)
	s.operator().Advance(ctx, time.Minute)
	came := s.await(ctx, string(p.ref), 2)
	Expect(came[1].Body).To(Equal(came[0].Body), "the body changed")
	id := func(n harness.Notice) string { return n.Request.Header.Get(vts.HeaderRequestID) }
	Expect(id(came[1])).NotTo(Equal(id(came[0])), "x-request-id was not renewed")
	s.tokenNotice(came[1])
}

func (s *suite) noticeAccepted(ctx SpecContext) {
	p := s.fails(ctx, 1)
	s.operator().Advance(ctx, time.Minute)
	s.await(ctx, string(p.ref), 2)
	s.operator().Advance(ctx, 24*time.Hour)
	Expect(s.cfg.Notices.About(string(p.ref))).To(HaveLen(2), "an accepted notice was sent again")
}

func (s *suite) noticeResent(ctx SpecContext) {
	p := s.fails(ctx, 0)
	s.operator().Resend(ctx, p.ref)
	came := s.await(ctx, string(p.ref), 2)
	Expect(came[1].Body).To(Equal(came[0].Body))
	s.tokenNotice(came[1])
}

func (s *suite) noNotice(ctx SpecContext) {
	receiver, p := s.cfg.Receiver(), s.provision(ctx)
	s.pay(ctx, p)
	s.status(ctx, p.ref)
	// A notice about another token that comes after is as good as waiting.
	s.fails(ctx, 0)
	Expect(receiver.About(string(p.ref))).To(BeEmpty())
}
