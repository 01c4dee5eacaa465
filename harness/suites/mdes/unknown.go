package mdes

import (
	. "github.com/onsi/ginkgo/v2"

	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/harness/request"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/token"
)

func (s *suite) unknownIDs() {
	harness.Feature("unknown-ids", "Errors", func() {
		rows := []struct {
			id   string
			op   token.Operation
			code mdes.ReasonCode
		}{
			{"M-ID-01", token.MCTransact, mdes.InvalidTokenUniqueReference},
			{"M-ID-02", token.MCGetToken, mdes.InvalidTokenUniqueReference},
			{"M-ID-03", token.MCGetTaskStatus, mdes.InvalidTaskID},
		}
		for _, row := range rows {
			harness.Check(row.id, harness.Documented, row.op.Info().Wire+" answers "+string(row.code)+" to an unknown id", func(ctx SpecContext) {
				d := s.draft(row.op, "", s.goodBody(row.op, unknownRef))
				d.Sign()
				s.mustRefuse(d.Send(ctx), row.code)
			}, harness.BadInput)
		}
		for i, op := range []token.Operation{token.MCSuspend, token.MCUnsuspend, token.MCDelete} {
			harness.Check("M-ID-1"+string(rune('0'+i)), harness.Assumed, op.Info().Wire+" answers both as a whole and per token to an unknown reference", func(ctx SpecContext) {
				d := s.draft(op, "", s.goodBody(op, unknownRef))
				d.Sign()
				d.Send(ctx).MustBeOneOf(s.errorStatuses(mdes.InvalidTokenUniqueReference), harness.Shape{
					{Path: "errorCode", Is: harness.Exactly("INVALID_TOKEN_UNIQUE_REFERENCE")},
					{Path: "tokens", Is: harness.ListOf(1)},
					{Path: "tokens[].tokenUniqueReference", Is: harness.Exactly(unknownRef)},
					{Path: "tokens[].errors[].reasonCode", Is: harness.Exactly("INVALID_TOKEN_UNIQUE_REFERENCE")},
				})
			}, harness.BadInput)
		}
		harness.Check("M-ID-20", harness.Documented, "tokenize by an unknown reference answers INVALID_TOKEN_UNIQUE_REFERENCE", s.unknownReference("tokenUniqueReference", unknownRef, mdes.InvalidTokenUniqueReference), harness.BadInput)
		harness.Check("M-ID-21", harness.Documented, "tokenize by an unknown card reference answers INVALID_PAN_UNIQUE_REFERENCE", s.unknownReference("panUniqueReference", "FWSPMC000000000100000000000000000000000000000000", mdes.InvalidPANUniqueReference), harness.BadInput)
		harness.Check("M-ID-22", harness.Assumed, "refuses an unknown asset id", s.unknownAsset, harness.BadInput)
		harness.Check("M-ID-23", harness.Documented, "refuses another requestor's token", s.foreignToken, harness.BadInput)
	})
}

func (s *suite) unknownReference(member, ref string, code mdes.ReasonCode) func(SpecContext) {
	return func(ctx SpecContext) {
		body := request.WithMember(request.JSON(s.goodBody(token.MCTokenize, "")), "fundingAccountInfo", map[string]any{
			member: ref, "encryptedPayload": s.sealed(map[string]string{"source": "ACCOUNT_ON_FILE"}),
		})
		d := s.draft(token.MCTokenize, "", body)
		d.Sign()
		s.mustRefuse(d.Send(ctx), code)
	}
}

// unknownAsset: no answer is public, so any refusal of the client will do.
func (s *suite) unknownAsset(ctx SpecContext) {
	d := s.draft(token.MCGetAsset, "00000000-0000-0000-0000-000000000000", nil)
	d.Sign()
	answer := d.Send(ctx)
	harness.Shape{{Path: "mediaContents", Is: harness.Missing}}.MustHold(answer.Body, "the answer")
	s.refusedSomehow(answer, "an unknown asset was given")
}

func (s *suite) foreignToken(ctx SpecContext) {
	other, t := s.other(), s.tokenize(ctx)
	_, err := other.GetToken(ctx, t.ref, false)
	refused(err, mdes.InvalidTokenUniqueReference)
	_, err = other.Transact(ctx, mdes.TransactRequest{TokenUniqueReference: string(t.ref)})
	refused(err, mdes.InvalidTokenUniqueReference)
}
