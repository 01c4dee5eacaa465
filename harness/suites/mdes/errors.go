package mdes

import (
	"context"
	"net/http"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/simulator/token"
)

// wireForm is how a documented key looks on the wire: any of the statuses with
// the code of the service or, with gateway set, of the gateway.
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

// errors asks for each key in three ways: a rule, the key's own card, and the
// next request only.
func (s *suite) errors() {
	harness.Feature("errors", "Errors", func() {
		for n, form := range forms {
			id, says := "M-ERR-"+string(form.key), "answers tokenize with "+string(form.key)
			harness.Check(id+"-rule", harness.Documented, says+" while a rule says so", func(ctx SpecContext) { s.errorByRule(ctx, form, n) })
			harness.Check(id+"-card", harness.Documented, says+" for the card that stands for it", func(ctx SpecContext) { s.errorByCard(ctx, form) })
			harness.Check(id+"-next", harness.Documented, says+" once, when the next request is to fail", func(ctx SpecContext) { s.errorNext(ctx, form) })
		}
		harness.Check("M-ERR-01", harness.Observed, "adds supportsAuthentication false to errors of tokenize", s.errorOfTokenize)
	})
}

func (s *suite) in200(f wireForm) []int {
	if n := s.mastercard().ErrorStatus; n != 0 && !f.gateway {
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
	a.MustBeOneOf(s.in200(f), errorShape(f.code))
}

func (s *suite) raw(ctx context.Context, card harness.Card) harness.Answer {
	GinkgoHelper()
	d := s.draft(token.MCTokenize, "", s.tokenizeBody(s.sealed(funding(card))))
	d.Sign()
	return d.Send(ctx)
}

func (s *suite) errorByRule(ctx context.Context, form wireForm, n int) {
	GinkgoHelper()
	card := s.cfg.RuledCard(token.Mastercard, n)
	lift := s.operator().Rule(ctx, card, form.key)
	s.answers(s.raw(ctx, card), form)
	s.answers(s.raw(ctx, card), form)
	lift(ctx)
	s.works(s.raw(ctx, card))
}

func (s *suite) errorByCard(ctx context.Context, form wireForm) {
	GinkgoHelper()
	s.answers(s.raw(ctx, s.cfg.MagicCard(token.Mastercard, form.key)), form)
}

func (s *suite) errorNext(ctx context.Context, form wireForm) {
	GinkgoHelper()
	card := s.known(ctx)
	s.operator().FailNext(ctx, card, form.key)
	s.answers(s.raw(ctx, card), form)
	s.works(s.raw(ctx, card))
}

func (s *suite) errorOfTokenize(ctx SpecContext) {
	answer := s.raw(ctx, s.cfg.MagicCard(token.Mastercard, token.PANIneligible))
	answer.MustBeOneOf(s.errorStatuses(), harness.Shape{{Path: "supportsAuthentication", Is: harness.Bool}})
	var body struct {
		SupportsAuthentication bool `json:"supportsAuthentication"`
	}
	answer.Read(&body)
	Expect(body.SupportsAuthentication).To(BeFalse())
	Expect(answer.Status).NotTo(Equal(http.StatusInternalServerError))
}
