package scenarios_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pantomime-dev/pantomime/scenarios"
)

const tenMistakes = `version: 1
name: ten mistakes
sed: 4711
clock: { mode: manual, start: 2026-03-01 }
requestors:
  wallet: { trid: { visa: 40010000001 } }
cards:
  alice: { network: visa, pan: 4622943120000600, expiry: "12/29" }
  bob: { network: mastercard, pan: test/mastercard/1, expiry: "13/29" }
rules:
  - name: busy
    when: { operation: provison, card: bob }
    then: { error: limt_exceeded }
  - when: { card: carol }
    then: { fault: drop }
timeline:
  - { on: token.activated, card: alice, after: 36, do: suspend }
`

func TestParse_TellsTenMistakesAtOnce(t *testing.T) {
	sc, found := scenarios.Parse("ten.yaml", []byte(tenMistakes))
	want := []string{
		`ten.yaml:3:1: sed: "sed" is not a key here; did you mean seed? accepted: version, name, …`,
		`ten.yaml:4:31: clock.start: "2026-03-01" must be a moment with its zone, such as 2026-03-01T09:00:00Z; did you mean 2026-03-01T00:00:00Z?`,
		`ten.yaml:6:27: requestors.wallet.trid.visa: "40010000001" is a token requestor id and must be in quotes`,
		`ten.yaml:8:32: cards.alice.pan: "462294******0600" is a card number and must be in quotes`,
		`ten.yaml:9:63: cards.bob.expiry: "13/29" must be "MM/YY" with a month from 01 to 12`,
		`ten.yaml:12:24: rules[0].when.operation: "provison" is not accepted here; did you mean provision? accepted: enroll, provision, status, …`,
		`ten.yaml:13:20: rules[0].then.error: "limt_exceeded" is not a documented error of mastercard; did you mean limit_exceeded? accepted: PAN_INELIGIBLE, INVALID_TOKEN_UNIQUE_REFERENCE, MISSING_REQUIRED_FIELD, INVALID_PAN, INVALID_TOKEN_STATUS, no_response_from_issuer, duplicate_request, internal_server_err, json_parse_error, limit_exceeded, gateway_timeout`,
		`ten.yaml:14:19: rules[1].when.card: "carol" is no card of this scenario; accepted: alice, bob`,
		`ten.yaml:15:20: rules[1].then.fault: "drop" is not accepted here; accepted: reset, hang, html, empty, 429, 500, 502, 503, 504, drop-response, truncate, slow, malformed-json, wrong-content-type, bad-ciphertext, wrong-key`,
		`ten.yaml:17:48: timeline[0].after: "36" has no unit; write 5s, 5m, 5h or 5d`,
	}
	var got []string
	for i, f := range found {
		line := f.String()
		if begin, long := strings.CutSuffix(want[min(i, len(want)-1)], "…"); long && strings.HasPrefix(line, begin) {
			line = begin + "…"
		}
		got = append(got, line)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(scenarios.Scenario{Broken: found}, sc); diff != "" {
		t.Errorf("a scenario with errors must be empty but for them: %s", diff)
	}
}

func TestFinding_AsJSON(t *testing.T) {
	_, found := scenarios.Parse("f.yaml", []byte("version: 1\nclock: { mode: manuel }"))
	got, err := json.Marshal(found)
	want := `[{"at":{"file":"f.yaml","line":2,"column":16},"severity":"error","path":"clock.mode","value":"manuel","message":"is not accepted here","suggestion":"manual","accepted":["system","manual"]}]`
	if err != nil || string(got) != want {
		t.Errorf("%v\ngot  %s\nwant %s", err, got, want)
	}
}

func TestFindings_Err(t *testing.T) {
	_, found := scenarios.Parse("f.yaml", []byte("version: 1\nseed: 0\n"+twoCards+"rules: [ { then: {} }, { then: {} } ]"))
	err := found.Err()
	if !errors.Is(err, scenarios.ErrScenario) {
		t.Fatalf("want ErrScenario, got %v", err)
	}
	if !strings.Contains(err.Error(), "f.yaml:2:7: seed") || strings.Contains(err.Error(), "warning") {
		t.Errorf("want the error without the warning: %v", err)
	}
	if len(found.Errors()) != 1 || len(found.Warnings()) != 1 {
		t.Errorf("want one error and one warning:\n%s", lines(found))
	}
	if err := found.Warnings().Err(); err != nil {
		t.Errorf("warnings alone are no error: %v", err)
	}
}

func TestFinding_NeverShowsACardNumber(t *testing.T) {
	const pan = "4622943120000600"
	for name, yaml := range map[string]string{
		"in a value":             "clock: { mode: " + pan + " }",
		"in a section's key":     `"` + pan + `": 1`,
		"as a number for a key":  pan + ": 1",
		"as a name":              "cards: { \"" + pan + "\": {} }",
		"below a name":           "cards: { \"" + pan + "\": { pam: 1 } }",
		"with words around it":   "rules: [ { when: { card: number " + pan + " }, then: {} } ]",
		"with letters around it": "rules: [ { when: { card: x" + pan + "x }, then: {} } ]",
		"in groups":              "rules: [ { when: { card: 4622 9431 2000 0600 }, then: {} } ]",
		"as an anchor":           "name: &" + pan + " x",
		"as an alias":            "name: *" + pan,
		"as a tag":               "name: !" + pan + " x",
		"in broken YAML":         "name: [" + pan,
		"as a rule in the light": "rules: [ { name: \"" + pan + "\", then: {} }, { then: {} } ]",
	} {
		t.Run(name, func(t *testing.T) {
			_, found := scenarios.Parse("f.yaml", []byte("version: 1\n"+yaml))
			if len(found) == 0 {
				t.Fatal("want a finding")
			}
			for _, f := range found {
				if s := strings.NewReplacer(" ", "", "-", "").Replace(f.String()); strings.Contains(s, pan) {
					t.Errorf("a card number in the clear: %s", f)
				}
			}
		})
	}
}
