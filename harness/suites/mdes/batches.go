package mdes

import (
	"net/http"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/token"
)

func (s *suite) batches() {
	harness.Feature("batches", "Operations", func() {
		harness.Check("M-BATCH-01", harness.Documented, "changes several tokens in one call, in the order asked", s.batch)
		harness.Check("M-BATCH-02", harness.Assumed, "changes the good tokens of a batch and reports the bad one's error", s.halfBatch)
		harness.Check("M-BATCH-03", harness.Documented, "takes ten references", s.fullBatch)
	})
}

func (s *suite) batch(ctx SpecContext) {
	one, two := s.tokenize(ctx), s.tokenize(ctx)
	answer, err := s.client().Suspend(ctx, lifecycle(two.ref, one.ref))
	Expect(err).NotTo(HaveOccurred())
	Expect(answer.Tokens).To(HaveLen(2))
	Expect([]string{answer.Tokens[0].TokenUniqueReference, answer.Tokens[1].TokenUniqueReference}).To(
		Equal([]string{string(two.ref), string(one.ref)}))
	for _, t := range []tokenized{one, two} {
		Expect(s.status(ctx, t.ref)).To(Equal(mdes.StatusSuspended))
	}
}

func (s *suite) halfBatch(ctx SpecContext) {
	good := s.tokenize(ctx)
	answer := s.change(ctx, token.MCSuspend, lifecycle(good.ref, unknownRef))
	answer.MustBe(http.StatusOK, harness.Shape{{Path: "tokens", Is: harness.ListOf(2)}, {Path: "errorCode", Is: harness.Missing}})
	var got mdes.TokensResponse
	answer.Read(&got)
	for _, t := range got.Tokens {
		if t.TokenUniqueReference == string(good.ref) {
			Expect([]any{t.Status, t.Errors}).To(Equal([]any{mdes.StatusSuspended, []mdes.ErrorItem(nil)}))
			continue
		}
		Expect(t.Status).To(BeEmpty(), "an unknown token got a status")
		Expect(t.Errors).NotTo(BeEmpty())
		Expect(t.Errors[0].ReasonCode).To(Equal("INVALID_TOKEN_UNIQUE_REFERENCE"))
	}
}

func (s *suite) fullBatch(ctx SpecContext) {
	var refs []token.Ref
	for range 10 {
		refs = append(refs, s.tokenize(ctx).ref)
	}
	answer, err := s.client().Delete(ctx, lifecycle(refs...))
	Expect(err).NotTo(HaveOccurred())
	Expect(answer.Tokens).To(HaveLen(10))
	for _, t := range answer.Tokens {
		Expect(t.Status).To(Equal(mdes.StatusDeactivated))
	}
}
