package server_test

import (
	"context"
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// elsewhere are the keys that no Visa call leads to, with the reason.
var elsewhere = map[token.Key]string{
	token.PANIneligible:        "Mastercard's",
	token.InvalidTokenRef:      "Mastercard's",
	token.MissingRequiredField: "Mastercard's",
	token.InvalidPAN:           "Mastercard's",
	token.InvalidTokenStatus:   "Mastercard's",
	token.NoResponseFromIssuer: "Mastercard's",
	token.DuplicateRequest:     "Mastercard's",
	token.InternalServerError:  "Mastercard's",
	token.LimitExceeded:        "Mastercard's",
	token.GatewayTimeout:       "Mastercard's",
	token.UnknownTask:          "Visa has no tasks",
	token.ReusedTask:           "Visa has no tasks",
	token.UnknownPayment:       "payments are an acquirer's",
	token.WrongPaymentStatus:   "payments are an acquirer's",
	token.AmountTooHigh:        "payments are an acquirer's",
	token.OtherCurrency:        "payments are an acquirer's",
	token.OtherRequest:         "idempotency keys are an acquirer's",
	token.PendingRequest:       "idempotency keys are an acquirer's",
	token.JSONParseError:       "no refusal, but an answer that is no JSON: TestProblem_AnswerThatIsNoJSON",
}

// finding provokes a key in a world of its own.
type finding struct {
	status int
	reason string
	fields []string
	as     token.Key // documented key in the journal
	yaml   string
	change func(*scenarios.VisaSwitches)
	make   func(t *testing.T, w *world) reply
}

// findings are all keys of which the step or this face makes a refusal.
var findings = map[token.Key]finding{
	token.UnknownToken: {404, "invalidParameter", []string{"vProvisionedTokenID"}, token.InvalidParameter, "", nil, reading("/vts/provisionedTokens/nobody's")},
	token.UnknownCard:  {404, "invalidParameter", []string{"vPanEnrollmentID"}, token.InvalidParameter, "", nil, reading("/vts/panEnrollments/nobody's")},
	token.UnknownAsset: {404, "invalidParameter", []string{"guid"}, token.InvalidParameter, "", nil, reading("/vts/cps/getContent/nobody's")},
	token.ForeignToken: {403, "AuthError", nil, token.ForeignToken, "requestors:\n  one: {}\n  two: {}\n", nil, func(t *testing.T, w *world) reply {
		t.Helper()
		w.who = requestor(t, w.box, "one")
		id := parse(t, w.send(w.good()).Body)["vProvisionedTokenID"].(string)
		w.who = requestor(t, w.box, "two")
		return w.send(w.request("GET", "/vts/provisionedTokens/"+id, nil))
	}},
	token.WrongStatus: {403, "notAllowed", nil, token.NotAllowed, "", nil, func(t *testing.T, w *world) reply {
		t.Helper()
		id := parse(t, w.send(w.good()).Body)["vProvisionedTokenID"].(string)
		return w.send(w.request("PUT", "/vts/provisionedTokens/"+id+"/resume", []byte(`{"updateReason":{"reasonCode":"FRAUD"}}`)))
	}},
	token.BadCheckDigit: {400, "invalidParameter", []string{instrument + ".accountNumber"}, token.InvalidParameter, "", nil, sent(card1("accountNumber", "4622943120000601"))},
	token.ExpiredCard:   {403, "cardVerificationFailed", nil, token.CardVerificationFailed, "", nil, sent(card1("expirationDate", date("02", "2026")))},
	token.OtherDetails: {403, "cardVerificationFailed", nil, token.CardVerificationFailed, "", nil, func(t *testing.T, _ *world) reply { // [F4]
		t.Helper()
		w := newWorld(t, "version: 1\nname: declared\ncards: { alice: { pan: \""+goodPAN+"\", expiry: \"12/29\" } }\n")
		return w.send(w.good(func(s *sending) { card1("expirationDate", date("06", "2031"))(w, s) }))
	}},
	token.ForeignRange: {403, "cardNotAllowed", nil, token.CardNotAllowed, "", nil, sent(card1("accountNumber", "5204731600014784"))},
	token.GuardedPAN:   {403, "cardNotAllowed", nil, token.CardNotAllowed, "", nil, sent(card1("accountNumber", unlisted))},
	token.NoStepUp: {403, "notAllowed", nil, token.NotAllowed, "", nil, func(t *testing.T, w *world) reply {
		t.Helper()
		id := parse(t, w.send(w.good()).Body)["vProvisionedTokenID"].(string)
		return w.send(w.request("GET", "/vts/provisionedTokens/"+id+"/stepUpOptions", nil))
	}},
	token.UnknownMethod: {400, "invalidParameter", []string{"stepUpRequestID"}, token.InvalidParameter, identified, nil, func(t *testing.T, w *world) reply {
		t.Helper()
		id := provision(context.Background(), t, w.client).VProvisionedTokenID
		return w.send(w.request("PUT", "/vts/provisionedTokens/"+id+"/stepUpOptions/method", []byte(`{"stepUpRequestID":"none"}`)))
	}},
	token.NotChosen: {403, "notAllowed", nil, token.NotAllowed, identified, nil, chosenAnd("validateAuthCode", `{"authCode":"456789"}`, 1)},
	token.WrongCode: {400, "invalidParameters", nil, token.InvalidParameter, identified, nil, chosenAnd("validateOTP", `{"otpValue":"000000"}`, 1)},
	token.Exhausted: {403, "notAllowed", nil, token.NotAllowed, identified, nil, chosenAnd("validateOTP", `{"otpValue":"000000"}`, 4)},
	token.ExpiredCode: {400, "invalidParameters", nil, token.InvalidParameter, identified, nil, func(t *testing.T, w *world) reply {
		t.Helper()
		made := provision(context.Background(), t, w.client)
		choice := vts.StepUpMethodRequest{StepUpRequestID: made.StepUpRequest[0].Identifier}
		stage.Must(w.client.SelectStepUpMethod(context.Background(), made.VProvisionedTokenID, choice))(t)
		w.advance(11 * 60 * 1e9)
		return w.send(w.request("POST", "/vts/provisionedTokens/"+made.VProvisionedTokenID+"/stepUpOptions/validateOTP", []byte(`{"otpValue":"456789"}`)))
	}},
	token.HasToken: {403, "declined", nil, token.Declined, "", func(v *scenarios.VisaSwitches) { v.Repeat = scenarios.RepeatDuplicate }, func(t *testing.T, w *world) reply {
		t.Helper()
		w.send(w.good())
		return w.send(w.good())
	}},
	token.Declined: {403, "declined", nil, token.Declined, "cards:\n  alice: { network: visa, pan: \"4622943120000600\", expiry: \"12/29\" }\n", nil, func(t *testing.T, w *world) reply {
		t.Helper()
		if err := w.box.Act(scenarios.Action{Do: "close-account"}, sandbox.Target{Card: "alice"}); err != nil {
			t.Fatal(err)
		}
		return w.send(w.good())
	}},
	token.OtherWallet: {400, "invalidParameter", []string{"clientWalletAccountID"}, token.InvalidParameter, "", nil, func(t *testing.T, w *world) reply {
		t.Helper()
		id := parse(t, w.send(w.good()).Body)["vPanEnrollmentID"].(string)
		return w.send(w.request("POST", "/vts/panEnrollments/"+id+"/provisionedTokens",
			[]byte(`{"clientAppID":"a","clientWalletAccountID":"another","presentationType":["ECOM"],"protectionType":"CLOUD"}`)))
	}},
	token.InvalidParameter:       byRule(token.InvalidParameter, 400, "invalidParameter"),
	token.CardVerificationFailed: byRule(token.CardVerificationFailed, 403, "cardVerificationFailed"),
	token.CardNotEligible:        byRule(token.CardNotEligible, 403, "cardNotEligible"),
	token.NotAllowed:             byRule(token.NotAllowed, 403, "notAllowed"),
	token.TRConfigIssue:          byRule(token.TRConfigIssue, 403, "trConfigIssue"),
	token.CardNotAllowed:         byRule(token.CardNotAllowed, 403, "cardNotAllowed"),
	token.ServiceError:           byRule(token.ServiceError, 500, "serviceError"),
}

const identified = "issuers:\n  careful: { decision: step-up }\ncards:\n  alice: { network: visa, pan: \"4622943120000600\", expiry: \"12/29\", issuer: careful }\n"

func reading(path string) func(*testing.T, *world) reply {
	return func(t *testing.T, w *world) reply {
		t.Helper()
		return w.send(w.request("GET", path, nil))
	}
}

func sent(change func(*world, *sending)) func(*testing.T, *world) reply {
	return func(t *testing.T, w *world) reply {
		t.Helper()
		return w.send(w.good(func(s *sending) { change(w, s) }))
	}
}

// chosenAnd chooses the first method, a text message, and then makes the same
// call of step-up so many times.
func chosenAnd(tail, body string, times int) func(*testing.T, *world) reply {
	return func(t *testing.T, w *world) (last reply) {
		t.Helper()
		made := provision(context.Background(), t, w.client)
		choice := vts.StepUpMethodRequest{StepUpRequestID: made.StepUpRequest[0].Identifier}
		stage.Must(w.client.SelectStepUpMethod(context.Background(), made.VProvisionedTokenID, choice))(t)
		for range times {
			last = w.send(w.request("POST", "/vts/provisionedTokens/"+made.VProvisionedTokenID+"/stepUpOptions/"+tail, []byte(body)))
		}
		return last
	}
}

func byRule(key token.Key, status int, reason string) finding {
	rule := "rules:\n  - when: { operation: provisionTokenWithPan, network: visa }\n    then: { error: " + string(key) + " }\n"
	return finding{status, reason, nil, key, rule, nil, func(t *testing.T, w *world) reply {
		t.Helper()
		return w.transmit(w.good())
	}}
}

// TestFinding_EveryKeyHasItsAnswer provokes each key over HTTP.
func TestFinding_EveryKeyHasItsAnswer(t *testing.T) {
	for key, f := range findings {
		t.Run(string(key), func(t *testing.T) {
			w := newWorldWith(t, func(s *scenarios.Scenario) {
				switches := scenarios.DefaultSwitches(scenarios.ProfileDefault)
				if f.change != nil {
					f.change(&switches.Visa)
				}
				s.Switches = &switches
			}, "version: 1\nname: finding\n"+f.yaml)
			got := f.make(t, w)
			w.judge(t, got, f.status, f.reason, f.fields)
			if got.Entry.Problem != f.as {
				t.Errorf("journaled as %s, want %s", got.Entry.Problem, f.as)
			}
			if e := got.Entry; e.Problem != key && !strings.HasPrefix(e.Detail, string(key)) {
				t.Errorf("the journal does not name the finding: %s, %q", e.Problem, e.Detail)
			}
		})
	}
}

// TestFinding_NoKeyIsForgotten reads the list of keys from its source, so that a
// new one cannot be overlooked here.
func TestFinding_NoKeyIsForgotten(t *testing.T) {
	keys := declaredKeys(t)
	if len(keys) < 30 {
		t.Fatalf("only %d keys found", len(keys))
	}
	for _, key := range keys {
		_, here := findings[key]
		why, there := elsewhere[key]
		if here == there {
			t.Errorf("%s: provoked here %v, said to be impossible here %v %q", key, here, there, why)
		}
	}
	for key := range findings {
		if !slices.Contains(keys, key) {
			t.Errorf("%s is no key", key)
		}
	}
}

func declaredKeys(t *testing.T) (keys []token.Key) {
	t.Helper()
	file := stage.Must(parser.ParseFile(gotoken.NewFileSet(), "../../token/problem.go", nil, 0))(t)
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); !ok || kind.Name != "Key" {
			return true
		}
		for _, value := range spec.Values {
			if lit, ok := value.(*ast.BasicLit); ok {
				keys = append(keys, token.Key(stage.Must(strconv.Unquote(lit.Value))(t)))
			}
		}
		return true
	})
	return keys
}
