package harness_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/harness/suites/mdes"
	"github.com/pantomime-dev/pantomime/harness/suites/vts"
	"github.com/pantomime-dev/pantomime/internal/simulated"
	"github.com/pantomime-dev/pantomime/internal/sweep"
)

// ours is our own simulator as a target.
func ours(t *testing.T) harness.Target {
	t.Helper()
	return simulated.Target(t, pantomime.Options{Scenario: simulated.Scenario(t)})
}

// passing is an answer on its way through a proxy.
type passing struct {
	status int
	header http.Header
	body   []byte
}

// behind puts a proxy in front of the target that alters what passes.
func behind(t *testing.T, target harness.Target, alter func(*passing)) harness.Target {
	t.Helper()
	upstream, err := url.Parse(target.Visa.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host = upstream.Scheme, upstream.Host
			r.Out.Host = r.In.Host // what OAuth signs
			r.Out.URL.RawQuery = r.In.URL.RawQuery
		},
		ModifyResponse: func(resp *http.Response) error {
			body, err := io.ReadAll(resp.Body)
			if err != nil {
				return err
			}
			p := &passing{resp.StatusCode, resp.Header, body}
			alter(p)
			resp.StatusCode = p.status
			resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(p.body)), int64(len(p.body))
			resp.Header.Set("Content-Length", strconv.Itoa(len(p.body)))
			return nil
		},
	}
	server := httptest.NewServer(proxy)
	t.Cleanup(server.Close)
	visa, mastercard := *target.Visa, *target.Mastercard
	visa.URL, mastercard.URL = server.URL, server.URL+"/mdes"
	target.Visa, target.Mastercard = &visa, &mastercard
	return target
}

func judged(t *testing.T, o harness.Options) harness.Summary {
	t.Helper()
	o.Child = as(t, roleSuite)
	sum, err := harness.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

// failures lists the ids of the checks that failed.
func failures(sum harness.Summary) []string {
	var ids []string
	for _, r := range sum.Results {
		if r.Verdict == harness.Fail {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

func replace(old, to string) func(*passing) {
	return func(p *passing) { p.body = bytes.ReplaceAll(p.body, []byte(old), []byte(to)) }
}

// A suite that cannot fail proves nothing: each of these servers has one
// defect, and the check that is about it must find it.
func TestSweep_WrongServersFail(t *testing.T) {
	sweep.Mark(t)
	tests := []struct {
		name  string
		suite harness.Suite
		label string
		alter func(*passing)
		want  []string // ids that must fail
	}{
		{"nothing is altered", vts.Suite(), "transport || reading", func(*passing) {}, nil},
		{"no correlation id", vts.Suite(), "transport", func(p *passing) { p.header.Del("X-Correlation-Id") }, []string{"V-TRANS-01"}},
		{"one correlation id for all", vts.Suite(), "transport", func(p *passing) { p.header.Set("X-Correlation-Id", "the-same") }, []string{"V-TRANS-01"}},
		{"empty bodies for empty objects", vts.Suite(), "transport || life-cycle", func(p *passing) {
			if strings.TrimSpace(string(p.body)) == "{}" {
				p.body = nil
			}
		}, []string{"V-TRANS-02", "V-LIFE-ACTIVE-suspend"}},
		{"every token looks active", vts.Suite(), "life-cycle || issuer", replace(`"SUSPENDED"`, `"ACTIVE"`), []string{"V-LIFE-ACTIVE-suspend", "V-ISS-01"}},
		{"every token looks inactive", vts.Suite(), "provisioning || reading", replace(`"ACTIVE"`, `"INACTIVE"`), []string{"V-PROV-01", "V-READ-01"}},
		{"a fixed cryptogram", vts.Suite(), "payment-data", func(p *passing) {
			if before, rest, ok := bytes.Cut(p.body, []byte(`"cryptogram":"`)); ok {
				p.body = slices.Concat(before, []byte(`"cryptogram":"AgAAABB6qqnJd0oAmbuXgu8AAAA=`), rest[28:])
			}
		}, []string{"V-PAY-03", "V-PAY-09"}},
		{"refusals with 400", vts.Suite(), "authentication || unknown-ids", func(p *passing) { p.status = min(p.status, 400) }, []string{"V-AUTH-20", "V-ID-03"}},
		{"one reason for everything", vts.Suite(), "errors", replace(`"reason":"cardNotEligible"`, `"reason":"declined"`), []string{
			"V-ERR-card_not_eligible-card", "V-ERR-card_not_eligible-next", "V-ERR-card_not_eligible-rule",
		}},
		{"HTML for errors", vts.Suite(), "bodies", func(p *passing) {
			if p.status >= 400 {
				p.body = []byte("<html>oops</html>")
			}
		}, []string{"V-BODY-01", "V-BODY-06"}},
		{"no correlation id at Mastercard", mdes.Suite(), "transport", func(p *passing) { p.header.Del("correlation-id") }, []string{"M-TRANS-01"}},
		{"capitals in errors of the service", mdes.Suite(), "bodies || unknown-ids", replace(`"errorCode"`, `"ErrorCode"`), []string{"M-BODY-02", "M-ID-02"}},
		{"errors with another status", mdes.Suite(), "errors", func(p *passing) {
			if bytes.Contains(p.body, []byte(`"errorCode"`)) {
				p.status = http.StatusConflict
			}
		}, []string{"M-ERR-PAN_INELIGIBLE-card", "M-ERR-duplicate_request-next"}},
		{"booleans as words", mdes.Suite(), "tokenizing || decisions", replace(`"supportsAuthentication":true`, `"supportsAuthentication":"yes"`), []string{"M-TOK-01"}},
		{"a decline that names a token", mdes.Suite(), "decisions", replace(`"decision":"DECLINED"`, `"decision":"DECLINED","tokenUniqueReference":"x"`), []string{"M-DEC-01"}},
		{"pictures that are none", vts.Suite(), "reading", replace("iVBORw0KGgo", "iVBORw0KGho"), []string{"V-READ-03"}},
		{"pictures that are none at Mastercard", mdes.Suite(), "reading", replace("iVBORw0KGgo", "iVBORw0KGho"), []string{"M-READ-06"}},
		{"suspenders left out", mdes.Suite(), "life-cycle || issuer", replace(`"suspendedBy"`, `"suspendedby_"`), []string{"M-LIFE-01", "M-LIFE-04", "M-ISS-01"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			sum := judged(t, harness.Options{Suite: tt.suite, Label: tt.label, Target: behind(t, ours(t), tt.alter)})
			mustFail(t, sum, tt.want)
		})
	}
}

// mustFail demands that these checks failed, and that nothing did if there are
// none.
func mustFail(t *testing.T, sum harness.Summary, want []string) {
	t.Helper()
	got := failures(sum)
	for _, id := range want {
		if !slices.Contains(got, id) {
			t.Errorf("%s did not fail; what failed is %v", id, got)
		}
	}
	if exit := harness.ExitFailed; len(want) > 0 && sum.Exit() != exit || len(want) == 0 && (sum.Exit() != 0 || sum.Count(harness.Pass) == 0) {
		t.Errorf("exit code %d with %d passes, failures %v", sum.Exit(), sum.Count(harness.Pass), got)
	}
}

// Without somebody to play the issuer, what needs one could not run, and the
// run is incomplete although nothing failed.
func TestRun_WithoutADriver(t *testing.T) {
	for _, suite := range []harness.Suite{vts.Suite(), mdes.Suite()} {
		t.Run(suite.Name, func(t *testing.T) {
			target := ours(t)
			target.Control = harness.Control{Kind: harness.ControlNone}
			sum := judged(t, harness.Options{Suite: suite, Target: target, Label: "issuer || errors || reading"})
			if got := failures(sum); len(got) > 0 || sum.Exit() != harness.ExitIncomplete {
				t.Errorf("exit code %d, failures %v", sum.Exit(), got)
			}
			for _, r := range sum.Results {
				needs := r.Feature == "issuer" || strings.HasSuffix(r.ID, "-rule") || strings.HasSuffix(r.ID, "-next")
				if needs && r.Verdict != harness.CouldNot && r.Verdict != harness.NotApplied {
					t.Errorf("%s is %s", r.ID, r.Verdict)
				}
			}
			if sum.Count(harness.CouldNot) < 15 || sum.Count(harness.Pass) < 10 {
				t.Errorf("%d could not run, %d passed", sum.Count(harness.CouldNot), sum.Count(harness.Pass))
			}
		})
	}
}

// Where no server listens nothing ran, and nothing failed: that is said once, with
// the address and the error, and in the JUnit report nothing has passed.
func TestRun_NobodyAnswers(t *testing.T) {
	target := ours(t)
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	target.Visa.URL, target.Mastercard.URL = server.URL, server.URL+"/mdes"
	for _, suite := range []harness.Suite{vts.Suite(), mdes.Suite()} {
		t.Run(suite.Name, func(t *testing.T) {
			junit := filepath.Join(t.TempDir(), "report.xml")
			sum := judged(t, harness.Options{Suite: suite, Target: target, Label: "authentication", JUnit: junit})
			ran := len(sum.Results) - sum.Count(harness.LeftOut)
			if sum.Exit() != harness.ExitIncomplete || sum.Count(harness.CouldNot) != ran || ran < 30 {
				t.Errorf("exit code %d, %d of %d could not run", sum.Exit(), sum.Count(harness.CouldNot), ran)
			}
			var text strings.Builder
			if err := sum.WriteTable(&text); err != nil {
				t.Fatal(err)
			}
			if strings.Count(text.String(), server.URL) != 1 || !strings.Contains(text.String(), "cannot be reached: dial tcp") {
				t.Errorf("the report does not say once who was away:\n%s", &text)
			}
			for _, secret := range []string{target.Visa.Signing.APIKey, string(target.Visa.Signing.Secret), string(target.Visa.Encryption.Secret)} {
				if strings.Contains(text.String(), secret) {
					t.Error("the report shows a key")
				}
			}
			xml, err := os.ReadFile(junit)
			if err != nil {
				t.Fatal(err)
			}
			if cases, skipped := strings.Count(string(xml), "<testcase"), strings.Count(string(xml), "<skipped"); cases < ran || skipped != cases {
				t.Errorf("the JUnit report has %d cases, %d of them skipped", cases, skipped)
			}
		})
	}
}

// A server that goes away once the run has begun has failed.
func TestRun_GoesAwayInTheMiddle(t *testing.T) {
	var answered atomic.Int64
	target := behind(t, ours(t), func(*passing) {
		if answered.Add(1) > 10 {
			panic(http.ErrAbortHandler)
		}
	})
	sum := judged(t, harness.Options{Suite: vts.Suite(), Target: target, Label: "authentication"})
	if sum.Exit() != harness.ExitFailed || sum.Count(harness.Pass) == 0 || sum.Count(harness.Fail) < 20 {
		t.Errorf("exit code %d, %d passed, %d failed", sum.Exit(), sum.Count(harness.Pass), sum.Count(harness.Fail))
	}
}
