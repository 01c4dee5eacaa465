package mdes

import (
	"errors"
	"net/http"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/token"
)

func (s *suite) tokenizing() {
	harness.Feature("tokenizing", "Operations", func() {
		harness.Check("M-TOK-01", harness.Observed, "answers an approved card with references, product, token info and sealed detail", s.tokenizeShape)
		harness.Check("M-TOK-02", harness.Documented, "makes the token active at once", s.activeAtOnce)
		harness.Check("M-TOK-03", harness.Documented, "seals a token number that is no card number and passes the check digit", s.tokenNumber)
		harness.Check("M-TOK-04", harness.Documented, "keeps the reference in the clear next to the sealed detail", s.referenceInClear)
		harness.Check("M-TOK-05", harness.Assumed, "gives the same card a new token under the same card reference", s.tokenizesTwice)
		harness.Check("M-TOK-06", harness.Assumed, "gives cards references, numbers and accounts of their own", s.tokenizesApart)
		harness.Check("M-TOK-07", harness.Documented, "takes a card reference in place of the card", s.byCardReference)
		harness.Check("M-TOK-08", harness.Documented, "takes a token reference in place of the card", s.byTokenReference)
		harness.Check("M-TOK-09", harness.Documented, "refuses a task id that was used before", s.refusesUsedTask, harness.BadInput)
		harness.Check("M-TOK-10", harness.Assumed, "refuses a card number that may be a real card's", s.refusesUnlisted, harness.BadInput)
		harness.Check("M-TOK-11", harness.Observed, "takes the example card of every specification, which fails the check digit", s.takesExample)
		harness.Check("M-TOK-12", harness.Documented, "takes the smallest request of the specification", s.smallest)
	})
}

func (s *suite) tokenizeShape(ctx SpecContext) {
	card := s.cfg.FreshCard(token.Mastercard)
	d := s.draft(token.MCTokenize, "", s.tokenizeBody(s.sealed(funding(card))))
	d.Sign()
	answer := d.Send(ctx)
	answer.MustBe(http.StatusOK, tokenizeShape(card))
	s.works(answer)
}

func (s *suite) activeAtOnce(ctx SpecContext) {
	Expect(s.status(ctx, s.tokenize(ctx).ref)).To(Equal(mdes.StatusActive))
}

func (s *suite) tokenNumber(ctx SpecContext) {
	t := s.tokenize(ctx)
	data := t.clear()
	number := string(data.TokenNumber)
	Expect(token.Digits(number) && len(number) >= 9 && len(number) <= 19).To(BeTrue(), "the token number %s has not 9 to 19 digits", data.TokenNumber)
	Expect(token.LuhnValid(number)).To(BeTrue(), "the token number %s fails the check digit", data.TokenNumber)
	harness.OtherSecret(number, t.card.Digits(), "the token number is the card number")
	Expect(strings.HasSuffix(number, t.info().TokenPANSuffix)).To(BeTrue(), "tokenPanSuffix is not the token number's")
	Expect(data.ExpiryMonth + data.ExpiryYear).To(Equal(t.info().TokenExpiry))
	if data.PaymentAccountReference != "" {
		Expect(data.PaymentAccountReference).To(MatchRegexp("^5001[0-9A-Za-z]{25}$"))
	}
}

func (s *suite) referenceInClear(ctx SpecContext) {
	t := s.tokenize(ctx)
	Expect(t.detail().TokenUniqueReference).To(BeEquivalentTo(t.ref))
}

func (s *suite) tokenizesTwice(ctx SpecContext) {
	one := s.tokenize(ctx)
	two := s.tokenizeCard(ctx, s.client(), one.card)
	Expect(two.ref).NotTo(Equal(one.ref))
	Expect(two.panRef()).To(Equal(one.panRef()))
	harness.OtherSecret(two.clear().TokenNumber, one.clear().TokenNumber, "two tokens share a number")
}

func (s *suite) tokenizesApart(ctx SpecContext) {
	one, two := s.tokenize(ctx), s.tokenize(ctx)
	Expect(two.ref).NotTo(Equal(one.ref))
	Expect(two.panRef()).NotTo(Equal(one.panRef()))
	harness.OtherSecret(two.clear().TokenNumber, one.clear().TokenNumber, "two cards share a token number")
	if par := one.clear().PaymentAccountReference; par != "" {
		Expect(two.clear().PaymentAccountReference).NotTo(Equal(par))
	}
}

// byReference tokenizes an account by a reference; the source stays in the
// sealed part. What an account gets that has a live token is not public: a server
// that says it has one took the reference too, and there is no more to judge.
func (s *suite) byReference(ctx SpecContext, t tokenized, info mdes.FundingAccountInfo) tokenized {
	GinkgoHelper()
	req := tokenizeRequest()
	req.FundingAccountInfo = info
	answer, err := s.client().Tokenize(ctx, req, &mdes.FundingAccountData{Source: mdes.SourceExistingToken})
	var failure *mdes.Error
	if errors.As(err, &failure) && failure.Code() == string(mdes.DuplicateRequest) {
		return t
	}
	return s.tokenizedBy(s.client(), t.card, answer, err)
}

func (s *suite) byCardReference(ctx SpecContext) {
	t := s.tokenize(ctx)
	next := s.byReference(ctx, t, mdes.FundingAccountInfo{PANUniqueReference: t.panRef()})
	Expect(next.panRef()).To(Equal(t.panRef()))
	Expect(next.info().AccountPANSuffix).To(Equal(t.card.Last4()))
}

func (s *suite) byTokenReference(ctx SpecContext) {
	t := s.tokenize(ctx)
	next := s.byReference(ctx, t, mdes.FundingAccountInfo{TokenUniqueReference: string(t.ref)})
	Expect(next.panRef()).To(Equal(t.panRef()))
}

func (s *suite) refusesUsedTask(ctx SpecContext) {
	req := tokenizeRequest()
	card := s.cfg.FreshCard(token.Mastercard)
	first, err := s.client().Tokenize(ctx, req, funding(card))
	s.tokenizedBy(s.client(), card, first, err)
	_, err = s.client().Tokenize(ctx, req, funding(s.cfg.FreshCard(token.Mastercard)))
	refused(err, mdes.InvalidTaskID)
}

func (s *suite) refusesUnlisted(ctx SpecContext) {
	_, err := s.client().Tokenize(ctx, tokenizeRequest(), funding(s.cfg.UnlistedCard(token.Mastercard)))
	refused(err, mdes.PANIneligible)
}

func (s *suite) takesExample(ctx SpecContext) {
	s.tokenizeCard(ctx, s.client(), harness.Card{Number: "5123456789012345", Expiry: s.cfg.FreshCard(token.Mastercard).Expiry})
}

func (s *suite) smallest(ctx SpecContext) {
	card := s.cfg.FreshCard(token.Mastercard)
	d := s.draft(token.MCTokenize, "", map[string]any{
		"requestId": fresh("req"), "tokenType": "CLOUD", "tokenRequestorId": string(s.mastercard().TRID), "taskId": fresh("task"),
		"fundingAccountInfo": map[string]any{"encryptedPayload": s.sealed(map[string]any{
			"cardAccountData": map[string]string{
				"accountNumber": card.Digits(), "expiryMonth": card.Expiry.MM(), "expiryYear": card.Expiry.YY(),
			},
			"source": "ACCOUNT_ON_FILE",
		})},
	})
	d.Sign()
	s.works(d.Send(ctx))
}
