package scenarios_test

import (
	"testing"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/token"
)

func TestParse_WarnsOfWhatNeverHappens(t *testing.T) {
	rules := func(list string) string { return twoCards + "rules:\n" + list }
	checkRefusals(t, scenarios.SeverityWarning, []refusal{
		{"a card of another network than the rule", rules("  - { when: { network: visa, card: bob }, then: {} }"), "4:13", "rules[0].when", "can never match: network is visa, card is mastercard"},
		{"a card of another network than the operation", rules("  - { when: { operation: tokenize, card: alice }, then: {} }"), "4:13", "rules[0].when", "operation is mastercard, card is visa"},
		{"an operation of another network than the rule", rules("  - { when: { network: visa, operation: transact }, then: {} }"), "4:13", "rules[0].when", "network is visa, operation is mastercard"},
		{"a listed name of another network than the rule", rules("  - { when: { network: visa, operation: mastercard/suspend }, then: {} }"), "4:13", "rules[0].when", "network is visa, operation is mastercard"},
		{"a listed name of another network than the card", rules("  - { when: { operation: visa/getToken, card: bob }, then: {} }"), "4:13", "rules[0].when", "operation is visa, card is mastercard"},
		{"a BIN of another network than the operation", rules("  - { when: { operation: enroll, bin: \"5204\" }, then: {} }"), "4:13", "rules[0].when", "operation is visa, bin is mastercard"},
		{"a token of another network than the card", rules("  - { when: { card: bob, token: \"00112233445566778899aabbccddeeff\" }, then: {} }"), "4:13", "rules[0].when", "card is mastercard, token is visa"},
		{"one operation of a list", rules("  - { when: { card: alice, operation: [provision, transact] }, then: {} }"), "4:51", "rules[0].when.operation[1]", "limited to visa"},
		{"one card of a list", rules("  - { when: { network: visa, card: [alice, bob] }, then: {} }"), "4:44", "rules[0].when.card[1]", "limited to visa"},
		{"a rule below one that takes everything", rules("  - { then: {} }\n  - { name: late, when: { card: bob }, then: { delay: 1s } }"), "5:5", "rules[1]", `can never match: "rule 1" above takes all its requests (first at f.yaml:4:5)`},
		{"a rule below the same card", rules("  - { name: all, when: { card: [alice, bob] }, then: {} }\n  - { when: { card: bob, operation: provision }, then: {} }"), "5:5", "rules[1]", `"all" above takes`},
		{"a rule below its network", rules("  - { when: { network: mastercard }, then: {} }\n  - { when: { card: bob }, then: {} }"), "5:5", "rules[1]", "can never match"},
		{"a rule below a wider BIN", rules("  - { when: { bin: \"4622\" }, then: {} }\n  - { when: { bin: \"462294\" }, then: {} }"), "5:5", "rules[1]", "can never match"},
		{"a rule below the same attempt", rules("  - { when: { attempt: 2 }, then: {} }\n  - { when: { attempt: 2, card: bob }, then: {} }"), "5:5", "rules[1]", "can never match"},
		{"a slip in another letter case", rules("  - { when: { card: bob }, then: { error: LIMT_EXCEEDED } }"), "4:43", "rules[0].then.error", "is not documented and will be sent as a raw reason; did you mean limit_exceeded?"}, // [C3]
		{"an unknown reason", rules("  - { when: { operation: provision }, then: { error: limt } }"), "4:54", "rules[0].then.error", "is not documented and will be sent as a raw reason"},                                         // [C3]
		{"a raw reason that looks like a slip", rules("  - { when: { card: bob }, then: { error: PAN_INELIGBLE } }"), "4:43", "rules[0].then.error", "is not documented and will be sent as a raw reason; did you mean PAN_INELIGIBLE?"},
		{"a body of a request without one", rules("  - { when: { operation: [getCardMetadata, getContent], body: { a: x } }, then: {} }"), "4:13", "rules[0].when", "can never match: requests of getCardMetadata have no body"},
		{"a member of a single value", rules("  - { when: { body: { a.b.c: { matches: x }, a.b: z } }, then: {} }"), "4:23", "rules[0].when.body.a.b.c", "can never be there, as a.b must be absent or a single value (first at f.yaml:4:46)"},
		{"a member of what is absent", rules("  - { when: { body: { a: { absent: true }, \"a[0]\": z } }, then: {} }"), "4:44", "rules[0].when.body.a[0]", "can never be there, as a must be absent"},
		{"a rule below the same condition", rules("  - { when: { body: { a: x } }, then: {} }\n  - { when: { body: { b: z, a: x }, card: bob }, then: {} }"), "5:5", "rules[1]", `"rule 1" above takes`},
		{"a rule below a wider condition", rules("  - { when: { header: { a: { present: true } } }, then: {} }\n  - { when: { header: { A: x } }, then: {} }"), "5:5", "rules[1]", "can never match"},
		{"a rule below an expression that fits its value", rules("  - { when: { query: { a: { matches: ^x } } }, then: {} }\n  - { when: { query: { a: xy } }, then: {} }"), "5:5", "rules[1]", "can never match"},
		{"a rule below the same expression", rules("  - { when: { query: { a: { matches: ^x } } }, then: {} }\n  - { when: { query: { a: { matches: ^x } }, attempt: 2 }, then: {} }"), "5:5", "rules[1]", "can never match"},
		{"a rule below the same absence", rules("  - { when: { query: { a: { absent: true } } }, then: {} }\n  - { when: { query: { a: { present: false } }, card: bob }, then: {} }"), "5:5", "rules[1]", "can never match"},
		{"a card of a request that names none", rules("  - { when: { operation: getContent, card: alice }, then: {} }"), "4:13", "rules[0].when", "can never match: requests of getContent name no card, and card asks for one"},
		{"a BIN of a request that names no card", rules("  - { when: { operation: getAsset, bin: \"5204\" }, then: {} }"), "4:13", "rules[0].when", "requests of getAsset name no card, and bin asks for one"},
		{"an account of another requestor", "requestors: { a: {}, b: {} }\naccounts: { shop: { requestor: b } }\nrules:\n  - { when: { requestor: a, account: shop }, then: {} }", "5:38", "rules[0].when.account", "never matches here: the account is of the requestor b"},
		{"a rule below the same account", "accounts: { shop: {} }\nrules:\n  - { when: { account: shop }, then: {} }\n  - { when: { account: shop, network: visa }, then: {} }", "5:5", "rules[1]", `"rule 1" above takes`},
		{"a merchant of what is no payment", rules("  - { when: { operation: provision, merchant: m-1 }, then: {} }"), "4:13", "rules[0].when", "which provisionToken is not about"},
		{"a rule below a wider amount", rules("  - { when: { amount: { from: 1 } }, then: {} }\n  - { when: { amount: { from: 2, to: 3 }, currency: EUR }, then: {} }"), "5:5", "rules[1]", `"rule 1" above takes`},
		{"a card of a task", rules("  - { when: { operation: getTaskStatus, card: bob }, then: {} }"), "4:13", "rules[0].when", "requests of getTaskStatus name no card"},
		{"a token of a request that names none", rules("  - { when: { operation: enroll, token: \"00112233445566778899aabbccddeeff\" }, then: {} }"), "4:13", "rules[0].when", "requests of enrollPan name no token, and token asks for one"},
		{"a token where only a decision says what is asked", rules("  - { when: { network: visa, token: \"00112233445566778899aabbccddeeff\" }, then: { decision: decline } }"), "4:13", "rules[0].when", "requests of provisionToken name no token"},
		{"one operation of a list that names no card", rules("  - { when: { operation: [getToken, getContent], card: alice }, then: {} }"), "4:37", "rules[0].when.operation[1]", "never matches here: its requests name no card"},
		{"resuming what is deleted", twoCards + "timeline: [ { on: token.deleted, do: resume } ]", "3:13", "timeline[0]", "can never act: after token.deleted a token is deactivated, never again suspended, as resume needs it"},
		{"deleting what is deleted", twoCards + "timeline: [ { on: token.deleted, do: delete } ]", "3:13", "timeline[0]", "never again inactive, active or suspended, as delete needs it"},
		{"a new number for what is deleted", twoCards + "timeline: [ { on: token.deleted, card: bob, do: redigitize } ]", "3:13", "timeline[0]", "never again inactive, active or suspended, as redigitize needs it"},
		{"suspending what is closed", twoCards + "timeline: [ { on: account.closed, after: 1d, do: suspend } ]", "3:13", "timeline[0]", "after account.closed a token is deactivated"},
		{"a new number for a closed account", twoCards + "timeline: [ { on: account.closed, card: alice, after: 1d, do: replace-pan } ]", "3:13", "timeline[0]", "can never act: after account.closed the account is closed for good, and replace-pan needs an open one"},
		{"a new expiry for a closed account", twoCards + "timeline: [ { on: account.closed, do: update-expiry } ]", "3:13", "timeline[0]", "and update-expiry needs an open one"},
		{"new art for a closed account", twoCards + "timeline: [ { on: account.closed, network: visa, do: update-metadata } ]", "3:13", "timeline[0]", "and update-metadata needs an open one"},
		{"closing what is closed", twoCards + "timeline: [ { on: account.closed, after: 1d, do: close-account } ]", "3:13", "timeline[0]", "and close-account needs an open one"},
		{"activating what is active", twoCards + "timeline: [ { on: token.activated, do: activate } ]", "3:13", "timeline[0]", "after token.activated a token is active, never again inactive"},
		{"an event of another network than the card", twoCards + "timeline: [ { on: step-up.selected, card: bob, do: suspend } ]", "3:13", "timeline[0]", "can never happen: step-up.selected is an event of visa only, and the entry is limited to mastercard"},
		{"an event of another network than the entry", twoCards + "timeline: [ { on: step-up.failed, network: mastercard, do: delete } ]", "3:13", "timeline[0]", "is an event of visa only"},
		{"an entry for a card of another network", twoCards + "timeline: [ { on: token.provisioned, network: visa, card: bob, do: suspend } ]", "3:13", "timeline[0]", "can never happen: network is visa, card is mastercard"},
	})
}

func TestParse_AcceptsInSilence(t *testing.T) {
	for name, yaml := range map[string]string{
		"a used-up rule above":                 "rules: [ { times: 1, then: {} }, { when: { card: bob }, then: {} } ]",
		"another attempt above":                "rules: [ { when: { attempt: 1 }, then: {} }, { when: { card: bob }, then: {} } ]",
		"a narrower BIN above":                 "rules: [ { when: { bin: \"462294\" }, then: {} }, { when: { bin: \"4622\" }, then: {} } ]",
		"a BIN above a card":                   "rules: [ { when: { bin: \"4622\" }, then: {} }, { when: { card: alice }, then: {} } ]",
		"another operation above":              "rules: [ { when: { operation: enroll }, then: {} }, { when: { card: alice }, then: {} } ]",
		"operations as they are listed":        "rules: [ { when: { operation: visa/getToken }, then: {} }, { when: { operation: [mastercard/suspend, mastercard/getToken], card: bob }, then: {} } ]\nplay: [ { call: mastercard/tokenize, card: bob }, { call: visa/getToken, card: alice } ]",
		"another network above":                "rules: [ { when: { network: visa }, then: {} }, { when: { card: bob }, then: {} } ]",
		"a requestor above":                    "rules: [ { when: { requestor: wallet }, then: {} }, { when: { card: bob }, then: {} } ]",
		"an error both networks have":          "rules: [ { then: { error: json_parse_error } } ]",
		"another value above":                  "rules: [ { when: { body: { a: x } }, then: {} }, { when: { body: { a: z } }, then: {} } ]",
		"another name above":                   "rules: [ { when: { body: { a: x } }, then: {} }, { when: { body: { b: x } }, then: {} } ]",
		"another part above":                   "rules: [ { when: { header: { A: x } }, then: {} }, { when: { query: { A: x } }, then: {} } ]",
		"a condition above none":               "rules: [ { when: { body: { a: x } }, then: {} }, { when: { card: bob }, then: {} } ]",
		"another expression above":             "rules: [ { when: { query: { a: { matches: x } } }, then: {} }, { when: { query: { a: { matches: xy } } }, then: {} } ]",
		"an expression above another value":    "rules: [ { when: { query: { a: { matches: ^x } } }, then: {} }, { when: { query: { a: yx } }, then: {} } ]",
		"presence above absence":               "rules: [ { when: { query: { a: { present: true } } }, then: {} }, { when: { query: { a: { absent: true } } }, then: {} } ]",
		"what is absent and below it too":      "rules: [ { when: { body: { a: { absent: true }, a.b: { absent: true } } }, then: {} } ]",
		"a member of an object as text":        "rules: [ { when: { body: { a: '{\"b\":1}', a.b: 1 } }, then: {} } ]",
		"an absent body of a GET":              "rules: [ { when: { network: visa, operation: getToken, body: { a: { absent: true } } }, then: {} } ]",
		"a body of one of two operations":      "rules: [ { when: { operation: [getToken, getPaymentData], body: { a: x } }, then: {} } ]",
		"an error with a body of its own":      "rules: [ { when: { card: alice }, then: { error: declined, status: 502, body: <html> } } ]",
		"an error with a changed member":       "rules: [ { when: { card: alice }, then: { error: declined, respond: { errorResponse: { ref: x } } } } ]",
		"a raw body cut short":                 "rules: [ { when: { card: alice }, then: { body: '{}', fault: truncate } } ]",
		"variants of work done behind a fault": "rules: [ { when: { card: bob, operation: provision }, then: { fault: 504, commit: true, notify: { late: 1h } } } ]",
		"notices before some of the answers":   "rules: [ { when: { operation: [provision, delete] }, then: { notify: { before-response: true } } } ]",
		"broken cipher text of some answers":   "rules: [ { when: { operation: [status, suspend] }, then: { fault: bad-ciphertext } } ]",
		"broken cipher text of any answer":     "rules: [ { when: { card: alice }, then: { fault: wrong-key } } ]",
		"a raw reason of visa":                 "rules: [ { when: { card: alice }, then: { error: notReady } } ]",
		"a raw reason of mastercard":           "rules: [ { when: { card: bob }, then: { error: NO_RESPONSE_FROM_ISSUER } } ]",
		"a listed card without a section":      "rules: [ { when: { card: test/visa/3 }, then: { error: declined } } ]",
		"a fault written as a number":          "rules: [ { when: { card: bob }, then: { fault: 503, retry-after: 2s } } ]",
		"a fault written as text":              "rules: [ { when: { card: bob }, then: { fault: \"503\" } } ]",
		"work done behind a fault":             "rules: [ { when: { card: bob, operation: provision }, then: { fault: 504, commit: true, decision: step-up } } ]",
		"an error cut short":                   "rules: [ { when: { card: bob }, then: { error: limit_exceeded, fault: truncate } } ]",
		"a chain that takes time":              "timeline: [ { on: token.suspended, do: resume, after: 1s }, { on: token.resumed, do: suspend } ]",
		"a chain that is used up":              "timeline: [ { on: token.suspended, do: resume, times: 3 }, { on: token.resumed, do: suspend } ]",
		"a chain of two cards":                 "timeline: [ { on: token.suspended, card: alice, do: resume }, { on: token.resumed, card: bob, do: suspend } ]",
		"suspending what is suspended":         "timeline: [ { on: token.suspended, do: suspend } ]",
		"changing the card of what is gone":    "timeline: [ { on: token.deleted, do: update-metadata }, { on: token.deleted, after: 1d, do: close-account } ]",
		"resuming what may be suspended":       "timeline: [ { on: token.resumed, after: 1d, do: resume }, { on: pan.replaced, do: activate } ]",
		"a step-up of either network":          "timeline: [ { on: step-up.requested, card: bob, do: suspend }, { on: step-up.selected, card: alice, after: 1d, do: activate } ]",
		"a token that represents its card":     "rules: [ { when: { operation: tokenize, token: \"DWSPMC000000000132d72d4fcb2f4136a0532d3093ff1a45\" }, then: {} } ]",
		"a card of any request":                "rules: [ { when: { card: bob }, then: {} } ]",
		"one target for both networks":         "requestors: { w: { notify: http://127.0.0.1:9000 } }",
		"a duration of days and hours":         "timeline: [ { on: token.provisioned, after: 2w3d12h, do: suspend } ]",
		"an expectation of two cards":          "expect: { tokens: [ { card: alice, count: 0 }, { card: test/visa/2, status: active } ] }",
		"a decision for a whole network":       "rules: [ { when: { network: visa }, then: { decision: decline } } ]",
		"names in quotes and out of them":      "name: \"404\"\nrequestors: { \"w\": {} }",
		"JSON, which is YAML":                  `"rules": [ { "when": { "card": "alice" }, "then": { "delay": "1s" } } ]`,
		"a comment and nothing to be done":     "# nothing",
	} {
		t.Run(name, func(t *testing.T) {
			if _, found := scenarios.Parse("f.yaml", []byte("version: 1\n"+twoCards+yaml+"\n")); len(found) > 0 {
				t.Errorf("want no finding:\n%s", lines(found))
			}
		})
	}
}

func TestParse_FindsLoopsThatOneCardCloses(t *testing.T) {
	for name, tc := range map[string]struct {
		yaml string
		want int
	}{
		"any card and one card":           {"[ { on: token.suspended, do: resume }, { on: token.resumed, card: alice, do: suspend } ]", 2},
		"a network and a card of it":      {"[ { on: token.suspended, network: visa, do: resume }, { on: token.resumed, card: alice, do: suspend } ]", 2},
		"a network and a card of another": {"[ { on: token.suspended, network: visa, do: resume }, { on: token.resumed, card: bob, do: suspend } ]", 0},
		"two cards and any card":          {"[ { on: pan.replaced, do: update-expiry }, { on: pan.expiry-updated, card: alice, do: update-metadata }, { on: card.metadata-updated, card: bob, do: replace-pan } ]", 0},
		"three entries of one card":       {"[ { on: pan.replaced, do: update-expiry }, { on: pan.expiry-updated, card: bob, do: update-metadata }, { on: card.metadata-updated, card: bob, do: replace-pan } ]", 3},
		"the same entry twice":            {"[ { on: pan.replaced, do: replace-pan }, { on: pan.replaced, do: replace-pan } ]", 2},
	} {
		t.Run(name, func(t *testing.T) {
			_, found := scenarios.Parse("f.yaml", []byte("version: 1\n"+twoCards+"timeline: "+tc.yaml))
			if len(found) != tc.want {
				t.Errorf("want %d findings:\n%s", tc.want, lines(found))
			}
		})
	}
}

func TestParse_RefusesEachEntryOfALoop(t *testing.T) {
	_, found := scenarios.Parse("f.yaml", []byte(`version: 1
timeline:
  - { on: token.provisioned, do: suspend }
  - { on: token.suspended, do: resume }
  - { on: token.resumed, do: suspend }
`))
	if len(found) != 2 || found[0].Path != "timeline[1]" || found[1].Path != "timeline[2]" {
		t.Errorf("want a finding for each of the two entries of the loop:\n%s", lines(found))
	}
}

// [C3] What the networks are known to send is no mistake.
func TestParse_KnownReasonsBringNoWarning(t *testing.T) {
	for network, card := range map[token.Network]string{token.Visa: "alice", token.Mastercard: "bob"} {
		for _, reason := range append(token.Reasons(network), token.KeyNames(network)...) {
			compiled(t, twoCards+"rules: [ { when: { card: "+card+" }, then: { error: "+reason+" } } ]")
		}
	}
	for _, reason := range []string{"limit_exceeded", "CRYPTOGRAPHY_ERROR", "serviceError"} {
		compiled(t, "rules: [ { when: { operation: provision }, then: { error: "+reason+" } } ]")
	}
}
