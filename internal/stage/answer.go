package stage

import (
	"encoding/json"
	"io"
	"net/http"
	"testing"

	"github.com/pantomime-dev/pantomime/simulator/journal"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
)

// Answer is what came back, with the journal's view of it where a sandbox was
// asked.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
	Entry  journal.Entry
}

// Do sends a request and reads the whole answer.
func Do(t testing.TB, hc *http.Client, req *http.Request) Answer {
	t.Helper()
	resp, err := hc.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return Answer{Status: resp.StatusCode, Header: resp.Header, Body: body}
}

// Ask sends a request and looks for its entry in the sandbox's journal.
func Ask(t testing.TB, box *sandbox.Sandbox, req *http.Request) Answer {
	t.Helper()
	a := Do(t, http.DefaultClient, req)
	a.Entry = Last(box)
	return a
}

// Last is the newest journal entry.
func Last(box *sandbox.Sandbox) journal.Entry {
	entries := box.Journal().List(journal.Query{Limit: 1})
	if len(entries) == 0 {
		return journal.Entry{}
	}
	return entries[0]
}

// Failed names the check that refused, "" for none.
func (a Answer) Failed() string {
	check, _ := a.Entry.Checks.Failed()
	return check.Name
}

// Decode reads JSON or ends the test.
func Decode[T any](t testing.TB, raw []byte) (v T) {
	t.Helper()
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatalf("not the JSON wanted: %q: %v", raw, err)
	}
	return v
}

// Marshal writes JSON.
func Marshal(t testing.TB, v any) []byte {
	t.Helper()
	return Must(json.Marshal(v))(t)
}

// Must ends the test on an error: Must(f())(t).
func Must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}
