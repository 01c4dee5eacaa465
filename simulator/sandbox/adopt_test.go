package sandbox_test

import (
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/simulator/outcome"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

func TestAdopt_RulesChangeAndTokensStay(t *testing.T) {
	const head = "version: 1\nname: x\ncards:\n  alice: { network: visa, pan: test/visa/1 }\n"
	w := newWorld(t, head+`
rules:
  - { when: { operation: cryptogram, card: alice }, times: 1, then: { error: service_error } }
timeline:
  - { on: token.provisioned, after: 1h, do: suspend }
`, nil)
	pan, _ := fixturesCard("test/visa/1")
	r, _ := do(w.box, sandbox.Call{Op: token.VisaProvisionWithPAN, Requestor: "wallet", Subject: sandbox.Subject{Card: sandbox.CardInput{PAN: pan}}, Making: sandbox.Making{Presentation: "ECOM"}})
	pay := func() token.Key {
		got, _ := do(w.box, sandbox.Call{Op: token.VisaGetPaymentData, Requestor: "wallet", Subject: sandbox.Subject{Token: r.Token.Ref}})
		return keyOf(got)
	}
	if got := pay(); got != token.ServiceError {
		t.Fatalf("at first: %q", got)
	}
	next := stage.Scenario(t, head+`
rules:
  - { when: { operation: cryptogram, card: alice }, times: 1, then: { error: declined } }
networks: { visa: { repeat: new } }
`)
	if err := w.box.Adopt(next); err != nil {
		t.Fatal(err)
	}
	if first, second := pay(), pay(); first != token.Declined || second != "" {
		t.Errorf("afterwards: %q, then %q", first, second)
	}
	again, _ := do(w.box, sandbox.Call{Op: token.VisaProvisionWithPAN, Requestor: "wallet", Subject: sandbox.Subject{Card: sandbox.CardInput{PAN: pan}}, Making: sandbox.Making{Presentation: "ECOM"}})
	if again.Token.Ref == r.Token.Ref {
		t.Error("the adopted switch is not in force")
	}
	w.advance(2 * time.Hour)
	if v, _ := w.box.Token(r.Token.Ref); v.Token.Status != token.Suspended {
		t.Errorf("what was planned already did not happen: %s", v.Token.Status)
	}
	if v, _ := w.box.Token(again.Token.Ref); v.Token.Status != token.Active {
		t.Errorf("the former timeline is still in force: %s", v.Token.Status)
	}
	if n := w.box.CountRules(outcome.File); n != 1 {
		t.Errorf("%d rules of the file", n)
	}
	if n := len(w.box.Deliveries(func(d callback.Delivery) bool { return d.State == callback.Delivered })); n != 1 {
		t.Errorf("%d notices delivered", n)
	}
}
