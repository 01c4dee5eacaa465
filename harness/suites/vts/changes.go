package vts

import (
	"context"
	"net/http"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/vts"
)

// changes are what happens to the card behind a token.
func (s *suite) changes() {
	harness.Feature("card-changes", "Life cycle", func() {
		harness.Check("V-CARD-01", harness.Assumed, "keeps the token when the card gets a new expiry, and tells the requestor", s.newExpiry)
		harness.Check("V-CARD-02", harness.Assumed, "keeps the token when the card gets a new number, and tells the requestor", s.newNumber)
		harness.Check("V-CARD-03", harness.Assumed, "gives changed card art a guid of its own", s.newArt)
		harness.Check("V-CARD-04", harness.Documented, "deletes the tokens of a closed account", s.closed)
	})
}

// notified judges the notice about an enrolment, if the target sends notices.
func (s *suite) notified(ctx context.Context, enrolment string) {
	GinkgoHelper()
	if s.cfg.Notices == nil {
		return
	}
	n := s.cfg.Await(ctx, enrolment, 1)[0]
	Expect(n.Request.Method).To(Equal(http.MethodPost))
	Expect(n.Request.URL.Query().Has("eventType")).To(BeFalse(), "a card notice has an eventType")
	Expect(harness.Shape{
		{Path: "vPanEnrollmentID", Is: idRule},
		{Path: "date", Is: harness.WholeNumber},
	}.Broken(n.Body)).To(BeEmpty(), "the body of the notice")
}

// same says that a token still is what it was.
func (s *suite) same(ctx context.Context, p provisioned) *vts.PaymentDataResponse {
	GinkgoHelper()
	Expect(s.status(ctx, p.ref)).To(Equal(vts.StatusActive))
	after := s.pay(ctx, p)
	Expect(after.TokenInfo.Last4).To(Equal(p.answer.TokenInfo.Last4), "the token's number changed")
	return after
}

func (s *suite) newExpiry(ctx SpecContext) {
	p := s.provision(ctx)
	s.operator().ChangeCard(ctx, harness.DoNewExpiry, p.ref)
	s.notified(ctx, p.id)
	card := s.shown(ctx, p.id)
	expiry, err := harness.Given(card.ExpirationDate, "expirationDate").Expiry()
	Expect(err).NotTo(HaveOccurred())
	Expect(expiry).NotTo(Equal(p.card.Expiry), "the enrolment shows the old expiry")
	Expect(card.Last4).To(Equal(p.card.Last4()))
	s.same(ctx, p)
}

func (s *suite) newNumber(ctx SpecContext) {
	p := s.provision(ctx)
	before := s.shown(ctx, p.id)
	s.operator().ChangeCard(ctx, harness.DoReplacePAN, p.ref)
	s.notified(ctx, p.id)
	after := s.shown(ctx, p.id)
	Expect(par(after)).To(Equal(par(before)), "the account reference changed with the card")
	paid := s.same(ctx, p)
	Expect(harness.Given(paid.PaymentInstrument, "paymentInstrument").Last4).To(Equal(after.Last4))
}

func (s *suite) newArt(ctx SpecContext) {
	p := s.provision(ctx)
	before := harness.First(s.look(ctx, p.id).CardData, "cardData")
	s.operator().ChangeCard(ctx, harness.DoNewMetadata, p.ref)
	s.notified(ctx, p.id)
	after := harness.First(s.look(ctx, p.id).CardData, "cardData")
	Expect(after.GUID).NotTo(Equal(before.GUID))
	s.content(ctx, after.GUID)
	s.same(ctx, p)
}

func (s *suite) closed(ctx SpecContext) {
	p := s.provision(ctx)
	s.operator().ChangeCard(ctx, harness.DoClose, p.ref)
	Expect(s.status(ctx, p.ref)).To(Equal(vts.StatusDeleted))
	if s.cfg.Notices != nil {
		s.tokenNotice(s.cfg.Await(ctx, string(p.ref), 1)[0])
	}
	_, err := s.client().Provision(ctx, p.id, provisionRequest(), nil)
	refused(err, vts.ReasonDeclined)
}
