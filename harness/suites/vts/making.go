package vts

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/harness/request"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// What checks begin with: a card enrolled, a token made, a payment asked for.
// Each is judged where it is made, so that no check goes on with nothing and
// finds nothing equal to nothing.

// enrolled is a card with its enrolment.
type enrolled struct {
	card harness.Card
	id   string
}

// enrol enrols a card that no other check uses.
func (s *suite) enrol(ctx context.Context) enrolled {
	GinkgoHelper()
	return s.enrolFor(ctx, s.client(), s.cfg.FreshCard(token.Visa))
}

func (s *suite) enrolFor(ctx context.Context, as *vts.Client, card harness.Card) enrolled {
	GinkgoHelper()
	return enrolled{card, s.enrolCard(ctx, as, card).VPanEnrollmentID}
}

func (s *suite) enrolCard(ctx context.Context, as *vts.Client, card harness.Card) *vts.EnrollResponse {
	GinkgoHelper()
	answer, err := as.EnrollPAN(ctx, enrolRequest(), instrument(card))
	return enrolment(answer, err)
}

// enrolment expects that an enrolment went well.
func enrolment(answer *vts.EnrollResponse, err error) *vts.EnrollResponse {
	GinkgoHelper()
	Expect(err).NotTo(HaveOccurred(), "enrolling a card")
	harness.Shape{{Path: "vPanEnrollmentID", Is: idRule}}.MustHold(request.JSON(answer), "the enrolment")
	return answer
}

// par is the account behind a card.
func par(card vts.InstrumentInfo) string {
	GinkgoHelper()
	harness.Shape{{Path: "paymentAccountReference", Is: parRule}}.MustHold(request.JSON(card), "the card")
	return card.PaymentAccountReference
}

// parOf is the account of an enrolment.
func parOf(answer *vts.EnrollResponse) string {
	GinkgoHelper()
	return par(harness.Given(answer.PaymentInstrument, "paymentInstrument"))
}

// provisioned is a token with its card.
type provisioned struct {
	enrolled
	ref    token.Ref
	answer *vts.ProvisionResponse
}

// provision gives a fresh card a token, which the end of the check deletes.
func (s *suite) provision(ctx context.Context) provisioned {
	GinkgoHelper()
	return s.provisionFor(ctx, s.client(), s.enrol(ctx))
}

func (s *suite) provisionFor(ctx context.Context, as *vts.Client, e enrolled) provisioned {
	GinkgoHelper()
	answer, err := as.Provision(ctx, e.id, provisionRequest(), nil)
	return s.provisionedBy(as, e, answer, err)
}

// provisionWith expects that a request of the check's own making gets a token.
func (s *suite) provisionWith(ctx context.Context, e enrolled, req vts.ProvisionRequest) {
	GinkgoHelper()
	answer, err := s.client().Provision(ctx, e.id, req, nil)
	s.provisionedBy(s.client(), e, answer, err)
}

// provisionedBy expects that a provisioning went well.
func (s *suite) provisionedBy(as *vts.Client, e enrolled, answer *vts.ProvisionResponse, err error) provisioned {
	GinkgoHelper()
	Expect(err).NotTo(HaveOccurred(), "provisioning a token")
	s.cleanUp(as, answer.VProvisionedTokenID)
	harness.Shape{
		{Path: "vProvisionedTokenID", Is: idRule},
		{Path: "tokenInfo.tokenStatus", Is: harness.OneOf("INACTIVE", "ACTIVE", "SUSPENDED")},
	}.MustHold(request.JSON(answer), "the token")
	return provisioned{e, token.Ref(answer.VProvisionedTokenID), answer}
}

// cleanUp deletes a token at the end of the check, whatever became of it.
func (s *suite) cleanUp(as *vts.Client, id string) {
	if id != "" {
		DeferCleanup(func(ctx SpecContext) { _ = as.Delete(ctx, id, customerAsked) })
	}
}

// number opens a token's number; to a requestor who may not see it the check
// does not apply.
func (s *suite) number(info vts.TokenInfo) token.TokenPAN {
	GinkgoHelper()
	if info.EncTokenInfo == "" {
		harness.NotApplicable("the requestor is not entitled to see token numbers")
	}
	number, err := s.client().TokenNumber(info)
	Expect(err).NotTo(HaveOccurred(), "opening encTokenInfo")
	Expect(token.Digits(number.Digits())).To(BeTrue(), "encTokenInfo holds no token number")
	return number
}

// status reads a token's state.
func (s *suite) status(ctx context.Context, ref token.Ref) vts.TokenStatus {
	GinkgoHelper()
	answer, err := s.client().GetToken(ctx, string(ref))
	Expect(err).NotTo(HaveOccurred(), "reading the token")
	return answer.TokenInfo.TokenStatus
}

// shown is what an enrolment says of its card.
func (s *suite) shown(ctx context.Context, id string) vts.InstrumentInfo {
	GinkgoHelper()
	answer, err := s.client().CardMetadata(ctx, id)
	Expect(err).NotTo(HaveOccurred(), "reading the enrolment")
	return harness.Given(answer.PaymentInstrument, "paymentInstrument")
}

// look is what an enrolment reports for a wallet to show.
func (s *suite) look(ctx context.Context, id string) vts.CardMetaData {
	GinkgoHelper()
	answer, err := s.client().CardMetadata(ctx, id)
	Expect(err).NotTo(HaveOccurred(), "reading the enrolment")
	return harness.Given(answer.CardMetaData, "cardMetaData")
}

func (s *suite) pay(ctx context.Context, p provisioned) *vts.PaymentDataResponse {
	GinkgoHelper()
	return s.payWith(ctx, p, paymentRequest)
}

func (s *suite) payWith(ctx context.Context, p provisioned, req vts.PaymentDataRequest) *vts.PaymentDataResponse {
	GinkgoHelper()
	answer, err := s.client().PaymentData(ctx, string(p.ref), req)
	Expect(err).NotTo(HaveOccurred(), "asking for payment data")
	harness.Shape{
		{Path: "vPaymentDataID", Is: idRule},
		{Path: "cryptogramInfo.cryptogram", Is: cryptogramRule},
	}.MustHold(request.JSON(answer), "the payment data")
	return answer
}
