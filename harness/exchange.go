package harness

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/onsi/ginkgo/v2"
)

// maxAnswer bounds what is read of an answer.
const maxAnswer = 8 << 20

// Answer is one HTTP answer as it came.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Send sends a request and reads the answer. A request without an answer fails
// the check; the client of [Config.HTTP] reports both.
func Send(via *http.Client, req *http.Request) Answer {
	ginkgo.GinkgoHelper()
	line := req.Method + " " + req.URL.Path
	resp, err := via.Do(req)
	if err != nil {
		ginkgo.Fail(line + ": no answer: " + withoutURL(err, req))
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		ginkgo.Fail(line + ": the answer broke off: " + err.Error())
	}
	return Answer{resp.StatusCode, resp.Header, body}
}

// withoutURL keeps a query, which may hold an API key, out of reports.
func withoutURL(err error, req *http.Request) string {
	return strings.ReplaceAll(err.Error(), req.URL.String(), req.URL.Path)
}

// Request builds a request with a body.
func Request(ctx context.Context, method, url string, body []byte) *http.Request {
	ginkgo.GinkgoHelper()
	req, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(body))
	if err != nil {
		ginkgo.Fail("building the request: " + err.Error())
	}
	return req
}

// Read decodes the answer's JSON into v and fails the check when it is not.
func (a Answer) Read(v any) {
	ginkgo.GinkgoHelper()
	if err := json.Unmarshal(a.Body, v); err != nil {
		ginkgo.Fail(fmt.Sprintf("HTTP %d: the answer is not the JSON expected: %v: %s", a.Status, err, Redact(a.Body)))
	}
}

// MustBe fails the check unless the answer has the status and the shape; all
// that is wrong is reported at once.
func (a Answer) MustBe(status int, shape Shape) {
	ginkgo.GinkgoHelper()
	a.MustBeOneOf([]int{status}, shape)
}

// MustBeOneOf is MustBe where several statuses are right.
func (a Answer) MustBeOneOf(statuses []int, shape Shape) {
	ginkgo.GinkgoHelper()
	var wrong []string
	if !slices.Contains(statuses, a.Status) {
		wrong = append(wrong, fmt.Sprintf("the status is %d; expected %s", a.Status, statusList(statuses)))
	}
	wrong = append(wrong, shape.Broken(a.Body)...)
	if len(wrong) > 0 {
		ginkgo.Fail(strings.Join(wrong, "\n") + "\nreceived: " + Redact(a.Body))
	}
}

func statusList(statuses []int) string {
	texts := make([]string, len(statuses))
	for i, s := range statuses {
		texts[i] = fmt.Sprint(s)
	}
	return strings.Join(texts, " or ")
}
