package server_test

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/simulator/journal"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

func parse(t testing.TB, raw []byte) map[string]any {
	t.Helper()
	return stage.Decode[map[string]any](t, raw)
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
func journalOf(op token.Operation) journal.Query { return journal.Query{Ops: []token.Operation{op}} }

// kidOf reads the key id in a JWE's header.
func kidOf(t testing.TB, compact string) string {
	t.Helper()
	head, _, _ := strings.Cut(compact, ".")
	return parse(t, stage.Must(base64.RawURLEncoding.DecodeString(head))(t))["kid"].(string)
}
