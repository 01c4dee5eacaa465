package harness_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/harness/suites"
	"github.com/pantomime-dev/pantomime/harness/suites/mdes"
	"github.com/pantomime-dev/pantomime/harness/suites/vts"
	"github.com/pantomime-dev/pantomime/internal/sweep"
)

// foreignServers are servers that know nothing of tokens, whatever they are asked.
var foreignServers = []struct {
	name   string
	answer http.HandlerFunc
}{
	{"an empty object", fixed(http.StatusOK, "application/json", "{}")},
	{"values of wrong types", fixed(http.StatusOK, "application/json", wrongTypes)},
	{"a list", fixed(http.StatusOK, "application/json", `[{"vProvisionedTokenID":null},7]`)},
	{"a page for a fault", fixed(http.StatusInternalServerError, "text/html", "<html><body>oops</body></html>")},
	{"nothing, as they hang up", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }},
	{"what they were sent", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.Copy(w, r.Body)
	}},
	{"no content", fixed(http.StatusNoContent, "", "")},
}

// wrongTypes names what answers hold, and gives each member a value of another
// type than its own.
const wrongTypes = `{
	"vPanEnrollmentID": 7, "vProvisionedTokenID": ["x"], "vPaymentDataID": null, "paymentInstrument": [], "cardMetaData": null,
	"tokenInfo": "ACTIVE", "cryptogramInfo": 3, "stepUpRequest": {"method": 1}, "content": {"mimeType": []}, "contentType": false,
	"responseStatus": "401", "errorResponse": [1, 2],
	"responseId": 1, "responseHost": [], "decision": 0, "tokenUniqueReference": {}, "panUniqueReference": 5, "productConfig": [],
	"tokenDetail": "sealed", "supportsAuthentication": "yes", "token": [null], "tokens": {"status": 1}, "status": [],
	"encryptedPayload": 9, "mediaContents": {"type": 2}, "errorCode": 12, "errors": "none", "Errors": {"Error": [7]}
}`

func fixed(status int, kind, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if kind != "" {
			w.Header().Set("Content-Type", kind)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// rightAnyway are the binding checks that such a server may pass, because what
// it answers is what they ask for.
var rightAnyway = map[string]string{
	"M-TRANS-02": "{} is a JSON object, and no more is asked of an answer there",
}

// strange gives a target that nothing is left out for another server.
func strange(t *testing.T, target harness.Target, answer http.HandlerFunc) harness.Target {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	visa, mastercard := *target.Visa, *target.Mastercard
	target.Visa, target.Mastercard = &visa, &mastercard
	visa.Cards.Delayed, visa.Cards.Activation = []harness.Number{"4242424242424242"}, control.Duration(time.Second)
	mastercard.Cards.Delayed, mastercard.Cards.Activation = []harness.Number{"5500000000000004"}, control.Duration(time.Second)
	target.Notices = &harness.Notices{Listen: "127.0.0.1:0"}
	target.Timeouts.Notice = control.Duration(100 * time.Millisecond)
	visa.URL, mastercard.URL = server.URL, server.URL+"/mdes"
	return target
}

// Whatever a server answers, it is the server that failed and not the harness,
// and no binding check passes because there was nothing to compare.
func TestSweep_StrangersFail(t *testing.T) {
	sweep.Mark(t)
	good := ours(t)
	for n, foreignServer := range foreignServers {
		for _, suite := range suites.All() {
			t.Run(suite.Name+" and a server that answers "+foreignServer.name, func(t *testing.T) {
				t.Parallel()
				target := strange(t, good, foreignServer.answer)
				t.Run("next to a good control door", func(t *testing.T) { failsThroughout(t, suite, target) })
				if n > 1 {
					return // as a control door no different from the first two
				}
				target.Control.URL = target.Visa.URL
				t.Run("as its control door too", func(t *testing.T) { failsThroughout(t, suite, target) })
			})
		}
	}
}

func failsThroughout(t *testing.T, suite harness.Suite, target harness.Target) {
	t.Helper()
	sum := judged(t, harness.Options{Suite: suite, Target: target})
	if sum.Exit() != harness.ExitFailed {
		t.Errorf("exit code %d, want %d", sum.Exit(), harness.ExitFailed)
	}
	for _, r := range sum.Results {
		switch {
		case r.Verdict == harness.ErrorOfEngine:
			t.Errorf("%s is an error of the harness: %s", r.ID, r.Message)
		case r.Verdict == harness.Pass && r.Level == "must" && rightAnyway[r.ID] == "":
			t.Errorf("%s passed: %s", r.ID, r.Says)
		}
	}
}

// What a failed check was answered is in its report, also where the
// network's own client asked.
func TestRun_FailuresShowTheirExchange(t *testing.T) {
	target := strange(t, ours(t), foreignServers[0].answer)
	for _, suite := range suites.All() {
		sum := judged(t, harness.Options{Suite: suite, Target: target, Label: "reading || V-ENROL-02"})
		for _, r := range sum.Results {
			if r.Verdict == harness.Fail && !strings.Contains(r.Log, "→ HTTP 200 {}") {
				t.Errorf("%s does not show what was answered: %q", r.ID, r.Log)
			}
		}
	}
}

// [I6] So does what was sent, headers and body, without secrets; and a content
// type that is not JSON's.
func TestRun_FailuresShowWhatWasSent(t *testing.T) {
	good := ours(t)
	sum := judged(t, harness.Options{Suite: vts.Suite(), Target: strange(t, good, foreignServers[3].answer), Label: "V-ENROL-02"})
	log := sum.Results[slices.IndexFunc(sum.Results, func(r harness.Result) bool { return r.ID == "V-ENROL-02" })].Log
	for _, want := range []string{"HTTP 500 (text/html) <html>", "Content-Type: application/json", "X-Pay-Token: <secret>", `"locale":"en_US"`} {
		if !strings.Contains(log, want) {
			t.Errorf("the report lacks %q:\n%s", want, log)
		}
	}
	for _, secret := range []string{good.Visa.Signing.APIKey, "xv2:"} {
		if strings.Contains(log, secret) {
			t.Errorf("the report shows what it must not:\n%s", log)
		}
	}
}

// A server that leaves an object or a list out is found out by whoever needs
// it; nothing fails on it. These are what checks reach into.
func TestSweep_HalfAnswersAreNoErrors(t *testing.T) {
	sweep.Mark(t)
	whole := ours(t)
	for _, half := range []struct {
		suite   harness.Suite
		members []string
	}{
		{vts.Suite(), []string{"paymentInstrument", "cardMetaData", "cardData", "expirationDate"}},
		{mdes.Suite(), []string{"productConfig", "tokenInfo", "tokenDetail", "token", "tokens", "mediaContents"}},
	} {
		for _, name := range half.members {
			t.Run(half.suite.Name+" without "+name, func(t *testing.T) {
				target := behind(t, whole, func(p *passing) { p.body = without(p.body, name) })
				sum := judged(t, harness.Options{Suite: half.suite, Target: target, Label: "!bad-input && !errors && !authentication"})
				if sum.Exit() != harness.ExitFailed {
					t.Errorf("exit code %d, want %d", sum.Exit(), harness.ExitFailed)
				}
				for _, r := range sum.Results {
					if r.Verdict == harness.ErrorOfEngine {
						t.Errorf("%s is an error of the harness: %s", r.ID, r.Message)
					}
				}
			})
		}
	}
}

// without makes every member of a name null.
func without(body []byte, name string) []byte {
	var root any
	if json.Unmarshal(body, &root) != nil {
		return body
	}
	everyObject(root, func(object map[string]any) {
		if _, there := object[name]; there {
			object[name] = nil
		}
	})
	text, err := json.Marshal(root)
	if err != nil {
		return body
	}
	return text
}

func everyObject(v any, visit func(map[string]any)) {
	switch v := v.(type) {
	case map[string]any:
		visit(v)
		for _, member := range v {
			everyObject(member, visit)
		}
	case []any:
		for _, item := range v {
			everyObject(item, visit)
		}
	}
}
