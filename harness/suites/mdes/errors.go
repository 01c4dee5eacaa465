package mdes

import (
	"cmp"
	"context"
	"net/http"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/harness/errorkeys"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/token"
)

// wireForm is how a documented key looks on the wire: any of the statuses with
// the code of the service or, with gateway set, of the gateway. What merchants
// call a parse error may be an answer that is no JSON, too: nothing public reports
// which of the two.
type wireForm struct {
	key      token.Key
	statuses []int
	code     mdes.ReasonCode
	gateway  bool
}

// forms are those of the eleven keys that merchants know of Mastercard
// (docs/wire/mdes.md "Errors").
var forms = []wireForm{
	{token.PANIneligible, []int{200}, mdes.PANIneligible, false},
	{token.InvalidTokenRef, []int{200}, mdes.InvalidTokenUniqueReference, false},
	{token.MissingRequiredField, []int{200}, mdes.MissingRequiredField, false},
	{token.InvalidPAN, []int{200}, mdes.InvalidPAN, false},
	{token.InvalidTokenStatus, []int{200}, mdes.InvalidTokenStatus, false},
	{token.NoResponseFromIssuer, []int{200}, mdes.NoResponseFromIssuer, false},
	{token.DuplicateRequest, []int{200}, mdes.DuplicateRequest, false},
	{token.InternalServerError, []int{200, 500}, mdes.InternalServiceFailure, false},
	{token.JSONParseError, []int{200, 400}, mdes.InvalidJSON, false},
	{token.LimitExceeded, []int{429}, "", true},
	{token.GatewayTimeout, []int{504}, "", true},
}

func (s *suite) errors() {
	harness.Feature("errors", "Errors", func() {
		for n, form := range forms {
			errorkeys.Check("M-ERR-", "answers tokenize with ", form.key, errorkeys.Ways{
				Rule: func(ctx SpecContext) { s.asked(form).ByRule(ctx, n) },
				Card: func(ctx SpecContext) { s.asked(form).ByCard(ctx) },
				Next: func(ctx SpecContext) { s.asked(form).Next(ctx, s.known(ctx)) },
			})
		}
		harness.Check("M-ERR-01", harness.Observed, "adds supportsAuthentication false to errors of tokenize", s.errorOfTokenize)
	})
}

func (s *suite) in200(f wireForm) []int {
	m := s.mastercard()
	if n := cmp.Or(m.ErrorStatuses[string(f.code)], m.ErrorStatus); n != 0 && !f.gateway {
		return append([]int{n}, f.statuses...)
	}
	return f.statuses
}

func (s *suite) answers(a harness.Answer, f wireForm) {
	GinkgoHelper()
	if f.gateway {
		a.MustBeOneOf(f.statuses, gatewayShape(harness.Text))
		return
	}
	if f.key == token.JSONParseError && len((harness.Shape{}).Broken(a.Body)) > 0 {
		Expect([]int{http.StatusOK, http.StatusBadGateway}).To(ContainElement(a.Status))
		return
	}
	a.MustBeOneOf(s.in200(f), errorShape(f.code))
}

func (s *suite) raw(ctx context.Context, card harness.Card) harness.Answer {
	GinkgoHelper()
	d := s.draft(token.MCTokenize, "", s.tokenizeBody(s.sealed(funding(card))))
	d.Sign()
	return d.Send(ctx)
}

// asked is how a key is asked for and judged here.
func (s *suite) asked(form wireForm) errorkeys.Asked {
	return errorkeys.Asked{
		Config: s.cfg, Network: token.Mastercard, Key: form.key,
		Ask: s.raw, Expects: func(a harness.Answer) { GinkgoHelper(); s.answers(a, form) }, Works: s.works,
	}
}

func (s *suite) errorOfTokenize(ctx SpecContext) {
	answer := s.raw(ctx, s.cfg.MagicCard(token.Mastercard, token.PANIneligible))
	answer.MustBeOneOf(s.errorStatuses(mdes.PANIneligible), harness.Shape{{Path: "supportsAuthentication", Is: flagRule}})
	var body struct {
		SupportsAuthentication mdes.LooseBool `json:"supportsAuthentication"`
	}
	answer.Read(&body)
	Expect(bool(body.SupportsAuthentication)).To(BeFalse())
}
