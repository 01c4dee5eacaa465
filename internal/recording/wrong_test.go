package recording

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
)

// wrong is one request that is to be refused.
type wrong struct {
	name string
	make func(*testing.T, client) *http.Request
}

// client is a requestor that knows how requests are made.
type client struct {
	stage
	*sandbox.Requestor
}

// other is a sandbox whose address is used with the credentials of another one.
const other = "other"

// emptyWorld has no rule: what is refused is refused by the simulator itself.
const emptyWorld = "version: 1\nclock: { mode: manual, start: 2026-03-01T09:00:00Z }\n"

// recordWrong sends all wrong requests, one after the other, and records next to
// the sections of a play what came back.
func recordWrong(t *testing.T, v variant) sections {
	t.Helper()
	s, findings := scenarios.Parse("empty.yaml", []byte(emptyWorld))
	if err := findings.Err(); err != nil {
		t.Fatal(err)
	}
	st := newStage(t, v, s)
	if _, err := st.sim.Factory().Create(sandbox.Request{ID: other, Seed: v.seed, Scenario: s}); err != nil {
		t.Fatal(err)
	}
	c := client{stage: st, Requestor: st.box.Requestors()[0]}
	var answers strings.Builder
	for _, w := range append(wrongAtVisa(), wrongAtMastercard()...) {
		a := do(t, w.make(t, c))
		if a.status < http.StatusBadRequest && !bytes.Contains(a.body, []byte(`"errorCode"`)) {
			t.Errorf("%s: answered %d %s; it is to be refused", w.name, a.status, a.body)
		}
		fmt.Fprintf(&answers, "%s\n %d %s\n %q\n", w.name, a.status, a.header.Get("Content-Type"), a.body)
	}
	found := st.ask(t)
	found["answers"] = blank(answers.String())
	return found
}

// request makes one without a signature.
func request(t *testing.T, method, target, body string) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if method != http.MethodGet {
		req.Header.Set("Content-Type", "application/json")
	}
	return req
}
