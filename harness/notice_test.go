package harness_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/harness/suites/vts"
	"github.com/pantomime-dev/pantomime/internal/simulated"
)

// keeping is the target of a server whose later attempts of a notice bear the
// header of the first one; "" is ours as it is.
func keeping(t *testing.T, header string) harness.Target {
	t.Helper()
	listen, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := listen.Addr().String()
	_ = listen.Close() // the run listens there
	var mu sync.Mutex
	first := map[string]string{} // guarded by mu; by token
	relay := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var about struct{ VProvisionedTokenID string }
		_ = json.Unmarshal(body, &about)
		mu.Lock()
		if kept := first[about.VProvisionedTokenID]; header != "" && kept != "" {
			r.Header.Set(header, kept)
		}
		first[about.VProvisionedTokenID] = r.Header.Get(header)
		mu.Unlock()
		onward, err := http.NewRequestWithContext(r.Context(), r.Method, "http://"+at+r.RequestURI, bytes.NewReader(body))
		if err != nil {
			t.Error(err)
			return
		}
		onward.Header = r.Header
		resp, err := http.DefaultClient.Do(onward)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		_ = resp.Body.Close()
		w.WriteHeader(resp.StatusCode)
	}))
	t.Cleanup(relay.Close)
	target := simulated.Target(t, pantomime.Options{Scenario: simulated.Scenario(t), Notify: relay.URL})
	target.Notices = &harness.Notices{Listen: at}
	return target
}

// [I4] A server that keeps the signature over attempts fails, and so does one
// that keeps the id. [I6] A failure shows the notices that it is about.
func TestRun_NoticesThatAreNotRenewed(t *testing.T) {
	for header, says := range map[string]string{"": "", "x-pay-token": "x-pay-token was not renewed", "x-request-id": "x-request-id was not renewed"} {
		sum := judged(t, harness.Options{Suite: vts.Suite(), Target: keeping(t, header), Label: "V-NOTE-09"})
		r := sum.Results[slices.IndexFunc(sum.Results, func(r harness.Result) bool { return r.ID == "V-NOTE-09" })]
		if says == "" {
			if r.Verdict != harness.Pass {
				t.Errorf("as it is: %s %s\n%s", r.Verdict, r.Message, r.Log)
			}
			continue
		}
		if r.Verdict != harness.Fail || !strings.Contains(r.Message, says) {
			t.Errorf("%s kept: %s %s", header, r.Verdict, r.Message)
		}
		if strings.Count(r.Log, "notice POST /provisionedToken") != 2 || !strings.Contains(r.Log, `"vProvisionedTokenID":"`) || strings.Contains(r.Log, "xv2:") || strings.Contains(r.Log, "apiKey=") {
			t.Errorf("%s kept: the report does not show both notices without secrets:\n%s", header, r.Log)
		}
	}
}

// [I3] A server that takes an x-pay-token only once has no false failure: equal
// requests within one second are signed for different ones.
func TestRun_TokensThatCountOnce(t *testing.T) {
	target := ours(t)
	var mu sync.Mutex
	sent := map[string]int{} // guarded by mu
	target = before(t, target, func(r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if token := r.Header.Get("x-pay-token"); token != "" {
			if sent[token]++; sent[token] > 1 {
				r.Header.Set("x-pay-token", "used before")
			}
		}
	})
	sum := judged(t, harness.Options{Suite: vts.Suite(), Target: target})
	if sum.Count(harness.Fail) > 0 || sum.Count(harness.Pass) < 200 {
		t.Errorf("%s", tableOf(t, sum))
	}
}

// before puts a proxy in front of a target that changes what is asked.
func before(t *testing.T, target harness.Target, change func(*http.Request)) harness.Target {
	t.Helper()
	upstream := target.Visa.URL
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		change(r)
		onward, err := http.NewRequestWithContext(r.Context(), r.Method, upstream+r.RequestURI, r.Body)
		if err != nil {
			t.Error(err)
			return
		}
		onward.Header, onward.ContentLength = r.Header, r.ContentLength
		resp, err := http.DefaultTransport.RoundTrip(onward)
		if err != nil {
			panic(http.ErrAbortHandler) // as the one behind did
		}
		defer func() { _ = resp.Body.Close() }()
		for name, values := range resp.Header {
			w.Header()[name] = values
		}
		w.WriteHeader(resp.StatusCode)
		_, _ = io.Copy(w, resp.Body)
	}))
	t.Cleanup(proxy.Close)
	visa := *target.Visa
	visa.URL = proxy.URL
	if visa.Other != nil {
		other := *visa.Other
		other.URL, visa.Other = proxy.URL, &other
	}
	target.Visa = &visa
	return target
}
