package scenarios_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/token"
)

// refusal is one mistake and the one finding it must get. The text follows
// "version: 1", so its first line is line 2.
type refusal struct {
	name string
	yaml string
	at   string // line:column
	path string
	says string // part of the finding's text
}

func checkRefusals(t *testing.T, severity scenarios.Severity, cases []refusal) {
	t.Helper()
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			_, found := scenarios.Parse("f.yaml", []byte("version: 1\n"+tc.yaml+"\n"))
			if len(found) != 1 {
				t.Fatalf("want one finding, got %d:\n%s", len(found), lines(found))
			}
			f := found[0]
			if at := fmt.Sprintf("%d:%d", f.At.Line, f.At.Column); at != tc.at {
				t.Errorf("found at %s, want %s: %s", at, tc.at, f)
			}
			if f.Path != tc.path || f.Severity != severity {
				t.Errorf("got path %q and severity %s, want %q and %s: %s", f.Path, f.Severity, tc.path, severity, f)
			}
			if !strings.Contains(f.String(), tc.says) {
				t.Errorf("finding does not say %q: %s", tc.says, f)
			}
		})
	}
}

func lines(found scenarios.Findings) string {
	var b strings.Builder
	for _, f := range found {
		b.WriteString(f.String() + "\n")
	}
	return b.String()
}

// somebodys is a number that passes Luhn and is not known to be published.
var somebodys = "499999999999999" + string(token.CheckDigit("499999999999999"))

const twoCards = "cards: { alice: { pan: test/visa/1 }, bob: { pan: test/mastercard/1 } }\n"

func TestParse_RefusesInTheWholeFile(t *testing.T) {
	checkRefusals(t, scenarios.SeverityError, refusesInTheWholeFile())
}

func refusesInTheWholeFile() []refusal {
	return []refusal{
		{"an unknown section", "ruls: []", "2:1", "ruls", `"ruls" is not a key here; did you mean rules? accepted: version, name,`},
		{"a section without a value", "rules:", "2:1", "rules", "has no value"},
		{"a key given twice", "name: a\nname: b", "3:1", "", `key "name" is given twice`},
		{"an anchor", "name: &a x", "2:7", "", "anchor"},
		{"an explicit tag", "name: !!str x", "2:7", "", "tag"},
		{"a second document", "name: a\n---\nversion: 1", "4:1", "", "second document"},
		{"a list where keys are wanted", "clock: [manual]", "2:8", "clock", "must be a set of keys, not a list"},
		{"a single value where a list is wanted", "rules: all", "2:8", "rules", "must be a list, not a single value"},
		{"a name that is a number", "name: 404", "2:7", "name", "must be text; put it in quotes"},
		{"a name that is a date", "name: 2026-03-01", "2:7", "name", "must be text; put it in quotes"},
		{"a name that is true", "name: yes", "2:7", "name", "must be text; put it in quotes"},
		{"a name of two lines", "name: \"a\\nb\"", "2:7", "name", "one line"},
		{"an empty name", `name: ""`, "2:7", "name", "1 to 200 characters, not 0"},
		{"a name that is too long", "name: " + strings.Repeat("x", 201), "2:7", "name", "1 to 200 characters, not 201"},
		{"seed 0", "seed: 0", "2:7", "seed", "must not be 0"},
		{"a negative seed", "seed: -1", "2:7", "seed", "whole number from 1"},
		{"an octal seed", "seed: 010", "2:7", "seed", "whole number from 1"},
		{"a quoted seed", `seed: "4711"`, "2:7", "seed", "without quotes"},
		{"a seed of thirty digits", "seed: 123456789012345678901234567890", "2:7", "seed", `"123456******7890 (30 digits)" must be a whole number`},
		{"a seed of 65 bits", "seed: 18446744073709551616", "2:7", "seed", "from 1 to 18446744073709551615"},
		{"an unknown clock", "clock: { mode: manuel }", "2:16", "clock.mode", "did you mean manual? accepted: system, manual"},
		{"a start without a zone", "clock: { mode: manual, start: 2026-03-01T09:00:00 }", "2:31", "clock.start", "with its zone"},
		{"a start in another century", "clock: { mode: manual, start: 1999-12-31T23:59:59Z }", "2:31", "clock.start", "2000 to 2099"},
		{"a start of a system clock", "clock: { mode: system, start: 2026-03-01T09:00:00Z }", "2:31", "clock.start", "needs mode: manual"},
		{"a start of a clock without a mode", "clock: { start: 2026-03-01T09:00:00Z }", "2:17", "clock.start", "needs mode: manual"},
		{"a retry that is no list", "callbacks: { retry: 1m }", "2:21", "callbacks.retry", "must be a list"},
		{"attempts at even distances for nobody knows how long", "callbacks: { retry: { every: 1m } }", "2:21", "callbacks.retry", "needs the key for"},
		{"attempts without a pause", "callbacks: { retry: { every: 0s, for: 1h } }", "2:21", "callbacks.retry", "longer than 0s"},
		{"attempts that end before the second", "callbacks: { retry: { every: 1h, for: 59m } }", "2:21", "callbacks.retry", "one attempt only"},
		{"more attempts than anybody wants", "callbacks: { retry: { every: 1s, for: 1001s } }", "2:21", "callbacks.retry", "more than 1000"},
		{"a misspelt key of even attempts", "callbacks: { retry: { every: 1s, for: 1m, until: 1m } }", "2:43", "callbacks.retry.until", "accepted: every, for"},
		{"a pause without a unit", "callbacks: { retry: [1m, 5] }", "2:26", "callbacks.retry[1]", "has no unit"},
		{"too many retries", "callbacks: { retry: [" + strings.Repeat("1s,", 101) + "] }", "2:21", "callbacks.retry", "more than 100"},
		{"a time-out of nothing", "callbacks: { timeout: 0s }", "2:23", "callbacks.timeout", "at least 1ms"},
		{"a time-out that is too long", "callbacks: { timeout: 6m }", "2:23", "callbacks.timeout", "at most 5m"},
	}
}

func TestParse_RefusesPeopleAndCards(t *testing.T) {
	checkRefusals(t, scenarios.SeverityError, refusesPeopleAndCards())
}

func refusesPeopleAndCards() []refusal {
	return []refusal{
		{"a requestor whose name has a blank", "requestors: { my wallet: {} }", "2:15", "requestors.my wallet", "is no name"},
		{"a TRID without quotes", "requestors: { w: { trid: { visa: 40010000001 } } }", "2:34", "requestors.w.trid.visa", `"40010000001" is a token requestor id and must be in quotes`},
		{"a TRID of ten digits", `requestors: { w: { trid: { visa: "4001000000" } } }`, "2:34", "requestors.w.trid.visa", "must be 11 digits"},
		{"a TRID at an unknown network", `requestors: { w: { trid: { amex: "40010000001" } } }`, "2:28", "requestors.w.trid.amex", "accepted: visa, mastercard"},
		{"a TRID of two requestors", "requestors:\n  a: { trid: { visa: \"40010000001\" } }\n  b: { trid: { visa: \"40010000001\" } }", "4:22", "requestors.b.trid.visa", "belongs to another requestor (first at f.yaml:3:22)"},
		{"a notice target without a scheme", "requestors: { w: { notify: localhost:9000 } }", "2:28", "requestors.w.notify", "must be a URL"},
		{"a notice target that is no web address", `requestors: { w: { notify: { visa: "ftp://h/" } } }`, "2:36", "requestors.w.notify.visa", "must be a URL"},
		{"a notice target with a password", "requestors: { w: { notify: http://u:p@h/ } }", "2:28", "requestors.w.notify", "user or a password"},
		{"a notice target with a query", "requestors: { w: { notify: \"http://h/?a=1\" } }", "2:28", "requestors.w.notify", "query"},
		{"a word for a flag", "requestors: { w: { notify-own: yes } }", "2:32", "requestors.w.notify-own", "must be true or false"},
		{"a way to judge signatures that is none", "requestors: { w: { auth: maybe } }", "2:26", "requestors.w.auth", "accepted: verify, warn, off"},
		{"three keys", "requestors: { w: { keys: three } }", "2:26", "requestors.w.keys", "accepted: two, one"},
		{"a further key for nothing", "requestors: { w: { further-keys: [sign, none] } }", "2:41", "requestors.w.further-keys[1]", "accepted: sign, encrypt, both"},
		{"nine further keys", "requestors: { w: { further-keys: [" + strings.Repeat("sign, ", 8) + "sign] } }", "2:34", "requestors.w.further-keys", "at most 8"},
		{"one further key that is no list", "requestors: { w: { further-keys: both } }", "2:34", "requestors.w.further-keys", "must be a list"},
		{"an encryption of another network", "requestors: { w: { encryption: oaep } }", "2:32", "requestors.w.encryption", "accepted: shared-secret, rsa"},
		{"a relationship without quotes", "requestors: { w: { relationship-id: 24681921-40000000082 } }", "2:37", "requestors.w.relationship-id", "put it in quotes"},
		{"a relationship that is too long", "requestors: { w: { relationship-id: " + strings.Repeat("x", 101) + " } }", "2:37", "requestors.w.relationship-id", "1 to 100 characters, not 101"},
		{"a negative activation", "requestors: { w: { activation: -1s } }", "2:32", "requestors.w.activation", "must not be negative"},
		{"an unknown persona", "issuers: { i: { persona: fraudwatch1 } }", "2:26", "issuers.i.persona", "did you mean fraud-watch? accepted: approving,"},
		{"an unknown decision of an issuer", "issuers: { i: { decision: stepup } }", "2:27", "issuers.i.decision", "did you mean step-up? accepted: approve, step-up, decline"},
		{"no step-up method", "issuers: { i: { methods: [] } }", "2:26", "issuers.i.methods", "names nothing; name one or leave the key out"},
		{"an unknown step-up method", "issuers: { i: { methods: [sms, fax] } }", "2:32", "issuers.i.methods[1]", "accepted: sms, email, app"},
		{"a step-up method listed twice", "issuers: { i: { methods: [sms, sms] } }", "2:32", "issuers.i.methods[1]", "is listed twice (first at f.yaml:2:27)"},
		{"an endpoint that is no URL", "issuers: { i: { decide: localhost } }", "2:25", "issuers.i.decide", "must be a URL"},
		{"an endpoint with a query", `issuers: { i: { decide: "http://127.0.0.1:1/?a=1" } }`, "2:25", "issuers.i.decide", "query"},
		{"an endpoint off loopback", `issuers: { i: { decide: "http://10.0.0.1/" } }`, "2:25", "issuers.i.decide", "start with --callback-allow 10.0.0.1"},
		{"a limit without an endpoint", "issuers: { i: { within: 1s } }", "2:25", "issuers.i.within", "needs the key decide"},
		{"too long a limit", `issuers: { i: { decide: "http://127.0.0.1:1", within: 31s } }`, "2:55", "issuers.i.within", "at most 30s"},
		{"late without an endpoint", "issuers: { i: { late: approve } }", "2:23", "issuers.i.late", "needs the key decide"},
		{"an unknown way to be late", `issuers: { i: { decide: "http://127.0.0.1:1", late: standin } }`, "2:53", "issuers.i.late", "did you mean stand-in? accepted: decline, approve, stand-in"},
		{"a decision next to an endpoint", `issuers: { i: { decide: "http://127.0.0.1:1", decision: approve } }`, "2:57", "issuers.i.decision", "the endpoint at decide decides"},
		{"payments next to an endpoint", `issuers: { i: { decide: "http://127.0.0.1:1", payments: do_not_honor } }`, "2:57", "issuers.i.payments", "the endpoint at decide decides"},
		{"funds next to an endpoint", `issuers: { i: { decide: "http://127.0.0.1:1", funds: 1 } }`, "2:54", "issuers.i.funds", "the endpoint at decide decides"},
		{"rates next to an endpoint", `issuers: { i: { decide: "http://127.0.0.1:1", approves: { card: 1 } } }`, "2:57", "issuers.i.approves", "the endpoint at decide decides"},
		{"a rate over a hundred", "issuers: { i: { approves: { card: 101 } } }", "2:35", "issuers.i.approves.card", "from 0 to 100"},
		{"a rate of an unknown means", "issuers: { i: { approves: { cash: 1 } } }", "2:29", "issuers.i.approves.cash", "accepted: card, token"},
		{"a reason of the network for payments", "issuers: { i: { payments: cryptogram_used } }", "2:27", "issuers.i.payments", "accepted: expired_card,"},
		{"a card without network and number", "cards: { a: {} }", "2:13", "cards.a", "needs a network or a pan"},
		{"a card number without quotes", "cards: { a: { pan: 4622943120000600 } }", "2:20", "cards.a.pan", `"462294******0600" is a card number and must be in quotes`},
		{"a card number in groups", `cards: { a: { pan: "4622 9431 2000 0600" } }`, "2:20", "cards.a.pan", `"462294******0600" must be 9 to 19 digits`},
		{"a card number that is too short", `cards: { a: { pan: "46229431" } }`, "2:20", "cards.a.pan", "9 to 19 digits"},
		{"a card that may be somebody's", `cards: { a: { pan: "` + somebodys + `" } }`, "2:20", "cards.a.pan", "may be a real card"},
		{"a card of another network", `cards: { a: { network: visa, pan: "5204731600014784" } }`, "2:35", "cards.a.pan", "is a number of mastercard, and the card's network is visa"},
		{"a card of no network", `cards: { a: { pan: "378282246310005" } }`, "2:20", "cards.a.pan", "no range of visa or mastercard"},
		{"a listed card of no network", `cards: { a: { pan: test/amex/1 } }`, "2:20", "cards.a.pan", "neither visa nor mastercard"},
		{"a listed card that does not exist", "cards: { a: { pan: test/visa/99 } }", "2:20", "cards.a.pan", "is no listed card"},
		{"one number for two cards", "cards:\n  a: { pan: test/visa/1 }\n  b: { pan: \"4622943120000600\" }", "4:13", "cards.b.pan", "is the number of another card (first at f.yaml:3:13)"},
		{"an expiry without quotes", "cards: { a: { network: visa, expiry: 12/29 } }", "2:38", "cards.a.expiry", `"12/29" is an expiry and must be in quotes`},
		{"a thirteenth month", `cards: { a: { network: visa, expiry: "13/29" } }`, "2:38", "cards.a.expiry", "month from 01 to 12"},
		{"an unknown issuer", "issuers: { careful: {} }\ncards: { a: { network: visa, issuer: carefull } }", "3:38", "cards.a.issuer", "is no issuer of this scenario; did you mean careful?"},
	}
}

func TestParse_RefusesInSwitches(t *testing.T) {
	checkRefusals(t, scenarios.SeverityError, refusesInSwitches())
}

func refusesInSwitches() []refusal {
	visa := func(inside string) string { return "networks: { visa: { " + inside + " } }" }
	mastercard := func(inside string) string { return "networks: { mastercard: { " + inside + " } }" }
	return []refusal{
		{"an unknown profile", "profile: strickt", "2:10", "profile", "did you mean strict? accepted: default, strict, lenient"},
		{"switches of an unknown network", "networks: { amex: {} }", "2:13", "networks.amex", "accepted: visa, mastercard"},
		{"a switch of the other network", visa("jwe: true"), "2:21", "networks.visa.jwe", "is not a key here"},
		{"a switch without a value", visa("repeat: "), "2:21", "networks.visa.repeat", "has no value"},
		{"a word for a switch that is a flag", visa("old-pay-token: on"), "2:36", "networks.visa.old-pay-token", "must be true or false"},
		{"a status that no answer has", visa("create-status: 202"), "2:36", "networks.visa.create-status", "accepted: 201, 200"},
		{"a repetition that Visa does not know", visa("repeat: duplicate"), "2:29", "networks.visa.repeat", "accepted: same, new"},
		{"a password without quotes", visa("step-up-otp: 456789"), "2:34", "networks.visa.step-up-otp", "is a code and must be in quotes"},
		{"a password of three digits", visa(`step-up-otp: "123"`), "2:34", "networks.visa.step-up-otp", "4 to 8 digits"},
		{"no attempt at all", visa("step-up-attempts: 0"), "2:39", "networks.visa.step-up-attempts", "from 1 to 100"},
		{"a status of errors that means something else", mastercard("error-status: 302"), "2:41", "networks.mastercard.error-status", "200, or from 400 to 599"},
		{"a status of an error in words", mastercard("error-status: ok"), "2:41", "networks.mastercard.error-status", "whole number from 200 to 599"},
		{"statuses without codes", mastercard("error-statuses: 400"), "2:43", "networks.mastercard.error-statuses", "must be a set of keys"},
		{"a status for a key that is not on the wire", mastercard("error-statuses: { limit_exceeded: 429 }"), "2:45", "networks.mastercard.error-statuses.limit_exceeded", "is no code of the wire"},
		{"a status for a code without a value", mastercard("error-statuses: { INVALID_PAN: }"), "2:45", "networks.mastercard.error-statuses.INVALID_PAN", "has no value"},
		{"a window that is too wide", mastercard("timestamp-window: 25h"), "2:45", "networks.mastercard.timestamp-window", "at most 1d"},
		{"a digest of another spelling", mastercard("digest: SHA-256"), "2:35", "networks.mastercard.digest", "did you mean SHA256?"},
	}
}
