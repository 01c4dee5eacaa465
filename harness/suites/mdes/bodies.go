package mdes

import (
	"context"
	"net/http"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/harness/request"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/token"
)

func (s *suite) transport() {
	harness.Feature("transport", "Hosts and paths", func() {
		harness.Check("M-TRANS-01", harness.Observed, "puts a correlation id of its own on every answer, good and bad", s.correlates)
		harness.Check("M-TRANS-02", harness.Observed, "answers JSON objects", s.answersJSON)
		harness.Check("M-TRANS-03", harness.Observed, "takes a charset behind the content type", s.takesCharset)
		for _, row := range platformRows() {
			harness.Check(row.ID, row.Basis, "refuses "+row.Says, func(ctx SpecContext) { s.refusedByPlatform(ctx, row) }, harness.BadInput)
		}
	})
}

func (s *suite) correlates(ctx SpecContext) {
	good, bad, unsigned := s.tokenizer(), s.reader(), s.reader()
	good.Sign()
	bad.Sign()
	request.MustCorrelate(ctx, "correlation-id", good, bad, unsigned)
}

func (s *suite) answersJSON(ctx SpecContext) {
	for _, d := range []*draft{s.tokenizer(), s.reader()} {
		d.Sign()
		answer := d.Send(ctx)
		Expect(harness.Shape{}.Broken(answer.Body)).To(BeEmpty(), "%s, HTTP %d", d.url, answer.Status)
		Expect(answer.Header.Get("Content-Type")).To(HavePrefix("application/json"))
	}
}

func (s *suite) takesCharset(ctx SpecContext) {
	d := s.tokenizer()
	d.Header.Set("Content-Type", "application/json; charset=utf-8")
	d.Sign()
	s.works(d.Send(ctx))
}

func platformRows() []altered {
	method := func(m string) func(*draft) { return func(d *draft) { d.Method = m } }
	path := func(from, to string) func(*draft) {
		return func(d *draft) { d.url = strings.Replace(d.url, from, to, 1) }
	}
	return []altered{
		{ID: "M-TRANS-20", Basis: harness.Documented, Says: "GET where POST belongs", Before: method(http.MethodGet)},
		{ID: "M-TRANS-21", Basis: harness.Documented, Says: "PUT where POST belongs", Before: method(http.MethodPut)},
		{ID: "M-TRANS-22", Basis: harness.Documented, Says: "an operation that is not there", Before: path("/tokenize", "/tokenise")},
		{ID: "M-TRANS-23", Basis: harness.Documented, Says: "another version in the path", Before: path("/1/0/", "/2/0/")},
		{ID: "M-TRANS-24", Basis: harness.Assumed, Says: "a slash at the end of the path", Before: path("/tokenize", "/tokenize/")},
		{ID: "M-TRANS-25", Basis: harness.Documented, Says: "an operation under another service", Before: path("/digitization/", "/remotetransaction/")},
	}
}

// refusedByPlatform: the gateway's 404 and 405 are public, and so is the code
// INVALID_METHOD for unknown URIs; either will do.
func (s *suite) refusedByPlatform(ctx context.Context, row altered) {
	GinkgoHelper()
	answer := row.Call(ctx, s.tokenizer())
	if len(errorShape(mdes.InvalidMethod).Broken(answer.Body)) == 0 {
		return
	}
	answer.MustBeOneOf([]int{http.StatusNotFound, http.StatusMethodNotAllowed}, gatewayShape(harness.Text))
}

func (s *suite) bodies() {
	harness.Feature("bodies", "Errors", func() {
		for _, row := range badJSON() {
			harness.Check(row.ID, row.Basis, "refuses "+row.Says, func(ctx SpecContext) {
				row.Call(ctx, s.tokenizer()).MustBeOneOf(s.errorStatuses(mdes.InvalidJSON, http.StatusBadRequest), errorShape(mdes.InvalidJSON))
			}, harness.BadInput)
		}
		harness.Check("M-BODY-20", harness.Assumed, "refuses a body of 2 MiB without failing itself", s.refusesHuge, harness.BadInput)
		harness.Check("M-BODY-21", harness.Assumed, "refuses a member that the operation does not have", s.refusesUnknownMember, harness.BadInput)
		harness.Check("M-BODY-22", harness.Observed, "takes a request id that is a number", s.takesNumber)
		harness.Check("M-BODY-23", harness.Documented, "refuses a content type that is no JSON", s.refusesForm, harness.BadInput)
		harness.Check("M-BODY-24", harness.Documented, "takes paymentAppInstanceId, which clients still send", s.takesAppInstance)
	})
}

func badJSON() []altered {
	return []altered{
		{ID: "M-BODY-01", Basis: harness.Documented, Says: "an empty body", Body: request.Only("")},
		{ID: "M-BODY-02", Basis: harness.Documented, Says: "text that is no JSON", Body: request.Only("tokenType=CLOUD")},
		{ID: "M-BODY-03", Basis: harness.Documented, Says: "a body cut in the middle", Body: request.Halved},
		{ID: "M-BODY-04", Basis: harness.Documented, Says: "a body without its last brace", Body: request.Unclosed},
		{ID: "M-BODY-05", Basis: harness.Assumed, Says: "text after the body", Body: request.Trailed},
		{ID: "M-BODY-06", Basis: harness.Assumed, Says: "a second object after the body", Body: request.Doubled},
		{ID: "M-BODY-07", Basis: harness.Documented, Says: "single quotes", Body: request.SingleQuoted},
		{ID: "M-BODY-08", Basis: harness.Assumed, Says: "a list", Body: request.Listed},
		{ID: "M-BODY-09", Basis: harness.Assumed, Says: "null", Body: request.Only("null")},
	}
}

// refusesHuge: no limit is public, so any refusal of the client will do.
func (s *suite) refusesHuge(ctx SpecContext) {
	d := s.tokenizer()
	d.Rewrite(request.Huge)
	d.Sign()
	s.refusedSomehow(d.Send(ctx), "a body of 2 MiB was not refused")
}

func (s *suite) refusesUnknownMember(ctx SpecContext) {
	d := s.draft(token.MCTokenize, "", request.WithMember(request.JSON(s.goodBody(token.MCTokenize, "")), "somethingNew", "x"))
	d.Sign()
	s.mustRefuse(d.Send(ctx), mdes.UnrecognizedField)
}

func (s *suite) takesNumber(ctx SpecContext) {
	d := s.draft(token.MCTokenize, "", request.WithMember(request.JSON(s.goodBody(token.MCTokenize, "")), "requestId", 123456))
	d.Sign()
	s.works(d.Send(ctx))
}

func (s *suite) takesAppInstance(ctx SpecContext) {
	d := s.draft(token.MCTokenize, "", request.WithMember(request.JSON(s.goodBody(token.MCTokenize, "")), "paymentAppInstanceId", "123456789"))
	d.Sign()
	s.works(d.Send(ctx))
}

// refusesForm: no answer is public but the platform's status.
func (s *suite) refusesForm(ctx SpecContext) {
	d := s.tokenizer()
	d.Rewrite(func([]byte) []byte { return []byte("requestId=1&tokenType=CLOUD") })
	d.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	d.Sign()
	s.refusedSomehow(d.Send(ctx), "a form was not refused")
}
