package scenarios_test

import (
	"testing"

	"github.com/pantomime-dev/pantomime/scenarios"
)

// rule writes a file with two cards and one rule; what is in its braces
// begins at line 3, column 12.
func rule(inside string) string { return twoCards + "rules: [ { " + inside + " } ]" }

func TestParse_RefusesInRules(t *testing.T) {
	checkRefusals(t, scenarios.SeverityError, refusesInRules())
}

func refusesInRules() []refusal {
	return []refusal{
		{"a rule without then", rule("when: { card: alice }"), "3:10", "rules[0]", "needs the key then"},
		{"a rule name given twice", twoCards + "rules:\n  - { name: x, when: { card: alice }, then: {} }\n  - { name: x, when: { card: bob }, then: {} }", "5:13", "rules[1].name", "is a name given twice (first at f.yaml:4:13)"},
		{"a name that another rule has by its place", twoCards + "rules:\n  - { name: rule 2, when: { card: alice }, then: {} }\n  - { when: { card: bob }, then: {} }", "5:5", "rules[1]", "is a name given twice"},
		{"an unknown matcher", rule("when: { cart: alice }, then: {}"), "3:20", "rules[0].when.cart", "did you mean card?"},
		{"an unknown network", rule("when: { network: amex }, then: {}"), "3:29", "rules[0].when.network", "accepted: visa, mastercard"},
		{"an unknown operation", rule("when: { operation: [provision, provison] }, then: {}"), "3:43", "rules[0].when.operation[1]", "did you mean provision?"},
		{"an empty list of operations", rule("when: { operation: [] }, then: {}"), "3:31", "rules[0].when.operation", "names nothing; name one or leave the key out"},
		{"an operation listed twice", rule("when: { operation: [provision, provision] }, then: {}"), "3:43", "rules[0].when.operation[1]", "is listed twice"},
		{"an unknown card", rule("when: { card: alise }, then: {}"), "3:26", "rules[0].when.card", "is no card of this scenario; did you mean alice? accepted: alice, bob"},
		{"a card number in place of a name", rule(`when: { card: "4622943120000600" }, then: {}`), "3:26", "rules[0].when.card", `"462294******0600" is no card`},
		{"an account that is not there", "accounts: { shop: {} }\n" + rule("when: { account: shp }, then: {}"), "4:29", "rules[0].when.account", "is no account of this scenario; did you mean shop? accepted: shop"},
		{"a category without quotes", rule("when: { category: 5411 }, then: {}"), "3:30", "rules[0].when.category", "must be in quotes"},
		{"a category of three digits", rule(`when: { category: "541" }, then: {}`), "3:30", "rules[0].when.category", "must be four digits"},
		{"a country of three letters", rule("when: { country: DEU }, then: {}"), "3:29", "rules[0].when.country", "must be two capital letters"},
		{"a currency in small letters", rule("when: { currency: eur }, then: {}"), "3:30", "rules[0].when.currency", "must be three capital letters"},
		{"an amount that nothing is", rule("when: { amount: { from: 2, to: 1 } }, then: {}"), "3:28", "rules[0].when.amount", "from 2 is more than to 1"},
		{"an unknown requestor", rule("when: { requestor: walet }, then: {}"), "3:31", "rules[0].when.requestor", "is no requestor of this scenario; did you mean wallet? accepted: wallet"},
		{"the built-in requestor next to declared ones", "requestors: { shop: {} }\n" + rule("when: { requestor: wallet }, then: {}"), "4:31", "rules[0].when.requestor", "accepted: shop"},
		{"a BIN without quotes", rule("when: { bin: 462294 }, then: {}"), "3:25", "rules[0].when.bin", "is a BIN and must be in quotes"},
		{"a BIN of three digits", rule(`when: { bin: "462" }, then: {}`), "3:25", "rules[0].when.bin", "must be 4 to 10 digits"},
		{"a BIN with a letter", rule(`when: { bin: "46229x" }, then: {}`), "3:25", "rules[0].when.bin", "must be 4 to 10 digits"},
		{"a BIN of another network", rule(`when: { bin: "3782" }, then: {}`), "3:25", "rules[0].when.bin", "is in no range"},
		{"a token reference without quotes", rule("when: { token: 00112233445566778899aabbccddeeff }, then: {}"), "3:27", "rules[0].when.token", "is a token reference and must be in quotes"},
		{"a token reference that is none", rule(`when: { token: "DWSPMC1" }, then: {}`), "3:27", "rules[0].when.token", "is no token reference"},
		{"attempt 0", rule("when: { card: alice, attempt: 0 }, then: {}"), "3:42", "rules[0].when.attempt", "whole number from 1"},
		{"times 0", rule("times: 0, then: {}"), "3:19", "rules[0].times", "whole number from 1"},
		{"times below 0", rule("times: -1, then: {}"), "3:19", "rules[0].times", "whole number from 1"},
		{"times as a fraction", rule("times: 1.5, then: {}"), "3:19", "rules[0].times", "whole number from 1"},
	}
}

func TestParse_RefusesInThen(t *testing.T) {
	checkRefusals(t, scenarios.SeverityError, refusesInThen())
}

func refusesInThen() []refusal {
	then := func(inside string) string { return rule("when: { card: alice }, then: { " + inside + " }") }
	return []refusal{
		{"an unknown decision", then("decision: refuse"), "3:53", "rules[0].then.decision", "accepted: approve, step-up, decline"},
		{"a misspelt error", rule("when: { card: bob }, then: { error: limt_exceeded }"), "3:48", "rules[0].then.error", `f.yaml:3:48: rules[0].then.error: "limt_exceeded" is not a documented error of mastercard; did you mean limit_exceeded? accepted: PAN_INELIGIBLE,`},
		{"an error of the other network, by card", then("error: limit_exceeded"), "3:50", "rules[0].then.error", "is an error of mastercard, and the rule matches visa only; accepted: invalid_parameter,"},
		{"an error of the other network, by operation", rule("when: { operation: transact }, then: { error: declined }"), "3:58", "rules[0].then.error", "is an error of visa, and the rule matches mastercard only"},
		{"a raw reason in the other network's form", then("error: CRYPTOGRAPHY_ERROR"), "3:50", "rules[0].then.error", "is not a documented error of visa"},
		{"a raw reason with odd characters", then(`error: "not ready"`), "3:50", "rules[0].then.error", "is not a documented error of visa"},
		{"a raw reason of two letters", then("error: no-"), "3:50", "rules[0].then.error", "is not a documented error of visa"},
		{"a status of 600", then("error: declined, status: 600"), "3:68", "rules[0].then.status", "from 200 to 599"},
		{"a status of 99", then("error: declined, status: 99"), "3:68", "rules[0].then.status", "from 200 to 599"},
		{"a status that is not final", then("error: declined, status: 100"), "3:68", "rules[0].then.status", "from 200 to 599"},
		{"a status without an error", then("status: 503"), "3:51", "rules[0].then.status", "needs an error"},
		{"an unknown fault", then("fault: drop_response"), "3:50", "rules[0].then.fault", "did you mean drop-response?"},
		{"a delay that is too long", then("delay: 11m"), "3:50", "rules[0].then.delay", "at most 10m"},
		{"a delay that hangs anyway", then("delay: 1s, fault: hang"), "3:50", "rules[0].then.delay", "hang never answers"},
		{"an error with a decision", rule("when: { operation: provision, card: alice }, then: { error: declined, decision: decline }"), "3:72", "rules[0].then.error", "excludes decision"},
		{"an error behind a fault that replaces it", then("error: declined, fault: reset"), "3:50", "rules[0].then.error", "fault reset replaces the answer"},
		{"a decision behind a fault that replaces it", then("decision: decline, fault: 503"), "3:53", "rules[0].then.decision", "with commit: true the work is done"},
		{"a decision for an operation that asks no issuer", rule("when: { operation: cryptogram, card: alice }, then: { decision: decline }"), "3:76", "rules[0].then.decision", "getPaymentData does not ask the issuer"},
		{"broken cipher text of an answer without any", rule("when: { operation: [status, suspend], network: visa }, then: { fault: bad-ciphertext }"), "3:82", "rules[0].then.fault", "answers of getToken carry no cipher text; it needs provisionToken, provisionTokenWithPan or getPaymentData; accepted: reset,"},
		{"another key for an answer without cipher text", rule("when: { operation: getTaskStatus }, then: { fault: wrong-key }"), "3:63", "rules[0].then.fault", "it needs tokenize, transact or getToken;"},
		{"broken cipher text of a token that is withheld", rule("when: { operation: provision, card: alice }, then: { decision: step-up, fault: wrong-key }"), "3:91", "rules[0].then.fault", "withheld until its cardholder is identified"},
		{"broken cipher text of a card without a token", rule("when: { operation: provision }, then: { decision: decline, fault: wrong-key }"), "3:78", "rules[0].then.fault", "a declined card gets no token"},
		{"broken cipher text of an error", then("error: declined, fault: wrong-key"), "3:67", "rules[0].then.fault", "an error carries no cipher text"},
		{"a status that is never sent", then("error: declined, status: 500, fault: drop-response"), "3:68", "rules[0].then.status", "would never be seen"},
		{"commit without a fault", then("commit: true"), "3:51", "rules[0].then.commit", "needs a fault"},
		{"commit of a refusal", then("error: declined, fault: truncate, commit: true"), "3:85", "rules[0].then.commit", "nothing to commit"},
		{"a fraction of a second to retry after", then("error: declined, retry-after: 1500ms"), "3:73", "rules[0].then.retry-after", "whole seconds"},
		{"a retry after nothing", then("error: declined, retry-after: 0s"), "3:73", "rules[0].then.retry-after", "at least 1s"},
		{"a retry after success", then("retry-after: 3s"), "3:56", "rules[0].then.retry-after", "needs an error"},
		{"a retry after an answer that is never sent", then("error: declined, fault: drop-response, retry-after: 3s"), "3:95", "rules[0].then.retry-after", "would never be seen"},
	}
}

func TestParse_RefusesInTimelineAndExpect(t *testing.T) {
	checkRefusals(t, scenarios.SeverityError, refusesInTimelineAndExpect())
}

func refusesInTimelineAndExpect() []refusal {
	entry := func(inside string) string { return twoCards + "timeline: [ { " + inside + " } ]" }
	return []refusal{
		{"an entry without an event", entry("do: suspend"), "3:13", "timeline[0]", "needs the key on"},
		{"an entry that does nothing", entry("on: token.provisioned"), "3:13", "timeline[0]", "needs the key do"},
		{"an unknown event", entry("on: token.provision, do: suspend"), "3:19", "timeline[0].on", "did you mean token.provisioned?"},
		{"an unknown action", entry("on: token.provisioned, do: suspendd"), "3:42", "timeline[0].do", "did you mean suspend?"},
		{"an unknown key", entry("on: token.provisioned, do: suspend, until: 3d"), "3:51", "timeline[0].until", `"until" is not a key here`},
		{"an unknown card", entry("on: token.provisioned, do: suspend, card: carol"), "3:57", "timeline[0].card", "is no card"},
		{"an unknown requestor", entry("on: token.provisioned, do: suspend, requestor: shop"), "3:62", "timeline[0].requestor", "is no requestor"},
		{"an unknown party", entry("on: token.provisioned, do: suspend, by: bank"), "3:55", "timeline[0].by", "accepted: issuer, requestor, cardholder"},
		{"a reason in small letters", entry("on: token.provisioned, do: suspend, reason: fraud"), "3:59", "timeline[0].reason", "capital letters"},
		{"a wait without a unit", entry("on: token.provisioned, do: suspend, after: 36"), "3:58", "timeline[0].after", "has no unit"},
		{"a wait in unknown units", entry("on: token.provisioned, do: suspend, after: 3 days"), "3:58", "timeline[0].after", "must be a duration such as"},
		{"an expiry for a suspension", entry(`on: token.provisioned, do: suspend, expiry: "12/30"`), "3:59", "timeline[0].expiry", "belongs to update-expiry and replace-pan"},
		{"a number for a suspension", entry("on: token.provisioned, card: alice, do: suspend, pan: test/visa/2"), "3:69", "timeline[0].pan", "belongs to replace-pan"},
		{"a token's new number for a suspension", entry("on: token.provisioned, do: suspend, new-number: true"), "3:63", "timeline[0].new-number", "belongs to redigitize, not to suspend"},
		{"a token's new number for a re-digitization", entry("on: token.provisioned, card: bob, do: redigitize, pan: test/mastercard/2"), "3:70", "timeline[0].pan", "belongs to replace-pan, not to redigitize"},
		{"a token's new number that is no flag", entry("on: token.provisioned, card: bob, do: redigitize, new-number: yes"), "3:77", "timeline[0].new-number", "true or false"},
		{"a token re-digitized again at once", entry("on: token.redigitized, do: redigitize"), "3:13", "timeline[0]", "sets itself off again"},
		{"a new number for any card", entry("on: token.provisioned, do: replace-pan, pan: test/visa/2"), "3:60", "timeline[0].pan", "needs a card"},
		{"a new number of another network", entry("on: token.provisioned, card: alice, do: replace-pan, pan: test/mastercard/2"), "3:73", "timeline[0].pan", "is a number of mastercard"},
		{"a new number that is the old one", entry("on: token.provisioned, card: alice, do: replace-pan, pan: test/visa/1"), "3:73", "timeline[0].pan", "has already"},
		{"a new number that may be somebody's", entry(`on: token.provisioned, card: alice, do: replace-pan, pan: "` + somebodys + `"`), "3:73", "timeline[0].pan", "may be a real card"},
		{"a new number of no network", entry(`on: token.provisioned, card: alice, do: replace-pan, pan: "378282246310005"`), "3:73", "timeline[0].pan", "no range"},
		{"a notice never sent twice", entry("on: token.provisioned, do: suspend, notify: { never: true, duplicate: 1 }"), "3:68", "timeline[0].notify.never", "excludes duplicate"},
		{"a notice early and late", entry("on: token.suspended, do: resume, notify: { before-response: true, late: 1h }"), "3:75", "timeline[0].notify.before-response", "excludes late and reorder"},
		{"a notice before no response", entry("on: token.suspended, after: 1h, do: resume, notify: { before-response: true }"), "3:86", "timeline[0].notify.before-response", "no request is waiting"},
		{"a signature of the network without one", entry("on: token.suspended, card: bob, do: resume, notify: { wrong-signature: true }"), "3:86", "timeline[0].notify.wrong-signature", "is a variant of visa's notices only, and these are of mastercard"},
		{"a variant by half its name", entry("on: token.suspended, do: resume, notify: { cut-cipher: true }"), "3:58", "timeline[0].notify.cut-cipher", "did you mean cut-ciphertext?"},
		{"cipher text of the network without any", entry("on: token.suspended, network: visa, do: resume, notify: { cut-ciphertext: true }"), "3:89", "timeline[0].notify.cut-ciphertext", "is a variant of mastercard's notices only"},
		{"a variant of unknown name", entry("on: token.suspended, do: resume, notify: { twice: true }"), "3:58", "timeline[0].notify.twice", "accepted: duplicate, late,"},
		{"too many duplicates", entry("on: token.provisioned, do: suspend, notify: { duplicate: 1001 }"), "3:72", "timeline[0].notify.duplicate", "from 0 to 1000"},
		{"an entry that sets itself off", entry("on: pan.expiry-updated, do: update-expiry"), "3:13", "timeline[0]", "sets itself off again at the same instant"},
		{"an expectation of nothing", twoCards + "expect: { tokens: [ { card: alice } ] }", "3:21", "expect.tokens[0]", "expects nothing"},
		{"an expectation of no card", twoCards + "expect: { tokens: [ { count: 1 } ] }", "3:21", "expect.tokens[0]", "needs the key card"},
		{"an expectation of an unknown card", twoCards + "expect: { tokens: [ { card: carol, count: 1 } ] }", "3:29", "expect.tokens[0].card", "is no card"},
		{"an expectation below zero", twoCards + "expect: { tokens: [ { card: bob, count: -1 } ] }", "3:41", "expect.tokens[0].count", "from 0"},
		{"an unknown status", twoCards + "expect: { tokens: [ { card: bob, status: deleted } ] }", "3:42", "expect.tokens[0].status", "accepted: inactive, active, suspended, deactivated"},
		{"an unknown state of a delivery", "expect: { callbacks: { lost: 0 } }", "2:24", "expect.callbacks.lost", "accepted: pending, delivered, failed, unrouted"},
		{"faults used by half", "expect: { faults: some-used }", "2:19", "expect.faults", "accepted: all-used"},
		{"rules used by half", "expect: { rules: true }", "2:18", "expect.rules", "accepted: all-used"},
	}
}
