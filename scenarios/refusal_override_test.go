package scenarios_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/scenarios"
)

func TestParse_RefusesInConditions(t *testing.T) {
	checkRefusals(t, scenarios.SeverityError, refusesInConditions())
}

func refusesInConditions() []refusal {
	when := func(inside string) string { return rule("when: { " + inside + " }, then: {}") }
	return []refusal{
		{"conditions in a list", when("header: [a]"), "3:28", "rules[0].when.header", "must be a set of keys, not a list"},
		{"no conditions", when("header: {}"), "3:28", "rules[0].when.header", "names nothing"},
		{"a condition without a value", when("header: { a: }"), "3:30", "rules[0].when.header.a", "has no value"},
		{"a header that is none", when(`header: { "a b": x }`), "3:30", "rules[0].when.header.a b", "is no name of a header"},
		{"the host as a header", when("header: { host: x }"), "3:30", "rules[0].when.header.host", "is not among the headers"},
		{"one header in two spellings", when("header: { accept: x, Accept: y }"), "3:41", "rules[0].when.header.Accept", "is named twice (first at f.yaml:3:30)"},
		{"a parameter with a blank", when(`query: { "a b": x }`), "3:29", "rules[0].when.query.a b", "is no name of a query parameter"},
		{"a path with an empty part", when(`body: { "a..b": x }`), "3:28", "rules[0].when.body.a..b", "is no path into a body"},
		{"a path that begins with a place", when(`body: { "[0].a": x }`), "3:28", "rules[0].when.body.[0].a", "is no path into a body"},
		{"a place with a leading zero", when(`body: { "a[01]": x }`), "3:28", "rules[0].when.body.a[01]", "is no path into a body"},
		{"a path that is too long", when(`body: { "` + strings.Repeat("a", 201) + `": x }`), "3:28", "rules[0].when.body." + strings.Repeat("a", 201), "is no path into a body"},
		{"an unknown condition", when("body: { a: { equal: x } }"), "3:33", "rules[0].when.body.a.equal", "did you mean equals? accepted: equals, matches, present, absent"},
		{"two conditions on one name", when("body: { a: { equals: x, present: true } }"), "3:31", "rules[0].when.body.a", "exactly one of equals, matches, present or absent"},
		{"a condition without a key", when("body: { a: {} }"), "3:31", "rules[0].when.body.a", "exactly one of"},
		{"a condition that is a list", when("body: { a: [x] }"), "3:31", "rules[0].when.body.a", "must be a single value, not a list"},
		{"a word that could be a flag", when("body: { a: yes }"), "3:31", "rules[0].when.body.a", "must be text; put it in quotes"},
		{"a number with a leading zero", when("body: { a: { equals: 05 } }"), "3:41", "rules[0].when.body.a.equals", "must be text; put it in quotes"},
		{"a number with a zero at its end", when("body: { a: 1.50 }"), "3:31", "rules[0].when.body.a", "must be text; put it in quotes"},
		{"a number of sixteen digits", when("body: { a: 4622943120000600 }"), "3:31", "rules[0].when.body.a", "must be text; put it in quotes"},
		{"a value that is too long", when("body: { a: " + strings.Repeat("x", 1001) + " }"), "3:31", "rules[0].when.body.a", "more than 1000 characters"},
		{"a value that may be somebody's card", when(`body: { a: "` + somebodys + `" }`), "3:31", "rules[0].when.body.a", "number of a real card"},
		{"a broken expression", when(`header: { a: { matches: "^[a-z" } }`), "3:44", "rules[0].when.header.a.matches", "is no regular expression as RE2 has them: missing closing ] at"},
		{"an expression that only others have", when(`header: { a: { matches: "a(?=b)" } }`), "3:44", "rules[0].when.header.a.matches", "invalid or unsupported Perl syntax"},
		{"an expression that repeats too much", when(`header: { a: { matches: "(x{0,100}){0,10}y" } }`), "3:44", "rules[0].when.header.a.matches", `"(x{0,100}){0,10}y" compiles to 2033 instructions; at most 600 are accepted`},
		{"expressions that repeat too much together", when(`header: { a: { matches: "x{500}" }, b: { matches: "[a-z]{400}y" } }`), "3:56", "rules[0].when.header.b", `"b" has one expression too many: those of rules for any operation compile to 905 instructions together; at most 600 are accepted`},
		{"more values than a request is read for", when("header: { " + many("a", 40) + " }, body: { " + many("b", 25) + " }"), "3:532", "rules[0].when.body.b24", `"b24" is one value too many: rules for any operation look at 65 different values of a request; at most 64 are accepted`},
		{"an expression that is too long", when(`header: { a: { matches: "` + strings.Repeat("a", 501) + `" } }`), "3:44", "rules[0].when.header.a.matches", "1 to 500 characters, not 501"},
		{"a word for a flag of a condition", when("query: { a: { present: yes } }"), "3:43", "rules[0].when.query.a.present", "must be true or false"},
	}
}

func TestParse_RefusesInOverrides(t *testing.T) {
	checkRefusals(t, scenarios.SeverityError, refusesInOverrides())
}

func refusesInOverrides() []refusal {
	then := func(inside string) string { return rule("when: { card: alice }, then: { " + inside + " }") }
	provision := func(inside string) string {
		return rule("when: { operation: provision, card: bob }, then: { " + inside + " }")
	}
	return []refusal{
		{"an override that is text", then("respond: x"), "3:52", "rules[0].then.respond", "must be a set of keys"},
		{"an override of nothing", then("respond: {}"), "3:52", "rules[0].then.respond", "changes nothing"},
		{"an override with an unclear word", then("respond: { a: { b: [ok, yes] } }"), "3:67", "rules[0].then.respond.a.b[1]", "could be text or not"},
		{"an override with an octal number", then("respond: { a: 010 }"), "3:57", "rules[0].then.respond.a", "could be text or not"},
		{"an override with a hexadecimal number", then("respond: { a: 0x1f }"), "3:57", "rules[0].then.respond.a", "could be text or not"},
		{"an override with a hexadecimal number of letters", then("respond: { a: 0XFF }"), "3:57", "rules[0].then.respond.a", "could be text or not"},
		{"an override with another octal number", then("respond: { a: 0o17 }"), "3:57", "rules[0].then.respond.a", "could be text or not"},
		{"an override with a binary number", then("respond: { a: 0b11 }"), "3:57", "rules[0].then.respond.a", "could be text or not"},
		{"an override with a number past all numbers", then("respond: { a: [1, -1e400] }"), "3:61", "rules[0].then.respond.a[1]", "outside the range of numbers"},
		{"an override with a number next to nothing", then("respond: { a: 1e-400 }"), "3:57", "rules[0].then.respond.a", "outside the range of numbers"},
		{"an override with a date", then("respond: { a: 2026-03-01 }"), "3:57", "rules[0].then.respond.a", "could be text or not"},
		{"an override with a moment", then("respond: { a: 2026-03-01T09:00:00Z }"), "3:57", "rules[0].then.respond.a", "could be text or not"},
		{"an override with a tilde", then("respond: { a: ~ }"), "3:57", "rules[0].then.respond.a", "write null to take the member out"},
		{"an override without a value", then("respond: { a: }"), "3:57", "rules[0].then.respond.a", "write null"},
		{"an override with a long number", then("respond: { a: 4622943120000600 }"), "3:57", "rules[0].then.respond.a", "too many digits for a number"},
		{"an override with somebody's card", then(`respond: { a: ["x", "n ` + somebodys + `"] }`), "3:63", "rules[0].then.respond.a[1]", "number of a real card"},
		{"a raw body that is a number", then("body: 404"), "3:49", "rules[0].then.body", "must be text; put it in quotes"},
		{"a raw body that is no text", then("body: { a: b }"), "3:49", "rules[0].then.body", "must be a single value"},
		{"a raw body that is too long", then("body: " + strings.Repeat("x", 65537)), "3:49", "rules[0].then.body", "more than 65536 bytes"},
		{"a raw body with somebody's card", then(`body: "<p>` + somebodys + `"`), "3:49", "rules[0].then.body", "number of a real card"},
		{"a raw body that a fault replaces", then("body: x, fault: html"), "3:49", "rules[0].then.body", "fault html replaces the answer"},
		{"a raw body that is never sent", then("body: x, fault: drop-response"), "3:49", "rules[0].then.body", "sends nothing"},
		{"a raw body that is not JSON to begin with", then("body: x, fault: malformed-json"), "3:59", "rules[0].then.fault", "has nothing to damage"},
		{"a raw body next to an override", then("body: x, respond: { a: b }"), "3:61", "rules[0].then.respond", "body replaces the whole answer"},
		{"an override that a fault replaces", then("respond: { a: b }, fault: 503"), "3:52", "rules[0].then.respond", "fault 503 replaces the answer"},
		{"an unknown product field", provision("metadata: { issuer: x }"), "3:75", "rules[0].then.metadata.issuer", "accepted: issuer-name,"},
		{"a product field of two lines", provision(`metadata: { issuer-name: "a\nb" }`), "3:88", "rules[0].then.metadata.issuer-name", "on one line"},
		{"a product field that is too long", provision("metadata: { issuer-name: " + strings.Repeat("x", 65) + " }"), "3:88", "rules[0].then.metadata.issuer-name", "1 to 64 characters, not 65"},
		{"a colour without quotes", provision("metadata: { foreground-color: 000000 }"), "3:93", "rules[0].then.metadata.foreground-color", "is a colour and must be in quotes"},
		{"a colour of five digits", provision(`metadata: { foreground-color: "fffff" }`), "3:93", "rules[0].then.metadata.foreground-color", "six hex digits"},
		{"a page without a scheme", provision("metadata: { terms-url: bank.example }"), "3:86", "rules[0].then.metadata.terms-url", "must be a URL"},
		{"a product field of the other network", provision("metadata: { label-color: \"ffffff\" }"), "3:88", "rules[0].then.metadata.label-color", "is shown by visa only"},
		{"a product that no answer shows", rule("when: { operation: cryptogram, card: bob }, then: { metadata: { issuer-name: x } }"), "3:74", "rules[0].then.metadata", "answers of transact show no product"},
		{"a product in an error", provision("error: limit_exceeded, metadata: { issuer-name: x }"), "3:96", "rules[0].then.metadata", "an error shows no product"},
		{"a product next to a raw body", provision("body: x, metadata: { issuer-name: x }"), "3:82", "rules[0].then.metadata", "body replaces the whole answer"},
		{"variants of notices that nothing brings about", rule("when: { operation: status }, then: { notify: { reorder: true } }"), "3:57", "rules[0].then.notify", "brings no notice about"},
		{"variants of notices of an error", provision("error: limit_exceeded, notify: { reorder: true }"), "3:94", "rules[0].then.notify", "nothing changes"},
		{"variants of notices of undone work", provision("fault: 503, notify: { reorder: true }"), "3:83", "rules[0].then.notify", "nothing changes"},
		{"variants of notices of work that a rule undoes", provision("fault: truncate, commit: false, notify: { reorder: true }"), "3:103", "rules[0].then.notify", "nothing changes"},
		{"a notice before the answer of a provisioning", provision("notify: { before-response: true }"), "3:90", "rules[0].then.notify.before-response", "provisioning is answered before the activation that is reported"},
		{"a variant of the other network's notices", provision("notify: { wrong-signature: true }"), "3:90", "rules[0].then.notify.wrong-signature", "is a variant of visa's notices only"},
	}
}

// many are conditions on names that count up.
func many(name string, n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprint(name, i, ": x")
	}
	return strings.Join(all, ", ")
}
