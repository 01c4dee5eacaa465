package sandbox_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

func TestRedundant_MovesThatChangeNothing(t *testing.T) {
	ops := map[token.Network][3]token.Operation{
		token.Visa: {token.VisaSuspend, token.VisaResume, token.VisaDelete}, token.Mastercard: {token.MCSuspend, token.MCUnsuspend, token.MCDelete},
	}
	for mode, want := range map[scenarios.Redundant][3]bool{ // suspend, resume, delete again
		scenarios.RedundantRefuse: {false, false, false}, scenarios.RedundantSuspend: {true, false, false}, scenarios.RedundantAccept: {true, true, true},
	} {
		for network, op := range ops {
			switches := scenarios.DefaultSwitches(scenarios.ProfileDefault)
			switches.Visa.Redundant, switches.Mastercard.Redundant = mode, mode
			box := newBox(t, scenarios.Scenario{Switches: &switches}, "")
			ref := provision(t, box, network, 1).Token.Ref
			move := func(op token.Operation) bool {
				r, _ := do(box, sandbox.Call{Op: op, Requestor: "wallet", Subject: sandbox.Subject{Token: ref, Tokens: []token.Ref{ref}}})
				return r.Problem == nil && (len(r.Each) == 0 || r.Each[0].Problem == nil)
			}
			var again [3]bool
			if !move(op[0]) {
				t.Fatalf("%s: the first suspension was refused", network)
			}
			again[0] = move(op[0])
			move(op[1])
			again[1] = move(op[1])
			move(op[2])
			again[2] = move(op[2])
			if again != want {
				t.Errorf("%s, %s: %v, want %v", network, mode, again, want)
			}
		}
	}
}

func TestNotices_BeforeTheAnswer(t *testing.T) {
	w := newWorld(t, plain+`
timeline:
  - { on: token.provisioned, do: suspend, notify: { before-response: true } }
`, nil)
	_, plan := do(w.box, sandbox.Call{Op: token.VisaProvisionWithPAN, Requestor: "wallet", Subject: sandbox.Subject{Card: card(t, token.Visa, 1)}, Making: sandbox.Making{Presentation: "ECOM"}})
	if !plan.NoticesFirst {
		t.Fatal("the plan does not ask for it")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if err := w.box.Quiet(ctx); err != nil {
		t.Fatal(err)
	}
	if got := w.received(); !slices.Equal(got, []string{"/token.suspended/suspended"}) {
		t.Errorf("received %v", got)
	}
}
