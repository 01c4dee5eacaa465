package pantomime_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/token"
)

// text answers with a text and a status.
func text(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// hung answers nothing until whoever asked has gone.
func hung(_ http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	<-r.Context().Done()
}

// halting sends the beginning of an answer and no more.
func halting(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	_, _ = io.WriteString(w, `{"decision":`)
	w.(http.Flusher).Flush()
	<-r.Context().Done()
}

// cut closes the connection without an answer.
func cut(w http.ResponseWriter, _ *http.Request) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err == nil {
		_ = conn.Close()
	}
}

// garbled speaks another protocol.
func garbled(w http.ResponseWriter, _ *http.Request) {
	conn, out, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	defer conn.Close()
	_, _ = out.WriteString("EHLO\r\n")
	_ = out.Flush()
}

// useless is an answer, the state that explain says, and what it says is wrong.
type useless struct {
	answer        http.HandlerFunc
	state, differ string
}

func ofNoUse(elsewhere string) map[string]useless {
	return map[string]useless{
		"not JSON":                 {text(200, `decision=approve`), "failed, status 200", "body is not one JSON object"},
		"an empty body":            {text(200, ``), "failed, status 200", "body is not one JSON object"},
		"more than JSON":           {text(200, `{"decision":"approve"}{}`), "failed, status 200", "body is not one JSON object"},
		"a list":                   {text(200, `["approve"]`), "failed, status 200", "body is not one JSON object"},
		"a decision given twice":   {text(200, `{"decision":"decline","decision":"approve"}`), "failed, status 200", "body is not one JSON object"},
		"no decision":              {text(200, `{}`), "failed, status 200", "decision"},
		"an unknown decision":      {text(200, `{"decision":"maybe"}`), "failed, status 200", "decision"},
		"a number for a decision":  {text(200, `{"decision":1}`), "failed, status 200", "decision"},
		"a step-up of a payment":   {text(200, `{"decision":"step-up"}`), "failed, status 200", "decision"},
		"an unknown reason":        {text(200, `{"decision":"decline","reason":"mood"}`), "failed, status 200", "reason"},
		"a reason of the network":  {text(200, `{"decision":"decline","reason":"cryptogram_used"}`), "failed, status 200", "reason"},
		"a reason of an approval":  {text(200, `{"decision":"approve","reason":"do_not_honor"}`), "failed, status 200", "belongs to a decline"},
		"an unknown member":        {text(200, `{"decision":"approve","raeson":"x"}`), "failed, status 200", "raeson"},
		"too much":                 {text(200, `{"decision":"approve"}`+strings.Repeat(" ", 64<<10)), "failed, status 200", "longer than 65536 bytes"},
		"another status":           {text(201, `{"decision":"approve"}`), "failed, status 201", "200"},
		"an error":                 {text(500, `{"decision":"approve"}`), "failed, status 500", "200"},
		"a redirect":               {http.RedirectHandler(elsewhere, http.StatusTemporaryRedirect).ServeHTTP, "failed, status 307", "no redirect"},
		"no answer":                {hung, "timed out", "no answer in time"},
		"an answer that halts":     {halting, "timed out, status 200", "no answer in time"},
		"a connection that is cut": {cut, "failed", "EOF"},
		"no HTTP":                  {garbled, "failed", "malformed HTTP"},
	}
}

// Whatever is wrong with an endpoint's answer, late decides, explain says what was
// wrong, and the client gets an answer of the network (docs/wire/issuer.md "Answers of
// no use").
func TestDecision_AnswersOfNoUse(t *testing.T) {
	b, c := newBank(t, "150ms", "decline")
	followed := false
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		followed = true
		_, _ = io.WriteString(w, `{"decision":"approve"}`)
	}))
	defer elsewhere.Close()
	for name, row := range ofNoUse(elsewhere.URL) {
		t.Run(name, func(t *testing.T) {
			b.answers(row.answer)
			if got := c.paid("alice", 1000); got != string(token.DeclineTooLate) {
				t.Errorf("paid: %s", got)
			}
			why, err := c.admin.Explain(t.Context(), "last")
			if err != nil {
				t.Fatal(err)
			}
			var states []string
			for _, check := range why.Checks {
				if check.Name == "issuer endpoint" {
					states = append(states, check.Received)
				}
				if check.Name == "issuer endpoint" && !check.OK && (!strings.Contains(check.Difference, row.differ) || !strings.Contains(check.Hint, "late is decline")) {
					t.Errorf("%q is not reported: %+v", row.differ, check)
				}
			}
			if got, want := strings.Join(states, " → "), "pending → "+row.state; got != want {
				t.Errorf("explain reports %q, want %q", got, want)
			}
		})
	}
	if followed {
		t.Error("the redirect was followed")
	}
	b.Close()
	if got := c.paid("alice", 1000); got != string(token.DeclineTooLate) {
		t.Errorf("nobody listens: %s", got)
	}
}

// What decides without an answer, at each door.
func TestDecision_LateDecides(t *testing.T) {
	for late, want := range map[string]string{
		"decline":  "serviceError NO_RESPONSE_FROM_ISSUER response_too_late response_too_late",
		"approve":  "ACTIVE APPROVED approved approved",
		"stand-in": "INACTIVE REQUIRE_ADDITIONAL_AUTHENTICATION approved issuer_unavailable",
	} {
		t.Run(late, func(t *testing.T) {
			b, c := newBank(t, "2s", late)
			b.answers(cut)
			got := []string{c.provisioned("wallet", "alice"), c.provisioned("wallet", "bob"), c.paid("alice", 10_000), c.paid("bob", 10_001)}
			if strings.Join(got, " ") != want {
				t.Errorf("%q, want %q", got, want)
			}
		})
	}
}

// An endpoint outside loopback is refused when the scenario is read, and one whose name
// leads there, or to our own control door, when it is dialled.
func TestDecision_TargetsAreThoseOfNotices(t *testing.T) {
	_, c := newBank(t, "2s", "decline")
	adopt := func(target string) error {
		_, err := c.admin.PutScenario(t.Context(), fmt.Appendf(nil, decisionStory, target, "2s", "decline"))
		return err
	}
	for _, target := range []string{"http://10.0.0.1/decide", "http://169.254.169.254/latest", c.sim.AdminURL()} {
		if err := adopt(target); err == nil || !strings.Contains(err.Error(), "callback target not allowed") {
			t.Errorf("%s: %v", target, err)
		}
	}
	if err := adopt(strings.Replace(c.sim.AdminURL(), "127.0.0.1", "localhost", 1)); err != nil {
		t.Fatal(err)
	}
	if got := c.paid("alice", 1); got != string(token.DeclineTooLate) {
		t.Errorf("our control door decides: %s", got)
	}
	why, err := c.admin.Explain(t.Context(), "last")
	if told := fmt.Sprint(why.Checks); err != nil || !strings.Contains(told, "callback target not allowed") {
		t.Errorf("%v %s", err, told)
	}
}

// issuerTrials are those of issuers that are played outside.
var issuerTrials = map[string]trial{
	"`within` of an issuer": {to: func(l *limited, n int) string {
		return l.put(fmt.Sprintf("issuers: { mine: { decide: \"http://127.0.0.1:1\", within: %ds } }", n))
	}},
	"answer of an issuer's endpoint": {to: func(l *limited, n int) string {
		b, c := newBank(l.T, "10s", "decline")
		const answer = `{"decision":"approve"}`
		b.answers(text(http.StatusOK, answer+strings.Repeat(" ", n-len(answer))))
		c.paid("alice", 1000)
		why, err := c.admin.Explain(l.Context(), "last")
		if err != nil {
			l.Fatal(err)
		}
		if failed, found := why.Checks.Failed(); found {
			return failed.Difference + ": late"
		}
		return ""
	}},
}
