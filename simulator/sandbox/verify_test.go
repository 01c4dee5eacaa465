package sandbox_test

import (
	"slices"
	"testing"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/outcome"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

func TestVerify_SaysWhatDidNotHappen(t *testing.T) {
	w := newWorld(t, `
version: 1
name: expectations
cards:
  alice: { network: visa, pan: test/visa/1 }
  bob: { network: visa, pan: test/visa/2 }
rules:
  - name: busy
    when: { operation: cryptogram, card: alice }
    times: 2
    then: { error: service_error }
  - name: only slow
    when: { operation: status, card: bob }
    then: { delay: 1ms }
expect:
  tokens:
    - { card: alice, count: 1, status: active }
    - { card: bob, count: 0 }
  callbacks: { pending: 0, delivered: 1 }
  faults: all-used
`, nil)
	failed := func() []string {
		var out []string
		for _, v := range w.box.Verify() {
			if !v.OK {
				out = append(out, v.What)
			}
		}
		return out
	}
	if want := []string{"tokens of alice", "callbacks delivered", "rule busy"}; !slices.Equal(failed(), want) {
		t.Errorf("at first: %v, want %v", failed(), want)
	}
	pan, _ := fixturesCard("test/visa/1")
	r, _ := do(w.box, sandbox.Call{Op: token.VisaProvisionWithPAN, Requestor: "wallet", Subject: sandbox.Subject{Card: sandbox.CardInput{PAN: pan}}, Making: sandbox.Making{Presentation: "ECOM"}})
	for range 2 {
		do(w.box, sandbox.Call{Op: token.VisaGetPaymentData, Requestor: "wallet", Subject: sandbox.Subject{Token: r.Token.Ref}})
	}
	do(w.box, sandbox.Call{Op: token.VisaSuspend, Requestor: "wallet", Subject: sandbox.Subject{Token: r.Token.Ref}})
	w.advance(0)
	if want := []string{"tokens of alice"}; !slices.Equal(failed(), want) {
		t.Errorf("once suspended: %v, want %v", failed(), want)
	}
	if _, err := w.box.AddRules(outcome.FailNext, scenarios.Rule{Name: "unmet", Times: 1, Then: scenarios.Then{Error: token.Declined}}); err != nil {
		t.Fatal(err)
	}
	if want := []string{"tokens of alice", "rule unmet"}; !slices.Equal(failed(), want) {
		t.Errorf("with a failure that no request met: %v, want %v", failed(), want)
	}
}

func TestStepUp_TheCodeActivates(t *testing.T) {
	w := newWorld(t, plain+"issuers:\n  careful: { decision: step-up, methods: [sms, app] }\ncards:\n  alice: { network: visa, pan: test/visa/1, issuer: careful }\n", nil)
	pan, _ := fixturesCard("test/visa/1")
	made, _ := do(w.box, sandbox.Call{Op: token.VisaProvisionWithPAN, Requestor: "wallet", Subject: sandbox.Subject{Card: sandbox.CardInput{PAN: pan}}, Making: sandbox.Making{Presentation: "ECOM"}})
	do := func(op token.Operation, method, code string) token.Key {
		r, _ := do(w.box, sandbox.Call{Op: op, Requestor: "wallet", Subject: sandbox.Subject{Token: made.Token.Ref}, Identification: sandbox.Identification{Method: method, Code: code}})
		return keyOf(r)
	}
	for i, c := range []struct {
		op           token.Operation
		method, code string
		want         token.Key
	}{
		{token.VisaGetStepUpOptions, "", "", ""},
		{token.VisaValidateOTP, "", "456789", token.NotChosen},
		{token.VisaValidateAuthCode, "", "456789", token.NotChosen},
		{token.VisaSelectStepUpMethod, "email", "", token.UnknownMethod},
		{token.VisaSelectStepUpMethod, "sms", "", ""},
		{token.VisaValidateOTP, "", "1", token.WrongCode},
		{token.VisaValidateOTP, "", "2", token.WrongCode},
		{token.VisaValidateOTP, "", "3", token.WrongCode},
		{token.VisaValidateOTP, "", "456789", token.Exhausted},
		{token.VisaSelectStepUpMethod, "app", "", ""},
		{token.VisaSelectStepUpMethod, "sms", "", ""},
		{token.VisaSelectStepUpMethod, "sms", "", token.Exhausted},
	} {
		if got := do(c.op, c.method, c.code); got != c.want {
			t.Fatalf("call %d, %s: %q, want %q", i+1, c.op, got, c.want)
		}
	}
	w.advance(11 * 60 * 1e9)
	if got := do(token.VisaValidateOTP, "", "456789"); got != token.ExpiredCode {
		t.Errorf("after eleven minutes: %q", got)
	}
	if got := do(token.VisaValidateAuthCode, "", "456789"); got != token.NotChosen {
		t.Errorf("by another way: %q", got)
	}
}

func TestStepUp_SuccessIsToldOnce(t *testing.T) {
	w := newWorld(t, plain+"issuers:\n  careful: { decision: step-up }\ncards:\n  alice: { network: visa, pan: test/visa/1, issuer: careful }\n", nil)
	pan, _ := fixturesCard("test/visa/1")
	made, _ := do(w.box, sandbox.Call{Op: token.VisaProvisionWithPAN, Requestor: "wallet", Subject: sandbox.Subject{Card: sandbox.CardInput{PAN: pan}}, Making: sandbox.Making{Presentation: "ECOM"}})
	for _, c := range []sandbox.Call{{Op: token.VisaSelectStepUpMethod, Identification: sandbox.Identification{Method: "sms"}}, {Op: token.VisaValidateOTP, Identification: sandbox.Identification{Code: "456789"}}} {
		c.Requestor, c.Token = "wallet", made.Token.Ref
		if r, _ := do(w.box, c); r.Problem != nil {
			t.Fatal(r.Problem)
		}
	}
	w.advance(0)
	if got := w.received(); !slices.Equal(got, []string{"/token.activated/active"}) {
		t.Errorf("received %v", got)
	}
}
