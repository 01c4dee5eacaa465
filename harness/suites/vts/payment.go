package vts

import (
	"encoding/base64"
	"strconv"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

func (s *suite) paymentData() {
	harness.Feature("payment-data", "Payment data", func() {
		harness.Check("V-PAY-01", harness.Documented, "answers with cryptogram, indicator and counter", s.paymentShape)
		harness.Check("V-PAY-02", harness.Documented, "makes cryptograms of 20 bytes that begin with 02", s.tavv)
		harness.Check("V-PAY-03", harness.Assumed, "never gives a cryptogram twice and raises the counter with each", s.neverTwice)
		harness.Check("V-PAY-04", harness.Assumed, "seals the same token number as at provisioning", s.sameNumber)
		harness.Check("V-PAY-05", harness.Assumed, "leaves the token as it is", s.paymentChangesNothing)
		harness.Check("V-PAY-06", harness.Documented, "takes the transaction type AFT", s.aft)
		harness.Check("V-PAY-07", harness.Documented, "refuses a suspended token", s.suspendedPays, harness.BadInput)
		harness.Check("V-PAY-08", harness.Documented, "refuses a deleted token", s.deletedPays, harness.BadInput)
		harness.Check("V-PAY-09", harness.Documented, "pays again once the token is resumed", s.resumedPays)
		harness.Check("V-PAY-10", harness.Observed, "refuses another requestor's token", s.foreignPays, harness.BadInput)
		harness.Check("V-PAY-11", harness.Observed, "takes what older clients send as well", s.paysWithExtras)
	})
}

func (s *suite) paymentShape(ctx SpecContext) {
	p := s.provision(ctx)
	d := s.draft(token.VisaGetPaymentData, string(p.ref), paymentRequest)
	d.Sign()
	d.Send(ctx).MustBeOneOf([]int{200, 201}, paymentShape(p.card, p.answer.TokenInfo.Last4))
}

func (s *suite) tavv(ctx SpecContext) {
	answer := s.pay(ctx, s.provision(ctx))
	raw, err := base64.StdEncoding.Strict().DecodeString(answer.CryptogramInfo.Cryptogram)
	Expect(err).NotTo(HaveOccurred(), "the cryptogram is not standard base64")
	Expect(raw).To(HaveLen(20))
	Expect(raw[0]).To(BeEquivalentTo(2))
}

func (s *suite) neverTwice(ctx SpecContext) {
	p, last := s.provision(ctx), -1
	seen := map[string]bool{}
	for range 20 {
		info := s.pay(ctx, p).CryptogramInfo
		Expect(seen[info.Cryptogram]).To(BeFalse(), "a cryptogram came twice")
		seen[info.Cryptogram] = true
		atc, err := strconv.Atoi(string(info.ATC))
		Expect(err).NotTo(HaveOccurred())
		Expect(atc).To(BeNumerically(">", last), "the counter does not rise")
		last = atc
	}
}

func (s *suite) sameNumber(ctx SpecContext) {
	p := s.provision(ctx)
	before, paid := s.number(p.answer.TokenInfo), s.pay(ctx, p)
	Expect(paid.TokenInfo.EncTokenInfo).NotTo(BeEmpty(), "payment data has no encTokenInfo")
	harness.SameSecret(before, s.number(paid.TokenInfo), "payment data has another token number than provisioning had")
}

func (s *suite) paymentChangesNothing(ctx SpecContext) {
	p := s.provision(ctx)
	s.pay(ctx, p)
	Expect(s.status(ctx, p.ref)).To(Equal(vts.StatusActive))
}

func (s *suite) aft(ctx SpecContext) {
	req := paymentRequest
	req.PaymentRequest.TransactionType = vts.TransactionAFT
	s.payWith(ctx, s.provision(ctx), req)
}

func (s *suite) suspendedPays(ctx SpecContext) {
	p := s.provision(ctx)
	Expect(s.client().Suspend(ctx, string(p.ref), customerAsked)).To(Succeed())
	_, err := s.client().PaymentData(ctx, string(p.ref), paymentRequest)
	refused(err, vts.ReasonNotAllowed)
}

func (s *suite) resumedPays(ctx SpecContext) {
	p := s.provision(ctx)
	before := s.pay(ctx, p)
	Expect(s.client().Suspend(ctx, string(p.ref), customerAsked)).To(Succeed())
	Expect(s.client().Resume(ctx, string(p.ref), customerAsked)).To(Succeed())
	harness.OtherSecret(s.pay(ctx, p).CryptogramInfo.Cryptogram, before.CryptogramInfo.Cryptogram, "a cryptogram came twice")
}

func (s *suite) deletedPays(ctx SpecContext) {
	p := s.provision(ctx)
	Expect(s.client().Delete(ctx, string(p.ref), customerAsked)).To(Succeed())
	_, err := s.client().PaymentData(ctx, string(p.ref), paymentRequest)
	refused(err, vts.ReasonNotAllowed)
}

func (s *suite) foreignPays(ctx SpecContext) {
	other, p := s.other(), s.provision(ctx)
	_, err := other.PaymentData(ctx, string(p.ref), paymentRequest)
	refused(err, vts.ReasonAuthError)
}

func (s *suite) paysWithExtras(ctx SpecContext) {
	p := s.provision(ctx)
	d := s.draft(token.VisaGetPaymentData, string(p.ref), map[string]any{
		"clientPaymentDataID": "ord-000043", "paymentRequest": map[string]any{"transactionType": "ECOM", "amount": "12.00"},
		"clientAppID": "pantomime-harness", "atc": 7, "threeDsData": map[string]string{"x": "y"}, "riskData": "z", "encryptionMetaData": "w",
	})
	d.Sign()
	d.Send(ctx).MustBeOneOf([]int{200, 201}, harness.Shape{{Path: "vPaymentDataID", Is: idRule}})
}
