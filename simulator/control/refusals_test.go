package control_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	wire "github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/simulator/control"
)

// refusal is one thing that the door does not take.
type refusal struct {
	name, method, path, body string
	headers                  []string
	status                   int
	code                     wire.Code
	field                    string
	accepted                 string // one of the choices offered
}

var refusals = []refusal{
	// Addresses and methods.
	{"an unserved path", "GET", "/__admin/v1/nothing", "", nil, 404, wire.CodeNotFound, "", "/__admin/v1/tokens"},
	{"another version of the API", "GET", "/__admin/v2/tokens", "", nil, 404, wire.CodeNotFound, "", "/__admin/v1/tokens"},
	{"a trailing slash", "GET", "/__admin/v1/tokens/", "", nil, 404, wire.CodeNotFound, "", ""},
	{"a method the path does not know", "PUT", "/__admin/v1/tokens", "", nil, 405, wire.CodeMethod, "", "GET"},
	{"a deletion of what cannot be deleted", "DELETE", "/__admin/v1/clock", "", nil, 405, wire.CodeMethod, "", "GET"},

	// Query parameters.
	{"a parameter that is not read", "GET", "/__admin/v1/tokens?colour=red", "", nil, 400, wire.CodeUnknownParameter, "colour", "status"},
	{"a parameter in other letters", "GET", "/__admin/v1/tokens?Status=active", "", nil, 400, wire.CodeUnknownParameter, "Status", "status"},
	{"a parameter given twice", "GET", "/__admin/v1/tokens?status=active&status=inactive", "", nil, 400, wire.CodeConflict, "status", ""},
	{"an empty parameter", "GET", "/__admin/v1/tokens?sandbox=", "", nil, 400, wire.CodeBadValue, "sandbox", ""},
	{"a query with a broken escape", "GET", "/__admin/v1/tokens?status=%zz", "", nil, 400, wire.CodeBadValue, "", ""},
	{"an unknown sandbox", "GET", "/__admin/v1/tokens?sandbox=elsewhere", "", nil, 404, wire.CodeNoSandbox, "sandbox", "default"},
	{"an unknown sandbox, in the path", "GET", "/__admin/v1/sandboxes/elsewhere", "", nil, 404, wire.CodeNoSandbox, "", "default"},
	{"a sandbox for what belongs to none", "GET", "/__admin/v1/sandboxes?sandbox=default", "", nil, 400, wire.CodeUnknownParameter, "sandbox", ""},
	{"a limit of nothing", "GET", "/__admin/v1/requests?limit=0", "", nil, 400, wire.CodeBadValue, "limit", ""},
	{"a limit past all limits", "GET", "/__admin/v1/requests?limit=1001", "", nil, 400, wire.CodeBadValue, "limit", ""},
	{"a limit with a sign", "GET", "/__admin/v1/callbacks?limit=%2B5", "", nil, 400, wire.CodeBadValue, "limit", ""},
	{"an unknown network", "GET", "/__admin/v1/requests?network=amex", "", nil, 400, wire.CodeBadValue, "network", "mastercard"},
	{"an unknown operation", "GET", "/__admin/v1/requests?operation=pay", "", nil, 400, wire.CodeBadValue, "operation", "provision"},
	{"an operation of the other network", "GET", "/__admin/v1/requests?network=visa&operation=tokenize", "", nil, 400, wire.CodeBadValue, "operation", ""},
	{"a full name of the other network", "GET", "/__admin/v1/requests?network=visa&operation=mastercard/tokenize", "", nil, 400, wire.CodeBadValue, "operation", ""},
	{"an unknown requestor", "GET", "/__admin/v1/requests?requestor=nobody", "", nil, 400, wire.CodeBadValue, "requestor", "wallet"},
	{"exchanges of an unknown token", "GET", "/__admin/v1/requests?token=0123456789", "", nil, 404, wire.CodeNotFound, "token", ""},   // [B9]
	{"notices about an unknown token", "GET", "/__admin/v1/callbacks?token=0123456789", "", nil, 404, wire.CodeNotFound, "token", ""}, // [B9]
	{"an id that is none", "GET", "/__admin/v1/requests?after=17", "", nil, 400, wire.CodeBadValue, "after", ""},
	{"neither true nor false", "GET", "/__admin/v1/requests?refused=yes", "", nil, 400, wire.CodeBadValue, "refused", "true"},
	{"a wait without a unit", "GET", "/__admin/v1/requests?wait=5", "", nil, 400, wire.CodeBadValue, "wait", ""},
	{"a wait past all patience", "GET", "/__admin/v1/requests?wait=31s", "", nil, 400, wire.CodeBadValue, "wait", ""},
	{"an unknown status", "GET", "/__admin/v1/tokens?status=DELETED", "", nil, 400, wire.CodeBadValue, "status", "deactivated"},
	{"an unknown card", "GET", "/__admin/v1/tokens?card=carol", "", nil, 404, wire.CodeNotFound, "card", "alice"},
	{"an unknown state", "GET", "/__admin/v1/callbacks?state=sent", "", nil, 400, wire.CodeBadValue, "state", "delivered"},
	{"an unknown event", "GET", "/__admin/v1/callbacks?event=token.born", "", nil, 400, wire.CodeBadValue, "event", "token.activated"},
	{"an unknown layer", "GET", "/__admin/v1/rules?layer=file", "", nil, 400, wire.CodeBadValue, "layer", "scenario"},

	// Things that are not there.
	{"an exchange that never was", "GET", "/__admin/v1/requests/r-9", "", nil, 404, wire.CodeNotFound, "", ""},
	{"an exchange with an odd id", "GET", "/__admin/v1/requests/nine", "", nil, 400, wire.CodeBadValue, "id", "last"},
	{"the last of no exchanges", "GET", "/__admin/v1/requests/last/explain", "", nil, 404, wire.CodeNotFound, "", ""},
	{"a callback that never was", "GET", "/__admin/v1/callbacks/0123", "", nil, 404, wire.CodeNotFound, "", ""},
	{"a callback that never was, again", "POST", "/__admin/v1/callbacks/0123/resend", "", nil, 404, wire.CodeNotFound, "", ""},
	{"a token that never was", "GET", "/__admin/v1/tokens/0123", "", nil, 404, wire.CodeNotFound, "", ""},
	{"a token that never was, to be moved", "POST", "/__admin/v1/tokens/0123/transitions", `{"do":"suspend"}`, nil, 404, wire.CodeNotFound, "", ""},
	{"a card that is not there, to be closed", "POST", "/__admin/v1/cards/carol/close", "", nil, 404, wire.CodeNotFound, "card", "bob"},
	{"a rule that is not there", "DELETE", "/__admin/v1/rules/posted-9", "", nil, 404, wire.CodeNotFound, "", ""},
	{"a rule of the scenario", "DELETE", "/__admin/v1/rules/scenario-0", "", nil, 409, wire.CodeNotAllowed, "", ""},

	// Bodies.
	{"a body that is no JSON", "POST", "/__admin/v1/events", `event=token.suspended`, nil, 400, wire.CodeNotJSON, "", ""},
	{"a list", "POST", "/__admin/v1/events", `[]`, nil, 400, wire.CodeNotJSON, "", ""},
	{"an object that is not closed", "POST", "/__admin/v1/events", `{"event":"token.suspended"`, nil, 400, wire.CodeNotJSON, "", ""},
	{"text after the object", "POST", "/__admin/v1/events", `{"event":"token.suspended","card":"alice"} {}`, nil, 400, wire.CodeNotJSON, "", ""},
	{"a member that is not read", "POST", "/__admin/v1/events", `{"event":"token.suspended","kard":"alice"}`, nil, 400, wire.CodeUnknownField, "kard", "card"},
	{"a member in other letters", "POST", "/__admin/v1/events", `{"Event":"token.suspended"}`, nil, 400, wire.CodeUnknownField, "Event", "event"},
	{"a member given twice", "POST", "/__admin/v1/events", `{"card":"alice","card":"bob"}`, nil, 400, wire.CodeConflict, "card", ""},
	{"a number for a text", "POST", "/__admin/v1/events", `{"event":7}`, nil, 400, wire.CodeBadValue, "event", ""},
	{"a text for a number", "POST", "/__admin/v1/events", `{"event":"token.suspended","card":"alice","duplicate":"1"}`, nil, 400, wire.CodeBadValue, "duplicate", ""},
	{"a form", "POST", "/__admin/v1/clock/advance", `by=30d`, []string{"Content-Type: application/x-www-form-urlencoded"}, 415, wire.CodeContentType, "Content-Type", "application/json"},
	{"JSON as plain text", "POST", "/__admin/v1/clock/advance", `{"by":"30d"}`, []string{"Content-Type: text/plain"}, 415, wire.CodeContentType, "Content-Type", "application/json"},
	{"YAML where JSON is meant", "POST", "/__admin/v1/clock/advance", `by: 30d`, []string{"Content-Type: application/yaml"}, 415, wire.CodeContentType, "Content-Type", "application/json"},
	{"a body past the limit", "POST", "/__admin/v1/rules", strings.Repeat("#", 1<<20+1), nil, 413, wire.CodeTooLarge, "", ""},
	{"a body where none belongs", "GET", "/__admin/v1/tokens", `{}`, nil, 400, wire.CodeUnknownField, "", ""},
	{"a member where none belongs", "POST", "/__admin/v1/callbacks/0123/resend", `{"now":true}`, nil, 400, wire.CodeUnknownField, "now", ""},

	// Events and transitions.
	{"no event", "POST", "/__admin/v1/events", `{"card":"alice"}`, nil, 400, wire.CodeMissing, "event", "token.suspended"},
	{"an event that does not exist", "POST", "/__admin/v1/events", `{"event":"token.born","card":"alice"}`, nil, 400, wire.CodeBadValue, "event", "token.suspended"},
	{"an event about nothing", "POST", "/__admin/v1/events", `{"event":"token.suspended"}`, nil, 400, wire.CodeMissing, "card", "token"},
	{"an event about two things", "POST", "/__admin/v1/events", `{"event":"token.suspended","card":"alice","token":"0123"}`, nil, 400, wire.CodeConflict, "token", ""},
	{"an event about an unknown card", "POST", "/__admin/v1/events", `{"event":"token.suspended","card":"carol"}`, nil, 404, wire.CodeNotFound, "card", "alice"},
	{"an event about a token that never was", "POST", "/__admin/v1/events", `{"event":"token.suspended","token":"0123"}`, nil, 404, wire.CodeNotFound, "token", ""},
	{"an event by an unknown party", "POST", "/__admin/v1/events", `{"event":"token.suspended","card":"alice","by":"bank"}`, nil, 400, wire.CodeBadValue, "by", "issuer"},
	{"a reason in small letters", "POST", "/__admin/v1/events", `{"event":"token.suspended","card":"alice","reason":"fraud"}`, nil, 400, wire.CodeBadValue, "reason", ""},
	{"an expiry that was not asked for", "POST", "/__admin/v1/events", `{"event":"token.suspended","card":"alice","expiry":"12/30"}`, nil, 400, wire.CodeConflict, "expiry", ""},
	{"an expiry of another form", "POST", "/__admin/v1/events", `{"event":"pan.expiry-updated","card":"alice","expiry":"2030-12"}`, nil, 400, wire.CodeBadValue, "expiry", ""},
	{"too many copies", "POST", "/__admin/v1/events", `{"event":"token.suspended","card":"alice","duplicate":1001}`, nil, 400, wire.CodeBadValue, "duplicate", ""},
	{"late by no duration", "POST", "/__admin/v1/events", `{"event":"token.suspended","card":"alice","late":"soon"}`, nil, 400, wire.CodeBadValue, "late", ""},
	{"late by more than ten years", "POST", "/__admin/v1/events", `{"event":"token.suspended","card":"alice","late":"3651d"}`, nil, 400, wire.CodeBadValue, "late", ""},
	{"late by a number", "POST", "/__admin/v1/events", `{"event":"token.suspended","card":"alice","late":5}`, nil, 400, wire.CodeBadValue, "late", ""},
	{"never and late", "POST", "/__admin/v1/events", `{"event":"token.suspended","card":"alice","never":true,"late":"1h"}`, nil, 400, wire.CodeConflict, "never", ""},
	{"an unknown variant", "POST", "/__admin/v1/events", `{"event":"token.suspended","card":"alice","variant":["rude"]}`, nil, 400, wire.CodeBadValue, "variant", "stale-time"},
	{"a variant under its former name", "POST", "/__admin/v1/events", `{"event":"token.suspended","card":"alice","hostile":["rude"]}`, nil, 400, wire.CodeBadValue, "hostile", "stale-time"},
	{"a variant that is no list", "POST", "/__admin/v1/events", `{"event":"token.suspended","card":"alice","variant":"stale-time"}`, nil, 400, wire.CodeBadValue, "variant", ""},
	{"never and a variant", "POST", "/__admin/v1/events", `{"event":"token.suspended","card":"alice","never":true,"variant":["stale-time"]}`, nil, 400, wire.CodeConflict, "never", ""},
	{"an event of a card without a token", "POST", "/__admin/v1/events", `{"event":"token.suspended","card":"alice"}`, nil, 409, wire.CodeNoEffect, "", ""},
	{"a move without a verb", "POST", "/__admin/v1/tokens/{token}/transitions", `{}`, nil, 400, wire.CodeMissing, "do", "suspend"},
	{"an unknown move", "POST", "/__admin/v1/tokens/{token}/transitions", `{"do":"freeze"}`, nil, 400, wire.CodeBadValue, "do", "suspend"},
	{"a move that the status forbids", "POST", "/__admin/v1/tokens/{token}/transitions", `{"do":"resume"}`, nil, 409, wire.CodeNotAllowed, "", ""},
	{"another number of a suspended token", "POST", "/__admin/v1/tokens/{token}/transitions", `{"do":"suspend","newNumber":true}`, nil, 400, wire.CodeConflict, "newNumber", ""},
	{"another number by an event of another kind", "POST", "/__admin/v1/events", `{"event":"token.suspended","card":"alice","newNumber":true}`, nil, 400, wire.CodeConflict, "newNumber", ""},

	// Sandboxes. An empty id is none, and no redirect makes another call of it.
	{"a seed of nothing", "POST", "/__admin/v1/sandboxes", `{"seed":0}`, nil, 400, wire.CodeBadValue, "seed", ""},
	{"an exchange without an id", "GET", "/__admin/v1/requests//explain", "", nil, 404, wire.CodeNotFound, "", "/__admin/v1/requests"},
	{"a notice without an id", "POST", "/__admin/v1/callbacks//resend", "", nil, 404, wire.CodeNotFound, "", "/__admin/v1/callbacks"},
	{"a sandbox without an id", "POST", "/__admin/v1/sandboxes//reset", "", nil, 404, wire.CodeNotFound, "", "/__admin/v1/sandboxes"},
	{"a path that goes back", "GET", "/__admin/v1/x/../clock", "", nil, 404, wire.CodeNotFound, "", "/__admin/v1/clock"},

	// Cards.
	{"a new number that is none", "POST", "/__admin/v1/cards/alice/reissue", `{"pan":"4111"}`, nil, 400, wire.CodeBadValue, "pan", ""},
	{"a new number whose check digit fails", "POST", "/__admin/v1/cards/alice/reissue", `{"pan":"4622943120000601"}`, nil, 400, wire.CodeBadValue, "pan", ""},
	{"a new number that may be somebody's", "POST", "/__admin/v1/cards/alice/reissue", `{"pan":"4539578763621486"}`, nil, 400, wire.CodePANGuard, "pan", ""},
	{"a new number of another network", "POST", "/__admin/v1/cards/bob/reissue", `{"pan":"4622943120000618"}`, nil, 400, wire.CodeBadValue, "pan", ""},
	{"the number it has already", "POST", "/__admin/v1/cards/alice/reissue", `{"pan":"4622943120000600"}`, nil, 400, wire.CodeBadValue, "pan", ""},
	{"a new expiry with a number", "POST", "/__admin/v1/cards/alice/new-expiry", `{"pan":"4622943120000618"}`, nil, 400, wire.CodeUnknownField, "pan", "expiry"},
	{"new art with a reason", "POST", "/__admin/v1/cards/alice/metadata", `{"reason":"NEW_ART"}`, nil, 400, wire.CodeUnknownField, "reason", "late"},

	// The clock.
	{"no way to move", "POST", "/__admin/v1/clock/advance", "", nil, 400, wire.CodeMissing, "by", "to"},
	{"two ways to move", "POST", "/__admin/v1/clock/advance", `{"by":"1h","to":"2026-04-01T00:00:00Z"}`, nil, 400, wire.CodeConflict, "to", ""}, // [C6]
	{"by no duration", "POST", "/__admin/v1/clock/advance", `{"by":"a while"}`, nil, 400, wire.CodeBadValue, "by", ""},
	{"by less than nothing", "POST", "/__admin/v1/clock/advance", `{"by":"-1h"}`, nil, 400, wire.CodeBadValue, "by", ""},
	{"by a century", "POST", "/__admin/v1/clock/advance", `{"by":"36500d"}`, nil, 400, wire.CodeBadValue, "by", ""},
	{"to no moment", "POST", "/__admin/v1/clock/advance", `{"to":"tomorrow"}`, nil, 400, wire.CodeBadValue, "to", ""},
	{"to a moment without its zone", "POST", "/__admin/v1/clock/advance", `{"to":"2026-04-01T00:00:00"}`, nil, 400, wire.CodeBadValue, "to", ""},
	{"to the past", "POST", "/__admin/v1/clock/advance", `{"to":"2026-02-01T00:00:00Z"}`, nil, 409, wire.CodeClockBackwards, "", ""},
	{"to another century", "POST", "/__admin/v1/clock/advance", `{"to":"2126-02-01T00:00:00Z"}`, nil, 400, wire.CodeBadValue, "to", ""},
	{"without any patience", "POST", "/__admin/v1/clock/advance", `{"by":"1h","timeout":"0s"}`, nil, 400, wire.CodeBadValue, "timeout", ""},
	{"with too much patience", "POST", "/__admin/v1/clock/advance", `{"by":"1h","timeout":"6m"}`, nil, 400, wire.CodeBadValue, "timeout", ""},

	// Failures to come, and rules.
	{"a failure that is none", "POST", "/__admin/v1/faults", `{"operation":"provision"}`, nil, 400, wire.CodeMissing, "error", "fault"},
	{"a failure of no operation", "POST", "/__admin/v1/faults", `{"operation":"pay","fault":"reset"}`, nil, 400, wire.CodeBadValue, "operation", "provision"},
	{"a failure of another network's operation", "POST", "/__admin/v1/faults", `{"operation":"visa/getToken","network":"mastercard","fault":"reset"}`, nil, 400, wire.CodeConflict, "network", ""},
	{"a failure of another network's operation than the card's", "POST", "/__admin/v1/faults", `{"operation":"mastercard/suspend","card":"alice","fault":"reset"}`, nil, 400, wire.CodeConflict, "card", ""},
	{"a slip that would be a raw reason", "POST", "/__admin/v1/faults", `{"operation":"provision","error":"LIMT_EXCEEDED"}`, nil, 400, wire.CodeBadValue, "error", "limit_exceeded"}, // [C3]
	{"an error of no network", "POST", "/__admin/v1/faults", `{"operation":"provision","error":"limt_exceeded"}`, nil, 400, wire.CodeBadValue, "error", "limit_exceeded"},
	{"an error of the other network", "POST", "/__admin/v1/faults", `{"operation":"provision","network":"visa","error":"limit_exceeded"}`, nil, 400, wire.CodeBadValue, "error", "declined"},
	{"an error of the other network than the card's", "POST", "/__admin/v1/faults", `{"operation":"provision","card":"alice","error":"limit_exceeded"}`, nil, 400, wire.CodeBadValue, "error", "declined"},
	{"a card of another network than asked", "POST", "/__admin/v1/faults", `{"operation":"provision","card":"alice","network":"mastercard","fault":"reset"}`, nil, 400, wire.CodeConflict, "network", ""},
	{"a raw reason of the other network", "POST", "/__admin/v1/faults", `{"operation":"provision","card":"alice","error":"CRYPTOGRAPHY_ERROR"}`, nil, 400, wire.CodeBadValue, "error", ""},
	{"an unknown fault", "POST", "/__admin/v1/faults", `{"operation":"provision","fault":"explode"}`, nil, 400, wire.CodeBadValue, "fault", "reset"},
	{"a fault of cipher text where there is none", "POST", "/__admin/v1/faults", `{"operation":"getTaskStatus","fault":"bad-ciphertext"}`, nil, 400, wire.CodeBadValue, "fault", "malformed-json"},
	{"a fault of cipher text in an error", "POST", "/__admin/v1/faults", `{"operation":"provision","card":"alice","error":"declined","fault":"wrong-key"}`, nil, 400, wire.CodeBadValue, "fault", ""},
	{"a card of a request that names none", "POST", "/__admin/v1/faults", `{"operation":"getContent","card":"alice","fault":"reset"}`, nil, 400, wire.CodeConflict, "card", ""},
	{"a token of a request that names none", "POST", "/__admin/v1/faults", `{"operation":"enroll","token":"00112233445566778899aabbccddeeff","fault":"reset"}`, nil, 400, wire.CodeConflict, "token", ""},
	{"an unknown decision", "POST", "/__admin/v1/faults", `{"operation":"provision","decision":"maybe"}`, nil, 400, wire.CodeBadValue, "decision", "decline"},
	{"a decision where the issuer is not asked", "POST", "/__admin/v1/faults", `{"operation":"cryptogram","decision":"decline"}`, nil, 400, wire.CodeBadValue, "decision", ""},
	{"a card that no sandbox lists", "POST", "/__admin/v1/faults", `{"operation":"provision","card":"carol","fault":"reset"}`, nil, 400, wire.CodeBadValue, "card", "alice"},
	{"a requestor that is none", "POST", "/__admin/v1/faults", `{"operation":"provision","requestor":"nobody","fault":"reset"}`, nil, 400, wire.CodeBadValue, "requestor", "wallet"},
	{"a token reference of no form", "POST", "/__admin/v1/faults", `{"operation":"status","token":"0123","fault":"reset"}`, nil, 400, wire.CodeBadValue, "token", ""},
	{"no times", "POST", "/__admin/v1/faults", `{"operation":"provision","fault":"reset","times":0}`, nil, 400, wire.CodeBadValue, "times", ""},
	{"a status without an error", "POST", "/__admin/v1/faults", `{"operation":"provision","fault":"reset","status":500}`, nil, 400, wire.CodeBadValue, "status", ""},
	{"a delay of eleven minutes", "POST", "/__admin/v1/faults", `{"operation":"provision","delay":"11m"}`, nil, 400, wire.CodeBadValue, "delay", ""},
	{"a list of no rules", "POST", "/__admin/v1/rules", "[]", nil, 400, wire.CodeMissing, "body", ""},
	{"a list of no rules in YAML", "POST", "/__admin/v1/rules", "[] # none", []string{"Content-Type: application/yaml"}, 400, wire.CodeMissing, "body", ""},
	{"a variant of the other network's notices", "POST", "/__admin/v1/events", `{"event":"pan.expiry-updated","card":"alice","variant":["unknown-key","cut-ciphertext"]}`, nil, 400, wire.CodeBadValue, "variant", "wrong-signature"},
	{"a signature of the network without any", "POST", "/__admin/v1/events", `{"event":"token.suspended","card":"bob","variant":["wrong-signature"]}`, nil, 400, wire.CodeBadValue, "variant", "cut-ciphertext"},
	{"a variant that no network has", "POST", "/__admin/v1/events", `{"event":"token.suspended","card":"bob","variant":["rude"]}`, nil, 400, wire.CodeBadValue, "variant", "cut-ciphertext"},
	{"no rule", "POST", "/__admin/v1/rules", "", nil, 400, wire.CodeMissing, "body", ""},
	{"a rule with an unknown key", "POST", "/__admin/v1/rules", `{"wenn":{"card":"alice"},"then":{"error":"declined"}}`, nil, 400, wire.CodeRule, "", ""},
	{"a rule with nothing to damage", "POST", "/__admin/v1/rules", `{"when":{"operation":"suspend","network":"visa"},"then":{"fault":"wrong-key"}}`, nil, 400, wire.CodeRule, "", ""},
	{"a rule in broken YAML", "POST", "/__admin/v1/rules", "when: [", []string{"Content-Type: application/yaml"}, 400, wire.CodeRule, "", ""},

	// Who may come.
	{"a name that somebody pointed here", "GET", "/__admin/v1/tokens", "", []string{"Host: rebound.example"}, 403, wire.CodeHost, "Host", "localhost"},
	{"an address of the local network", "GET", "/__admin/v1/tokens", "", []string{"Host: 192.168.1.5:8481"}, 403, wire.CodeHost, "Host", "localhost"},
	{"a name that only begins well", "GET", "/__admin/v1/tokens", "", []string{"Host: localhost.example"}, 403, wire.CodeHost, "Host", "localhost"},
	{"a page of another site", "POST", "/__admin/v1/clock/advance", `{"by":"1h"}`, []string{"Sec-Fetch-Site: cross-site"}, 403, wire.CodeCrossOrigin, "", ""},
	{"a page of another port", "DELETE", "/__admin/v1/faults", "", []string{"Origin: http://localhost:3000"}, 403, wire.CodeCrossOrigin, "", ""},
}

func TestDoor_Refusals(t *testing.T) {
	w := newWorld(t, settings{})
	tokens := newWorld(t, settings{}) // for what needs a token, which the others must not have
	ref := string(tokens.token())
	for _, tt := range refusals {
		t.Run(tt.name, func(t *testing.T) {
			at, path := w, tt.path
			if strings.Contains(path, "{token}") {
				at, path = tokens, strings.Replace(path, "{token}", ref, 1)
			}
			before := at.box.Changes()
			got := at.do(tt.method, path, tt.body, tt.headers...)
			p := got.problem
			if got.status != tt.status || p.Status != tt.status || p.Code != tt.code || p.Field != tt.field {
				t.Fatalf("answered %d, code %q, field %q, want %d, %q, %q\n%s", got.status, p.Code, p.Field, tt.status, tt.code, tt.field, got.body)
			}
			if p.Detail == "" || p.Title != http.StatusText(tt.status) || p.Type != "about:blank" {
				t.Errorf("the problem is not whole: %s", got.body)
			}
			if tt.accepted != "" && !slices.Contains(p.Accepted, tt.accepted) {
				t.Errorf("%v does not offer %q", p.Accepted, tt.accepted)
			}
			if at.box.Changes() != before {
				t.Error("the sandbox changed although the call was refused")
			}
		})
	}
	if w.logs.Len() > 0 {
		t.Errorf("refusals are no news, yet the log says: %s", w.logs)
	}
}

// TestDoor_Refusals_Enough keeps the table of refusals from shrinking.
func TestDoor_Refusals_Enough(t *testing.T) {
	var names []string
	for _, r := range refusals {
		names = append(names, r.name)
	}
	slices.Sort(names)
	if n := len(slices.Compact(slices.Clone(names))); n != len(names) || n < 120 {
		t.Errorf("%d rows, %d different ones", len(names), n)
	}
}

func TestDoor_Refusals_NoCardNumber(t *testing.T) {
	w := newWorld(t, settings{})
	const planted = "4539578763621486"
	for _, r := range []struct{ method, path, body string }{
		{"GET", "/__admin/v1/" + planted, ""},
		{"GET", "/__admin/v1/tokens/" + planted, ""},
		{"GET", "/__admin/v1/tokens?card=" + planted, ""},
		{"GET", "/__admin/v1/tokens?" + planted + "=1", ""},
		{"GET", "/__admin/v1/requests/" + planted, ""},
		{"GET", "/__admin/v1/callbacks/" + planted, ""},
		{"GET", "/__admin/v1/sandboxes/" + planted, ""},
		{"GET", "/__admin/v1/tokens?sandbox=" + planted, ""},
		{"DELETE", "/__admin/v1/rules/" + planted, ""},
		{"POST", "/__admin/v1/cards/" + planted + "/close", ""},
		{"POST", "/__admin/v1/cards/alice/reissue", `{"pan":"` + planted + `"}`},
		{"POST", "/__admin/v1/events", `{"event":"` + planted + `"}`},
		{"POST", "/__admin/v1/events", `{"` + planted + `":1}`},
		{"POST", "/__admin/v1/events", `{"event":"token.suspended","card":"` + planted + `"}`},
		{"POST", "/__admin/v1/events", `{"event":"token.suspended","late":"` + planted + `"}`},
		{"POST", "/__admin/v1/clock/advance", `{"to":"` + planted + `"}`},
		{"POST", "/__admin/v1/faults", `{"operation":"provision","fault":"reset","card":"` + planted + `"}`},
		{"POST", "/__admin/v1/faults", `{"operation":"` + planted + `","fault":"reset"}`},
		{"POST", "/__admin/v1/rules", `{"when":{"card":"` + planted + `"},"then":{}}`},
	} {
		got := w.do(r.method, r.path, r.body)
		if got.status < 400 {
			t.Errorf("%s %s %s: answered %d", r.method, r.path, r.body, got.status)
		}
		if strings.Contains(got.body, planted) {
			t.Errorf("%s %s repeats the number: %s", r.method, r.path, got.body)
		}
	}
	if strings.Contains(w.logs.String(), planted) {
		t.Error("the log holds the number")
	}
}

func TestDoor_Token(t *testing.T) {
	withToken := func(o *control.Options) { o.Token, o.AdminURL = "open-sesame", "http://0.0.0.0:8481" }
	w := newWorld(t, settings{options: withToken})
	tests := []struct {
		name, header string
		status       int
	}{
		{"the token opens", "Authorization: Bearer open-sesame", 200},
		{"no token does not", "Accept: application/json", 401},
		{"another token does not", "Authorization: Bearer open-sesamee", 401},
		{"a part of the token does not", "Authorization: Bearer open", 401},
		{"an empty token does not", "Authorization: Bearer ", 401},
		{"the token under another scheme does not", "Authorization: Basic open-sesame", 401},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := w.do("GET", "/__admin/v1/env", "", tt.header)
			if got.status != tt.status {
				t.Errorf("answered %d: %s", got.status, got.body)
			}
			if tt.status == 401 && (got.problem.Code != wire.CodeUnauthorized || got.header.Get("WWW-Authenticate") == "") {
				t.Errorf("the refusal is not whole: %v %s", got.header, got.body)
			}
		})
	}
	if got := w.do("GET", "/healthz", "", "Host: pod.example"); got.status != 200 {
		t.Errorf("health asks for a token or a host: %d %s", got.status, got.body)
	}
	if _, err := w.client.Env(t.Context()); err != nil {
		t.Errorf("the client does not show its token: %v", err)
	}
}

func TestDoor_OffLoopbackWithoutToken(t *testing.T) {
	for _, at := range []string{"http://0.0.0.0:8481", "http://[::]:8481", "http://192.0.2.7:8481", "http://pantomime.example:8481"} {
		w := newWorld(t, settings{options: func(o *control.Options) { o.AdminURL = at }})
		for _, path := range []string{"/", "/__admin/v1/tokens", "/__admin/v1/env"} {
			if got := w.do("GET", path, ""); got.status != 401 {
				t.Errorf("%s: %s answered %d without a token", at, path, got.status)
			}
		}
		if got := w.do("GET", "/healthz", ""); got.status != 200 {
			t.Errorf("%s: health answered %d", at, got.status)
		}
	}
}

func TestDoor_Hosts(t *testing.T) {
	w := newWorld(t, settings{options: func(o *control.Options) { o.NetworkURL = "https://pantomime.test:8443" }})
	bound := newWorld(t, settings{options: func(o *control.Options) { o.AdminURL, o.Token = "http://192.0.2.7:8481", "open-sesame" }})
	for host, status := range map[string]int{"192.0.2.7:8481": 200, "192.0.2.8:8481": 403, "192.0.2.7.example:8481": 403} {
		if got := bound.do("GET", "/__admin/v1/clock", "", "Host: "+host, "Authorization: Bearer open-sesame"); got.status != status {
			t.Errorf("bound to 192.0.2.7, %s is answered %d", host, got.status)
		}
	}
	for host, status := range map[string]int{
		"localhost": 200, "localhost:1": 200, "LOCALHOST:8481": 200, "box.localhost:8481": 200, "127.0.0.1": 200, "127.3.2.1:80": 200,
		"[::1]:8481": 200, "pantomime.test": 200, "Pantomime.test:8481": 200,
		"pantomime.test.example": 403, "example": 403, "10.0.0.1": 403, "[::]:8481": 403, "0.0.0.0:8481": 403, "notlocalhost": 403,
	} {
		if got := w.do("GET", "/__admin/v1/clock", "", "Host: "+host); got.status != status {
			t.Errorf("host %q: answered %d, want %d", host, got.status, status)
		}
	}
}
