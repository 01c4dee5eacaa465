package vts

import (
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/harness/request"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

func (s *suite) enrolment() {
	harness.Feature("enrolment", "Provisioning", func() {
		harness.Check("V-ENROL-01", harness.Observed, "answers an enrolment with card, metadata and a handle", s.enrolmentShape)
		harness.Check("V-ENROL-02", harness.Assumed, "gives the same handle when the same card is enrolled again", s.enrolsTwice)
		harness.Check("V-ENROL-03", harness.Assumed, "gives each card a handle and a PAR of its own", s.enrolsApart)
		harness.Check("V-ENROL-04", harness.Documented, "gives two requestors handles of their own and one PAR", s.enrolsForTwo)
		harness.Check("V-ENROL-05", harness.Assumed, "refuses a card number that may be a real card's", s.refusesUnlisted, harness.BadInput)
		harness.Check("V-ENROL-06", harness.Observed, "takes a card keyed in by hand", s.enrolsManually)
		harness.Check("V-ENROL-07", harness.Assumed, "refuses a card of another network", s.refusesForeignCard, harness.BadInput)
		harness.Check("V-ENROL-08", harness.Assumed, "refuses a card that has expired", s.refusesExpired, harness.BadInput)
	})
}

func (s *suite) enrolmentShape(ctx SpecContext) {
	card := s.cfg.FreshCard(token.Visa)
	d := s.draft(token.VisaEnroll, "", s.sealedEnrolment(card))
	d.Sign()
	d.Send(ctx).MustBeOneOf(s.created(), slices.Concat(
		harness.Shape{{Path: "vPanEnrollmentID", Is: idRule}, {Path: "aidInfo", Is: harness.Missing}},
		instrumentShape(card), metadataShape(),
	))
}

func (s *suite) enrolsTwice(ctx SpecContext) {
	e := s.enrol(ctx)
	again := s.enrolCard(ctx, s.client(), e.card)
	Expect(again.VPanEnrollmentID).To(Equal(e.id))
}

func (s *suite) enrolsApart(ctx SpecContext) {
	one := s.enrolCard(ctx, s.client(), s.cfg.FreshCard(token.Visa))
	two := s.enrolCard(ctx, s.client(), s.cfg.FreshCard(token.Visa))
	Expect(one.VPanEnrollmentID).NotTo(Equal(two.VPanEnrollmentID))
	Expect(parOf(one)).NotTo(Equal(parOf(two)))
}

func (s *suite) enrolsForTwo(ctx SpecContext) {
	other, card := s.other(), s.cfg.FreshCard(token.Visa)
	one, two := s.enrolCard(ctx, s.client(), card), s.enrolCard(ctx, other, card)
	Expect(one.VPanEnrollmentID).NotTo(Equal(two.VPanEnrollmentID))
	Expect(parOf(one)).To(Equal(parOf(two)))
}

func (s *suite) refusesUnlisted(ctx SpecContext) {
	_, err := s.client().EnrollPAN(ctx, enrolRequest(), instrument(s.cfg.UnlistedCard(token.Visa)))
	refused(err, vts.ReasonCardNotAllowed)
}

func (s *suite) enrolsManually(ctx SpecContext) {
	req := enrolRequest()
	req.PANSource = vts.SourceManual
	enrolment(s.client().EnrollPAN(ctx, req, instrument(s.cfg.FreshCard(token.Visa))))
}

// refusesForeignCard: which reason a card of another network gets is not
// public, only that it gets no enrolment.
func (s *suite) refusesForeignCard(ctx SpecContext) {
	_, err := s.client().EnrollPAN(ctx, enrolRequest(), instrument(s.cfg.FreshCard(token.Mastercard)))
	refusedSomehow(err)
}

func (s *suite) refusesExpired(ctx SpecContext) {
	card := instrument(s.cfg.FreshCard(token.Visa))
	card.ExpirationDate = &vts.ExpirationDate{Month: "12", Year: "2019"}
	_, err := s.client().EnrollPAN(ctx, enrolRequest(), card)
	refusedSomehow(err)
}

// refusedSomehow expects a refusal of the token service, 4xx.
func refusedSomehow(err error) {
	GinkgoHelper()
	failure := request.Refused[*vts.Error](err, "any reason")
	Expect(failure.Status).To(And(BeNumerically(">=", 400), BeNumerically("<", 500)))
	Expect(failure.Reason()).NotTo(BeEmpty(), "the refusal names no reason")
}
