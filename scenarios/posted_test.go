package scenarios_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/token"
)

func TestParseRules_KnowsTheNamesOfTheScenario(t *testing.T) {
	sc := compiled(t, twoCards+"requestors: { wallet: {} }")
	want := []scenarios.Rule{{
		Name: "rule 1", Times: 1,
		When: scenarios.When{
			Operations: []token.Operation{token.MCTransact}, Cards: []token.PAN{"5204731600014784"}, Requestors: []string{"wallet"},
		},
		Then: scenarios.Then{Error: token.GatewayTimeout},
	}}
	for name, text := range map[string]string{
		"one rule":    "when: { operation: cryptogram, card: bob, requestor: wallet }\ntimes: 1\nthen: { error: gateway_timeout }",
		"a list":      "- { when: { operation: cryptogram, card: bob, requestor: wallet }, times: 1, then: { error: gateway_timeout } }",
		"JSON":        `{"when":{"operation":"cryptogram","card":"bob","requestor":"wallet"},"times":1,"then":{"error":"gateway_timeout"}}`,
		"a JSON list": `[{"when":{"operation":"cryptogram","card":"bob","requestor":"wallet"},"times":1,"then":{"error":"gateway_timeout"}}]`,
	} {
		t.Run(name, func(t *testing.T) {
			got, found := scenarios.ParseRules("request", []byte(text), sc)
			if len(found) > 0 {
				t.Fatalf("want no finding:\n%s", lines(found))
			}
			if diff := cmp.Diff(want, got, ignorePlaces); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestParseRules_RefusesLikeAFile(t *testing.T) {
	sc := compiled(t, twoCards)
	for text, want := range map[string]string{
		"when: { card: carol }\nthen: {}": `request:1:15: rules.when.card: "carol" is no card of this scenario; accepted: alice, bob`,
		"- { then: {} }\n- { when: {} }":  "request:2:3: rules[1]: needs the key then (a set of keys)",
		"just words":                      `request:1:1: rules: "just words" must be a list, not a single value`,
		"version: 1\nrules: []":           `request:1:1: rules.version: "version" is not a key here; accepted: name, when, times, then`,
		"{\"when\": {\"network\": \"mastercard\"}, \"then\": {\"error\": \"declined\"}}": `request:1:55: rules.then.error: "declined" is an error of visa, and the rule matches mastercard only; accepted: PAN_INELIGIBLE, INVALID_TOKEN_UNIQUE_REFERENCE, MISSING_REQUIRED_FIELD, INVALID_PAN, INVALID_TOKEN_STATUS, no_response_from_issuer, duplicate_request, internal_server_err, json_parse_error, limit_exceeded, gateway_timeout`,
	} {
		rules, found := scenarios.ParseRules("request", []byte(text), sc)
		if len(found) == 0 || found[0].String() != want {
			t.Errorf("%s\nwant %s\ngot  %s", text, want, lines(found))
		}
		if rules != nil {
			t.Errorf("%s: rules in spite of errors", text)
		}
	}
}
