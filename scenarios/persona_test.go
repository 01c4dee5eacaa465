package scenarios_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/token"
)

const (
	testVisa       = token.PAN("4622943120000600") // test/visa/1
	testMastercard = token.PAN("5204731600014784") // test/mastercard/1
)

// withPersona is a scenario with a card of each network whose issuer has the
// persona, and one of another issuer.
func withPersona(t *testing.T, issuer, more string) scenarios.Scenario {
	t.Helper()
	return compiled(t, "issuers: { bank: { "+issuer+" }, other: {} }\n"+`cards:
  alice: { pan: test/visa/1, issuer: bank }
  bob: { pan: test/mastercard/1, issuer: bank }
  carol: { network: visa, issuer: other }
`+more)
}

// story writes rules and entries as lines, to compare with what is meant.
func story(sc scenarios.Scenario) []string {
	var all []string
	for _, r := range sc.Rules {
		all = append(all, fmt.Sprintf("%s: %v cards %s attempt %d -> error %q delay %s", r.Name, r.When.Operations, cards(r.When.Cards), r.When.Attempt, r.Then.Error, r.Then.Delay))
	}
	for _, e := range sc.Timeline {
		all = append(all, strings.TrimSpace(fmt.Sprintf("%s of %s, %s later, times %d: %s %s %s", e.On, cards([]token.PAN{e.Card}), e.After, e.Times, e.Action.Do, e.Action.By, e.Action.Reason)))
	}
	return all
}

func cards(pans []token.PAN) string {
	names := map[token.PAN]string{testVisa: "alice", testMastercard: "bob"}
	var all []string
	for _, pan := range pans {
		all = append(all, names[pan])
	}
	return strings.Join(all, "+")
}

func each(line string) []string {
	return []string{strings.ReplaceAll(line, "CARD", "alice"), strings.ReplaceAll(line, "CARD", "bob")}
}

// character is what an issuer with a persona comes down to.
type character struct {
	issuer scenarios.Issuer
	story  []string
}

func characters() map[string]character {
	tenMinutes := 10 * time.Minute
	const visaOps, mcOps = "[visa/provisionToken visa/provisionTokenWithPan]", "[mastercard/tokenize]"
	return map[string]character{
		"approving": {},
		"cautious":  {issuer: scenarios.Issuer{Decision: token.StepUp, Methods: []string{"sms", "app"}}},
		"refusing":  {issuer: scenarios.Issuer{Decision: token.Decline, Payments: scenarios.Payments{Declines: "do_not_honor"}}},
		"slow": {story: []string{
			`issuer bank: slow: [visa/provisionToken visa/provisionTokenWithPan mastercard/tokenize acquirer/authorize acquirer/increment] cards alice+bob attempt 0 -> error "" delay 5s`,
		}},
		"silent": {story: []string{
			`issuer bank: silent at visa: ` + visaOps + ` cards alice attempt 0 -> error "service_error" delay 0s`,
			`issuer bank: silent at mastercard: ` + mcOps + ` cards bob attempt 0 -> error "no_response_from_issuer" delay 0s`,
			`issuer bank: silent at the acquirer: [acquirer/authorize acquirer/increment] cards alice+bob attempt 0 -> error "issuer_unavailable" delay 0s`,
		}},
		"flaky": {story: []string{
			`issuer bank: flaky at visa: ` + visaOps + ` cards alice attempt 1 -> error "service_error" delay 0s`,
			`issuer bank: flaky at mastercard: ` + mcOps + ` cards bob attempt 1 -> error "no_response_from_issuer" delay 0s`,
			`issuer bank: flaky at the acquirer: [acquirer/authorize acquirer/increment] cards alice+bob attempt 1 -> error "issuer_unavailable" delay 0s`,
		}},
		"late": {issuer: scenarios.Issuer{Activation: &tenMinutes}},
		"fraud-watch": {story: []string{
			"token.provisioned of alice, 24h0m0s later, times 0: suspend ISSUER SUSPECTED_FRAUD",
			"token.activated of alice, 24h0m0s later, times 0: suspend ISSUER SUSPECTED_FRAUD",
			"token.suspended of alice, 72h0m0s later, times 0: resume ISSUER NOT_FRAUD",
			"token.provisioned of bob, 24h0m0s later, times 0: suspend ISSUER SUSPECTED_FRAUD",
			"token.activated of bob, 24h0m0s later, times 0: suspend ISSUER SUSPECTED_FRAUD",
			"token.suspended of bob, 72h0m0s later, times 0: resume ISSUER NOT_FRAUD",
		}},
		"reissuer":       {story: each("token.provisioned of CARD, 720h0m0s later, times 1: replace-pan ISSUER")},
		"renewing":       {story: each("token.provisioned of CARD, 1440h0m0s later, times 1: update-expiry ISSUER")},
		"restyling":      {story: each("token.provisioned of CARD, 480h0m0s later, times 1: update-metadata ISSUER")},
		"withdrawing":    {story: each("token.provisioned of CARD, 2160h0m0s later, times 0: delete ISSUER OTHER")},
		"insolvent":      {issuer: scenarios.Issuer{Payments: scenarios.Payments{Declines: "insufficient_funds"}}},
		"token-shy":      {issuer: scenarios.Issuer{Payments: scenarios.Payments{Declines: "do_not_honor", Only: "token"}}},
		"pan-shy":        {issuer: scenarios.Issuer{Payments: scenarios.Payments{Declines: "not_permitted", Only: "card"}}},
		"token-friendly": {issuer: scenarios.Issuer{Payments: scenarios.Payments{Approves: scenarios.Rates{Card: new(85), Token: new(97)}}}},
		"thrifty":        {issuer: scenarios.Issuer{Payments: scenarios.Payments{Funds: new(int64(10_000))}}},
		"closed":         {issuer: scenarios.Issuer{Decision: token.Decline, Payments: scenarios.Payments{Declines: "closed_account"}}},
		"stand-in":       {issuer: scenarios.Issuer{StandIn: new(int64(10_000))}},
		"closing":        {story: each("token.provisioned of CARD, 1440h0m0s later, times 1: close-account ISSUER ACCOUNT_CLOSED")},
	}
}

func TestPersonas_MeanWhatTheySay(t *testing.T) {
	for name, want := range characters() {
		t.Run(name, func(t *testing.T) {
			sc := withPersona(t, "persona: "+name, "")
			want.issuer.Name = "bank"
			if diff := cmp.Diff(want.issuer, sc.Issuers[0]); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(want.story, story(sc)); diff != "" {
				t.Error(diff)
			}
			for _, r := range sc.Rules {
				if !r.Magic || r.At.Line != 2 {
					t.Errorf("a rule of a persona is built in and is in the place of the persona: %+v", r)
				}
			}
		})
	}
	if n := len(scenarios.Personas()); n != 20 {
		t.Errorf("%d personas, 20 tested", n)
	}
}

func TestPersonas_AnIssuersOwnKeysGoBefore(t *testing.T) {
	sc := withPersona(t, "persona: cautious, decision: approve, activation: 1s", "")
	second := time.Second
	want := scenarios.Issuer{Name: "bank", Decision: token.Approve, Methods: []string{"sms", "app"}, Activation: &second}
	if diff := cmp.Diff(want, sc.Issuers[0]); diff != "" {
		t.Error(diff)
	}
	sc = withPersona(t, "persona: cautious, methods: web", "")
	if diff := cmp.Diff([]string{"web"}, sc.Issuers[0].Methods); diff != "" {
		t.Error(diff)
	}
}

func TestPersonas_RulesOfTheFileGoBefore(t *testing.T) {
	sc := withPersona(t, "persona: flaky", "rules: [ { name: own, when: { card: alice }, then: {} } ]\ntimeline: [ { on: token.provisioned, do: suspend } ]")
	if len(sc.Rules) != 4 || sc.Rules[0].Name != "own" || sc.Rules[0].Magic {
		t.Errorf("want the file's rule first: %+v", sc.Rules)
	}
}

// A rule without cards would match every request.
func TestPersonas_OfAnIssuerWithoutCardsMeanNothing(t *testing.T) {
	for _, p := range scenarios.Personas() {
		sc := compiled(t, "issuers: { bank: { persona: "+p.Name+" } }\ncards: { alice: { network: visa } }")
		if len(sc.Rules)+len(sc.Timeline) > 0 {
			t.Errorf("%s: %v", p.Name, story(sc))
		}
	}
	sc := compiled(t, "issuers: { bank: { persona: silent } }\ncards: { alice: { pan: test/visa/1, issuer: bank } }")
	if len(sc.Rules) != 2 { // Visa's and the acquirer's
		t.Errorf("want no rule for a network without cards: %v", story(sc))
	}
}
