package mdes

import (
	"encoding/base64"
	"encoding/binary"
	"net/http"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/harness/request"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/token"
)

func (s *suite) transacting() {
	harness.Feature("transacting", "Cryptogram", func() {
		harness.Check("M-PAY-01", harness.Documented, "answers with a sealed payload and an id", s.transactShape)
		harness.Check("M-PAY-02", harness.Documented, "seals the token's number, expiry, track 2 and cryptogram", s.transactContent)
		harness.Check("M-PAY-03", harness.Observed, "makes cryptograms of 19 bytes in the known layout", s.ucaf)
		harness.Check("M-PAY-04", harness.Observed, "puts the request's unpredictable number into the cryptogram", s.takesUnpredictable)
		harness.Check("M-PAY-05", harness.Assumed, "never gives a cryptogram twice and raises the counter by one with each", s.neverTwice)
		harness.Check("M-PAY-06", harness.Assumed, "counts from one for each token", s.countsFromOne)
		harness.Check("M-PAY-07", harness.Documented, "refuses a suspended token", s.suspendedPays, harness.BadInput)
		harness.Check("M-PAY-08", harness.Documented, "refuses a deactivated token", s.deletedPays, harness.BadInput)
		harness.Check("M-PAY-09", harness.Documented, "pays again once the token is resumed", s.resumedPays)
		harness.Check("M-PAY-10", harness.Documented, "needs no unpredictable number", s.paysWithoutNumber)
	})
}

func (s *suite) transactShape(ctx SpecContext) {
	t := s.tokenize(ctx)
	d := s.draft(token.MCTransact, "", s.goodBody(token.MCTransact, t.ref))
	d.Sign()
	d.Send(ctx).MustBe(http.StatusOK, slices.Concat(harness.Shape{{Path: "responseId", Is: idRule}}, sealedShape("encryptedPayload")))
}

func (s *suite) transactContent(ctx SpecContext) {
	t := s.tokenize(ctx)
	answer := s.transact(ctx, t)
	broken := harness.Shape{
		{Path: "accountNumber", Is: numberRule},
		{Path: "applicationExpiryDate", Is: harness.Matching("[0-9]{6}", "YYMMDD")},
		{Path: "panSequenceNumber", Is: harness.Digits(2)},
		{Path: "track2Equivalent", Is: harness.Matching("[0-9]{9,19}D[0-9]{7,}F", "number, D, expiry, service code, digits and F")},
		{Path: "de48se43Data", Is: cryptogramRule},
	}.Broken(request.JSON(answer.Clear))
	Expect(broken).To(BeEmpty())
	harness.SameSecret(answer.Clear.AccountNumber, t.clear().TokenNumber, "the number is not the token's")
	expiry := t.clear().ExpiryYear + t.clear().ExpiryMonth
	Expect(answer.Clear.ApplicationExpiryDate[:4]).To(Equal(expiry), "the expiry is not the token's")
	number, rest, _ := strings.Cut(string(answer.Clear.Track2Equivalent), "D")
	harness.SameSecret(number, string(t.clear().TokenNumber), "track 2 has another number")
	harness.SameSecret(rest[:4], expiry, "track 2 has another expiry")
	Expect(len(answer.Clear.Track2Equivalent)).To(And(BeNumerically(">=", 32), BeNumerically("<=", 38)))
}

// layout reads a cryptogram by the known layout of 19 bytes, without the codec.
type layout struct {
	format        byte
	atc           uint16
	unpredictable [4]byte
	tail          string
}

func read(cryptogram mdes.Sensitive) layout {
	GinkgoHelper()
	raw, err := base64.StdEncoding.Strict().DecodeString(string(cryptogram))
	Expect(err).NotTo(HaveOccurred(), "the cryptogram is not standard base64")
	Expect(raw).To(HaveLen(19))
	return layout{raw[0], binary.BigEndian.Uint16(raw[9:11]), [4]byte(raw[11:15]), base64.StdEncoding.EncodeToString(raw[15:])}
}

func (s *suite) ucaf(ctx SpecContext) {
	got := read(s.transact(ctx, s.tokenize(ctx)).Clear.DE48SE43Data)
	Expect(got.format).To(BeZero(), "the first byte")
	Expect(got.tail).To(Equal(base64.StdEncoding.EncodeToString([]byte{0x1a, 0x00, 0x03, 0x14})), "the last four bytes")
}

func (s *suite) takesUnpredictable(ctx SpecContext) {
	got := read(s.transact(ctx, s.tokenize(ctx)).Clear.DE48SE43Data)
	Expect(got.unpredictable).To(Equal([4]byte{0x23, 0x42, 0x45, 0x63}))
}

func (s *suite) neverTwice(ctx SpecContext) {
	t := s.tokenize(ctx)
	seen := map[mdes.Sensitive]bool{}
	var last uint16
	for n := range 20 {
		data := s.transact(ctx, t).Clear
		Expect(seen[data.DE48SE43Data]).To(BeFalse(), "a cryptogram came twice")
		seen[data.DE48SE43Data] = true
		atc := read(data.DE48SE43Data).atc
		if n > 0 {
			Expect(atc).To(Equal(last+1), "the counter")
		}
		last = atc
	}
}

func (s *suite) countsFromOne(ctx SpecContext) {
	Expect(read(s.transact(ctx, s.tokenize(ctx)).Clear.DE48SE43Data).atc).To(BeEquivalentTo(1))
}

func (s *suite) suspendedPays(ctx SpecContext) {
	t := s.tokenize(ctx)
	_, err := s.client().Suspend(ctx, lifecycle(t.ref))
	Expect(err).NotTo(HaveOccurred())
	_, err = s.client().Transact(ctx, mdes.TransactRequest{TokenUniqueReference: string(t.ref)})
	refused(err, mdes.InvalidTokenStatus)
}

func (s *suite) deletedPays(ctx SpecContext) {
	t := s.tokenize(ctx)
	_, err := s.client().Delete(ctx, lifecycle(t.ref))
	Expect(err).NotTo(HaveOccurred())
	_, err = s.client().Transact(ctx, mdes.TransactRequest{TokenUniqueReference: string(t.ref)})
	refused(err, mdes.InvalidTokenStatus)
}

func (s *suite) resumedPays(ctx SpecContext) {
	t := s.tokenize(ctx)
	before := s.transact(ctx, t).Clear.DE48SE43Data
	_, err := s.client().Suspend(ctx, lifecycle(t.ref))
	Expect(err).NotTo(HaveOccurred())
	_, err = s.client().Unsuspend(ctx, lifecycle(t.ref))
	Expect(err).NotTo(HaveOccurred())
	harness.OtherSecret(s.transact(ctx, t).Clear.DE48SE43Data, before, "a cryptogram came twice")
}

func (s *suite) paysWithoutNumber(ctx SpecContext) {
	s.transactWith(ctx, mdes.TransactRequest{TokenUniqueReference: string(s.tokenize(ctx).ref)})
}
