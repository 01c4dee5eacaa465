package sandbox_test

import (
	"testing"

	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

// A fault that finds no cipher text has damaged nothing: it is not used, and
// waits for an answer that has some.
func TestStep_AFaultOfCipherTextNeedsSome(t *testing.T) {
	box := newBox(t, stage.Scenario(t, plain+`
issuers: { careful: { decision: step-up }, strict: { decision: decline } }
cards:
  alice: { pan: test/visa/1 }
  bob: { pan: test/mastercard/1 }
  carol: { pan: test/visa/2, issuer: careful }
  dave: { pan: test/mastercard/2, issuer: strict }
rules:
  - { times: 2, then: { fault: bad-ciphertext } }
expect: { faults: all-used }
`), "")
	do := func(name string, c sandbox.Call, strikes bool) sandbox.Result {
		t.Helper()
		rule, _ := box.Rule("scenario-0")
		c.Requestor, c.Presentation = "wallet", "ECOM"
		r, plan := do(box, c)
		now, _ := box.Rule("scenario-0")
		fired := now.Fired - rule.Fired
		if struck := plan.Fault != ""; struck != strikes || (fired == 1) != strikes {
			t.Errorf("%s: the fault strikes: %t, is counted %d times; want %t", name, struck, fired, strikes)
		}
		return r
	}
	number := func(name string) sandbox.CardInput {
		pan, ok := fixturesCard(name)
		if !ok {
			t.Fatalf("no card %s", name)
		}
		return sandbox.CardInput{PAN: pan}
	}
	do("an enrolment", sandbox.Call{Op: token.VisaEnroll, Subject: sandbox.Subject{Card: number("test/visa/1")}}, false)
	do("a token that is withheld", sandbox.Call{Op: token.VisaProvisionWithPAN, Subject: sandbox.Subject{Card: number("test/visa/2")}}, false)
	do("a refusal", sandbox.Call{Op: token.MCTransact, Subject: sandbox.Subject{Token: "nobody's"}}, false)
	do("a decline", sandbox.Call{Op: token.MCTokenize, Subject: sandbox.Subject{Card: number("test/mastercard/2")}}, false)
	made := do("a token", sandbox.Call{Op: token.MCTokenize, Subject: sandbox.Subject{Card: number("test/mastercard/1")}}, true)
	do("a token without details", sandbox.Call{Op: token.MCGetToken, Subject: sandbox.Subject{Token: made.Token.Ref}, Brief: true}, false)
	if v := box.Verify(); len(v) != 1 || v[0].OK {
		t.Errorf("once in two times counts as all used: %+v", v)
	}
	do("a token with details", sandbox.Call{Op: token.MCGetToken, Subject: sandbox.Subject{Token: made.Token.Ref}}, true)
	do("a token when all is over", sandbox.Call{Op: token.MCGetToken, Subject: sandbox.Subject{Token: made.Token.Ref}}, false)
	if v := box.Verify(); len(v) != 1 || !v[0].OK {
		t.Errorf("at the end: %+v", v)
	}
}
