package play_test

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/play"
	"github.com/pantomime-dev/pantomime/scenarios"
)

// perform plays a scenario.
func perform(t *testing.T, name string, text []byte) play.Report {
	t.Helper()
	return performTold(t, name, text, nil)
}

// performTold plays a scenario, and returns its time line.
func performTold(t *testing.T, name string, text []byte, lines func(play.Line)) play.Report {
	t.Helper()
	s, findings := scenarios.Parse(name, text)
	if err := findings.Err(); err != nil {
		t.Fatal(err)
	}
	report, err := play.Run(context.WithoutCancel(t.Context()), s, nil, func(play.Step) {}, lines)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func complain(t *testing.T, r play.Report) {
	t.Helper()
	for _, s := range r.Steps {
		if s.Why != "" {
			t.Errorf("%s: step %d, %s: %s", s.At, s.N, s.What, s.Why)
		}
	}
	for _, v := range r.Verdicts {
		if !v.OK {
			t.Errorf("%s: %s: expected %s, found %s", v.Place, v.What, v.Expected, v.Found)
		}
	}
}

// longNumber may be a card's.
var longNumber = regexp.MustCompile(`[0-9]{13}`)

// A time line changes nothing about how a story ends; without one they are
// played in internal/recording.
func TestLibrary_EveryScenarioTurnsOutAsItSays(t *testing.T) {
	for _, story := range scenarios.Library() {
		t.Run(story.Name, func(t *testing.T) {
			t.Parallel()
			reported := 0
			r := performTold(t, story.File, story.Data, func(l play.Line) {
				reported++
				if l.From == "" || l.To == "" || l.What == "" || l.Outcome == "" || longNumber.MatchString(l.What+l.Outcome) {
					t.Errorf("reported %+v", l)
				}
			})
			if len(r.Steps) == 0 || reported < len(r.Steps) {
				t.Errorf("%d steps and %d lines; without a play nothing shows that it works", len(r.Steps), reported)
			}
			complain(t, r)
		})
	}
}

func TestDocs_EveryPlayOfTheReferenceTurnsOutAsItSays(t *testing.T) {
	text, err := os.ReadFile("../docs/scenarios.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllSubmatchIndex(text, -1)
	if fences := strings.Count(string(text), "```y"); len(blocks) < 10 || len(blocks) != fences {
		t.Fatalf("%d examples to perform, %d to read", len(blocks), fences)
	}
	for _, at := range blocks {
		// Blank lines in front give each step the line that it has in the document.
		lines := strings.Repeat("\n", strings.Count(string(text[:at[2]]), "\n"))
		t.Run(fmt.Sprintf("line %d", len(lines)), func(t *testing.T) {
			t.Parallel()
			r := perform(t, "docs/scenarios.md", []byte(lines+string(text[at[2]:at[3]])))
			if len(r.Steps) == 0 || len(r.Verdicts) == 0 {
				t.Errorf("%d steps are performed and %d expectations compared; give it a play and an expect", len(r.Steps), len(r.Verdicts))
			}
			complain(t, r)
		})
	}
}

func TestRun_SaysWhatDidNotTurnOut(t *testing.T) {
	const head = "version: 1\nname: x\nclock: { mode: manual, start: 2026-03-01T09:00:00Z }\ncards:\n  alice: { network: visa, pan: test/visa/1 }\n  bob: { network: mastercard, pan: test/mastercard/1 }\nplay:\n"
	for name, c := range map[string]struct{ steps, why string }{
		"an error that does not come":   {"  - { call: provision, card: alice, expect-error: declined }", "expected declined"},
		"an error that comes":           {"  - { call: provision, card: alice }\n  - { call: getStepUpOptions, card: alice }", "expected success"},
		"another status":                {"  - { call: provision, card: bob, expect-status: suspended }", "the token is active"},
		"another HTTP status":           {"  - { call: provision, card: alice, expect-http: 200 }", "expected HTTP 200"},
		"a member of the answer":        {"  - { call: provision, card: bob, expect-body: { decision: DECLINED } }", `decision in the answer is "APPROVED"; expected "DECLINED"`}, // [B4] here and below
		"a pattern":                     {"  - { call: provision, card: bob, expect-body: { decision: { matches: ^D } } }", `decision in the answer is "APPROVED"; expected a match of ^D`},
		"a misspelt member":             {"  - { call: provision, card: bob, expect-body: { desicion: APPROVED } }", `desicion in the answer is absent; expected "APPROVED"; the answer holds decision, panUniqueReference, `},
		"a guess":                       {"  - { call: provision, card: bob, expect-body: { desicion: APPROVED } }", `; did you mean decision?`},
		"a member further down":         {"  - { call: provision, card: alice, expect-body: { tokenStatus: ACTIVE } }", `; did you mean tokenInfo.tokenStatus?`},
		"a member of a member":          {"  - { call: provision, card: alice, expect-body: { tokenInfo.status: ACTIVE } }", `tokenInfo.status in the answer is absent; expected "ACTIVE"; tokenInfo holds encTokenInfo, expirationDate, `},
		"a member that must be absent":  {"  - { call: provision, card: bob, expect-body: { decision: { absent: true } } }", `decision in the answer is "APPROVED"; expected it to be absent`},
		"a decision":                    {"  - { call: provision, card: bob, expect-decision: decline }", "the issuer said"},
		"an act the table lacks":        {"  - { call: provision, card: bob }\n  - { act: resume, card: bob }", "does not allow"},
		"a page that does not come":     {"  - { call: provision, card: alice, expect-error: json_parse_error }", "expected json_parse_error"},
		"an answer that ought not come": {"  - { call: provision, card: alice, expect-error: no-answer }", "expected no-answer"},
	} {
		r := perform(t, "x.yaml", []byte(head+c.steps+"\n"))
		if last := r.Steps[len(r.Steps)-1]; r.OK() || !strings.Contains(last.Why, c.why) {
			t.Errorf("%s: %q, want %q", name, last.Why, c.why)
		}
	}
}

// Of two cards in progress at once, a call is about the one it names.
func TestRun_KeepsTheHandlesOfTwoCardsApart(t *testing.T) {
	const head = "version: 1\nclock: { mode: manual, start: 2026-03-01T09:00:00Z }\nissuers: { careful: { decision: step-up } }\n"
	const visas = head + "cards:\n  a: { network: visa, issuer: careful }\n  b: { network: visa, issuer: careful }\nplay:\n"
	for name, text := range map[string]string{
		"enrolments": visas + `
  - { call: enroll, card: a }
  - { call: enroll, card: b }
  - { call: provisionToken, card: a }
expect: { tokens: [ { card: a, count: 1 }, { card: b, count: 0 } ] }
`,
		"methods of a step-up": visas + `
  - { call: provision, card: a }
  - { call: provision, card: b }
  - { call: selectStepUpMethod, card: a }
  - { call: validateOTP, card: a, expect-status: active }
expect: { tokens: [ { card: a, status: active }, { card: b, status: inactive } ] }
`,
		"tasks": head + `cards:
  a: { network: mastercard }
  b: { network: mastercard, pan: magic/mastercard/PAN_INELIGIBLE }
play:
  - { call: tokenize, card: a }
  - { call: tokenize, card: b, expect-error: PAN_INELIGIBLE }
  - { call: getTaskStatus, card: a, expect-body: { status: COMPLETED } }
  - { call: getTaskStatus, card: b, expect-body: { status: FAILED } }
`,
		"a task id of the step's own": head + `cards: { a: { network: mastercard } }
play:
  - { call: tokenize, card: a, body: { taskId: mine } }
  - { call: getTaskStatus, card: a, expect-body: { status: COMPLETED } }
`,
		"references of two cards": head + `cards: { a: { network: mastercard }, b: { network: mastercard } }
play:
  - { call: tokenize, card: a }
  - { call: tokenize, card: b }
  - { call: tokenize, card: a, account: reference }
expect: { tokens: [ { card: a, count: 2 }, { card: b, count: 1 } ] }
`,
		"requestors": head + `requestors: { one: {}, two: {} }
cards: { a: { network: visa } }
play:
  - { call: enroll, card: a, requestor: one }
  - { call: enroll, card: a, requestor: two }
  - { call: provisionToken, card: a, requestor: one }
`,
	} {
		t.Run(name, func(t *testing.T) { complain(t, perform(t, "x.yaml", []byte(text))) })
	}
}

// A call without the handle it needs is not made: an empty id would be refused
// for a reason that is not the one the author sees.
func TestRun_SaysWhichCallGivesAHandle(t *testing.T) {
	const head = "version: 1\nrequestors: { wallet: {}, shop: {} }\ncards:\n  a: { network: visa }\n  b: { network: mastercard }\nplay:\n"
	for steps, why := range map[string]string{
		"- { call: provisionToken, card: a }":                                                       "a has no vPanEnrollmentID at wallet; enroll or provision gives one",
		"- { call: getCardMetadata, card: a, expect-http: 400 }":                                    "a has no vPanEnrollmentID",
		"- { call: enroll, card: a }\n  - { call: provisionToken, card: a, requestor: shop }":       "a has no vPanEnrollmentID at shop",
		"- { call: provision, card: a }\n  - { call: selectStepUpMethod, card: a }":                 "a has no stepUpRequestID at wallet; provision with a step-up, or getStepUpOptions gives one",
		"- { call: getToken, card: a, expect-error: unreadable }":                                   "a has no vProvisionedTokenID at wallet; provision gives one",
		"- { call: provision, card: a, account: token }":                                            "a has no vProvisionedTokenID",
		"- { call: getTaskStatus, card: b, expect-error: INVALID_TASK_ID }":                         "b has no taskId at wallet; tokenize gives one",
		"- { call: tokenize, card: b, account: reference }":                                         "b has no panUniqueReference at wallet; provision gives one",
		"- { call: transact, card: b }":                                                             "b has no tokenUniqueReference at wallet",
		"- { call: provision, card: b }\n  - { call: suspend, card: [b, test/mastercard/3] }":       "has no tokenUniqueReference at wallet",
		"- { call: getTaskStatus, card: b, body: { taskId: mine }, expect-error: INVALID_TASK_ID }": "",
	} {
		r := perform(t, "x.yaml", []byte(head+"  "+steps+"\n"))
		if last := r.Steps[len(r.Steps)-1]; !strings.Contains(last.Why, why) || why == "" && last.Why != "" {
			t.Errorf("%s: %q, want %q", steps, last.Why, why)
		}
	}
}

// A day counts from when the token became active, however late that was.
func TestRun_FraudWatchWaitsForTheActivation(t *testing.T) {
	complain(t, perform(t, "x.yaml", []byte(`version: 1
clock: { mode: manual, start: 2026-03-01T09:00:00Z }
issuers: { nervous: { persona: fraud-watch, activation: 12h } }
cards:
  alice: { network: visa, issuer: nervous }
  bob: { network: mastercard, issuer: nervous, activation: 36h }
  carol: { network: visa, issuer: nervous, activation: 0 }
play:
  - { call: provision, card: alice, expect-status: inactive }
  - { call: provision, card: bob, expect-status: inactive }
  - { call: provision, card: carol, expect-status: active }
  - { advance: 24h, card: carol, expect-status: suspended }
  - { advance: 0, card: alice, expect-status: active }
  - { advance: 12h, card: alice, expect-status: suspended }
  - { advance: 0, card: bob, expect-status: active }
  - { advance: 23h, card: bob, expect-status: active }
  - { advance: 1h, card: bob, expect-status: suspended }
  - { advance: 3d, card: bob, expect-status: active }
`)))
}

// A card's new number is in the cardholder's hand, whoever gave it: the
// scenario, or the issuer, who draws one.
func TestRun_KnowsTheNumberOfAReplacedCard(t *testing.T) {
	complain(t, perform(t, "x.yaml", []byte(`version: 1
clock: { mode: manual, start: 2026-03-01T09:00:00Z }
requestors: { wallet: {}, shop: {} }
cards:
  alice: { network: visa }
  bob: { network: mastercard }
play:
  - { call: provision, card: alice }
  - { call: provision, card: bob }
  - { act: replace-pan, card: bob }
  - { act: replace-pan, card: bob }
  - { call: searchTokens, card: bob, expect-body: { "tokens[0].status": ACTIVE } }
  - { act: replace-pan, card: bob, pan: test/mastercard/9 }
  - { call: searchTokens, card: test/mastercard/9, expect-body: { "tokens[0].status": ACTIVE } }
  - { act: replace-pan, card: alice }
  - { call: provision, card: alice, requestor: shop }
  - { call: cryptogram, card: alice, requestor: shop }
  - { call: getContent, card: alice, requestor: shop }
expect: { tokens: [ { card: alice, count: 2 }, { card: bob, count: 1 } ] }
`)))
}

// A token represents its card at Visa by its number, which only an answer says.
func TestRun_ANumberNobodyWasToldIsLacking(t *testing.T) {
	r := perform(t, "x.yaml", []byte(`version: 1
requestors: { wallet: {}, shop: {} }
cards: { alice: { network: visa } }
rules: [ { when: { operation: provision, attempt: 1 }, then: { fault: drop-response } } ]
play:
  - { call: provision, card: alice, expect-error: no-answer }
  - { call: status, card: alice }
  - { call: provision, card: alice, requestor: shop, account: token }
`))
	if last := r.Steps[len(r.Steps)-1]; !strings.Contains(last.Why, "alice has no token number at shop; provision or cryptogram gives one") {
		t.Errorf("%q", last.Why)
	}
}

// [C5] A request that was refused by its form counts as an attempt, at the card or
// the token that it is about.
func TestRun_ARefusedFormIsAnAttempt(t *testing.T) {
	complain(t, perform(t, "attempts.yaml", []byte(`version: 1
name: attempts
clock: { mode: manual, start: 2026-03-01T09:00:00Z }
cards:
  alice: { network: visa, pan: test/visa/1 }
  bob: { network: mastercard, pan: test/mastercard/1 }
rules:
  - { when: { operation: provision, card: alice, attempt: 2 }, then: { error: declined } }
  - { when: { operation: cryptogram, card: alice, attempt: 2 }, then: { error: service_error } }
  - { when: { operation: provision, card: bob, attempt: 2 }, then: { error: limit_exceeded } }
  - { when: { operation: status, card: bob, attempt: 2 }, then: { error: gateway_timeout } }
play:
  - { call: provision, card: alice, body: { locale: null }, expect-http: 400 }
  - { call: provision, card: alice, expect-error: declined }
  - { call: provision, card: alice }
  - { call: cryptogram, card: alice, body: { paymentRequest: 5 }, expect-http: 400 }
  - { call: cryptogram, card: alice, expect-error: service_error }
  - { call: provision, card: bob, body: { tokenType: null }, expect-error: MISSING_REQUIRED_FIELD }
  - { call: provision, card: bob, expect-error: limit_exceeded }
  - { call: provision, card: bob }
  - { call: status, card: bob, body: { requestId: null }, expect-error: MISSING_REQUIRED_FIELD }
  - { call: status, card: bob, expect-error: gateway_timeout }
`)))
}
