package sandbox_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/outcome"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/simulator/vault"
	"github.com/pantomime-dev/pantomime/token"
)

const plain = "version: 1\nname: plain\n"

func TestStep_WhatTheNetworkSaysOfACardNumber(t *testing.T) {
	for name, c := range map[string]struct {
		op   token.Operation
		card sandbox.CardInput
		want token.Key
	}{
		"a good Visa card":                          {token.VisaProvisionWithPAN, sandbox.CardInput{PAN: "4622943120000600"}, ""},
		"a good Mastercard":                         {token.MCTokenize, sandbox.CardInput{PAN: "5204731600014784"}, ""},
		"a check digit that does not hold":          {token.VisaProvisionWithPAN, sandbox.CardInput{PAN: "4622943120000601"}, token.BadCheckDigit},
		"Mastercard's example, whose digit is off":  {token.MCTokenize, sandbox.CardInput{PAN: "5123456789012345"}, ""},
		"a Mastercard at Visa":                      {token.VisaProvisionWithPAN, sandbox.CardInput{PAN: "5204731600014784"}, token.ForeignRange},
		"a Visa card at Mastercard":                 {token.MCTokenize, sandbox.CardInput{PAN: "4622943120000600"}, token.ForeignRange},
		"an expiry that has passed":                 {token.MCTokenize, sandbox.CardInput{PAN: "5204731600014784", Expiry: token.Expiry{Year: 2026, Month: 2}}, token.ExpiredCard},
		"an expiry this month":                      {token.MCTokenize, sandbox.CardInput{PAN: "5204731600014784", Expiry: token.Expiry{Year: 2026, Month: 3}}, ""},
		"a magic card":                              {token.VisaProvisionWithPAN, sandbox.CardInput{PAN: "4000000000000036"}, token.CardNotEligible},
		"a magic card on enrolment, if eligibility": {token.VisaEnroll, sandbox.CardInput{PAN: "4000000000000036"}, token.CardNotEligible},
	} {
		t.Run(name, func(t *testing.T) {
			box := newBox(t, stage.Scenario(t, plain), "")
			r, _ := do(box, sandbox.Call{Op: c.op, Requestor: "wallet", Subject: sandbox.Subject{Card: c.card}})
			if got := keyOf(r); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func keyOf(r sandbox.Result) token.Key {
	if r.Problem == nil {
		return ""
	}
	return r.Problem.Key
}

func TestStep_TokensBelongToTheirRequestor(t *testing.T) {
	box := newBox(t, stage.Scenario(t, plain+`
requestors:
  wallet: { trid: { visa: "40010000001" } }
  shop: { trid: { visa: "40010000002" } }
`), "")
	r := provision(t, box, token.Visa, 1)
	for name, c := range map[string]struct {
		who  string
		ref  token.Ref
		want token.Key
	}{
		"the owner":           {"wallet", r.Token.Ref, ""},
		"another":             {"shop", r.Token.Ref, token.ForeignToken},
		"no such":             {"wallet", "00112233445566778899aabbccddeeff", token.UnknownToken},
		"nothing":             {"wallet", "", token.UnknownToken},
		"another requestor's": {"shop", "00112233445566778899aabbccddeeff", token.UnknownToken},
	} {
		got, _ := do(box, sandbox.Call{Op: token.VisaGetToken, Requestor: c.who, Subject: sandbox.Subject{Token: c.ref}})
		if keyOf(got) != c.want {
			t.Errorf("%s: %q, want %q", name, keyOf(got), c.want)
		}
	}
}

func TestStep_ATokensNumberIsNoCard(t *testing.T) {
	box := newBox(t, stage.Scenario(t, plain), "")
	made := provision(t, box, token.Mastercard, 1)
	r, _ := do(box, sandbox.Call{Op: token.MCTokenize, Requestor: "wallet", Subject: sandbox.Subject{Card: sandbox.CardInput{PAN: token.PAN(made.Token.Number)}}})
	if keyOf(r) != token.ForeignRange {
		t.Errorf("as a card: %v", r.Problem)
	}
	r, _ = do(box, sandbox.Call{Op: token.MCTokenize, Requestor: "wallet", Subject: sandbox.Subject{FromToken: made.Token.Number}})
	if r.Problem != nil || r.Card.PAN != made.Card.PAN {
		t.Errorf("as a token: %v", r.Problem)
	}
	ofCard := scenarios.Rule{When: scenarios.When{Cards: []token.PAN{made.Card.PAN}}, Then: scenarios.Then{Decision: token.Decline}}
	if _, err := box.AddRules(outcome.Posted, ofCard); err != nil {
		t.Fatal(err)
	}
	if r, _ = do(box, sandbox.Call{Op: token.MCTokenize, Requestor: "wallet", Subject: sandbox.Subject{FromToken: made.Token.Number}}); r.Decision != token.Decline {
		t.Errorf("under a rule for its card: %q", r.Decision)
	}
}

func TestStep_SwitchesOfActivationNoticesAndDuplicates(t *testing.T) {
	switches := scenarios.DefaultSwitches(scenarios.ProfileDefault)
	switches.Mastercard.ActivationNotices, switches.Mastercard.Repeat = false, scenarios.RepeatDuplicate
	scenario := stage.Scenario(t, delayed)
	scenario.Switches = &switches
	w := play(t, scenario, nil)
	w.provision(token.Mastercard)
	w.provision(token.Visa)
	w.advance(time.Minute)
	if got := w.received(); len(got) != 1 {
		t.Errorf("received %v, want Visa's activation alone", got)
	}
	again := sandbox.Call{Op: token.MCTokenize, Requestor: "wallet", Subject: sandbox.Subject{Card: card(t, token.Mastercard, 1)}, Making: sandbox.Making{TaskID: "again"}}
	if r, _ := do(w.box, again); keyOf(r) != token.HasToken {
		t.Errorf("a second tokenize: %v", r.Problem)
	}
	if r, _ := do(w.box, sandbox.Call{Op: token.MCGetTaskStatus, Requestor: "wallet", Making: sandbox.Making{TaskID: "again"}}); r.Task.Status != vault.TaskFailed {
		t.Errorf("its task is %q", r.Task.Status)
	}
}

func TestStep_AnEnrolmentBelongsToItsWalletAccount(t *testing.T) {
	box := newBox(t, stage.Scenario(t, plain), "")
	made, _ := do(box, sandbox.Call{Op: token.VisaEnroll, Requestor: "wallet", Making: sandbox.Making{Wallet: "cust42"}, Subject: sandbox.Subject{Card: card(t, token.Visa, 1)}})
	for wallet, want := range map[string]token.Key{"cust42": "", "": "", "cust43": token.OtherWallet} {
		r, _ := do(box, sandbox.Call{Op: token.VisaProvision, Requestor: "wallet", Making: sandbox.Making{Wallet: wallet, Presentation: "ECOM"}, Subject: sandbox.Subject{Enrolment: made.Enrolment.Ref}})
		if keyOf(r) != want {
			t.Errorf("wallet %q: %q, want %q", wallet, keyOf(r), want)
		}
	}
}

// An issuer that closed an account says no; whether the card expired as well, it
// does not say.
func TestStep_AClosedAccountIsDeclinedAfterItsExpiryToo(t *testing.T) {
	w := newWorld(t, plain, nil)
	made, _ := do(w.box, sandbox.Call{Op: token.VisaEnroll, Requestor: "wallet", Subject: sandbox.Subject{Card: card(t, token.Visa, 1)}})
	if err := w.box.Act(scenarios.Action{Do: "close-account"}, sandbox.Target{Card: made.Card.PAN.Digits()}); err != nil {
		t.Fatal(err)
	}
	w.advance(10 * 365 * token.Day)
	r, _ := do(w.box, sandbox.Call{Op: token.VisaProvision, Requestor: "wallet", Subject: sandbox.Subject{Enrolment: made.Enrolment.Ref}, Making: sandbox.Making{Presentation: "ECOM"}})
	if r.Decision != token.Decline || r.Problem != nil || made.Card.Expiry.IsZero() {
		t.Errorf("%q, %v, of a card that expired at the end of %s", r.Decision, r.Problem, made.Card.Expiry)
	}
}

func TestStep_CryptogramsRiseAndStopWithTheStatus(t *testing.T) {
	box := newBox(t, stage.Scenario(t, plain), "")
	tok := provision(t, box, token.Mastercard, 1).Token
	ask := func() sandbox.Result {
		r, _ := do(box, sandbox.Call{Op: token.MCTransact, Requestor: "wallet", Subject: sandbox.Subject{Token: tok.Ref}})
		return r
	}
	first, second := ask(), ask()
	if first.Token.ATC != 1 || second.Token.ATC != 2 || first.Payment.ID == second.Payment.ID || first.Payment.Random == second.Payment.Random {
		t.Errorf("%+v then %+v", first, second)
	}
	if first.EntitySeq != 2 || second.EntitySeq != 3 || first.Entity != second.Entity {
		t.Errorf("the card's requests are numbered %d of %s, %d of %s", first.EntitySeq, first.Entity, second.EntitySeq, second.Entity)
	}
	if err := box.Act(scenarios.Action{Do: "suspend"}, sandbox.Target{Token: tok.Ref}); err != nil {
		t.Fatal(err)
	}
	if r := ask(); keyOf(r) != token.WrongStatus {
		t.Errorf("a suspended token: %v", r.Problem)
	}
}

func TestStep_AnExpiredTokenKeepsItsStatusAndPaysNoMore(t *testing.T) {
	w := newWorld(t, plain, nil)
	tok := w.provision(token.Visa).Token
	w.advance(4 * 365 * 24 * 60 * 60 * 1e9)
	r, _ := do(w.box, sandbox.Call{Op: token.VisaGetPaymentData, Requestor: "wallet", Subject: sandbox.Subject{Token: tok.Ref}})
	if keyOf(r) != token.WrongStatus || !strings.Contains(r.Problem.Detail, "expired at the end of 03/29") {
		t.Errorf("payment data: %v", r.Problem)
	}
	if r, _ = do(w.box, sandbox.Call{Op: token.VisaGetToken, Requestor: "wallet", Subject: sandbox.Subject{Token: tok.Ref}}); r.Token.Status != token.Active {
		t.Errorf("status %s", r.Token.Status)
	}
}

func TestStep_IssuerDecisions(t *testing.T) {
	const yaml = plain + `
issuers:
  careful: { decision: step-up, methods: [sms, app] }
  strict: { decision: decline }
cards:
  v: { network: visa, pan: test/visa/1, issuer: careful }
  m: { network: mastercard, pan: test/mastercard/1, issuer: careful }
  o: { network: mastercard, pan: test/mastercard/2, issuer: strict }
rules:
  - name: the rule overrules the issuer
    when: { operation: provision, card: o, attempt: 2 }
    then: { decision: approve }
`
	box := newBox(t, stage.Scenario(t, yaml), "")
	do := func(op token.Operation, name string) sandbox.Result {
		pan, _ := fixturesCard(name)
		r, _ := do(box, sandbox.Call{Op: op, Requestor: "wallet", Subject: sandbox.Subject{Card: sandbox.CardInput{PAN: pan}}})
		return r
	}
	if r := do(token.VisaProvisionWithPAN, "test/visa/1"); r.Decision != token.StepUp || r.Token.Status != token.Inactive || len(r.StepUp.Methods) != 2 {
		t.Errorf("Visa under step-up: %s %s %v", r.Decision, r.Token.Status, r.StepUp.Methods)
	}
	if r := do(token.MCTokenize, "test/mastercard/1"); r.Decision != token.StepUp || r.Token.Status != token.Active {
		t.Errorf("Mastercard under step-up: %s %s", r.Decision, r.Token.Status)
	}
	if r := do(token.MCTokenize, "test/mastercard/2"); r.Decision != token.Decline || r.Token.Ref != "" || r.Problem != nil {
		t.Errorf("declined: %s %q %v", r.Decision, r.Token.Ref, r.Problem)
	}
	if r := do(token.MCTokenize, "test/mastercard/2"); r.Decision != token.Approve || r.Rule != "the rule overrules the issuer" {
		t.Errorf("second attempt: %s by %q", r.Decision, r.Rule)
	}
	if _, planned := box.Planned(1); planned != 0 {
		t.Error("step-up planned an activation")
	}
}

func TestStep_FaultsAndState(t *testing.T) {
	yes, no := true, false
	for name, c := range map[string]struct {
		then      scenarios.Then
		committed bool
	}{
		"one that replaces the step":          {scenarios.Then{Fault: token.FaultReset}, false},
		"one that damages the answer":         {scenarios.Then{Fault: token.FaultDropResponse}, true},
		"one that replaces it, set to commit": {scenarios.Then{Fault: token.Fault504, Commit: &yes}, true},
		"one that damages it, set not to":     {scenarios.Then{Fault: token.FaultTruncate, Commit: &no}, false},
		"an error":                            {scenarios.Then{Error: token.Declined}, false},
		"a delay alone":                       {scenarios.Then{Delay: 1}, true},
	} {
		t.Run(name, func(t *testing.T) {
			box := newBox(t, stage.Scenario(t, plain), "")
			if _, err := box.AddRules(outcome.FailNext, scenarios.Rule{Times: 1, Then: c.then}); err != nil {
				t.Fatal(err)
			}
			_, plan := do(box, sandbox.Call{Op: token.VisaProvisionWithPAN, Requestor: "wallet", Subject: sandbox.Subject{Card: card(t, token.Visa, 1)}})
			if plan.Fault != c.then.Fault || plan.Delay != c.then.Delay {
				t.Errorf("plan %+v", plan)
			}
			if made := len(stage.Tokens(box)) == 1; made != c.committed {
				t.Errorf("a token was made: %t, want %t", made, c.committed)
			}
			if left := box.CountRules(outcome.FailNext); left != 0 {
				t.Errorf("the rule is still there: %d", left)
			}
		})
	}
}

func TestStep_TasksAreUniqueOnceTheyLedSomewhere(t *testing.T) {
	box := newBox(t, stage.Scenario(t, plain), "")
	tokenize := func(pan token.PAN) token.Key {
		r, _ := do(box, sandbox.Call{Op: token.MCTokenize, Requestor: "wallet", Subject: sandbox.Subject{Card: sandbox.CardInput{PAN: pan}}, Making: sandbox.Making{TaskID: "t1"}})
		return keyOf(r)
	}
	status := func() vault.TaskStatus {
		r, _ := do(box, sandbox.Call{Op: token.MCGetTaskStatus, Requestor: "wallet", Making: sandbox.Making{TaskID: "t1"}})
		return r.Task.Status
	}
	if got := tokenize("5204731600014785"); got != token.BadCheckDigit || status() != vault.TaskFailed {
		t.Errorf("a bad number: %q, task %q", got, status())
	}
	if got := tokenize("5204731600014784"); got != "" || status() != vault.TaskCompleted {
		t.Errorf("again, with a good one: %q, task %q", got, status())
	}
	if got := tokenize("5204731600014784"); got != token.ReusedTask {
		t.Errorf("a third time: %q", got)
	}
}

// What ended in front of the network leaves no task (docs/wire/mdes.md "Errors").
func TestStep_WhatTheGatewayRefusesLeavesNoTask(t *testing.T) {
	for key, want := range map[token.Key]vault.TaskStatus{
		token.LimitExceeded: "", token.GatewayTimeout: "", token.JSONParseError: "", token.PANIneligible: vault.TaskFailed,
	} {
		box := newBox(t, stage.Scenario(t, plain), "")
		if _, err := box.AddRules(outcome.FailNext, scenarios.Rule{Times: 1, Then: scenarios.Then{Error: key}}); err != nil {
			t.Fatal(err)
		}
		do(box, sandbox.Call{Op: token.MCTokenize, Requestor: "wallet", Subject: sandbox.Subject{Card: card(t, token.Mastercard, 1)}, Making: sandbox.Making{TaskID: "t1"}})
		r, _ := do(box, sandbox.Call{Op: token.MCGetTaskStatus, Requestor: "wallet", Making: sandbox.Making{TaskID: "t1"}})
		if r.Task.Status != want || (keyOf(r) == token.UnknownTask) != (want == "") {
			t.Errorf("after %s: %q, %v", key, r.Task.Status, r.Problem)
		}
	}
}

func TestAct_CardEventsReachEveryRequestorThatKnowsTheCard(t *testing.T) {
	w := newWorld(t, plain, nil)
	r := w.provision(token.Mastercard)
	v := w.provision(token.Visa)
	for _, do := range []string{"update-expiry", "replace-pan", "update-metadata", "close-account"} {
		for _, pan := range []token.PAN{r.Card.PAN, v.Card.PAN} {
			if err := w.box.Act(scenarios.Action{Do: do}, sandbox.Target{Card: pan.Digits()}); err != nil {
				t.Fatalf("%s: %v", do, err)
			}
		}
	}
	w.advance(0)
	want := []string{
		"/pan.expiry-updated/active", "/pan.expiry-updated/", "/pan.replaced/active", "/pan.replaced/",
		"/card.metadata-updated/active", "/card.metadata-updated/", "/token.deleted/deactivated", "/token.deleted/deactivated",
	}
	for i, path := range w.received() {
		if i >= len(want) || path != want[i] {
			t.Fatalf("received %v, want %v", w.received(), want)
		}
	}
	if len(w.received()) != len(want) {
		t.Fatalf("received %v, want %v", w.received(), want)
	}
	after, _ := w.box.Token(r.Token.Ref)
	if after.Token.Number != r.Token.Number || after.Card.PAN == r.Card.PAN || after.Card.Expiry.Year != 2035 || !after.Card.Closed {
		t.Errorf("the card afterwards: %+v", after.Card)
	}
	if got, _ := do(w.box, sandbox.Call{Op: token.MCTokenize, Requestor: "wallet", Subject: sandbox.Subject{Card: sandbox.CardInput{PAN: r.Card.PAN}}}); keyOf(got) != token.ExpiredCard {
		t.Errorf("the replaced number: %v", got.Problem)
	}
}

func TestAct_Refusals(t *testing.T) {
	box := newBox(t, stage.Scenario(t, plain+"cards:\n  alice: { network: visa, pan: test/visa/1 }\n"), "")
	tok := provision(t, box, token.Visa, 1).Token
	for _, c := range []struct {
		name   string
		do     string
		target sandbox.Target
		want   error
	}{
		{"an unknown token", "suspend", sandbox.Target{Token: "x"}, sandbox.ErrUnknown},
		{"an unknown card", "suspend", sandbox.Target{Card: "bob"}, sandbox.ErrUnknown},
		{"no target", "suspend", sandbox.Target{}, sandbox.ErrUnknown},
		{"a card without a token", "suspend", sandbox.Target{Card: "alice"}, sandbox.ErrNoEffect},
		{"a move the table lacks", "resume", sandbox.Target{Token: tok.Ref}, vault.ErrNotAllowed},
		{"an unknown action", "explode", sandbox.Target{Token: tok.Ref}, sandbox.ErrBadAction},
		{"an activation too late", "activate", sandbox.Target{Token: tok.Ref}, vault.ErrNotAllowed},
		{"a card of the scenario", "update-expiry", sandbox.Target{Card: "alice"}, nil},
		{"the token of a live one", "suspend", sandbox.Target{Token: tok.Ref}, nil},
		{"an account that is open", "close-account", sandbox.Target{Card: "alice"}, nil},
		{"a number for a closed account", "replace-pan", sandbox.Target{Card: "alice"}, sandbox.ErrClosed},
		{"an expiry for a closed account", "update-expiry", sandbox.Target{Card: "alice"}, sandbox.ErrClosed},
		{"art for a closed account", "update-metadata", sandbox.Target{Card: "alice"}, sandbox.ErrClosed},
		{"a closed account closed again", "close-account", sandbox.Target{Card: "alice"}, sandbox.ErrClosed},
		{"an unknown action on a closed account", "explode", sandbox.Target{Card: "alice"}, sandbox.ErrBadAction},
	} {
		if err := box.Act(scenarios.Action{Do: c.do}, c.target); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}
