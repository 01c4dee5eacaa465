package vts

import (
	"net/http"

	. "github.com/onsi/ginkgo/v2"

	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// unknownIDs are ids that lead nowhere, well formed and not.
var unknownIDs = map[string]string{
	"a well-formed id": "00000000000000000000000000000000",
	"an odd id":        "not-an-id",
}

// unknownIDs: whatever an id looks like, the answer to one that leads nowhere
// is the same.
func (s *suite) unknownIDs() {
	harness.Feature("unknown-ids", "Errors", func() {
		rows := []struct {
			id string
			op token.Operation
		}{
			{"V-ID-01", token.VisaGetCardMetadata},
			{"V-ID-02", token.VisaProvision},
			{"V-ID-03", token.VisaGetToken},
			{"V-ID-04", token.VisaGetPaymentData},
			{"V-ID-05", token.VisaSuspend},
			{"V-ID-06", token.VisaResume},
			{"V-ID-07", token.VisaDelete},
			{"V-ID-08", token.VisaGetContent},
		}
		for _, row := range rows {
			for _, what := range []string{"a well-formed id", "an odd id"} {
				id := row.id
				if what == "an odd id" {
					id += "-odd"
				}
				harness.Check(id, harness.Assumed, row.op.Info().Wire+" answers 404 to "+what+" that is unknown", func(ctx SpecContext) {
					d := s.draft(row.op, unknownIDs[what], s.goodBody(row.op))
					d.Sign()
					d.Send(ctx).MustBe(http.StatusNotFound, refusalShape(http.StatusNotFound, "invalidParameter"))
				}, harness.BadInput)
			}
		}
	})
}

// goodBody is a body that an operation would take, nil where it has none. What
// is to be sealed is sealed again.
func (s *suite) goodBody(op token.Operation) any {
	GinkgoHelper()
	provision := provisionRequest()
	provision.ClientAppID, provision.ClientWalletAccountID = "pantomime-harness", string(s.visa().TRID)
	switch op {
	case token.VisaEnroll:
		return s.sealedEnrolment(s.cfg.FreshCard(token.Visa))
	case token.VisaProvision:
		return provision
	case token.VisaProvisionWithPAN:
		req := withPANRequest()
		req.ProvisionRequest = provision
		req.EncPaymentInstrument = s.seal(instrument(s.cfg.FreshCard(token.Visa)))
		return req
	case token.VisaGetPaymentData:
		return paymentRequest
	case token.VisaSuspend, token.VisaResume, token.VisaDelete:
		return vts.LifecycleRequest{UpdateReason: customerAsked}
	}
	return nil
}
