package server_test

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/token"

	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/simulator/journal"
	"github.com/pantomime-dev/pantomime/vts"
	"github.com/pantomime-dev/pantomime/vts/server"
)

// refusals of authentication: what the client did, the code of the one
// documented 401, and the check that explain names.
var authFailures = []struct {
	name   string
	do     func(w *world, s *sending)
	code   string
	check  string
	hinted string // part of the hint
}{
	{"the secret is another", func(w *world, s *sending) { s.key.Secret += "x" }, "9159", vts.CheckHash, "shared secret"},
	{"the secret is the one of the encryption pair", func(w *world, s *sending) { s.key.Secret = w.keys().Encryption.Secret }, "9159", vts.CheckHash, "the secret of the key " + "·"},
	{"the secret is the network's own", func(w *world, s *sending) { s.key.Secret = w.keys().Outbound.Secret }, "9159", vts.CheckHash, "the network signs its own calls"},
	{"the secret is base64-decoded first", func(w *world, s *sending) {
		raw, _ := base64.RawURLEncoding.DecodeString(s.key.Secret)
		s.key.Secret = string(raw)
	}, "9159", vts.CheckHash, "base64"},
	{"the timestamp is 481 s old", func(w *world, s *sending) { s.at = stage.WallStart.Add(-481 * time.Second) }, "9159", vts.CheckTimestamp, "too old"},
	{"the timestamp is 481 s ahead", func(w *world, s *sending) { s.at = stage.WallStart.Add(481 * time.Second) }, "9159", vts.CheckTimestamp, "clock"},
	{"the timestamp is the sandbox's time", func(w *world, s *sending) { s.at = stage.Start }, "9159", vts.CheckTimestamp, ""},
	{"the timestamp is in milliseconds", func(w *world, s *sending) { s.at = time.Unix(stage.WallStart.UnixMilli(), 0) }, "9159", vts.CheckTimestamp, "milliseconds"},
	{"the timestamp is no number", payToken(func(p []string) string { return p[0] + ":now:" + p[2] }), "9159", vts.CheckPayToken, ""},
	{"the timestamp is negative", payToken(func(p []string) string { return p[0] + ":-" + p[1] + ":" + p[2] }), "9159", vts.CheckPayToken, ""},
	{"the timestamp was changed after signing", payToken(func(p []string) string {
		return p[0] + ":" + strconv.FormatInt(stage.WallStart.Unix()+1, 10) + ":" + p[2]
	}), "9159", vts.CheckHash, ""},
	{"the header is missing", func(w *world, s *sending) { s.payToken = func(string) []string { return nil } }, "9159", vts.CheckPayToken, ""},
	{"the header is empty", func(w *world, s *sending) { s.payToken = func(string) []string { return []string{""} } }, "9159", vts.CheckPayToken, ""},
	{"the header comes twice", func(w *world, s *sending) {
		s.payToken = func(right string) []string { return []string{right, right} }
	}, "9159", vts.CheckPayToken, ""},
	{"the header has two parts", payToken(func(p []string) string { return p[0] + ":" + p[2] }), "9159", vts.CheckPayToken, ""},
	{"the header has four parts", payToken(func(p []string) string { return strings.Join(p, ":") + ":x" }), "9159", vts.CheckPayToken, ""},
	{"the version is unknown", payToken(func(p []string) string { return "xv3:" + p[1] + ":" + p[2] }), "9159", vts.CheckVersion, ""},
	{"the version is the older form", func(w *world, s *sending) {
		s.payToken = func(string) []string {
			signer, _ := vts.NewSigner(s.key)
			return []string{signer.SignX(s.at, vts.Message{Path: s.path[1:], Query: s.query, Body: s.body})}
		}
	}, "9159", vts.CheckVersion, "older form"},
	{"the hash is in upper case", payToken(func(p []string) string { return p[0] + ":" + p[1] + ":" + strings.ToUpper(p[2]) }), "9159", vts.CheckPayToken, "lower case"},
	{"the hash is cut", payToken(func(p []string) string { return p[0] + ":" + p[1] + ":" + p[2][:63] }), "9159", vts.CheckPayToken, ""},
	{"the hash has one digit changed", payToken(func(p []string) string {
		digit := byte('0')
		if p[2][0] == digit {
			digit = '1'
		}
		return p[0] + ":" + p[1] + ":" + string(digit) + p[2][1:]
	}), "9159", vts.CheckHash, ""},
	{"the path was signed with its slash", func(w *world, s *sending) { s.signPath = s.path }, "9159", vts.CheckHash, "leading slash"},
	{"the path was signed without its first segment", func(w *world, s *sending) { s.signPath = "provisionedTokens" }, "9159", vts.CheckHash, "first segment"},
	{"another path was signed", func(w *world, s *sending) { s.signPath = "vts/panEnrollments" }, "9159", vts.CheckHash, ""},
	{"the query was signed with a question mark", func(w *world, s *sending) { s.signQuery = "?" + s.query }, "9159", vts.CheckHash, "question mark"},
	{"the query was signed in the other spelling", func(w *world, s *sending) {
		s.signQuery = strings.Replace(s.query, "apiKey=", "apikey=", 1)
	}, "9159", vts.CheckHash, "spelling of apiKey"},
	{"the query was signed in another order", func(w *world, s *sending) {
		key := s.query
		s.query, s.signQuery = "reasonCode=X&"+key, key+"&reasonCode=X"
	}, "9159", vts.CheckHash, "sorted query"},
	{"a parameter was added after signing", func(w *world, s *sending) { s.signQuery = s.query; s.query += "&platformType=WEB" }, "9159", vts.CheckHash, ""},
	{"the body was changed after signing", func(w *world, s *sending) {
		s.signBody = s.body
		s.body = bytes.Replace(s.body, []byte("en_US"), []byte("de_DE"), 1)
	}, "9159", vts.CheckHash, ""},
	{"the body lost its trailing newline before signing", func(w *world, s *sending) {
		s.signBody = s.body
		s.body = append(bytes.Clone(s.body), '\n')
	}, "9159", vts.CheckHash, "trailing newline"},
	{"the body was signed as another spelling of the same JSON", func(w *world, s *sending) {
		s.signBody = s.body
		s.body = bytes.Replace(s.body, []byte(`":`), []byte(`": `), 1)
	}, "9159", vts.CheckHash, "compacted"},
	{"the body was left out of the signature", func(w *world, s *sending) { s.signBody = []byte{} }, "9159", vts.CheckHash, "left out"},
	{"the query has no API key", func(w *world, s *sending) { s.query = "key=x" }, "9159", server.CheckAPIKey, "signed too"},
	{"there is no query", func(w *world, s *sending) { s.query = "" }, "9159", server.CheckAPIKey, ""},
	{"the API key is empty", func(w *world, s *sending) { s.query = "apiKey=" }, "9159", server.CheckAPIKey, ""},
	{"the API key is unknown", func(w *world, s *sending) { s.query = "apiKey=TESTAPIKEY0001" }, "9201", server.CheckAPIKey, "no requestor"},
	{"the API key is the network's own", func(w *world, s *sending) {
		s.key = w.keys().Outbound
		s.query = "apiKey=" + s.key.APIKey
	}, "9201", server.CheckAPIKey, "signs its own calls"},
	{"the API key is cut", func(w *world, s *sending) { s.query = s.query[:len(s.query)-1] }, "9201", server.CheckAPIKey, ""},
	{"the first of two API keys is unknown", func(w *world, s *sending) { s.query = "apiKey=other&" + s.query }, "9201", server.CheckAPIKey, ""},
	{"the address names another sandbox than the key", func(w *world, s *sending) { s.header.Set("X-Pantomime-Sandbox", "second") }, "9201", face.CheckSandbox, "its own credentials"},
}

// payToken rewrites the parts of the right header.
func payToken(change func(parts []string) string) func(*world, *sending) {
	return func(_ *world, s *sending) {
		s.payToken = func(right string) []string { return []string{change(strings.Split(right, ":"))} }
	}
}

func TestAuth_Refused(t *testing.T) {
	w := newWorld(t, everyProvisionFails)
	second := w.add("second", "", "")
	for _, c := range authFailures {
		t.Run(c.name, func(t *testing.T) {
			got := w.send(w.good(func(s *sending) { c.do(w, s) }))
			if c.check == face.CheckSandbox { // reported in the journal of the sandbox that was addressed
				got.Entry = second.Journal().List(journal.Query{Limit: 1})[0]
			}
			e := got.envelope(t).ResponseStatus
			if got.Status != http.StatusUnauthorized || e == nil {
				t.Fatalf("%d %s", got.Status, got.Body)
			}
			if want := (vts.ResponseStatus{Status: 401, Code: c.code, Severity: "ERROR", Message: "Token Validation Failed"}); *e != want {
				t.Errorf("answer %+v, want %+v", *e, want)
			}
			check, _ := got.Entry.Checks.Failed()
			if check.Name != c.check {
				t.Errorf("explain names %q, want %q: %+v", check.Name, c.check, got.Entry.Checks)
			}
			hint := strings.ReplaceAll(c.hinted, "·", w.keys().Encryption.APIKey)
			if !strings.Contains(check.Hint, hint) {
				t.Errorf("hint %q, want %q in it", check.Hint, hint)
			}
			if got.Entry.Rule != "" || got.Entry.Entity != "" {
				t.Error("an unauthenticated request met the step")
			}
		})
	}
	if got := w.send(w.good()); got.Entry.Rule != "once" {
		t.Errorf("refused requests used up a rule: %d %s", got.Status, got.Body)
	}
}

// everyProvisionFails has one rule that the first authenticated request uses up.
const everyProvisionFails = `version: 1
name: once
rules:
  - name: once
    when: { operation: provisionTokenWithPan, network: visa }
    times: 1
    then: { error: declined }
`

func TestAuth_Accepted(t *testing.T) {
	w := newWorld(t)
	w.add("second", "", "")
	for name, do := range map[string]func(s *sending){
		"as it should be":                      func(*sending) {},
		"480 s old":                            func(s *sending) { s.at = stage.WallStart.Add(-480 * time.Second) },
		"480 s ahead":                          func(s *sending) { s.at = stage.WallStart.Add(480 * time.Second) },
		"the other spelling of apiKey":         func(s *sending) { s.query = "apikey=" + s.key.APIKey },
		"a further parameter":                  func(s *sending) { s.query += "&platformType=WEB" },
		"a parameter before the key":           func(s *sending) { s.query = "a=b&" + s.query },
		"signed with the encryption pair":      func(s *sending) { s.key = w.keys().Encryption; s.query = "apiKey=" + s.key.APIKey },
		"the body spelt with blanks":           func(s *sending) { s.body = bytes.ReplaceAll(s.body, []byte(`":`), []byte(`" : `)) },
		"the body with a trailing newline":     func(s *sending) { s.body = append(s.body, '\n') },
		"a charset in the content type":        func(s *sending) { s.contentType = "application/json; charset=utf-8" },
		"the sandbox in a header":              func(s *sending) { s.header.Set("X-Pantomime-Sandbox", "default") },
		"the sandbox in the path, signed so":   func(s *sending) { s.path = "/s/default" + s.path },
		"the sandbox in the path, signed bare": func(s *sending) { s.signPath = s.path[1:]; s.path = "/s/default" + s.path },
		"the sandbox in the host":              func(s *sending) { s.host = "default.localhost" },
		"a service context":                    func(s *sending) { s.header.Set("X-SERVICE-CONTEXT", "eyJzZXJ2aWNlSWQiOiJ2dHMifQ==") },
		"the same token again":                 func(*sending) {},
	} {
		t.Run(name, func(t *testing.T) {
			got := w.send(w.good(do))
			if got.Status != http.StatusCreated || got.Failed() != "" {
				t.Errorf("%d %s %+v", got.Status, got.Body, got.Entry.Checks)
			}
		})
	}
}

func TestAuth_UnknownSandboxIsRefused(t *testing.T) {
	w := newWorld(t)
	for _, name := range []string{"nowhere", goodPAN} {
		got := w.send(w.good(func(s *sending) { s.header.Set("X-Pantomime-Sandbox", name) }))
		e := got.envelope(t).ResponseStatus
		if got.Status != http.StatusNotFound || e == nil || e.Status != 404 || !strings.Contains(e.Message, "no sandbox") {
			t.Errorf("%d %s", got.Status, got.Body)
		}
		if strings.Contains(string(got.Body), goodPAN) {
			t.Error("the answer repeats a card number")
		}
	}
}

// TestAuth_SandboxOfTheKey places a request by its key alone.
func TestAuth_SandboxOfTheKey(t *testing.T) {
	w := newWorld(t)
	second := w.add("second", "", "")
	keys := server.KeysOf(second.Requestors()[0])
	got := w.send(w.good(func(s *sending) {
		s.key, s.query = keys.Signing, "apiKey="+keys.Signing.APIKey
		s.body = w.body(map[string]any{"encPaymentInstrument": seal(t, keys.Encryption, cardOf(goodPAN))})
	}))
	entries := second.Journal().List(journal.Query{})
	if got.Status != http.StatusCreated || len(entries) != 1 || len(w.box.Journal().List(journal.Query{})) != 0 {
		t.Errorf("%d %s, %d entries in the second sandbox", got.Status, got.Body, len(entries))
	}
}

func TestAuth_Modes(t *testing.T) {
	for _, c := range []struct {
		name   string
		mode   token.Auth
		do     func(*sending)
		status int
		check  string
	}{
		{"warn lets a bad signature pass and notes it", token.AuthWarn, func(s *sending) { s.key.Secret = "x" }, 201, vts.CheckHash},
		{"warn lets a missing header pass and notes it", token.AuthWarn, func(s *sending) { s.payToken = func(string) []string { return nil } }, 201, vts.CheckPayToken},
		{"warn acts for the only requestor without a key", token.AuthWarn, func(s *sending) { s.query = "" }, 201, vts.CheckHash},
		{"off does not look", token.AuthOff, func(s *sending) { s.payToken = func(string) []string { return nil } }, 201, ""},
		{"off acts for the only requestor without a key", token.AuthOff, func(s *sending) { s.query = "" }, 201, ""},
		{"verify refuses", token.AuthVerify, func(s *sending) { s.key.Secret = "x" }, 401, vts.CheckHash},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.who.Auth = c.mode
			got := w.send(w.good(c.do))
			if got.Status != c.status || got.Failed() != c.check {
				t.Errorf("%d %s, check %q, want %d, %q", got.Status, got.Body, got.Failed(), c.status, c.check)
			}
		})
	}
}

func TestAuth_WithoutAKeyAmongSeveralRequestors(t *testing.T) {
	w := newWorld(t, "version: 1\nname: two\nrequestors:\n  one: {}\n  two: {}\n")
	for _, q := range w.box.Requestors() {
		q.Auth = token.AuthOff
	}
	if got := w.send(w.good(func(s *sending) { s.query = "" })); got.Status != http.StatusUnauthorized || got.Failed() != server.CheckAPIKey {
		t.Errorf("%d %s", got.Status, got.Body)
	}
}
