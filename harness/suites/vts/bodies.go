package vts

import (
	"bytes"
	"context"
	"net/http"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/harness/request"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

func (s *suite) transport() {
	harness.Feature("transport", "Transport", func() {
		harness.Check("V-TRANS-01", harness.Observed, "puts a correlation id of its own on every answer, good and bad", s.correlates)
		harness.Check("V-TRANS-02", harness.Observed, "answers JSON objects, at least {}", s.answersJSON)
		harness.Check("V-TRANS-03", harness.Observed, "takes a request id of 36 characters", s.requestID(strings.Repeat("a", 36), true))
		harness.Check("V-TRANS-04", harness.Observed, "takes a request id of 15 letters and digits", s.requestID("abc123DEF456xyz", true))
		harness.Check("V-TRANS-05", harness.Observed, "takes a charset behind the content type", s.takesCharset)
		harness.Check("V-TRANS-20", harness.Assumed, "refuses a request without request id", s.requestID("", false), harness.BadInput)
		harness.Check("V-TRANS-21", harness.Assumed, "refuses a request id of 37 characters", s.requestID(strings.Repeat("a", 37), false), harness.BadInput)
		harness.Check("V-TRANS-22", harness.Assumed, "refuses a request id with other characters", s.requestID("request_1", false), harness.BadInput)
		for _, row := range platformRows() {
			harness.Check(row.ID, row.Basis, "refuses "+row.Says, func(ctx SpecContext) { s.refusedByPlatform(ctx, row) }, harness.BadInput)
		}
	})
}

func (s *suite) correlates(ctx SpecContext) {
	good, bad, unsigned := s.enroller(), s.reader(), s.reader()
	good.Sign()
	bad.Sign()
	request.MustCorrelate(ctx, "X-CORRELATION-ID", good, bad, unsigned)
}

func (s *suite) answersJSON(ctx SpecContext) {
	p := s.provision(ctx)
	change := s.draft(token.VisaSuspend, string(p.ref), vts.LifecycleRequest{UpdateReason: customerAsked})
	for _, d := range []*draft{change, s.reader(), s.enroller()} {
		d.Sign()
		answer := d.Send(ctx)
		Expect(harness.Shape{}.Broken(answer.Body)).To(BeEmpty(), "%s %s, HTTP %d", d.Method, d.path, answer.Status)
		Expect(answer.Header.Get("Content-Type")).To(HavePrefix("application/json"), "%s %s", d.Method, d.path)
	}
}

func (s *suite) requestID(id string, accepted bool) func(SpecContext) {
	return func(ctx SpecContext) {
		d := s.reader()
		d.Header.Del(vts.HeaderRequestID)
		if id != "" {
			d.Header.Set(vts.HeaderRequestID, id)
		}
		d.Sign()
		if accepted {
			d.Send(ctx).MustBe(http.StatusNotFound, refusalShape(http.StatusNotFound, "invalidParameter"))
			return
		}
		d.Send(ctx).MustBe(http.StatusBadRequest, refusalShape(http.StatusBadRequest, "invalidParameter"))
	}
}

func (s *suite) takesCharset(ctx SpecContext) {
	d := s.enroller()
	d.Header.Set("Content-Type", "application/json; charset=utf-8")
	d.Sign()
	d.Send(ctx).MustBeOneOf(s.created(), harness.Shape{{Path: "vPanEnrollmentID", Is: idRule}})
}

// platformRow is a request that the platform in front of the service refuses.
type platformRow struct {
	altered
	status int
}

func platformRows() []platformRow {
	method := func(m string) func(*draft) { return func(d *draft) { d.Method = m } }
	path := func(p string) func(*draft) { return func(d *draft) { d.path = p } }
	return []platformRow{
		{altered{ID: "V-TRANS-30", Basis: harness.Documented, Says: "GET where POST belongs", Before: method(http.MethodGet)}, 405},
		{altered{ID: "V-TRANS-31", Basis: harness.Documented, Says: "PUT where POST belongs", Before: method(http.MethodPut)}, 405},
		{altered{ID: "V-TRANS-32", Basis: harness.Documented, Says: "DELETE where POST belongs", Before: method(http.MethodDelete)}, 405},
		{altered{ID: "V-TRANS-33", Basis: harness.Documented, Says: "a path that is not there", Before: path("/vts/panEnrolments")}, 404},
		{altered{ID: "V-TRANS-34", Basis: harness.Assumed, Says: "a slash at the end of the path", Before: path("/vts/panEnrollments/")}, 404},
		{altered{ID: "V-TRANS-35", Basis: harness.Assumed, Says: "another letter case in the path", Before: path("/vts/PANEnrollments")}, 404},
		{altered{ID: "V-TRANS-36", Basis: harness.Documented, Says: "a form as content type", Before: func(d *draft) {
			d.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}}, 415},
		{altered{ID: "V-TRANS-37", Basis: harness.Documented, Says: "plain text as content type", Before: func(d *draft) { d.Header.Set("Content-Type", "text/plain") }}, 415},
		{altered{ID: "V-TRANS-38", Basis: harness.Documented, Says: "XML as content type", Before: func(d *draft) { d.Header.Set("Content-Type", "application/xml") }}, 415},
	}
}

func (s *suite) refusedByPlatform(ctx context.Context, row platformRow) {
	GinkgoHelper()
	row.Call(ctx, s.enroller()).MustBe(row.status, platformShape(row.status))
}

// bodies are requests whose signature holds and whose body is no JSON object.
func (s *suite) bodies() {
	harness.Feature("bodies", "Errors", func() {
		for _, row := range badJSON() {
			harness.Check(row.ID, row.Basis, "refuses "+row.Says, func(ctx SpecContext) {
				row.Call(ctx, s.enroller()).MustBe(http.StatusBadRequest, refusalShape(http.StatusBadRequest, "invalidRequest"))
			}, harness.BadInput)
		}
		harness.Check("V-BODY-30", harness.Assumed, "refuses a body of 2 MiB without failing itself", s.refusesHuge, harness.BadInput)
		harness.Check("V-BODY-31", harness.Assumed, "lets unknown members pass", s.letsUnknownPass)
		harness.Check("V-BODY-32", harness.Assumed, "takes no member in another letter case for its own", s.refusesOtherCase, harness.BadInput)
	})
}

func badJSON() []altered {
	return []altered{
		{ID: "V-BODY-01", Basis: harness.Assumed, Says: "an empty body", Body: request.Only("")},
		{ID: "V-BODY-02", Basis: harness.Assumed, Says: "a body of spaces", Body: request.Only("  \n ")},
		{ID: "V-BODY-03", Basis: harness.Assumed, Says: "text that is no JSON", Body: request.Only("locale=en_US&panSource=ONFILE")},
		{ID: "V-BODY-04", Basis: harness.Assumed, Says: "a body cut in the middle", Body: request.Halved},
		{ID: "V-BODY-05", Basis: harness.Assumed, Says: "a body without its last brace", Body: request.Unclosed},
		{ID: "V-BODY-06", Basis: harness.Assumed, Says: "text after the body", Body: request.Trailed},
		{ID: "V-BODY-07", Basis: harness.Assumed, Says: "a second object after the body", Body: request.Doubled},
		{ID: "V-BODY-08", Basis: harness.Assumed, Says: "a list", Body: request.Listed},
		{ID: "V-BODY-09", Basis: harness.Assumed, Says: "null", Body: request.Only("null")},
		{ID: "V-BODY-10", Basis: harness.Assumed, Says: "a text", Body: request.Only(`"panEnrollments"`)},
		{ID: "V-BODY-11", Basis: harness.Assumed, Says: "single quotes", Body: request.SingleQuoted},
	}
}

// refusesHuge: no limit is public, so any refusal of the client will do.
func (s *suite) refusesHuge(ctx SpecContext) {
	d := s.enroller()
	d.Rewrite(request.Huge)
	d.Sign()
	answer := d.Send(ctx)
	Expect(answer.Status).To(And(BeNumerically(">=", 400), BeNumerically("<", 500)), "the answer to 2 MiB")
}

func (s *suite) letsUnknownPass(ctx SpecContext) {
	d := s.enroller()
	d.Body = request.Extended(d.Body, `"passcode":"x","somethingNew":{"a":[1,2]}`)
	d.Sign()
	d.Send(ctx).MustBeOneOf(s.created(), harness.Shape{{Path: "vPanEnrollmentID", Is: idRule}})
}

func (s *suite) refusesOtherCase(ctx SpecContext) {
	d := s.enroller()
	d.Body = bytes.Replace(d.Body, []byte(`"clientAppID"`), []byte(`"clientAppId"`), 1)
	d.Sign()
	d.Send(ctx).MustBe(http.StatusBadRequest, at("clientAppID"))
}
