package vts

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/simulator/token"
	"github.com/pantomime-dev/pantomime/vts"
)

func (s *suite) transport() {
	harness.Feature("transport", "Transport", func() {
		harness.Check("V-TRANS-01", harness.Observed, "puts a correlation id of its own on every answer, good and bad", s.correlates)
		harness.Check("V-TRANS-02", harness.Observed, "answers JSON objects, at least {}", s.answersJSON)
		harness.Check("V-TRANS-03", harness.Observed, "takes a request id of 36 characters", s.requestID(strings.Repeat("a", 36), true))
		harness.Check("V-TRANS-04", harness.Observed, "takes a request id of 15 letters and digits", s.requestID("abc123DEF456xyz", true))
		harness.Check("V-TRANS-05", harness.Observed, "takes a charset behind the content type", s.takesCharset)
		harness.Check("V-TRANS-20", harness.Assumed, "refuses a request without request id", s.requestID("", false), badInput)
		harness.Check("V-TRANS-21", harness.Assumed, "refuses a request id of 37 characters", s.requestID(strings.Repeat("a", 37), false), badInput)
		harness.Check("V-TRANS-22", harness.Assumed, "refuses a request id with other characters", s.requestID("request_1", false), badInput)
		for _, row := range platformRows() {
			harness.Check(row.id, row.basis, "refuses "+row.says, func(ctx SpecContext) { s.refusedByPlatform(ctx, row) }, badInput)
		}
	})
}

func (s *suite) correlates(ctx SpecContext) {
	good, bad, unsigned := s.enroller(), s.reader(), s.reader()
	good.sign()
	bad.sign()
	seen := map[string]bool{}
	for _, d := range []*draft{good, bad, unsigned} {
		answer := d.send(ctx)
		id := answer.Header.Get(vts.HeaderCorrelationID)
		Expect(id).NotTo(BeEmpty(), "HTTP %d came without X-CORRELATION-ID", answer.Status)
		Expect(seen[id]).To(BeFalse(), "the same correlation id came twice")
		seen[id] = true
	}
}

func (s *suite) answersJSON(ctx SpecContext) {
	p := s.provision(ctx)
	change := s.draft(token.VisaSuspend, string(p.ref), vts.LifecycleRequest{UpdateReason: customerAsked})
	for _, d := range []*draft{change, s.reader(), s.enroller()} {
		d.sign()
		answer := d.send(ctx)
		Expect(harness.Shape{}.Broken(answer.Body)).To(BeEmpty(), "%s %s, HTTP %d", d.method, d.path, answer.Status)
		Expect(answer.Header.Get("Content-Type")).To(HavePrefix("application/json"), "%s %s", d.method, d.path)
	}
}

func (s *suite) requestID(id string, accepted bool) func(SpecContext) {
	return func(ctx SpecContext) {
		d := s.reader()
		d.header.Del(vts.HeaderRequestID)
		if id != "" {
			d.header.Set(vts.HeaderRequestID, id)
		}
		d.sign()
		if accepted {
			d.send(ctx).MustBe(http.StatusNotFound, refusalShape(http.StatusNotFound, "invalidParameter"))
			return
		}
		d.send(ctx).MustBe(http.StatusBadRequest, refusalShape(http.StatusBadRequest, "invalidParameter"))
	}
}

func (s *suite) takesCharset(ctx SpecContext) {
	d := s.enroller()
	d.header.Set("Content-Type", "application/json; charset=utf-8")
	d.sign()
	d.send(ctx).MustBeOneOf(s.created(), harness.Shape{{Path: "vPanEnrollmentID", Is: idRule}})
}

// platformRow is a request that the platform in front of the service refuses.
type platformRow struct {
	spoilt
	status int
}

func platformRows() []platformRow {
	method := func(m string) func(*draft) { return func(d *draft) { d.method = m } }
	path := func(p string) func(*draft) { return func(d *draft) { d.path = p } }
	return []platformRow{
		{spoilt{id: "V-TRANS-30", basis: harness.Documented, says: "GET where POST belongs", before: method(http.MethodGet)}, 405},
		{spoilt{id: "V-TRANS-31", basis: harness.Documented, says: "PUT where POST belongs", before: method(http.MethodPut)}, 405},
		{spoilt{id: "V-TRANS-32", basis: harness.Documented, says: "DELETE where POST belongs", before: method(http.MethodDelete)}, 405},
		{spoilt{id: "V-TRANS-33", basis: harness.Documented, says: "a path that is not there", before: path("/vts/panEnrolments")}, 404},
		{spoilt{id: "V-TRANS-34", basis: harness.Assumed, says: "a slash at the end of the path", before: path("/vts/panEnrollments/")}, 404},
		{spoilt{id: "V-TRANS-35", basis: harness.Assumed, says: "another letter case in the path", before: path("/vts/PANEnrollments")}, 404},
		{spoilt{id: "V-TRANS-36", basis: harness.Documented, says: "a form as content type", before: func(d *draft) {
			d.header.Set("Content-Type", "application/x-www-form-urlencoded")
		}}, 415},
		{spoilt{id: "V-TRANS-37", basis: harness.Documented, says: "plain text as content type", before: func(d *draft) { d.header.Set("Content-Type", "text/plain") }}, 415},
		{spoilt{id: "V-TRANS-38", basis: harness.Documented, says: "XML as content type", before: func(d *draft) { d.header.Set("Content-Type", "application/xml") }}, 415},
	}
}

func (s *suite) refusedByPlatform(ctx context.Context, row platformRow) {
	GinkgoHelper()
	row.call(ctx, s.enroller()).MustBe(row.status, platformShape(row.status))
}

// bodies are requests whose signature holds and whose body is no JSON object.
func (s *suite) bodies() {
	harness.Feature("bodies", "Errors", func() {
		for _, row := range badJSON() {
			harness.Check(row.id, row.basis, "refuses "+row.says, func(ctx SpecContext) {
				row.call(ctx, s.enroller()).MustBe(http.StatusBadRequest, refusalShape(http.StatusBadRequest, "invalidRequest"))
			}, badInput)
		}
		harness.Check("V-BODY-30", harness.Assumed, "refuses a body of 2 MiB without failing itself", s.refusesHuge, badInput)
		harness.Check("V-BODY-31", harness.Assumed, "lets unknown members pass", s.letsUnknownPass)
		harness.Check("V-BODY-32", harness.Assumed, "takes no member in another letter case for its own", s.refusesOtherCase, badInput)
	})
}

func badJSON() []spoilt {
	body := func(change func([]byte) []byte) func(*draft) {
		return func(d *draft) { d.body = change(slices.Clone(d.body)) }
	}
	fixed := func(text string) func(*draft) { return body(func([]byte) []byte { return []byte(text) }) }
	return []spoilt{
		{id: "V-BODY-01", basis: harness.Assumed, says: "an empty body", before: fixed("")},
		{id: "V-BODY-02", basis: harness.Assumed, says: "a body of spaces", before: fixed("  \n ")},
		{id: "V-BODY-03", basis: harness.Assumed, says: "text that is no JSON", before: fixed("locale=en_US&panSource=ONFILE")},
		{id: "V-BODY-04", basis: harness.Assumed, says: "a body cut in the middle", before: body(func(b []byte) []byte { return b[:len(b)/2] })},
		{id: "V-BODY-05", basis: harness.Assumed, says: "a body without its last brace", before: body(func(b []byte) []byte { return b[:len(b)-1] })},
		{id: "V-BODY-06", basis: harness.Assumed, says: "text after the body", before: body(func(b []byte) []byte { return append(b, []byte(" and more")...) })},
		{id: "V-BODY-07", basis: harness.Assumed, says: "a second object after the body", before: body(func(b []byte) []byte { return append(b, b...) })},
		{id: "V-BODY-08", basis: harness.Assumed, says: "a list", before: body(func(b []byte) []byte { return slices.Concat([]byte("["), b, []byte("]")) })},
		{id: "V-BODY-09", basis: harness.Assumed, says: "null", before: fixed("null")},
		{id: "V-BODY-10", basis: harness.Assumed, says: "a text", before: fixed(`"panEnrollments"`)},
		{id: "V-BODY-11", basis: harness.Assumed, says: "single quotes", before: body(func(b []byte) []byte { return bytes.ReplaceAll(b, []byte(`"`), []byte(`'`)) })},
	}
}

// refusesHuge: no limit is public, so any refusal of the client will do.
func (s *suite) refusesHuge(ctx SpecContext) {
	d := s.enroller()
	d.body = append(bytes.TrimSuffix(d.body, []byte("}")), []byte(`,"filler":"`+strings.Repeat("x", 2<<20)+`"}`)...)
	d.sign()
	answer := d.send(ctx)
	Expect(answer.Status).To(And(BeNumerically(">=", 400), BeNumerically("<", 500)), "the answer to 2 MiB")
}

func (s *suite) letsUnknownPass(ctx SpecContext) {
	d := s.enroller()
	d.body = append(bytes.TrimSuffix(d.body, []byte("}")), []byte(`,"passcode":"x","somethingNew":{"a":[1,2]}}`)...)
	d.sign()
	d.send(ctx).MustBeOneOf(s.created(), harness.Shape{{Path: "vPanEnrollmentID", Is: idRule}})
}

func (s *suite) refusesOtherCase(ctx SpecContext) {
	d := s.enroller()
	d.body = bytes.Replace(d.body, []byte(`"clientAppID"`), []byte(`"clientAppId"`), 1)
	d.sign()
	d.send(ctx).MustBe(http.StatusBadRequest, at("clientAppID"))
}
