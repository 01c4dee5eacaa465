package scenarios_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/token"
)

func TestParse_CompilesAPlay(t *testing.T) {
	sc := compiled(t, `requestors: { wallet: {}, shop: {} }
`+twoCards+`play:
  - { call: enroll, card: alice }
  - { call: provision, card: alice, account: reference, expect-decision: approve, expect-status: active }
  - { call: provision, card: alice, requestor: shop, expect-body: { tokenInfo.tokenStatus: { matches: ^A }, "a[0]": 1 } }
  - { call: provision, card: bob, account: token, timeout: 250ms, times: 3, expect-error: limit_exceeded, expect-http: 429 }
  - { call: getToken, card: bob, header: { x-test: 5 }, body: { includeTokenDetail: "true" }, expect-error: no-answer }
  - { call: getToken, card: alice, expect-error: unreadable, expect-http: 200 }
  - { advance: 36h }
  - { advance: 0, card: bob, expect-status: suspended }
  - { act: suspend, card: bob, by: cardholder, reason: OTHER, notify: { late: 1h } }
  - { act: replace-pan, card: bob, pan: test/mastercard/2, expiry: "06/33" }
  - { act: redigitize, card: bob, new-number: true }
  - { call: delete, card: [bob, test/mastercard/3], expect-status: deactivated }`)
	call := func(op token.Operation, pan token.PAN) scenarios.Step {
		return scenarios.Step{Kind: scenarios.StepCall, Call: op, Cards: []token.PAN{pan}, Times: 1}
	}
	with := func(s scenarios.Step, change func(*scenarios.Step)) scenarios.Step { change(&s); return s }
	want := []scenarios.Step{
		call(token.VisaEnroll, testVisa),
		with(call(token.VisaProvision, testVisa), func(s *scenarios.Step) {
			s.Account, s.Expect.Decision, s.Expect.Status = scenarios.AccountReference, token.Approve, token.Active
		}),
		with(call(token.VisaProvisionWithPAN, testVisa), func(s *scenarios.Step) {
			s.Requestor = "shop"
			s.Expect.Body = []scenarios.Match{{Name: "tokenInfo.tokenStatus", Pattern: pattern("^A")}, {Name: "a.0", Equals: text("1")}}
		}),
		with(call(token.MCTokenize, testMastercard), func(s *scenarios.Step) {
			s.Account, s.Timeout, s.Times = scenarios.AccountToken, 250*time.Millisecond, 3
			s.Expect.Error, s.Expect.HTTP = token.LimitExceeded, 429
		}),
		with(call(token.MCGetToken, testMastercard), func(s *scenarios.Step) {
			s.Header, s.Body = map[string]string{"X-Test": "5"}, []byte(`{"includeTokenDetail":"true"}`)
			s.Expect.Error = scenarios.NoAnswer
		}),
		with(call(token.VisaGetToken, testVisa), func(s *scenarios.Step) { s.Expect.Error, s.Expect.HTTP = scenarios.Unreadable, 200 }),
		{Kind: scenarios.StepAdvance, Advance: 36 * time.Hour, Times: 1},
		{Kind: scenarios.StepAdvance, Cards: []token.PAN{testMastercard}, Times: 1, Expect: scenarios.Outcome{Status: token.Suspended}},
		{
			Kind: scenarios.StepAct, Cards: []token.PAN{testMastercard}, Times: 1,
			Act: scenarios.Action{Do: "suspend", By: token.ByCardholder, Reason: "OTHER", Notify: scenarios.Variants{Late: time.Hour}},
		},
		{
			Kind: scenarios.StepAct, Cards: []token.PAN{testMastercard}, Times: 1,
			Act: scenarios.Action{Do: "replace-pan", PAN: "5204731600013711", Expiry: token.Expiry{Year: 2033, Month: time.June}},
		},
		{Kind: scenarios.StepAct, Cards: []token.PAN{testMastercard}, Times: 1, Act: scenarios.Action{Do: "redigitize", NewNumber: true}},
		with(call(token.MCDelete, testMastercard), func(s *scenarios.Step) {
			s.Cards = append(s.Cards, "5204731600014636")
			s.Expect.Status = token.Deactivated
		}),
	}
	if diff := cmp.Diff(want, sc.Play, ignorePlaces, ignoreWords, samePattern); diff != "" {
		t.Error(diff)
	}
	if at := sc.Play[0].At; at.Line != 5 || at.Column != 5 {
		t.Errorf("a step must know its place: %s", at)
	}
}

// ignoreWords leaves out what a step says in the words of its file.
var ignoreWords = cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".Said" }, cmp.Ignore())

// [J4] A step keeps the words of its file.
func TestParse_KeepsTheWordsOfAPlay(t *testing.T) {
	sc := compiled(t, twoCards+`play:
  - { call: provision, card: alice }
  - { call: visa/getToken, card: alice }
  - { advance: 4500ms }
  - { advance: 1w12h }
  - { act: suspend, card: bob }`)
	var said []string
	for _, s := range sc.Play {
		said = append(said, s.Said)
	}
	if got := strings.Join(said, " "); got != "provision visa/getToken 4500ms 1w12h suspend" {
		t.Errorf("got %q", got)
	}
}

func TestParse_RefusesInPlays(t *testing.T) {
	checkRefusals(t, scenarios.SeverityError, refusesInPlays())
}

func refusesInPlays() []refusal {
	step := func(inside string) string { return twoCards + "play: [ { " + inside + " } ]" }
	return []refusal{
		{"a play that is no list", "play: { call: provision }", "2:7", "play", "must be a list"},
		{"a step that does nothing", step("card: alice"), "3:9", "play[0]", "does nothing; give one of call, act and advance"},
		{"a step that does two things", step("call: status, advance: 1d, card: alice"), "3:25", "play[0].advance", "cannot be combined with call"},
		{"a step of an unknown key", step("call: status, card: alice, expect: ok"), "3:38", "play[0].expect", "is not a key here"},
		{"a call of an unknown operation", step("call: pay, card: alice"), "3:17", "play[0].call", "accepted: enroll, provision,"},
		{"a call without a card", step("call: status"), "3:9", "play[0]", "needs the key card"},
		{"a call for an unknown card", step("call: status, card: carol"), "3:31", "play[0].card", "is no card of this scenario"},
		{"a call that the card's network does not have", step("call: enroll, card: bob"), "3:17", "play[0].call", "is no operation of mastercard"},
		{"a call of an unknown requestor", step("call: status, card: bob, requestor: shop"), "3:47", "play[0].requestor", "is no requestor"},
		{"a payment through an unknown acquirer", step("call: authorize, card: bob, acquirer: third"), "3:49", "play[0].acquirer", "is no acquirer"},
		{"a provisioning through an acquirer", step("call: provision, card: bob, acquirer: second"), "3:49", "play[0].acquirer", "belongs to payments"},
		{"an act without a card", step("act: suspend"), "3:9", "play[0]", "needs the key card"},
		{"an impossible act", step("act: enroll, card: bob"), "3:16", "play[0].act", "accepted: activate, suspend,"},
		{"an act by a requestor by name", step("act: suspend, card: bob, requestor: wallet"), "3:36", "play[0].requestor", "belongs to call, not to act"},
		{"an act with a body", step("act: suspend, card: bob, body: { a: b }"), "3:36", "play[0].body", "belongs to call, not to act"},
		{"a call with a reason", step("call: suspend, card: bob, reason: OTHER"), "3:37", "play[0].reason", "belongs to act, not to call"},
		{"an expiry for an act that has none", step(`act: suspend, card: bob, expiry: "06/33"`), "3:44", "play[0].expiry", "belongs to update-expiry and replace-pan"},
		{"a token's new number of a call", step("call: status, card: bob, new-number: true"), "3:36", "play[0].new-number", "belongs to act, not to call"},
		{"a token's new number of an advance", step("advance: 1d, new-number: true"), "3:24", "play[0].new-number", "belongs to act, not to advance"},
		{"a number of the other network for a card", step("act: replace-pan, card: bob, pan: test/visa/2"), "3:45", "play[0].pan", "is a number of visa"},
		{"a notice of an act before no response", step("act: suspend, card: bob, notify: { before-response: true }"), "3:46", "play[0].notify.before-response", "is not a key here"},
		{"an act with a signature of the other network", step("act: suspend, card: bob, notify: { wrong-signature: true }"), "3:63", "play[0].notify.wrong-signature", "is a variant of visa's notices only"},
		{"an advance that fails", step("advance: 1d, expect-error: declined"), "3:24", "play[0].expect-error", "belongs to call, not to advance"},
		{"an advance without a unit", step("advance: 5"), "3:20", "play[0].advance", "has no unit"},
		{"an advance and the status of no card", step("advance: 1d, expect-status: active"), "3:39", "play[0].expect-status", "needs a card"},
		{"a batch at Visa", step("call: suspend, card: [alice, test/visa/2]"), "3:26", "play[0].card", "must be one card"},
		{"a batch of both networks", step("call: suspend, card: [alice, bob]"), "3:26", "play[0].card", "must be cards of mastercard only"},
		{"a batch of cryptograms", step("call: transact, card: [bob, test/mastercard/2]"), "3:27", "play[0].card", "must be one card"},
		{"a batch that somebody else acts on", step("act: suspend, card: [bob, test/mastercard/2]"), "3:25", "play[0].card", "must be one card"},
		{"a card twice in a batch", step("call: suspend, card: [bob, bob]"), "3:38", "play[0].card[1]", "is listed twice"},
		{"an account named by a name", step("call: provision, card: bob, account: bob"), "3:48", "play[0].account", "accepted: card, reference, token"},
		{"an account for an operation about a token", step("call: cryptogram, card: bob, account: token"), "3:49", "play[0].account", "belongs to provision, enrollPan, searchTokens and, without reference, authorize; not to transact"},
		{"a call repeated too often", step("call: status, card: bob, times: 1001"), "3:43", "play[0].times", "from 1 to 1000"},
		{"more patience than a test has", step("call: status, card: bob, timeout: 2m"), "3:45", "play[0].timeout", "at most 1m"},
		{"a header with a condition", step("call: status, card: bob, header: { a: { matches: x } }"), "3:44", "play[0].header", "a single text for each header"},
		{"an error of the other network expected", step("call: status, card: bob, expect-error: declined"), "3:50", "play[0].expect-error", "is an error of visa, and the card is of mastercard only"},
		{"an error and a decision expected", step("call: provision, card: bob, expect-error: limit_exceeded, expect-decision: decline"), "3:53", "play[0].expect-error", "excludes expect-decision"},
		{"no answer and a status expected", step("call: status, card: bob, expect-error: no-answer, expect-http: 200"), "3:50", "play[0].expect-error", "there is no status without an answer"},
		{"no answer and a body expected", step("call: status, card: bob, expect-error: unreadable, expect-body: { a: b }"), "3:50", "play[0].expect-error", "there is no body to read"},
		{"a decision about a cryptogram expected", step("call: cryptogram, card: bob, expect-decision: decline"), "3:57", "play[0].expect-decision", "transact does not ask the issuer"},
		{"a status expected that no token has", step("call: status, card: bob, expect-status: deleted"), "3:51", "play[0].expect-status", "accepted: inactive, active,"},
		{"a path expected that is none", step("call: status, card: bob, expect-body: { a..b: c }"), "3:51", "play[0].expect-body.a..b", "is no path into a body"},
		{"somebody's card in a request", step(`call: provision, card: alice, body: { a: "` + somebodys + `" }`), "3:52", "play[0].body.a", "number of a real card"},
	}
}

func pattern(re string) *regexp.Regexp { return regexp.MustCompile(re) }
