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

func (s *suite) provisioning() {
	harness.Feature("provisioning", "Provisioning", func() {
		harness.Check("V-PROV-01", harness.Observed, "gives an enrolment a token", s.provisionShape)
		harness.Check("V-PROV-02", harness.Observed, "gives a card a token in one call", s.provisionWithPANShape)
		harness.Check("V-PROV-03", harness.Observed, "takes the smallest request that Visa's published client sends", s.smallest)
		harness.Check("V-PROV-04", harness.Observed, "takes the short names of the e-mail fields", s.shortNames)
		harness.Check("V-PROV-05", harness.Documented, "seals a token number that is no card number and passes the check digit", s.tokenNumber)
		harness.Check("V-PROV-06", harness.Assumed, "gives the same token when the same enrolment is provisioned again", s.provisionsTwice)
		harness.Check("V-PROV-07", harness.Assumed, "gives a new token with a new number once the old one is deleted", s.provisionsAfterDelete)
		harness.Check("V-PROV-08", harness.Observed, "takes risk data as a list", s.riskData(false))
		harness.Check("V-PROV-09", harness.Observed, "takes risk data wrapped in an object", s.riskData(true))
		harness.Check("V-PROV-10", harness.Observed, "takes a nested security code in risk data", s.nestedCode)
		harness.Check("V-PROV-11", harness.Observed, "takes the date of accepted terms as text and as number", s.termsDate)
		harness.Check("V-PROV-12", harness.Assumed, "refuses another requestor's enrolment", s.refusesForeignEnrolment, harness.BadInput)
		harness.Check("V-PROV-13", harness.Assumed, "refuses a card number that may be a real card's in one call too", s.refusesUnlistedProvision, harness.BadInput)
		harness.Check("V-PROV-14", harness.Assumed, "gives cards tokens with numbers of their own", s.numbersApart)
	})
}

func (s *suite) provisionShape(ctx SpecContext) {
	e := s.enrol(ctx)
	d := s.draft(token.VisaProvision, e.id, s.goodBody(token.VisaProvision))
	d.Sign()
	answer := d.Send(ctx)
	answer.MustBeOneOf(s.created(), slices.Concat(
		harness.Shape{
			{Path: "vProvisionedTokenID", Is: idRule},
			{Path: "vPanEnrollmentID", Is: harness.Exactly(e.id)},
			{Path: "tokenInfo.encTokenInfo?", Is: harness.Text},
			{Path: "stepUpRequest", Is: harness.Missing},
		},
		tokenShape(string(s.visa().TRID), "ACTIVE"),
	))
	s.forget(answer)
}

// forget deletes the token of an answer at the end of the check.
func (s *suite) forget(a harness.Answer) {
	GinkgoHelper()
	var made vts.ProvisionResponse
	a.Read(&made)
	s.cleanUp(s.client(), made.VProvisionedTokenID)
}

func (s *suite) provisionWithPANShape(ctx SpecContext) {
	card := s.cfg.FreshCard(token.Visa)
	req := withPANRequest()
	req.ClientAppID, req.ClientWalletAccountID, req.EncPaymentInstrument = "pantomime-harness", string(s.visa().TRID), s.seal(instrument(card))
	d := s.draft(token.VisaProvisionWithPAN, "", req)
	d.Sign()
	answer := d.Send(ctx)
	answer.MustBeOneOf(s.created(), slices.Concat(
		harness.Shape{{Path: "vProvisionedTokenID", Is: idRule}, {Path: "vPanEnrollmentID", Is: idRule}},
		tokenShape(string(s.visa().TRID), "ACTIVE"), instrumentShape(card), metadataShape(),
	))
	s.forget(answer)
}

// smallest sends what the client that Visa publishes sends, and nothing else.
func (s *suite) smallest(ctx SpecContext) {
	card := s.cfg.FreshCard(token.Visa)
	d := s.draft(token.VisaProvisionWithPAN, "", map[string]any{
		"locale": "en_US", "panSource": "MANUALLYENTERED", "presentationType": []string{"AI_AGENT"},
		"consumerEntryMode": "KEYENTERED", "protectionType": "CLOUD",
		"clientAppID": "9f1c1b1e-7f0a-4c0e-8a51-1d6f0a4e2b77", "clientWalletAccountID": string(s.visa().TRID),
		"clientWalletAccountEmailAddress":     "alex@shop.example",
		"clientWalletAccountEmailAddressHash": "c2FtcGxlLWhhc2gtb2YtYW4tZW1haWwtYWRkcmVzcy0",
		"encPaymentInstrument": s.sealWith(map[string]any{
			"accountNumber": card.Digits(), "name": "Alex Example", "cvv2": "123",
			"expirationDate": map[string]string{"month": card.Expiry.MM(), "year": card.Expiry.YYYY()},
		}, s.cfg.Wall.Now()),
	})
	d.Sign()
	answer := d.Send(ctx)
	answer.MustBeOneOf(s.created(), harness.Shape{{Path: "vProvisionedTokenID", Is: idRule}})
	s.forget(answer)
}

func (s *suite) shortNames(ctx SpecContext) {
	e, req := s.enrol(ctx), provisionRequest()
	req.EmailAddressHash, req.ShortEmail, req.ShortEmailHash = "", "alex@shop.example", "c2FtcGxl"
	s.provisionWith(ctx, e, req)
}

func (s *suite) tokenNumber(ctx SpecContext) {
	p := s.provision(ctx)
	number := s.number(p.answer.TokenInfo)
	digits := number.Digits()
	Expect(token.Digits(digits) && len(digits) == 16).To(BeTrue(), "the token number %s has not 16 digits", number)
	Expect(token.LuhnValid(digits)).To(BeTrue(), "the token number %s fails the check digit", number)
	harness.OtherSecret(digits, p.card.Digits(), "the token number is the card number")
	Expect(number.Last4()).To(Equal(p.answer.TokenInfo.Last4), "last4 is not the token number's")
}

func (s *suite) provisionsTwice(ctx SpecContext) {
	p := s.provision(ctx)
	again := s.provisionFor(ctx, s.client(), p.enrolled)
	Expect(again.ref).To(Equal(p.ref))
	Expect(again.answer.TokenInfo.Last4).To(Equal(p.answer.TokenInfo.Last4))
}

func (s *suite) provisionsAfterDelete(ctx SpecContext) {
	p := s.provision(ctx)
	Expect(s.client().Delete(ctx, string(p.ref), customerAsked)).To(Succeed())
	next := s.provisionFor(ctx, s.client(), p.enrolled)
	Expect(next.ref).NotTo(Equal(p.ref))
	harness.OtherSecret(s.number(p.answer.TokenInfo), s.number(next.answer.TokenInfo), "a token number was given out twice")
}

func (s *suite) numbersApart(ctx SpecContext) {
	seen := map[token.TokenPAN]bool{}
	for range 5 {
		number := s.number(s.provision(ctx).answer.TokenInfo)
		Expect(seen[number]).To(BeFalse(), "two cards share a token number")
		seen[number] = true
	}
}

func riskItems(card harness.Card) []map[string]string {
	return []map[string]string{
		{"name": vts.RiskExpiryMonth, "value": card.Expiry.MM()},
		{"name": vts.RiskExpiryYear, "value": card.Expiry.YYYY()},
		{"name": "something.else", "value": "kept and ignored"},
	}
}

func (s *suite) riskData(wrapped bool) func(SpecContext) {
	return func(ctx SpecContext) {
		e, req := s.enrol(ctx), provisionRequest()
		var risk any = riskItems(e.card)
		if wrapped {
			risk = map[string]any{"data": risk}
		}
		req.EncRiskDataInfo = s.seal(risk)
		s.provisionWith(ctx, e, req)
	}
}

func (s *suite) nestedCode(ctx SpecContext) {
	e, req := s.enrol(ctx), provisionRequest()
	req.EncRiskDataInfo = s.seal(append(riskItems(e.card), map[string]string{"name": vts.RiskEncCVV2, "value": s.seal("123")}))
	s.provisionWith(ctx, e, req)
}

func (s *suite) termsDate(ctx SpecContext) {
	for _, date := range []any{"1700000000", 1700000000} {
		e := s.enrol(ctx)
		body := request.WithMember(request.JSON(s.goodBody(token.VisaProvision)), "termsAndConditions", map[string]any{
			"id": "3c2b1a0f9e8d4c7b6a5f4e3d2c1b0a99", "date": date,
		})
		d := s.draft(token.VisaProvision, e.id, body)
		d.Sign()
		answer := d.Send(ctx)
		answer.MustBeOneOf(s.created(), harness.Shape{{Path: "vProvisionedTokenID", Is: idRule}})
		s.forget(answer)
	}
}

// refusesForeignEnrolment: whether it is unknown or forbidden is not public.
func (s *suite) refusesForeignEnrolment(ctx SpecContext) {
	other, e := s.other(), s.enrol(ctx)
	_, err := other.Provision(ctx, e.id, provisionRequest(), nil)
	refusedSomehow(err)
}

func (s *suite) refusesUnlistedProvision(ctx SpecContext) {
	_, err := s.client().ProvisionWithPAN(ctx, withPANRequest(), instrument(s.cfg.UnlistedCard(token.Visa)), nil)
	refused(err, vts.ReasonCardNotAllowed)
}
