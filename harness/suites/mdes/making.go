package mdes

import (
	"context"
	"net/http"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/harness/request"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/token"
)

// What checks begin with: a card tokenized, a cryptogram asked for. Each is
// judged where it is made, so that no check goes on with nothing and finds
// nothing equal to nothing.

// tokenized is a token with its card.
type tokenized struct {
	card   harness.Card
	ref    token.Ref
	answer *mdes.TokenizeResult
}

// tokenize gives a fresh card a token, which the end of the check deletes.
func (s *suite) tokenize(ctx context.Context) tokenized {
	GinkgoHelper()
	return s.tokenizeCard(ctx, s.client(), s.cfg.FreshCard(token.Mastercard))
}

func (s *suite) tokenizeCard(ctx context.Context, as *mdes.Client, card harness.Card) tokenized {
	GinkgoHelper()
	answer, err := as.Tokenize(ctx, tokenizeRequest(), funding(card))
	return s.tokenizedBy(as, card, answer, err)
}

// tokenizedBy expects that a card got a token.
func (s *suite) tokenizedBy(as *mdes.Client, card harness.Card, answer *mdes.TokenizeResult, err error) tokenized {
	GinkgoHelper()
	Expect(err).NotTo(HaveOccurred(), "tokenizing a card")
	s.cleanUp(as, answer.TokenUniqueReference)
	approval.MustHold(request.JSON(answer.TokenizeResponse), "the token")
	return tokenized{card, token.Ref(answer.TokenUniqueReference), answer}
}

// approval is the least that reports a token.
var approval = harness.Shape{
	{Path: "decision", Is: harness.OneOf("APPROVED", "REQUIRE_ADDITIONAL_AUTHENTICATION")},
	{Path: "tokenUniqueReference", Is: refRule},
}

// works expects a token, which the end of the check deletes.
func (s *suite) works(a harness.Answer) {
	GinkgoHelper()
	a.MustBe(http.StatusOK, approval)
	var made mdes.TokenizeResponse
	a.Read(&made)
	s.cleanUp(s.client(), made.TokenUniqueReference)
}

// cleanUp deletes a token at the end of the check, whatever became of it.
func (s *suite) cleanUp(as *mdes.Client, ref string) {
	if ref != "" {
		DeferCleanup(func(ctx SpecContext) { _, _ = as.Delete(ctx, lifecycle(token.Ref(ref))) })
	}
}

// panRef is the card's reference.
func (t tokenized) panRef() string {
	GinkgoHelper()
	harness.Shape{{Path: "panUniqueReference", Is: panRefRule}}.MustHold(request.JSON(t.answer.TokenizeResponse), "the token")
	return t.answer.PANUniqueReference
}

func (t tokenized) info() mdes.TokenInfo {
	GinkgoHelper()
	return harness.Given(t.answer.TokenInfo, "tokenInfo")
}

func (t tokenized) product() mdes.ProductConfig {
	GinkgoHelper()
	return harness.Given(t.answer.ProductConfig, "productConfig")
}

func (t tokenized) detail() mdes.TokenDetail {
	GinkgoHelper()
	return harness.Given(t.answer.TokenDetail, "tokenDetail")
}

// clear is the opened tokenDetail.
func (t tokenized) clear() mdes.TokenDetailData {
	GinkgoHelper()
	data := harness.Given(t.answer.Clear, "tokenDetail with something sealed in it")
	harness.Shape{{Path: "tokenNumber", Is: numberRule}}.MustHold(request.JSON(data), "the sealed detail")
	return data
}

// state reads a token.
func (s *suite) state(ctx context.Context, ref token.Ref) mdes.Token {
	GinkgoHelper()
	answer, err := s.client().GetToken(ctx, ref, false)
	Expect(err).NotTo(HaveOccurred(), "reading the token")
	return harness.Given(answer.Token, "token")
}

func (s *suite) status(ctx context.Context, ref token.Ref) string {
	GinkgoHelper()
	return s.state(ctx, ref).Status
}

func (s *suite) transact(ctx context.Context, t tokenized) *mdes.TransactResult {
	GinkgoHelper()
	return s.transactWith(ctx, mdes.TransactRequest{TokenUniqueReference: string(t.ref), UnpredictableNumber: "23424563"})
}

// transactWith sends a request of the check's own making.
func (s *suite) transactWith(ctx context.Context, req mdes.TransactRequest) *mdes.TransactResult {
	GinkgoHelper()
	answer, err := s.client().Transact(ctx, req)
	Expect(err).NotTo(HaveOccurred(), "asking for a cryptogram")
	harness.Shape{{Path: "de48se43Data", Is: cryptogramRule}}.MustHold(request.JSON(answer.Clear), "what the answer seals")
	return answer
}
