package server_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/simulator/journal"
	"github.com/pantomime-dev/pantomime/simulator/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// must ends the test on an error: must(f())(t).
func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func marshal(t testing.TB, v any) []byte {
	t.Helper()
	return must(json.Marshal(v))(t)
}

func parse(t testing.TB, raw []byte) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatalf("not a JSON object: %q", raw)
	}
	return v
}

// refusedAs checks a client's error.
func refusedAs(t testing.TB, err error, status int, reason vts.Reason) {
	t.Helper()
	var refused *vts.Error
	if !errors.As(err, &refused) {
		t.Errorf("error %v, want a refusal", err)
		return
	}
	if refused.Status != status || refused.Reason() != reason {
		t.Errorf("refused with %v, want %d %s", refused, status, reason)
	}
}

// noTime leaves the issue time out of a JWE's header.
var noTime time.Time

// journalOf asks for the entries of one operation.
func journalOf(op token.Operation) journal.Query { return journal.Query{Op: op} }

// kidOf reads the key id in a JWE's header.
func kidOf(t testing.TB, compact string) string {
	t.Helper()
	head, _, _ := strings.Cut(compact, ".")
	return parse(t, must(base64.RawURLEncoding.DecodeString(head))(t))["kid"].(string)
}
