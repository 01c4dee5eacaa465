package mdes

import (
	"context"
	"net/http"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/token"
)

func (s *suite) searching() {
	harness.Feature("searching", "Operations", func() {
		harness.Check("M-SEARCH-01", harness.Documented, "finds the tokens of a card", s.findsByCard)
		harness.Check("M-SEARCH-02", harness.Documented, "finds the tokens of a card reference", s.findsByCardReference)
		harness.Check("M-SEARCH-03", harness.Documented, "finds the tokens next to a token reference and six digits", s.findsByToken)
		harness.Check("M-SEARCH-04", harness.Documented, "leaves deactivated tokens out", s.findsNoDeactivated)
		harness.Check("M-SEARCH-05", harness.Documented, "finds none of another requestor's", s.findsOwnOnly)
		harness.Check("M-SEARCH-06", harness.Assumed, "answers an empty list for a card without tokens", s.findsNone)
	})
}

// find lists the references that a search says.
func (s *suite) find(ctx context.Context, as *mdes.Client, by mdes.FundingAccountInfo, card *mdes.CardAccountData) []token.Ref {
	GinkgoHelper()
	answer, err := as.SearchTokens(ctx, by, card)
	Expect(err).NotTo(HaveOccurred())
	Expect(answer.Tokens).NotTo(BeNil(), "the answer has no tokens")
	refs := []token.Ref{}
	for _, t := range answer.Tokens {
		refs = append(refs, token.Ref(t.TokenUniqueReference))
	}
	return refs
}

func searched(card harness.Card) *mdes.CardAccountData {
	return &mdes.CardAccountData{AccountNumber: mdes.Sensitive(card.Digits()), ExpiryMonth: card.Expiry.MM(), ExpiryYear: card.Expiry.YY()}
}

func (s *suite) findsByCard(ctx SpecContext) {
	t := s.tokenize(ctx)
	d := s.draft(token.MCSearchTokens, "", mdes.SearchTokensRequest{
		RequestID: "req-0005", TokenRequestorID: string(s.mastercard().TRID),
		FundingAccountInfo: mdes.FundingAccountInfo{EncryptedPayload: s.sealed(mdes.FundingAccountData{CardAccountData: searched(t.card)})},
	})
	d.Sign()
	d.Send(ctx).MustBe(http.StatusOK, harness.Shape{
		{Path: "responseHost", Is: harness.Text},
		{Path: "responseId", Is: idRule},
		{Path: "tokens", Is: harness.ListOf(1)},
		{Path: "tokens[].tokenUniqueReference", Is: harness.Exactly(string(t.ref))},
		{Path: "tokens[].status", Is: harness.Exactly("ACTIVE")},
		{Path: "tokens[].statusTimestamp", Is: instant},
	})
}

func (s *suite) findsByCardReference(ctx SpecContext) {
	t := s.tokenize(ctx)
	Expect(s.find(ctx, s.client(), mdes.FundingAccountInfo{PANUniqueReference: t.panRef()}, nil)).To(ConsistOf(t.ref))
}

func (s *suite) findsByToken(ctx SpecContext) {
	t := s.tokenize(ctx)
	six := &mdes.CardAccountData{AccountNumber: mdes.Sensitive(token.PAN(t.card.Number).First6())}
	Expect(s.find(ctx, s.client(), mdes.FundingAccountInfo{TokenUniqueReference: string(t.ref)}, six)).To(ConsistOf(t.ref))
}

func (s *suite) findsNoDeactivated(ctx SpecContext) {
	gone := s.tokenize(ctx)
	_, err := s.client().Delete(ctx, lifecycle(gone.ref))
	Expect(err).NotTo(HaveOccurred())
	answer, err := s.client().SearchTokens(ctx, mdes.FundingAccountInfo{}, searched(gone.card))
	if err != nil { // for nothing found, which form of that a server has is not public
		refused(err, mdes.NoActiveTokens)
		return
	}
	Expect(answer.Tokens).To(BeEmpty())
}

func (s *suite) findsOwnOnly(ctx SpecContext) {
	other, mine := s.other(), s.tokenize(ctx)
	theirs := s.tokenizeCard(ctx, other, mine.card)
	Expect(s.find(ctx, s.client(), mdes.FundingAccountInfo{}, searched(mine.card))).To(ConsistOf(mine.ref))
	Expect(s.find(ctx, other, mdes.FundingAccountInfo{}, searched(mine.card))).To(ConsistOf(theirs.ref))
}

func (s *suite) findsNone(ctx SpecContext) {
	Expect(s.find(ctx, s.client(), mdes.FundingAccountInfo{}, searched(s.cfg.FreshCard(token.Mastercard)))).To(BeEmpty())
}
