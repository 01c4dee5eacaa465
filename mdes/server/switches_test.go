package server_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/mdes/server"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/token"
)

// switched is a world with switches of this network set: "error-status: 400".
func switched(t *testing.T, set string, yaml ...string) *world {
	t.Helper()
	return newWorld(t, append([]string{plain + "networks: { mastercard: { " + set + " } }\n"}, yaml...)...)
}

// notifiedBy is notified with switches set.
func notifiedBy(t *testing.T, set string, yaml ...string) (*world, *inbox, token.Ref) {
	t.Helper()
	return notified(t, withInbox+"networks: { mastercard: { "+set+" } }\n"+strings.Join(yaml, "\n"))
}

func TestSwitch_ErrorStatus(t *testing.T) {
	for set, want := range map[string][3]int{ // of INVALID_PAN, of INVALID_JSON, of a fault of the service
		"":                                     {200, 200, 500},
		"error-status: 422":                    {422, 422, 500},
		"error-statuses: { INVALID_PAN: 409 }": {409, 200, 500},
		"error-status: 400, error-statuses: { INVALID_PAN: 200 }":                              {200, 400, 500},
		"error-status: 400, error-statuses: { INTERNAL_SERVICE_FAILURE: 503 }":                 {400, 400, 503},
		"error-status: 599, error-statuses: { INVALID_JSON: 404, INVALID_TASK_ID: 410 }":       {599, 404, 500},
		"error-status: 200, error-statuses: { INVALID_PAN: 200, INVALID_JSON: 200 }":           {200, 200, 500},
		"error-statuses: { INVALID_PAN: 500, INVALID_JSON: 500, PAN_INELIGIBLE: 418 }":         {500, 500, 500},
		"error-status: 404, error-statuses: { NO_ACTIVE_TOKENS: 200, DUPLICATE_REQUEST: 409 }": {404, 404, 500},
	} {
		w := switched(t, set, `
rules:
  - { when: { operation: getTaskStatus }, then: { error: internal_server_err } }
`)
		s := w.request(token.MCTokenize, nil)
		card("accountNumber", "5204731600014785")(w, s)
		got := [3]int{
			w.send(s).Status,
			w.send(w.request(token.MCTokenize, []byte("x"))).Status,
			w.send(w.request(token.MCGetTaskStatus, object{"requestId": "r", "tokenRequestorId": ownTRID, "taskId": "t"})).Status,
		}
		if got != want {
			t.Errorf("%q: %v, want %v", set, got, want)
		}
	}
}

// A rule's own status counts for more, a batch that partly succeeds is no error,
// and neither is a decline.
func TestSwitch_ErrorStatusLeavesTheRestAlone(t *testing.T) {
	w := switched(t, "error-status: 400", `
rules:
  - { when: { network: mastercard, operation: getToken }, then: { error: INVALID_PAN, status: 418 } }
`)
	ref := w.tokenize(goodPAN).TokenUniqueReference
	for name, c := range map[string]struct {
		op     token.Operation
		body   object
		status int
	}{
		"a rule's status":           {token.MCGetToken, about(ref, nil), 418},
		"a batch that partly fails": {token.MCSuspend, batch(nil, ref, unknownIDs), 200},
		"a batch that fails":        {token.MCSuspend, batch(nil, unknownIDs), 400},
		"a decline":                 {token.MCTokenize, w.tokenizeBody("5204731940398145", nil), 200},
	} {
		if got := w.send(w.request(c.op, c.body)); got.Status != c.status {
			t.Errorf("%s: %d %s", name, got.Status, got.Body)
		}
	}
}

func TestSwitch_SignatureStatus(t *testing.T) {
	for set, want := range map[string]struct {
		status int
		text   string
	}{
		"":                      {401, "OAuth signatures did not match. Acceptable signature base string: POST&http"},
		"signature-status: 401": {401, "OAuth signatures did not match. Acceptable signature base string: POST&http"},
		"signature-status: 403": {403, "OAuth Signature parameter failed verification. Acceptable signature base string: POST&http"},
	} {
		w := switched(t, set)
		s := w.request(token.MCTokenize, w.tokenizeBody(goodPAN, nil))
		param("oauth_nonce", "changed")(w, s)
		got := w.send(s)
		if e := got.gateway(t); got.Status != want.status || !strings.HasPrefix(e.Description, want.text) || e.ReasonCode != "AUTHENTICATION_FAILED" {
			t.Errorf("%q: %d %s", set, got.Status, got.Body)
		}
		unknown := w.request(token.MCTokenize, []byte("{}"))
		unknown.signer.ConsumerKey = "nobody!0"
		if got := w.send(unknown); got.Status != http.StatusUnauthorized {
			t.Errorf("%q, an unknown client: %d", set, got.Status)
		}
	}
}

func TestSwitch_ParameterStatus(t *testing.T) {
	for set, want := range map[string]int{"": 400, "parameter-status: 400": 400, "parameter-status: 401": 401} {
		w := switched(t, set)
		for name, do := range map[string]func(*world, *sending){
			"another body":       func(_ *world, s *sending) { s.signBody = []byte("{}") },
			"no nonce":           param("oauth_nonce", ""),
			"version 2":          param("oauth_version", "2.0"),
			"no OAuth header":    rewrite(func(string) string { return "Bearer x" }),
			"an unknown method":  param("oauth_signature_method", "HMAC-SHA1"),
			"a date for seconds": param("oauth_timestamp", "today"),
		} {
			s := w.request(token.MCTokenize, w.tokenizeBody(goodPAN, nil))
			do(w, s)
			if got := w.send(s); got.Status != want {
				t.Errorf("%q, %s: %d, want %d", set, name, got.Status, want)
			}
		}
	}
}

// [G2] [G3] What a forwarder changes, and how the header is written, is let pass
// unless a switch or the strict profile says otherwise.
func TestSwitch_OfTheGateway(t *testing.T) {
	encoded := func(h string) string { return strings.Replace(h, `"1.0"`, "1.0", 1) }
	for name, c := range map[string]struct {
		do    func(*world, *sending)
		off   string
		check string
	}{
		"a scheme set by a proxy":    {forwardedBy("X-Forwarded-Proto", "https", "https://127.0.0.1"), "forwarded-urls: false", checkSignature},
		"a scheme that no proxy set": {forwardedBy("Via", "1.1 proxy", "https://127.0.0.1"), "forwarded-urls: false", checkSignature},
		"a value without quotes":     {rewrite(encoded), "oauth-header-exact: true", checkHeader},
	} {
		for yaml, want := range map[string]string{
			"": "", "networks: { mastercard: { " + c.off + " } }\n": c.check, "profile: strict\n": c.check, "profile: lenient\n": "",
		} {
			w := newWorld(t, plain+yaml)
			s := w.request(token.MCGetToken, about(unknownIDs, nil))
			c.do(w, s)
			if got := w.send(s); got.Failed() != want {
				t.Errorf("%s, %q: explain names %q, want %q: %s", name, yaml, got.Failed(), want, got.Body)
			}
		}
	}
}

func TestSwitch_OAuthForms(t *testing.T) {
	own := func(*world, *sending) {}
	for set, want := range map[string][2]bool{ // of Mastercard's libraries, of RFC 5849
		"":                        {true, true},
		"oauth-forms: all":        {true, true},
		"oauth-forms: mastercard": {true, false},
		"oauth-forms: rfc":        {false, true},
	} {
		w := switched(t, set)
		for i, do := range []func(*world, *sending){own, signRFC} {
			s := w.request(token.MCTokenize, w.tokenizeBody(goodPAN, nil))
			do(w, s)
			got := w.send(s)
			if (got.Status == http.StatusOK) != want[i] {
				t.Errorf("%q, form %d: %d %s", set, i, got.Status, got.Body)
			}
			if check, failed := got.Entry.Checks.Failed(); failed && !strings.Contains(check.Hint, "switched off") {
				t.Errorf("explain does not say that the form is switched off: %+v", check)
			}
		}
	}
}

func TestSwitch_TimestampWindow(t *testing.T) {
	for set, want := range map[string][4]bool{ // a second and an hour, early and late
		"":                        {true, true, false, false},
		"timestamp-window: 0":     {true, true, true, true},
		"timestamp-window: 5m":    {true, true, false, false},
		"timestamp-window: 500ms": {false, false, false, false},
	} {
		w := switched(t, set)
		for i, off := range []time.Duration{-time.Second, time.Second, -time.Hour, time.Hour} {
			s := w.request(token.MCTokenize, w.tokenizeBody(goodPAN, nil))
			s.signer.Wall = clock.NewFixed(stage.WallStart.Add(off))
			got := w.send(s)
			if (got.Status == http.StatusOK) != want[i] {
				t.Errorf("%q, %s away: %d %s", set, off, got.Status, got.Body)
			}
			if !want[i] && (got.Failed() != "oauth timestamp" || got.gateway(t).Description != "Invalid parameter: oauth_timestamp") {
				t.Errorf("%q, %s away: check %q, %s", set, off, got.Failed(), got.Body)
			}
		}
	}
}

// replay sends the very same request n times and lists the statuses.
func (w *world) replay(s *sending, n int) []int {
	w.t.Helper()
	var header string
	s.authorize = func(right string) string {
		if header == "" {
			header = right
		}
		return header
	}
	var got []int
	for range n {
		got = append(got, w.send(s).Status)
	}
	return got
}

func TestSwitch_NonceMemory(t *testing.T) {
	for set, want := range map[string]int{"": 200, "nonce-memory: false": 200, "nonce-memory: true": 400, "nonce-memory: true, parameter-status: 401": 401} {
		w := switched(t, set)
		ref := w.tokenize(goodPAN).TokenUniqueReference
		s := w.request(token.MCGetToken, about(ref, nil))
		if got := w.replay(s, 3); got[0] != 200 || got[1] != want || got[2] != want {
			t.Errorf("%q: %v, want 200 and then %d", set, got, want)
		}
		if e := stage.Last(w.box); want != 200 && (e.Problem != "INVALID_OAUTH_PARAMETER" || e.Entity != "") {
			t.Errorf("%q: journal %+v", set, e)
		}
		if got := w.send(w.request(token.MCGetToken, about(ref, nil))); got.Status != http.StatusOK {
			t.Errorf("%q: another nonce is refused: %s", set, got.Body)
		}
	}
}

func TestNonceMemory_OnlyGoodSignaturesAreRemembered(t *testing.T) {
	w := switched(t, "nonce-memory: true")
	s := w.request(token.MCGetToken, about("x", nil))
	var header string
	s.authorize = func(right string) string {
		header = right
		return right[:strings.LastIndex(right, `oauth_signature="`)] + `oauth_signature="AAAA"`
	}
	if got := w.send(s); got.Status != http.StatusUnauthorized {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	s.authorize = func(string) string { return header }
	if got := w.send(s); got.Status != http.StatusOK {
		t.Errorf("another client can use up a nonce: %d %s", got.Status, got.Body)
	}
}

// The window bounds the memory: what it refuses anyway need not be known.
func TestNonceMemory_EndsWithTheWindow(t *testing.T) {
	w := switched(t, "nonce-memory: true, timestamp-window: 5m")
	s := w.request(token.MCGetToken, about("x", nil))
	if got := w.replay(s, 2); got[0] != 200 || got[1] != 400 || stage.Last(w.box).Detail == "" {
		t.Fatalf("%v", got)
	}
	w.Wall.Add(6 * time.Minute)
	if got := w.send(s); got.Failed() != "oauth timestamp" {
		t.Errorf("later it fails for %q: %s", got.Failed(), got.Body)
	}
}

// Keys are kept ready from request to request; what a scenario says of them may
// change in between.
func TestSwitches_OfANewScenarioCountAtOnce(t *testing.T) {
	w := newWorld(t)
	ref := w.tokenize(goodPAN).TokenUniqueReference
	detail := about(ref, object{"includeTokenDetail": "true"})
	for _, c := range []struct {
		set    string
		form   mdes.FingerprintForm
		digest string
		checks int
	}{
		{"fingerprint: cert-sha1, digest: SHA256", mdes.CertificateSHA1, "SHA256", 9},
		{"fingerprint: cert-sha256, nonce-memory: true", mdes.CertificateSHA256, "SHA512", 10},
		{"fingerprint: key-sha256", mdes.PublicKeySHA256, "SHA512", 9},
	} {
		if err := w.box.Adopt(stage.Scenario(t, plain+"networks: { mastercard: { "+c.set+" } }\n")); err != nil {
			t.Fatal(err)
		}
		got := w.send(w.request(token.MCGetToken, detail))
		p := stage.Decode[mdes.GetTokenResponse](t, got.Body).TokenDetail
		want := stage.Must(mdes.CertificateFingerprint(server.KeysOf(w.who).Requestor.Certificate, c.form))(t)
		if p.PublicKeyFingerprint != want || p.OAEPHashingAlgorithm != c.digest || len(got.Entry.Checks) != c.checks {
			t.Errorf("%q: %s, %s, %d checks", c.set, p.PublicKeyFingerprint, p.OAEPHashingAlgorithm, len(got.Entry.Checks))
		}
	}
}

func TestSwitch_EmptySearch(t *testing.T) {
	for set, code := range map[string]string{"": "", "empty-search: list": "", "empty-search: NO_ACTIVE_TOKENS": "NO_ACTIVE_TOKENS"} {
		w := switched(t, set)
		made := w.tokenize(goodPAN)
		if found := stage.Must(w.search(mdes.FundingAccountInfo{}, goodPAN))(t); len(found.Tokens) != 1 {
			t.Errorf("%q: found %+v", set, found.Tokens)
		}
		stage.Must(w.client.Delete(t.Context(), mdes.LifecycleRequest{TokenUniqueReferences: mdes.References{made.TokenUniqueReference}}))(t)
		for name, funding := range map[string]object{
			"none left":       {"panUniqueReference": made.PANUniqueReference},
			"an unknown card": {"encryptedPayload": w.sealed(object{"cardAccountData": object{"accountNumber": otherPAN}})},
		} {
			got := w.send(w.request(token.MCSearchTokens, object{"requestId": "r", "fundingAccountInfo": funding}))
			if e := got.refused(t); got.Status != http.StatusOK || e.ErrorCode != code || code == "" && !strings.Contains(string(got.Body), `"tokens":[]`) {
				t.Errorf("%q, %s: %d %s", set, name, got.Status, got.Body)
			}
		}
	}
}
