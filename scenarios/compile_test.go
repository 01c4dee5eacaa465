package scenarios_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/token"
)

const lateThenSuspended = `version: 1
name: activated late, then suspended by the issuer for fraud
seed: 4711
clock: { mode: manual, start: 2026-03-01T09:00:00Z }

requestors:
  wallet: { trid: { visa: "40010000001", mastercard: "50120000001" }, activation: 4500ms,
            notify: { visa: "http://127.0.0.1:9000/visa", mastercard: "http://127.0.0.1:9000/mc" } }
issuers:
  careful: { decision: step-up, methods: [sms, app] }
cards:
  alice: { network: visa, pan: "4622943120000600", expiry: "12/29" }
  bob:   { network: mastercard, pan: test/mastercard/1, expiry: "12/29", issuer: careful }

rules:                                     # top to bottom, first match wins
  - name: two busy answers, then normal
    when: { operation: provision, card: bob }
    times: 2
    then: { error: limit_exceeded, retry-after: 3s }
  - name: the work is done, the answer is lost
    when: { operation: cryptogram, card: alice, attempt: 1 }
    then: { fault: drop-response }

timeline:
  - { on: token.activated, card: alice, after: 36h, do: suspend, by: issuer, reason: SUSPECTED_FRAUD,
      notify: { duplicate: 1, reorder: true } }

expect:                                    # read by verify
  tokens: [ { card: alice, count: 1, status: suspended } ]
  callbacks: { pending: 0 }
  faults: all-used
`

func TestParse_CompilesEverySection(t *testing.T) {
	got, found := scenarios.Parse("late.yaml", []byte(lateThenSuspended))
	if len(found) > 0 {
		t.Fatalf("want no finding:\n%s", lines(found))
	}
	at := func(line, column int) scenarios.Position {
		return scenarios.Position{File: "late.yaml", Line: line, Column: column}
	}
	alice, bob := token.PAN("4622943120000600"), token.PAN("5204731600014784")
	activation, expiry := 4500*time.Millisecond, token.Expiry{Year: 2029, Month: time.December}
	want := scenarios.Scenario{
		Name:  "activated late, then suspended by the issuer for fraud",
		Seed:  4711,
		Clock: scenarios.Clock{Mode: "manual", Start: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)},
		Requestors: []scenarios.Requestor{{
			Name:       "wallet",
			TRID:       map[token.Network]token.TRID{token.Visa: "40010000001", token.Mastercard: "50120000001"},
			Activation: &activation,
			Notify:     map[token.Network]string{token.Visa: "http://127.0.0.1:9000/visa", token.Mastercard: "http://127.0.0.1:9000/mc"},
		}},
		Issuers: []scenarios.Issuer{{Name: "careful", Decision: token.StepUp, Methods: []string{"sms", "app"}}},
		Cards: []scenarios.Card{
			{Name: "alice", Network: token.Visa, PAN: alice, Expiry: expiry, ExpiryGiven: true},
			{Name: "bob", Network: token.Mastercard, PAN: bob, Expiry: expiry, ExpiryGiven: true, Issuer: "careful"},
		},
		Rules: []scenarios.Rule{
			{
				Name: "two busy answers, then normal", At: at(16, 5), Times: 2,
				When: scenarios.When{Operations: []token.Operation{token.MCTokenize}, Cards: []token.PAN{bob}},
				Then: scenarios.Then{Error: token.LimitExceeded, RetryAfter: 3 * time.Second},
			},
			{
				Name: "the work is done, the answer is lost", At: at(20, 5),
				When: scenarios.When{Operations: []token.Operation{token.VisaGetPaymentData}, Cards: []token.PAN{alice}, Attempt: 1},
				Then: scenarios.Then{Fault: token.FaultDropResponse},
			},
		},
		Timeline: []scenarios.Entry{{
			At: at(25, 5), On: token.TokenActivated, Card: alice, After: 36 * time.Hour,
			Action: scenarios.Action{
				Do: "suspend", By: token.ByIssuer, Reason: "SUSPECTED_FRAUD",
				Notify: scenarios.Variants{Duplicate: 1, Reorder: true},
			},
		}},
		Expect: scenarios.Expect{
			Tokens:     []scenarios.ExpectTokens{{At: at(29, 13), Card: alice, Count: number(1), Status: token.Suspended}},
			Callbacks:  scenarios.ExpectCallbacks{Pending: &scenarios.ExpectNumber{At: at(30, 25), N: 0}},
			FaultsUsed: true,
		},
	}
	if diff := cmp.Diff(want, got, ignoreText); diff != "" {
		t.Error(diff)
	}
}

func number(n int) *int { return &n }

func compiled(t *testing.T, yaml string) scenarios.Scenario {
	t.Helper()
	sc, found := scenarios.Parse("f.yaml", []byte("version: 1\n"+yaml+"\n"))
	if len(found) > 0 {
		t.Fatalf("want no finding:\n%s", lines(found))
	}
	return sc
}

func TestParse_CompilesTheRest(t *testing.T) {
	sc := compiled(t, `description: what it is for
requestors: { w: { notify: http://h/base, notify-own: false } }
cards: { alice: { network: visa, activation: 0 } }
rules:
  - { when: { network: visa, bin: ["4622", "489537"], requestor: w, token: "00112233445566778899aabbccddeeff" }, then: { fault: 503, commit: true, delay: 1m } }
timeline:
  - { on: token.provisioned, network: visa, requestor: w, times: 2, do: replace-pan, card: alice, pan: test/visa/2, expiry: "01/33", by: cardholder, notify: { late: 1d } }
  - { on: token.resumed, do: update-metadata, notify: { never: true } }
  - { on: token.redigitized, network: mastercard, after: 1d, do: redigitize, new-number: true }
callbacks: { retry: [], timeout: 2s }
expect: { tokens: [ { card: alice, status: deactivated } ], callbacks: { delivered: 1, failed: 2, unrouted: 3 }, rules: all-used }`)

	alice, no, yes, atOnce := token.PAN("4622943120000600"), false, true, time.Duration(0)
	want := scenarios.Scenario{
		Description: "what it is for",
		Requestors: []scenarios.Requestor{{
			Name: "w", TRID: map[token.Network]token.TRID{}, NotifyOwn: &no,
			Notify: map[token.Network]string{token.Visa: "http://h/base", token.Mastercard: "http://h/base"},
		}},
		Cards: []scenarios.Card{{Name: "alice", Network: token.Visa, PAN: alice, Expiry: token.Expiry{Year: 2049, Month: time.December}, Activation: &atOnce}},
		Rules: []scenarios.Rule{{
			Name: "rule 1",
			When: scenarios.When{
				Network: token.Visa, BINs: []string{"4622", "489537"}, Requestors: []string{"w"},
				Tokens: []token.Ref{"00112233445566778899aabbccddeeff"},
			},
			Then: scenarios.Then{Fault: token.Fault503, Commit: &yes, Delay: time.Minute},
		}},
		Timeline: []scenarios.Entry{
			{
				On: token.TokenProvisioned, Network: token.Visa, Card: alice, Requestor: "w", Times: 2,
				Action: scenarios.Action{
					Do: "replace-pan", By: token.ByCardholder, PAN: "4622943120000618",
					Expiry: token.Expiry{Year: 2033, Month: time.January}, Notify: scenarios.Variants{Late: 24 * time.Hour},
				},
			},
			{On: token.TokenResumed, Action: scenarios.Action{Do: "update-metadata", Notify: scenarios.Variants{Never: true}}},
			{
				On: token.TokenRedigitized, Network: token.Mastercard, After: 24 * time.Hour,
				Action: scenarios.Action{Do: "redigitize", NewNumber: true},
			},
		},
		Callbacks: scenarios.Callbacks{Retry: []time.Duration{}, Timeout: 2 * time.Second},
		Expect: scenarios.Expect{
			Tokens:    []scenarios.ExpectTokens{{Card: alice, Status: token.Deactivated}},
			Callbacks: scenarios.ExpectCallbacks{Delivered: &scenarios.ExpectNumber{N: 1}, Failed: &scenarios.ExpectNumber{N: 2}, Unrouted: &scenarios.ExpectNumber{N: 3}},
			RulesUsed: true,
		},
	}
	if diff := cmp.Diff(want, sc, ignorePlaces); diff != "" {
		t.Error(diff)
	}
}

// ignorePlaces compares what files say, not where they say it.
var ignorePlaces = cmp.Options{
	cmp.FilterValues(func(_, _ scenarios.Position) bool { return true }, cmp.Ignore()), ignoreText,
}

// ignoreText compares what was made of files, not the files.
var ignoreText = cmp.FilterValues(func(_, _ scenarios.Text) bool { return true }, cmp.Ignore())

func TestParse_GivesCardsWithoutANumberListedOnes(t *testing.T) {
	sc := compiled(t, `cards:
  first: { network: visa }
  given: { network: visa, pan: test/visa/2 }
  second: { network: visa }
  third: { network: mastercard }`)
	want := []token.PAN{"4622943120000600", "4622943120000618", "4622943120000626", "5204731600014784"}
	for i, card := range sc.Cards {
		if card.PAN != want[i] {
			t.Errorf("card %s has number %s, want %s", card.Name, card.PAN, want[i])
		}
	}
}

func TestParse_LimitsADecisionToProvisioning(t *testing.T) {
	sc := compiled(t, twoCards+"rules: [ { when: { card: alice }, then: { decision: decline } }, { then: { decision: step-up } } ]")
	visa := []token.Operation{token.VisaProvision, token.VisaProvisionWithPAN}
	if diff := cmp.Diff(visa, sc.Rules[0].When.Operations); diff != "" {
		t.Errorf("for a Visa card: %s", diff)
	}
	if diff := cmp.Diff(append(visa, token.MCTokenize), sc.Rules[1].When.Operations); diff != "" {
		t.Errorf("for any card: %s", diff)
	}
}

func TestLoader_AllowAnyPAN(t *testing.T) {
	yaml := []byte("version: 1\ncards: { a: { pan: \"" + somebodys + "\" } }")
	sc, found := scenarios.Loader{AllowAnyPAN: true}.Parse("f.yaml", yaml)
	if len(found) > 0 || len(sc.Cards) != 1 || sc.Cards[0].PAN.Digits() != somebodys {
		t.Errorf("want the card as given:\n%s", lines(found))
	}
}

// [C3] A rule in a file is for the network of its error where it says nothing of
// one, as a failure set by fail-next is.
func TestParse_AnErrorImpliesItsNetwork(t *testing.T) {
	for text, want := range map[string]struct {
		network token.Network
		ops     []token.Operation
	}{
		"when: { operation: provision }, then: { error: limit_exceeded }":      {token.Mastercard, []token.Operation{token.MCTokenize}},
		"when: { operation: cryptogram }, then: { error: declined }":           {token.Visa, []token.Operation{token.VisaGetPaymentData}},
		"when: { operation: cryptogram }, then: { error: CRYPTOGRAPHY_ERROR }": {token.Mastercard, []token.Operation{token.MCTransact}},
		"then: { error: notReady }":                                            {token.Visa, nil},
		"when: { operation: cryptogram }, then: { error: json_parse_error }":   {"", []token.Operation{token.VisaGetPaymentData, token.MCTransact}},
	} {
		r := compiled(t, "rules: [ { "+text+" } ]").Rules[0]
		if r.When.Network != want.network || !slices.Equal(r.When.Operations, want.ops) {
			t.Errorf("%s: for %q, %v", text, r.When.Network, r.When.Operations)
		}
	}
}
