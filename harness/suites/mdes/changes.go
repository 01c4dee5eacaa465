package mdes

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/mdes"
)

// changes are what happens to the card behind a token.
func (s *suite) changes() {
	harness.Feature("card-changes", "Notifications", func() {
		harness.Check("M-CARD-01", harness.Documented, "keeps the token when the card gets a new expiry, and tells the requestor", s.newExpiry)
		harness.Check("M-CARD-02", harness.Documented, "keeps the token when the card gets a new number, and tells the requestor", s.newNumber)
		harness.Check("M-CARD-03", harness.Documented, "gives changed card art an asset id of its own, and tells the requestor", s.newArt)
		harness.Check("M-CARD-04", harness.Documented, "deactivates the tokens of a closed account", s.closed)
	})
}

// notified opens the notice about a token, nil where the target sends none.
func (s *suite) notified(ctx context.Context, t tokenized, status string) *mdes.Token {
	GinkgoHelper()
	if s.cfg.Notices == nil {
		return nil
	}
	got := s.noticeOf(ctx, t, 1, status, "")
	return &got
}

// same says that a token still is what it was.
func (s *suite) same(ctx context.Context, t tokenized) mdes.Token {
	GinkgoHelper()
	after := s.state(ctx, t.ref)
	Expect(after.Status).To(Equal(mdes.StatusActive))
	Expect(harness.Given(after.TokenInfo, "tokenInfo").TokenPANSuffix).To(Equal(t.info().TokenPANSuffix), "the token's number changed")
	harness.SameSecret(s.transact(ctx, t).Clear.AccountNumber, t.clear().TokenNumber, "the token's number changed")
	return after
}

func (s *suite) newExpiry(ctx SpecContext) {
	t := s.tokenize(ctx)
	s.operator().ChangeCard(ctx, harness.DoNewExpiry, t.ref)
	after := harness.Given(s.same(ctx, t).TokenInfo, "tokenInfo")
	Expect(after.AccountPANExpiry).NotTo(Equal(t.info().AccountPANExpiry))
	Expect(after.AccountPANSuffix).To(Equal(t.card.Last4()))
	if notice := s.notified(ctx, t, mdes.StatusActive); notice != nil {
		Expect(notice.TokenInfo).NotTo(BeNil(), "the notice does not say what changed")
		Expect(notice.TokenInfo.AccountPANExpiry).To(Equal(after.AccountPANExpiry))
		Expect(notice.TokenInfo.AccountPANPrefix).NotTo(BeEmpty())
	}
}

func (s *suite) newNumber(ctx SpecContext) {
	t := s.tokenize(ctx)
	s.operator().ChangeCard(ctx, harness.DoReplacePAN, t.ref)
	after := harness.Given(s.same(ctx, t).TokenInfo, "tokenInfo")
	if notice := s.notified(ctx, t, mdes.StatusActive); notice != nil {
		Expect(notice.TokenInfo).NotTo(BeNil(), "the notice does not say what changed")
		Expect(notice.TokenInfo.AccountPANSuffix).To(Equal(after.AccountPANSuffix))
		Expect(notice.TokenInfo.TokenPANSuffix).To(Equal(t.info().TokenPANSuffix))
	}
}

func (s *suite) newArt(ctx SpecContext) {
	t := s.tokenize(ctx)
	s.operator().ChangeCard(ctx, harness.DoNewMetadata, t.ref)
	art := harness.Given(s.same(ctx, t).ProductConfig, "productConfig").CardBackgroundCombinedAssetID
	Expect(art).NotTo(Equal(t.product().CardBackgroundCombinedAssetID))
	s.asset(ctx, art)
	if notice := s.notified(ctx, t, mdes.StatusActive); notice != nil {
		Expect(notice.ProductConfig).NotTo(BeNil(), "the notice does not say what changed")
		Expect(notice.ProductConfig.CardBackgroundCombinedAssetID).To(Equal(art))
	}
}

func (s *suite) closed(ctx SpecContext) {
	t := s.tokenize(ctx)
	s.operator().ChangeCard(ctx, harness.DoClose, t.ref)
	Expect(s.status(ctx, t.ref)).To(Equal(mdes.StatusDeactivated))
	s.notified(ctx, t, mdes.StatusDeactivated)
	answer, err := s.client().Tokenize(ctx, tokenizeRequest(), funding(t.card))
	Expect(err).NotTo(HaveOccurred())
	Expect(answer.Decision).To(Equal(mdes.DecisionDeclined))
}
