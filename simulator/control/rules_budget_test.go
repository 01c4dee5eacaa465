package control_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	wire "github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/token"
)

// [D1] Rules posted while a sandbox runs count together with those it has: all of a
// list are taken or none.
func TestDoor_Rules_KeepWithinTheBudgetTogether(t *testing.T) {
	w := newWorld(t, settings{})
	looking := func(from, to int) string {
		var b strings.Builder
		for i := from; i < to; i++ {
			fmt.Fprintf(&b, "- { when: { operation: getToken, header: { x-%d: a } }, then: { delay: 1ms } }\n", i)
		}
		return b.String()
	}
	if got := w.do("POST", "/__admin/v1/rules", looking(0, token.MaxFacts)); got.status != http.StatusOK && got.status != http.StatusCreated {
		t.Fatalf("%d %s", got.status, got.body)
	}
	got := w.do("POST", "/__admin/v1/rules", looking(token.MaxFacts-1, token.MaxFacts+1))
	if body := got.body; got.status != http.StatusBadRequest || !strings.Contains(body, "rule_invalid") ||
		!strings.Contains(body, "look at 65 different values of a request; at most 64 are accepted") {
		t.Errorf("%d %s", got.status, body)
	}
	if left := stage.Must(w.client.Rules(t.Context(), "posted", wire.Page{}))(t); left.Total != token.MaxFacts {
		t.Errorf("%d posted rules, want %d", left.Total, token.MaxFacts)
	}
	got = w.do("PUT", "/__admin/v1/scenarios", "version: 1\nrules:\n"+looking(100, 101))
	if got.status != http.StatusBadRequest {
		t.Errorf("a scenario that looks at one value more: %d %s", got.status, got.body)
	}
}
