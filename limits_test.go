package pantomime_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/internal/sweep"
)

// limited is a running product whose limits are tried.
type limited struct {
	*testing.T
	*pantomime.Running
}

// trial goes so far as a row of docs/limits.md says, or further, and says what
// was said to that.
type trial struct {
	to     func(l *limited, n int) string
	coarse int  // the bound is not exact to so much
	long   bool // it takes long, and is tried under make long only
}

var (
	limitRow = regexp.MustCompile(`^\| (.+) \| ([0-9]+) ?([a-z]*) \| (.+) \|$`)
	saidThen = regexp.MustCompile("`([^`]+)`")
)

// trials are those of all rows, by what they bound.
func trials() map[string]trial {
	all := map[string]trial{}
	for _, some := range []map[string]trial{networkTrials, controlTrials, scenarioTrials, keptTrials, accountTrials, objectTrials, issuerTrials, paymentTrials} {
		for what, t := range some {
			all[what] = t
		}
	}
	return all
}

// Every row of the document is tried: what is at the bound is taken, and beyond
// it is said what the row says.
func TestLimits_EachRowHolds(t *testing.T) {
	document := stage.Must(os.ReadFile("docs/limits.md"))(t)
	left := trials()
	for _, line := range strings.Split(string(document), "\n") {
		row := limitRow.FindStringSubmatch(line)
		if row == nil {
			if strings.HasPrefix(line, "| ") && !strings.HasPrefix(line, "| what ") {
				t.Errorf("a row that cannot be tried: %s", line)
			}
			continue
		}
		what, most, then := row[1], stage.Must(strconv.Atoi(row[2]))(t), saidThen.FindAllStringSubmatch(row[4], -1)
		try, known := left[what]
		if !known || len(then) == 0 {
			t.Errorf("no test of the row: %s", line)
			continue
		}
		delete(left, what)
		t.Run(what, func(t *testing.T) {
			if try.long && sweep.Rounds(t, 0, 1) == 0 {
				t.Skip("it takes long: make long tries it")
			}
			try.edge(t, most, then)
		})
	}
	for what := range left {
		t.Errorf("docs/limits.md has no row %q", what)
	}
}

// edge tries what is at the bound and beyond it.
func (try trial) edge(t *testing.T, most int, then [][]string) {
	for n, beyond := range map[int]bool{most - try.coarse: false, most + max(1, try.coarse): true} {
		said := try.to(&limited{t, pantomime.Run(t, "")}, n)
		for _, word := range then {
			if strings.Contains(said, word[1]) != beyond {
				t.Errorf("%d, beyond the bound: %t, and %q was said: %.300s", n, beyond, word[1], said)
			}
		}
	}
}

// ask sends a request and says how it was refused, if it was.
func (l *limited) ask(method, url, kind, body string) string {
	l.Helper()
	req := stage.Must(http.NewRequestWithContext(l.Context(), method, url, strings.NewReader(body)))(l.T)
	req.Header.Set("Content-Type", kind)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err.Error()
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if resp.StatusCode < 400 {
		return ""
	}
	return fmt.Sprint(resp.StatusCode, " ", string(text), err)
}

// admin calls the control door.
func (l *limited) admin(method, path, body string) string {
	return l.ask(method, l.AdminURL()+"/__admin/v1"+path, "application/json", body)
}

// put posts a scenario and says what was found in it.
func (l *limited) put(text string) string {
	_, err := l.Control.PutScenario(l.Context(), []byte("version: 1\n"+text))
	var p *control.Problem
	if !errors.As(err, &p) {
		return fmt.Sprint(err)
	}
	var found []string
	for _, f := range p.Findings {
		found = append(found, fmt.Sprint(f))
	}
	return fmt.Sprint(p.Status, p.Code, strings.Join(found, "\n"))
}

// x is a text of so many characters.
func x(n int) string { return strings.Repeat("x", n) }

var networkTrials = map[string]trial{
	"body of a request to Visa": {to: func(l *limited, n int) string {
		return l.ask("POST", l.NetworkURL()+"/vts/panEnrollments?apiKey=nobody", "application/json", x(n))
	}},
	"body of a request to Mastercard": {to: func(l *limited, n int) string {
		return l.ask("POST", l.NetworkURL()+"/mdes/digitization/mtf/1/0/tokenize", "application/json", x(n))
	}},
	"body of a request to the acquirer": {to: func(l *limited, n int) string {
		return l.ask("POST", l.NetworkURL()+"/acquirer/v1/authorizations", "application/json", x(n))
	}},
	"headers of a request together": {coarse: 5 << 10, to: func(l *limited, n int) string {
		req := stage.Must(http.NewRequestWithContext(l.Context(), "GET", l.NetworkURL()+"/vts/nothing", http.NoBody))(l.T)
		req.Header.Set("X-Long", x(n))
		resp := stage.Must(http.DefaultClient.Do(req))(l.T)
		defer resp.Body.Close()
		return resp.Status
	}},
	"body of a request that is not authenticated, in the journal": {to: func(l *limited, n int) string {
		l.ask("POST", l.NetworkURL()+"/vts/panEnrollments?apiKey=nobody", "application/json", x(n))
		list := stage.Must(l.Control.Requests(l.Context(), control.ExchangeQuery{Limit: 1}))(l.T)
		if kept := list.Items[0].Request; len(kept.Body) < kept.Size {
			return fmt.Sprint("size ", kept.Size)
		}
		return ""
	}},
	"time for the headers of a request":        {coarse: 2, long: true, to: slowHeaders},
	"time for a piece of an answer to be read": {coarse: 2, long: true, to: neverReads},
}

var controlTrials = map[string]trial{
	"body of a call": {to: func(l *limited, n int) string {
		return l.ask("PUT", l.AdminURL()+"/__admin/v1/scenarios", "application/yaml", "version: 1\nname: x\n#"+x(n-20))
	}},
	"`limit` of a listing": {to: func(l *limited, n int) string { return l.admin("GET", fmt.Sprint("/requests?limit=", n), "") }},
	"`wait` of a listing": {to: func(l *limited, n int) string {
		l.ask("GET", l.NetworkURL()+"/vts/nothing", "", "")
		return l.admin("GET", fmt.Sprintf("/requests?wait=%ds", n), "")
	}},
	"listings that wait at once": {to: manyFollowers},
	"`timeout` of an advance": {to: func(l *limited, n int) string {
		return l.admin("POST", "/clock/advance", fmt.Sprintf(`{"by":"1s","timeout":"%ds"}`, n))
	}},
	"`duplicate` of a notice": {to: func(l *limited, n int) string {
		return l.admin("POST", "/tokens/"+string(tokenize(l.T, l.Running))+"/transitions", fmt.Sprintf(`{"do":"suspend","duplicate":%d}`, n))
	}},
	"id of a sandbox": {to: func(l *limited, n int) string {
		return l.admin("POST", "/sandboxes", fmt.Sprintf(`{"id":%q}`, x(n)))
	}},
	"sandboxes at once": {to: func(l *limited, n int) string {
		for range n - 2 {
			stage.Must(l.Factory().Create(emptySandbox))(l.T)
		}
		return l.admin("POST", "/sandboxes", "{}")
	}},
}

var scenarioTrials = map[string]trial{
	"text of a file": {to: tooLong},
	"values and keys of a file": {to: func(l *limited, n int) string {
		const others = 7 // the file, version and its value, callbacks, its keys, retry and its list
		return l.put("callbacks: { retry: [" + strings.Repeat("1s,", n-others) + "] }")
	}},
	"lists and maps inside each other": {to: func(l *limited, n int) string {
		return l.put("x: " + strings.Repeat("[", n-1) + strings.Repeat("]", n-1))
	}},
	"findings that are reported":          {to: func(l *limited, n int) string { return l.put(unknownKeys(n)) }},
	"`name` of a scenario":                {to: func(l *limited, n int) string { return l.put("name: " + x(n)) }},
	"`name` of a rule":                    {to: func(l *limited, n int) string { return l.put("rules: [{ then: {}, name: " + x(n) + " }]") }},
	"name of a card, requestor or issuer": {to: func(l *limited, n int) string { return l.put("issuers: { " + x(n) + ": {} }") }},
	"expression of a condition": {to: func(l *limited, n int) string {
		return l.put("rules: [{ when: { header: { x-a: { matches: " + x(n) + " } } }, then: {} }]")
	}},
	"value of a condition": {to: func(l *limited, n int) string {
		return l.put("rules: [{ when: { header: { x-a: " + x(n) + " } }, then: {} }]")
	}},
	"different values of a request that the rules of an operation look at": {to: func(l *limited, n int) string {
		var headers []string
		for i := range n {
			headers = append(headers, fmt.Sprintf("x-%d: { present: true }", i))
		}
		return l.put("rules: [{ when: { header: { " + strings.Join(headers, ", ") + " } }, then: {} }]")
	}},
	"raw `body` of a rule": {to: func(l *limited, n int) string { return l.put("rules: [{ then: { body: " + x(n) + " } }]") }},
	"`delay` of a rule":    {to: func(l *limited, n int) string { return l.put(fmt.Sprintf("rules: [{ then: { delay: %ds } }]", n)) }},
	"`retry` of callbacks": {to: func(l *limited, n int) string {
		return l.put("callbacks: { retry: [" + strings.Repeat("1s,", n) + "] }")
	}},
	"`timeout` of callbacks": {to: func(l *limited, n int) string { return l.put(fmt.Sprintf("callbacks: { timeout: %ds }", n)) }},
	"`times` of a step of a play": {to: func(l *limited, n int) string {
		return l.put(fmt.Sprintf("cards: { a: { network: visa } }\nplay: [{ call: provision, card: a, times: %d }]", n))
	}},
	"rounds of a timeline that sets itself off faster than every 10ms": {to: rounds},
	"planned actions of a token or card that other entries led to":     {to: branches},
}
