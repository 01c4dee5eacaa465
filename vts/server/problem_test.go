package server_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/simulator/face"

	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
	"github.com/pantomime-dev/pantomime/wire"
)

// documented is what each documented key is on the wire: status and reason as
// docs/wire/vts.md "Errors" has them, messages as clients' documents print them.
var documented = []struct {
	key     string
	status  int
	reason  string
	message string
}{
	{"invalid_parameter", 400, "invalidParameter", "The token state does not allow the operation"},
	{"card_verification_failed", 403, "cardVerificationFailed", "Your request does not have valid set of parameters required to process the business function"},
	{"card_not_eligible", 403, "cardNotEligible", "This card cannot be used at this moment. Please try again later, or choose another Visa card."},
	{"not_allowed", 403, "notAllowed", "Further operations for this card are no longer allowed"},
	{"declined", 403, "declined", "Conflicts with existing token, violates business rules"},
	{"tr_config_issue", 403, "trConfigIssue", "Input to tokenRequestorId is invalid"},
	{"card_not_allowed", 403, "cardNotAllowed", "The requested action is not allowed for the given PAN"},
	{"service_error", 500, "serviceError", "Unknown failure reason in processing the request"},
}

func failing(then string) string {
	return "version: 1\nname: failing\nrules:\n  - name: fail\n    when: { network: visa, operation: [provisionTokenWithPan, getToken] }\n    then: { " + then + " }\n"
}

func TestProblem_DocumentedKeys(t *testing.T) {
	if n := len(token.KeyNames(token.Visa)); n != len(documented)+1 {
		t.Errorf("%d keys are documented, the table has %d besides json_parse_error", n, len(documented))
	}
	for _, c := range documented {
		t.Run(c.key, func(t *testing.T) {
			w := newWorld(t, failing("error: "+c.key))
			magic, _ := fixtures.MagicCard(token.Visa, token.Key(c.key))
			plain := newWorld(t)
			for way, got := range map[string]reply{
				"a rule on provisioning": w.transmit(w.good()),
				"a rule on reading":      w.transmit(w.request("GET", "/vts/provisionedTokens/x", nil)),
				"a magic card": plain.transmit(plain.good(func(s *sending) {
					s.body = plain.body(map[string]any{"encPaymentInstrument": seal(t, plain.keys().Encryption, cardOf(magic.Number.Digits()))})
				})),
			} {
				want := fmt.Sprintf(`{"errorResponse":{"status":%d,"message":%q,"reason":%q}}`, c.status, c.message, c.reason)
				if got.Status != c.status || string(got.Body) != want {
					t.Errorf("%s: %d %s, want %s", way, got.Status, got.Body, want)
				}
				if string(got.Entry.Problem) != c.key || got.Entry.Rule == "" || got.Failed() != "" {
					t.Errorf("%s: journaled as %+v", way, got.Entry)
				}
			}
		})
	}
}

func TestProblem_AnswerThatIsNoJSON(t *testing.T) {
	w := newWorld(t, failing("error: json_parse_error"))
	got := w.send(w.good())
	if got.Status != 200 || got.Entry.Problem != token.JSONParseError ||
		!strings.HasPrefix(got.Header.Get("Content-Type"), "text/html") || !strings.HasPrefix(string(got.Body), "<!DOCTYPE html>") {
		t.Errorf("%d %v %s", got.Status, got.Header, got.Body)
	}
	_, err := w.client.GetToken(context.Background(), "x")
	if !errors.Is(err, wire.ErrNotJSON) {
		t.Errorf("a client sees %v", err)
	}
}

func TestProblem_RawReasons(t *testing.T) {
	for _, c := range []struct {
		reason string
		status int
	}{
		{"invalidParameter", 400},
		{"invalidParameters", 400},
		{"invalidRequest", 400},
		{"incompleteRequest", 400},
		{"inputValidationError", 400},
		{"AuthError", 403},
		{"tokenUsageViolation", 403},
		{"cardNotEligible", 403},
		{"provisionDataExpired", 403},
		{"notReady", 503},
		{"serviceError", 500},
		{"systemError", 500},
		{"someNewReason", 403},
	} {
		t.Run(c.reason, func(t *testing.T) {
			w := newWorld(t, failing("error: "+c.reason))
			got := w.transmit(w.good())
			e := got.envelope(t).ErrorResponse
			if got.Status != c.status || e == nil || string(e.Reason) != c.reason || e.Status != c.status || e.Message == "" {
				t.Errorf("%d %s", got.Status, got.Body)
			}
		})
	}
}

func TestProblem_StatusAndRetryAfterOfTheRule(t *testing.T) {
	w := newWorld(t, failing("error: not_allowed, status: 409, retry-after: 3s, delay: 20ms"))
	got := w.send(w.good())
	e := got.envelope(t).ErrorResponse
	if got.Status != 409 || e.Status != 409 || e.Reason != vts.ReasonNotAllowed || got.Header.Get("Retry-After") != "3" {
		t.Errorf("%d %v %s", got.Status, got.Header, got.Body)
	}
	if got.Entry.Delay.Milliseconds() != 20 {
		t.Errorf("delay %v", got.Entry.Delay)
	}
}

// Bodies of calls that are in order.
const (
	whyBody       = `{"updateReason":{"reasonCode":"FRAUD"}}`
	payBody       = `{"clientPaymentDataID":"a","paymentRequest":{"transactionType":"ECOM"}}`
	provisionBody = `{"clientAppID":"a","presentationType":["ECOM"],"protectionType":"CLOUD"}`
)

// strangeIDs are calls with unknown ids, or ids of another requestor. TOKEN, CARD and
// TERMS represent ids of another requestor and of the other network.
var strangeIDs = []struct {
	name, method, path, body string
	status                   int
	reason                   string
	fields                   []string
}{
	{"read an unknown token", "GET", "/vts/provisionedTokens/UNKNOWN", "", 404, "invalidParameter", []string{"vProvisionedTokenID"}},
	{"read a token by no id at all", "GET", "/vts/provisionedTokens/~%20%C3%A4", "", 404, "invalidParameter", []string{"vProvisionedTokenID"}},
	{"pay with an unknown token", "POST", "/vts/provisionedTokens/UNKNOWN/paymentData", payBody, 404, "invalidParameter", []string{"vProvisionedTokenID"}},
	{"suspend an unknown token", "PUT", "/vts/provisionedTokens/UNKNOWN/suspend", whyBody, 404, "invalidParameter", []string{"vProvisionedTokenID"}},
	{"resume an unknown token", "PUT", "/vts/provisionedTokens/UNKNOWN/resume", whyBody, 404, "invalidParameter", []string{"vProvisionedTokenID"}},
	{"delete an unknown token", "PUT", "/vts/provisionedTokens/UNKNOWN/delete", whyBody, 404, "invalidParameter", []string{"vProvisionedTokenID"}},
	{"read an unknown enrolment", "GET", "/vts/panEnrollments/UNKNOWN", "", 404, "invalidParameter", []string{"vPanEnrollmentID"}},
	{"provision an unknown enrolment", "POST", "/vts/panEnrollments/UNKNOWN/provisionedTokens", provisionBody, 404, "invalidParameter", []string{"vPanEnrollmentID"}},
	{"read unknown content", "GET", "/vts/cps/getContent/UNKNOWN", "", 404, "invalidParameter", []string{"guid"}},
	{"read Mastercard's content", "GET", "/vts/cps/getContent/TERMS", "", 404, "invalidParameter", []string{"guid"}},
	{"read a foreign token", "GET", "/vts/provisionedTokens/TOKEN", "", 403, "AuthError", nil},
	{"pay with a foreign token", "POST", "/vts/provisionedTokens/TOKEN/paymentData", payBody, 403, "AuthError", nil},
	{"delete a foreign token", "PUT", "/vts/provisionedTokens/TOKEN/delete", whyBody, 403, "AuthError", nil},
	{"read a token of Mastercard's", "GET", "/vts/provisionedTokens/DWSPMC", "", 404, "invalidParameter", []string{"vProvisionedTokenID"}},
	{"pay with a token of Mastercard's", "POST", "/vts/provisionedTokens/DWSPMC/paymentData", payBody, 404, "invalidParameter", []string{"vProvisionedTokenID"}},
	{"delete a token of Mastercard's", "PUT", "/vts/provisionedTokens/DWSPMC/delete", whyBody, 404, "invalidParameter", []string{"vProvisionedTokenID"}},
	{"read an enrolment of Mastercard's", "GET", "/vts/panEnrollments/FWSPMC", "", 404, "invalidParameter", []string{"vPanEnrollmentID"}},
	{"provision an enrolment of Mastercard's", "POST", "/vts/panEnrollments/FWSPMC/provisionedTokens", provisionBody, 404, "invalidParameter", []string{"vPanEnrollmentID"}},
	{"read a foreign enrolment", "GET", "/vts/panEnrollments/CARD", "", 404, "invalidParameter", []string{"vPanEnrollmentID"}},
	{"provision a foreign enrolment", "POST", "/vts/panEnrollments/CARD/provisionedTokens", provisionBody, 404, "invalidParameter", []string{"vPanEnrollmentID"}},
	{"read a token by a card number", "GET", "/vts/provisionedTokens/4622943120000600", "", 404, "invalidParameter", []string{"vProvisionedTokenID"}},
	{"read a token by an enrolment's id", "GET", "/vts/provisionedTokens/CARD", "", 404, "invalidParameter", []string{"vProvisionedTokenID"}},
	{"read an enrolment by a token's id", "GET", "/vts/panEnrollments/TOKEN", "", 404, "invalidParameter", []string{"vPanEnrollmentID"}},
	{"read content by a token's id", "GET", "/vts/cps/getContent/TOKEN", "", 404, "invalidParameter", []string{"guid"}},
	{"read a token by an id of 4096 characters", "GET", "/vts/provisionedTokens/" + strings.Repeat("a", 4096), "", 404, "invalidParameter", []string{"vProvisionedTokenID"}},
	{"suspend a foreign token", "PUT", "/vts/provisionedTokens/TOKEN/suspend", whyBody, 403, "AuthError", nil},
	{"resume a foreign token", "PUT", "/vts/provisionedTokens/TOKEN/resume", whyBody, 403, "AuthError", nil},
	{"options of an unknown token", "GET", "/vts/provisionedTokens/UNKNOWN/stepUpOptions", "", 404, "invalidParameter", []string{"vProvisionedTokenID"}},
	{"options of a foreign token", "GET", "/vts/provisionedTokens/TOKEN/stepUpOptions", "", 403, "AuthError", nil},
	{"a method for an unknown token", "PUT", "/vts/provisionedTokens/UNKNOWN/stepUpOptions/method", `{"stepUpRequestID":"x"}`, 404, "invalidParameter", []string{"vProvisionedTokenID"}},
	{"a method for a foreign token", "PUT", "/vts/provisionedTokens/TOKEN/stepUpOptions/method", `{"stepUpRequestID":"x"}`, 403, "AuthError", nil},
	{"a code for an unknown token", "POST", "/vts/provisionedTokens/UNKNOWN/stepUpOptions/validateOTP", `{"otpValue":"456789"}`, 404, "invalidParameter", []string{"vProvisionedTokenID"}},
	{"a code for a foreign token", "POST", "/vts/provisionedTokens/TOKEN/stepUpOptions/validateOTP", `{"otpValue":"456789"}`, 403, "AuthError", nil},
	{"an app's code for a foreign token", "POST", "/vts/provisionedTokens/TOKEN/stepUpOptions/validateAuthCode", `{"authCode":"456789"}`, 403, "AuthError", nil},
	{"bind to an unknown token", "POST", "/vts/provisionedTokens/UNKNOWN/deviceBinding", `{"platformType":"WEB","intent":"FIDO"}`, 404, "invalidParameter", []string{"vProvisionedTokenID"}},
	{"bind to a foreign token", "POST", "/vts/provisionedTokens/TOKEN/deviceBinding", `{"platformType":"WEB","intent":"FIDO"}`, 403, "AuthError", nil},
	{"attest for a foreign token", "POST", "/vts/provisionedTokens/TOKEN/attestation/options", `{"clientAppID":"a","type":"REGISTER","reasonCode":"DEVICE_BINDING"}`, 403, "AuthError", nil},
}

func TestProblem_UnknownAndForeign(t *testing.T) {
	w := newWorld(t, "version: 1\nname: two\nrequestors:\n  one: {}\n  two: {}\n")
	w.who = requestor(t, w.box, "one")
	made := parse(t, w.send(w.good()).Body)
	w.who = requestor(t, w.box, "two")
	other, _, _ := w.box.Do(sandbox.Call{
		Op: token.MCTokenize, Effect: sandbox.EffectProvision, Requestor: "two",
		Making: sandbox.Making{TaskID: "1"}, Subject: sandbox.Subject{Card: sandbox.CardInput{PAN: "5204731600014784", Expiry: token.Expiry{Year: 2035, Month: 12}}},
	})
	ids := strings.NewReplacer(
		"DWSPMC", string(other.Token.Ref), "FWSPMC", string(other.Enrolment.Ref),
		"UNKNOWN", "00112233445566778899aabbccddeeff", "TERMS", w.box.Product(token.Mastercard, "", 0).TermsID,
		"TOKEN", made["vProvisionedTokenID"].(string), "CARD", made["vPanEnrollmentID"].(string),
	)
	for _, c := range strangeIDs {
		t.Run(c.name, func(t *testing.T) {
			got := w.send(w.request(c.method, ids.Replace(c.path), []byte(c.body)))
			w.judge(t, got, c.status, c.reason, c.fields)
			if got.Entry.Detail == "" {
				t.Error("the journal gives no reason")
			}
		})
	}
}

func requestor(t *testing.T, box *sandbox.Sandbox, name string) *sandbox.Requestor {
	t.Helper()
	q, ok := box.Requestor(name)
	if !ok {
		t.Fatalf("no requestor %s", name)
	}
	return q
}

// TestProblem_StatusForbids has the moves that docs/wire/vts.md "Life cycle"
// does not allow, written out by hand.
func TestProblem_StatusForbids(t *testing.T) {
	moves := map[string][]scenarios.Action{
		"INACTIVE":                nil,
		"ACTIVE":                  {{Do: "activate"}},
		"SUSPENDED":               {{Do: "activate"}, {Do: "suspend", By: token.ByRequestor}},
		"SUSPENDED by the issuer": {{Do: "activate"}, {Do: "suspend", By: token.ByIssuer}},
		"DELETED":                 {{Do: "delete"}},
	}
	for status, refused := range map[string][]string{
		"INACTIVE": {"suspend", "resume", "paymentData"}, "ACTIVE": {"resume"}, "SUSPENDED": {"suspend", "paymentData"},
		"SUSPENDED by the issuer": {"suspend", "resume", "paymentData"},
		"DELETED":                 {"suspend", "resume", "delete", "paymentData"},
	} {
		w := newWorld(t, "version: 1\nname: late\nrequestors:\n  wallet: { activation: 24h }\n")
		id := parse(t, w.send(w.good()).Body)["vProvisionedTokenID"].(string)
		for _, a := range moves[status] {
			if err := w.box.Act(a, sandbox.Target{Token: token.Ref(id)}); err != nil {
				t.Fatal(err)
			}
		}
		for _, call := range refused {
			t.Run(call+" while "+status, func(t *testing.T) {
				method, body := "PUT", `{"updateReason":{"reasonCode":"FRAUD"}}`
				if call == "paymentData" {
					method, body = "POST", `{"clientPaymentDataID":"a","paymentRequest":{"transactionType":"ECOM"}}`
				}
				got := w.send(w.request(method, "/vts/provisionedTokens/"+id+"/"+call, []byte(body)))
				w.judge(t, got, 403, "notAllowed", nil)
				if got.Entry.Problem != token.NotAllowed || !strings.HasPrefix(got.Entry.Detail, "wrong-status: ") {
					t.Errorf("journaled as %s, %s", got.Entry.Problem, got.Entry.Detail)
				}
			})
		}
	}
}

func TestProblem_ClosedAccountIsDeclined(t *testing.T) {
	w := newWorld(t, oneCard)
	if err := w.box.Act(scenarios.Action{Do: "close-account"}, sandbox.Target{Card: "alice"}); err != nil {
		t.Fatal(err)
	}
	got := w.send(w.good())
	w.judge(t, got, 403, "declined", nil)
	if got.Entry.Decision != token.Decline || got.Entry.Problem != token.Declined {
		t.Errorf("journaled as %+v", got.Entry)
	}
}

// strangeCalls have a path or a method that no operation has. ID represents one.
var strangeCalls = []struct {
	method, path string
	allow        string // of a path that has other methods
}{
	{"GET", "/vts", ""},
	{"GET", "/vts/", ""},
	{"POST", "/vts/panEnrollments/", ""},
	{"POST", "/vts/provisionedTokens/", ""},
	{"GET", "/vts/provisionedTokens/ID/", ""},
	{"POST", "/vts/PanEnrollments", ""},
	{"POST", "/vts//panEnrollments", ""},
	{"GET", "/vts/provisionedTokens/ID/stepupoptions", ""},
	{"GET", "/vts/provisionedTokens/ID/attestation", ""},
	{"GET", "/vts/panEnrollments/ID/provisionedTokens/ID", ""},
	{"GET", "/vts/cps/getContent", ""},
	{"GET", "/vts/panEnrollments", "POST"},
	{"DELETE", "/vts/provisionedTokens/ID", "GET"},
	{"POST", "/vts/provisionedTokens/ID/suspend", "PUT"},
	{"PATCH", "/vts/provisionedTokens", "POST"},
	{"POST", "/vts/cps/getContent/ID", "GET"},
	{"GET", "/vts/provisionedTokens/ID/paymentData", "POST"},
	{"POST", "/vts/provisionedTokens/ID/stepUpOptions", "GET"},
	{"POST", "/vts/provisionedTokens/ID/stepUpOptions/method", "PUT"},
	{"PUT", "/vts/provisionedTokens/ID/stepUpOptions/validateOTP", "POST"},
	{"PUT", "/vts/provisionedTokens/ID/deviceBinding", "POST"},
	{"GET", "/vts/provisionedTokens/ID/attestation/options", "POST"},
	{"OPTIONS", "/vts/provisionedTokens", "POST"},
}

func TestProblem_NoSuchCall(t *testing.T) {
	w := newWorld(t)
	for _, c := range strangeCalls {
		t.Run(c.method+" "+c.path, func(t *testing.T) {
			s := w.request(c.method, strings.ReplaceAll(c.path, "ID", strings.Repeat("0", 32)), nil)
			s.key.Secret = "wrong" // the route is looked at first
			got := w.send(s)
			status, expected, detail := 404, "a path of the token service", "no such path"
			if c.allow != "" {
				status, expected, detail = 405, "a method that this path has: "+c.allow, "the path has no such method"
			}
			w.judge(t, got, status, fmt.Sprint(status), nil)
			if allow := got.Header.Get("Allow"); allow != c.allow {
				t.Errorf("Allow: %q, want %q", allow, c.allow)
			}
			if check, _ := got.Entry.Checks.Failed(); check.Name != face.CheckRoute || check.Expected != expected || got.Entry.Op != "" || got.Entry.Detail != detail {
				t.Errorf("journaled as %+v", got.Entry)
			}
		})
	}
	if got := w.send(w.request(http.MethodPost, "/vts/nowhere", make([]byte, 2<<20))); got.Status != 413 {
		t.Errorf("%d %s", got.Status, got.Body)
	}
}
