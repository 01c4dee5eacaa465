package server_test

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/mdes/server"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/token"
)

// faulty is a world in which each tokenize meets a fault.
func faulty(t *testing.T, then string) *world {
	t.Helper()
	return newWorld(t, fmt.Sprintf(`
version: 1
name: a fault
rules:
  - { when: { operation: tokenize }, times: 1, then: { %s } }
`, then))
}

func TestFault_OfTheGateway(t *testing.T) {
	for fault, want := range map[string]struct {
		status      int
		reason      string
		recoverable bool
		retryAfter  string
	}{
		`fault: "429"`:                   {429, "LIMIT_EXCEEDED", true, "1"},
		`fault: "429", retry-after: 30s`: {429, "LIMIT_EXCEEDED", true, "30"},
		`fault: "500"`:                   {500, "SERVICE_ERROR", false, ""},
		`fault: "503", retry-after: 2s`:  {503, "SERVICE_ERROR", false, "2"},
		`fault: "504"`:                   {504, "GATEWAY_TIMEOUT", false, ""},
	} {
		t.Run(fault, func(t *testing.T) {
			w := faulty(t, fault)
			got := w.send(w.request(token.MCTokenize, w.tokenizeBody(goodPAN, nil)))
			e := got.gateway(t)
			if got.Status != want.status || e.ReasonCode != want.reason || e.Recoverable != want.recoverable || got.Header.Get("Retry-After") != want.retryAfter {
				t.Errorf("%d %s, Retry-After %q", got.Status, got.Body, got.Header.Get("Retry-After"))
			}
			if got.Entry.Fault == "" || got.Entry.Problem != "" || len(stage.Tokens(w.box)) != 0 {
				t.Errorf("journal %+v", got.Entry)
			}
			w.tokenize(goodPAN)
		})
	}
}

func TestFault_APageInPlaceOfJSON(t *testing.T) {
	for fault, status := range map[string]int{"502": http.StatusBadGateway, "html": http.StatusOK} {
		w := faulty(t, "fault: "+`"`+fault+`"`)
		got := w.send(w.request(token.MCTokenize, w.tokenizeBody(goodPAN, nil)))
		if got.Status != status || !strings.HasPrefix(got.Header.Get("Content-Type"), "text/html") || !bytes.HasPrefix(got.Body, []byte("<!DOCTYPE html>")) {
			t.Errorf("%s: %d %s %s", fault, got.Status, got.Header.Get("Content-Type"), got.Body)
		}
		if len(stage.Tokens(w.box)) != 0 {
			t.Errorf("%s: the work was done", fault)
		}
	}
}

func TestFault_OfTheSocketReachesTheDoor(t *testing.T) {
	for fault, done := range map[string]bool{"reset": false, "drop-response": true, "truncate": true} {
		w := faulty(t, "fault: "+fault)
		s := w.request(token.MCTokenize, w.tokenizeBody(goodPAN, nil))
		req := stage.Must(http.NewRequest(s.method, w.url+s.path, bytes.NewReader(s.body)))(t)
		req.Header.Set("Content-Type", s.contentType)
		req.Header.Set("Authorization", w.authorization(s, req))
		resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
		if err == nil {
			_, err = io.ReadAll(resp.Body)
			resp.Body.Close()
		}
		if err == nil || (len(stage.Tokens(w.box)) == 1) != done || stage.Last(w.box).Fault != token.Fault(fault) {
			t.Errorf("%s: error %v, %d tokens", fault, err, len(stage.Tokens(w.box)))
		}
	}
}

func TestFault_OfTheEncryption(t *testing.T) {
	for fault, cause := range map[string]mdes.Cause{"wrong-key": mdes.CauseKeyUnwrap, "bad-ciphertext": mdes.CauseDataLength} {
		t.Run(fault, func(t *testing.T) {
			w := faulty(t, "fault: "+fault)
			got := w.send(w.request(token.MCTokenize, w.tokenizeBody(goodPAN, nil)))
			made := stage.Decode[mdes.TokenizeResponse](t, got.Body)
			if got.Status != http.StatusOK || made.Decision != "APPROVED" || len(stage.Tokens(w.box)) != 1 {
				t.Fatalf("%d %s", got.Status, got.Body)
			}
			_, err := opener(t, server.KeysOf(w.who).Requestor).Open(made.TokenDetail.EncryptedPayload)
			failedWith(t, err, cause)
			for _, pair := range []func() (string, *mdes.Opener){
				func() (string, *mdes.Opener) { return "network", opener(t, server.KeysOf(w.who).Network) },
				func() (string, *mdes.Opener) { return "signing", opener(t, server.KeysOf(w.who).Signing) },
			} {
				name, other := pair()
				made.TokenDetail.PublicKeyFingerprint = other.Fingerprints()[0]
				if _, err := other.Open(made.TokenDetail.EncryptedPayload); err == nil {
					t.Errorf("the %s key opens it", name)
				}
			}
		})
	}
}

func TestFault_OfAnErrorAndADelay(t *testing.T) {
	w := faulty(t, "error: INVALID_PAN, fault: wrong-content-type, delay: 3s")
	got := w.send(w.request(token.MCTokenize, w.tokenizeBody(goodPAN, nil)))
	if got.refused(t).ErrorCode != "INVALID_PAN" || !strings.HasPrefix(got.Header.Get("Content-Type"), "text/html") || got.Entry.Delay != 3*time.Second {
		t.Errorf("%s %s, delay %s", got.Header.Get("Content-Type"), got.Body, got.Entry.Delay)
	}
}

var correlationForm = regexp.MustCompile(`^[0-9a-f]{16}-[0-9a-f]{7}$`)

func TestAnswers_AllHaveACorrelationID(t *testing.T) {
	w := newWorld(t)
	seen := map[string]bool{}
	for name, do := range map[string]func(*world, *sending){
		"a success":             func(*world, *sending) {},
		"an application error":  member("taskId", nil),
		"a gateway error":       rewrite(func(string) string { return "" }),
		"an unknown path":       func(_ *world, s *sending) { s.path += "x" },
		"an unknown method":     func(_ *world, s *sending) { s.method = http.MethodPut },
		"an unknown sandbox":    func(_ *world, s *sending) { s.path = "/s/none" + s.path },
		"a body that is longer": func(_ *world, s *sending) { s.body = make([]byte, 1<<20+1) },
	} {
		s := w.request(token.MCTokenize, w.tokenizeBody(goodPAN, nil))
		do(w, s)
		id := w.send(s).Header.Get("correlation-id")
		if !correlationForm.MatchString(id) || seen[id] {
			t.Errorf("%s: %q", name, id)
		}
		seen[id] = true
	}
}

func TestAnswers_AFaultOfOurOwnIsTheDocumented500(t *testing.T) {
	w := newWorld(t)
	quiet := w.Stage
	quiet.Logger = slog.New(slog.DiscardHandler) // so that it must be the face that says it
	on := w.Base()
	on.Guard = func(string) bool { panic("a mistake of ours") }
	w.url = quiet.Serve(t, server.New(on))
	got := w.send(w.request(token.MCTokenize, w.tokenizeBody(goodPAN, nil)))
	e := got.refused(t)
	if got.Status != http.StatusInternalServerError || e.ErrorCode != "INTERNAL_SERVICE_FAILURE" || e.Errors[0].Source != "MDES" || !correlationForm.MatchString(got.Header.Get("correlation-id")) {
		t.Errorf("%d %s", got.Status, got.Body)
	}
	if got.Entry.Problem != token.InternalServerError || !strings.Contains(w.Log.String(), "a mistake of ours") {
		t.Errorf("journal %q, log %s", got.Entry.Problem, w.Log)
	}
}

func TestAnswers_AScenarioMayShowAnotherProduct(t *testing.T) {
	w := newWorld(t)
	usual := w.tokenize(goodPAN).ProductConfig
	w.rule(scenarios.Rule{
		When: scenarios.When{Operations: []token.Operation{token.MCTokenize}}, Times: 1,
		Then: scenarios.Then{Metadata: map[string]string{"issuer-name": "Other Bank", "contact-email": "other@bank.example"}},
	})
	shown := w.tokenize(goodPAN).ProductConfig
	if shown.IssuerName != "Other Bank" || shown.CustomerServiceEmail != "other@bank.example" || shown.IconAssetID != usual.IconAssetID {
		t.Errorf("%+v", shown)
	}
	w.rule(scenarios.Rule{
		When: scenarios.When{Operations: []token.Operation{token.MCTokenize}}, Times: 1,
		Then: scenarios.Then{Decision: token.StepUp, Metadata: map[string]string{"contact-number": "", "contact-email": ""}},
	})
	if methods := w.tokenize(goodPAN).AuthenticationMethods; len(methods) != 2 || methods[0].Value != "1########" || methods[1].Value != "***@" {
		t.Errorf("of an issuer without contacts: %+v", methods)
	}
	if after := w.tokenize(goodPAN).ProductConfig; after.IssuerName != usual.IssuerName {
		t.Errorf("it lasts: %+v", after)
	}
}
