package vts

import (
	"context"
	"net/http"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/harness/delivery"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// about says which token or card a notice names.
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
		harness.Check("V-NOTE-08", harness.Assumed, "tries again after one and five minutes when the receiver fails twice", s.delivery().Retried)
		harness.Check("V-NOTE-09", harness.Assumed, "keeps the body over attempts and renews id and signature", s.noticeRenewed)
		harness.Check("V-NOTE-10", harness.Assumed, "stops trying once the receiver has accepted", s.delivery().Accepted)
		harness.Check("V-NOTE-11", harness.Assumed, "sends a notice again when asked to", s.noticeResent)
		harness.Check("V-NOTE-12", harness.Assumed, "sends nothing about a token that did not change", s.noNotice)
	})
}

// delivery is what both networks' notices have in common.
func (s *suite) delivery() delivery.Notices {
	return delivery.Notices{Config: s.cfg, Network: token.Visa, Make: func(ctx context.Context) token.Ref {
		GinkgoHelper()
		return s.provision(ctx).ref
	}}
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

// noticeOf: the issuer acts, and the requestor is notified once.
func (s *suite) noticeOf(do harness.Action) func(SpecContext) {
	return func(ctx SpecContext) {
		receiver, p, op := s.cfg.Receiver(), s.provision(ctx), s.operator()
		if do == harness.DoResume {
			op.Suspend(ctx, p.ref, "SUSPECTED_FRAUD")
			s.cfg.Await(ctx, string(p.ref), 1)
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
		came := s.cfg.Await(ctx, string(p.ref), before+1)
		Expect(s.tokenNotice(came[before]).EventType).To(Equal(vts.EventTokenStatusUpdated))
	}
}

func (s *suite) noticeOfActivation(ctx SpecContext) {
	s.cfg.Receiver()
	p := s.delayed(ctx)
	s.delivery().InTime(ctx, p.ref)
	Expect(s.tokenNotice(s.cfg.Await(ctx, string(p.ref), 1)[0]).EventType).To(Equal(vts.EventTokenStatusUpdated))
	Expect(s.status(ctx, p.ref)).To(Equal(vts.StatusActive))
}

func (s *suite) noticeSigned(ctx SpecContext) {
	s.outbound()
	s.cfg.Receiver()
	p := s.provision(ctx)
	s.operator().Suspend(ctx, p.ref, "SUSPECTED_FRAUD")
	s.mustBeSigned(s.cfg.Await(ctx, string(p.ref), 1)[0])
}

// outbound is the pair that signs notices; without one the check does not apply.
func (s *suite) outbound() harness.KeyPair {
	if s.visa().Outbound == nil {
		harness.NotApplicable("the target file names no outbound key")
	}
	return *s.visa().Outbound
}

func (s *suite) mustBeSigned(n harness.Notice) {
	GinkgoHelper()
	signer, err := vts.NewSigner(s.outbound().Credential())
	Expect(err).NotTo(HaveOccurred())
	_, checks, err := vts.VerifyNotice(n.Request, n.Body, signer, s.cfg.Wall.Now())
	failed, _ := checks.Failed()
	Expect(err).NotTo(HaveOccurred(), "%s: expected %s, received %s", failed.Name, failed.Expected, failed.Received)
}

func (s *suite) noticeAfterState(ctx SpecContext) {
	client := s.client()
	s.delivery().AfterState(ctx, string(vts.StatusSuspended), func(ref token.Ref) (string, error) {
		answer, err := client.GetToken(ctx, string(ref))
		if err != nil {
			return "", err
		}
		return string(answer.TokenInfo.TokenStatus), nil
	})
}

func (s *suite) noticeOfOwn(ctx SpecContext) {
	s.cfg.Receiver()
	p := s.provision(ctx)
	Expect(s.client().Suspend(ctx, string(p.ref), customerAsked)).To(Succeed())
	s.tokenNotice(s.cfg.Await(ctx, string(p.ref), 1)[0])
}

func (s *suite) noticeRenewed(ctx SpecContext) {
	s.outbound()
	one, two := s.delivery().TriedTwice(ctx, 1100*time.Millisecond) // a signature names its second
	Expect(two.Body).To(Equal(one.Body), "the body changed")
	id := func(n harness.Notice) string { return n.Request.Header.Get(vts.HeaderRequestID) }
	Expect(id(two)).NotTo(Equal(id(one)), "x-request-id was not renewed")
	Expect(two.Request.Header.Get(vts.HeaderPayToken) == one.Request.Header.Get(vts.HeaderPayToken)).To(BeFalse(), "x-pay-token was not renewed")
	s.mustBeSigned(two)
	s.tokenNotice(two)
}

func (s *suite) noticeResent(ctx SpecContext) {
	one, two := s.delivery().Resent(ctx)
	Expect(two.Body).To(Equal(one.Body))
	s.tokenNotice(two)
}

func (s *suite) noNotice(ctx SpecContext) {
	s.cfg.Receiver()
	p := s.provision(ctx)
	s.pay(ctx, p)
	s.status(ctx, p.ref)
	s.delivery().None(ctx, p.ref)
}
