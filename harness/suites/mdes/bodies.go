package mdes

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/simulator/token"
)

func (s *suite) transport() {
	harness.Feature("transport", "Hosts and paths", func() {
		harness.Check("M-TRANS-01", harness.Observed, "puts a correlation id of its own on every answer, good and bad", s.correlates)
		harness.Check("M-TRANS-02", harness.Observed, "answers JSON objects", s.answersJSON)
		harness.Check("M-TRANS-03", harness.Observed, "takes a charset behind the content type", s.takesCharset)
		for _, row := range platformRows() {
			harness.Check(row.id, row.basis, "refuses "+row.says, func(ctx SpecContext) { s.refusedByPlatform(ctx, row) }, badInput)
		}
	})
}

func (s *suite) correlates(ctx SpecContext) {
	good, bad, unsigned := s.tokenizer(), s.reader(), s.reader()
	good.sign()
	bad.sign()
	seen := map[string]bool{}
	for _, d := range []*draft{good, bad, unsigned} {
		answer := d.send(ctx)
		id := answer.Header.Get("correlation-id")
		Expect(id).NotTo(BeEmpty(), "HTTP %d came without correlation-id", answer.Status)
		Expect(seen[id]).To(BeFalse(), "the same correlation id came twice")
		seen[id] = true
	}
}

func (s *suite) answersJSON(ctx SpecContext) {
	for _, d := range []*draft{s.tokenizer(), s.reader()} {
		d.sign()
		answer := d.send(ctx)
		Expect(harness.Shape{}.Broken(answer.Body)).To(BeEmpty(), "%s, HTTP %d", d.url, answer.Status)
		Expect(answer.Header.Get("Content-Type")).To(HavePrefix("application/json"))
	}
}

func (s *suite) takesCharset(ctx SpecContext) {
	d := s.tokenizer()
	d.header.Set("Content-Type", "application/json; charset=utf-8")
	d.sign()
	s.works(d.send(ctx))
}

func platformRows() []spoilt {
	method := func(m string) func(*draft) { return func(d *draft) { d.method = m } }
	path := func(from, to string) func(*draft) {
		return func(d *draft) { d.url = strings.Replace(d.url, from, to, 1) }
	}
	return []spoilt{
		{id: "M-TRANS-20", basis: harness.Documented, says: "GET where POST belongs", before: method(http.MethodGet)},
		{id: "M-TRANS-21", basis: harness.Documented, says: "PUT where POST belongs", before: method(http.MethodPut)},
		{id: "M-TRANS-22", basis: harness.Documented, says: "an operation that is not there", before: path("/tokenize", "/tokenise")},
		{id: "M-TRANS-23", basis: harness.Documented, says: "another version in the path", before: path("/1/0/", "/2/0/")},
		{id: "M-TRANS-24", basis: harness.Assumed, says: "a slash at the end of the path", before: path("/tokenize", "/tokenize/")},
		{id: "M-TRANS-25", basis: harness.Documented, says: "an operation under another service", before: path("/digitization/", "/remotetransaction/")},
	}
}

// refusedByPlatform: the gateway's 404 and 405 are public, and so is the code
// INVALID_METHOD for unknown URIs; either will do.
func (s *suite) refusedByPlatform(ctx context.Context, row spoilt) {
	GinkgoHelper()
	answer := row.call(ctx, s.tokenizer())
	if len(errorShape(mdes.InvalidMethod).Broken(answer.Body)) == 0 {
		return
	}
	answer.MustBeOneOf([]int{http.StatusNotFound, http.StatusMethodNotAllowed}, gatewayShape(harness.Text))
}

func (s *suite) bodies() {
	harness.Feature("bodies", "Errors", func() {
		for _, row := range badJSON() {
			harness.Check(row.id, row.basis, "refuses "+row.says, func(ctx SpecContext) {
				row.call(ctx, s.tokenizer()).MustBeOneOf(s.errorStatuses(http.StatusBadRequest), errorShape(mdes.InvalidJSON))
			}, badInput)
		}
		harness.Check("M-BODY-20", harness.Assumed, "refuses a body of 2 MiB without failing itself", s.refusesHuge, badInput)
		harness.Check("M-BODY-21", harness.Documented, "refuses a member that the operation does not have", s.refusesUnknownMember, badInput)
		harness.Check("M-BODY-22", harness.Observed, "takes a request id that is a number", s.takesNumber)
		harness.Check("M-BODY-23", harness.Documented, "refuses a content type that is no JSON", s.refusesForm, badInput)
		harness.Check("M-BODY-24", harness.Documented, "takes paymentAppInstanceId, which clients still send", s.takesAppInstance)
	})
}

func badJSON() []spoilt {
	body := func(change func([]byte) []byte) func(*draft) {
		return func(d *draft) { d.body = change(slices.Clone(d.body)) }
	}
	fixed := func(text string) func(*draft) { return body(func([]byte) []byte { return []byte(text) }) }
	return []spoilt{
		{id: "M-BODY-01", basis: harness.Documented, says: "an empty body", before: fixed("")},
		{id: "M-BODY-02", basis: harness.Documented, says: "text that is no JSON", before: fixed("tokenType=CLOUD")},
		{id: "M-BODY-03", basis: harness.Documented, says: "a body cut in the middle", before: body(func(b []byte) []byte { return b[:len(b)/2] })},
		{id: "M-BODY-04", basis: harness.Documented, says: "a body without its last brace", before: body(func(b []byte) []byte { return b[:len(b)-1] })},
		{id: "M-BODY-05", basis: harness.Assumed, says: "text after the body", before: body(func(b []byte) []byte { return append(b, []byte(" and more")...) })},
		{id: "M-BODY-06", basis: harness.Assumed, says: "a second object after the body", before: body(func(b []byte) []byte { return append(b, b...) })},
		{id: "M-BODY-07", basis: harness.Documented, says: "single quotes", before: body(func(b []byte) []byte { return bytes.ReplaceAll(b, []byte(`"`), []byte(`'`)) })},
		{id: "M-BODY-08", basis: harness.Assumed, says: "a list", before: body(func(b []byte) []byte { return slices.Concat([]byte("["), b, []byte("]")) })},
		{id: "M-BODY-09", basis: harness.Assumed, says: "null", before: fixed("null")},
	}
}

// refusesHuge: no limit is public, so any refusal of the client will do.
func (s *suite) refusesHuge(ctx SpecContext) {
	d := s.tokenizer()
	d.body = append(bytes.TrimSuffix(d.body, []byte("}")), []byte(`,"filler":"`+strings.Repeat("x", 2<<20)+`"}`)...)
	d.sign()
	answer := d.send(ctx)
	Expect(answer.Status).To(BeNumerically("<", 500), "the answer to 2 MiB")
	if answer.Status == http.StatusOK {
		Expect(harness.Shape{{Path: "errorCode", Is: harness.Text}}.Broken(answer.Body)).To(BeEmpty(), "a body of 2 MiB was taken")
	}
}

func (s *suite) refusesUnknownMember(ctx SpecContext) {
	d := s.draft(token.MCTokenize, "", with(mustJSON(s.goodBody(token.MCTokenize, "")), "somethingNew", "x"))
	d.sign()
	s.mustRefuse(d.send(ctx), mdes.UnrecognizedField)
}

func (s *suite) takesNumber(ctx SpecContext) {
	d := s.draft(token.MCTokenize, "", with(mustJSON(s.goodBody(token.MCTokenize, "")), "requestId", 123456))
	d.sign()
	s.works(d.send(ctx))
}

func (s *suite) takesAppInstance(ctx SpecContext) {
	d := s.draft(token.MCTokenize, "", with(mustJSON(s.goodBody(token.MCTokenize, "")), "paymentAppInstanceId", "123456789"))
	d.sign()
	s.works(d.send(ctx))
}

// refusesForm: no answer is public but the platform's status.
func (s *suite) refusesForm(ctx SpecContext) {
	d := s.tokenizer()
	d.header.Set("Content-Type", "application/x-www-form-urlencoded")
	d.sign()
	answer := d.send(ctx)
	Expect(answer.Status).To(BeNumerically("<", 500))
	if answer.Status == http.StatusOK {
		Expect(harness.Shape{{Path: "errorCode", Is: harness.Text}}.Broken(answer.Body)).To(BeEmpty(), "a form was taken for JSON")
	}
}

// works expects a token, which the end of the check deletes.
func (s *suite) works(a harness.Answer) {
	GinkgoHelper()
	a.MustBe(http.StatusOK, harness.Shape{
		{Path: "decision", Is: harness.OneOf("APPROVED", "REQUIRE_ADDITIONAL_AUTHENTICATION")},
		{Path: "tokenUniqueReference", Is: refRule},
	})
	var made mdes.TokenizeResponse
	a.Read(&made)
	s.cleanUp(s.client(), made.TokenUniqueReference)
}
