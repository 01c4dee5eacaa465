package server_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

// twoShops are two requestors of one sandbox.
const twoShops = `
version: 1
name: two requestors
requestors:
  a-shop: { trid: { mastercard: "50120000001" } }
  another: { trid: { mastercard: "50120000002" } }
`

// taskOf says what became of a task, or which error asking gives.
func (w *world) taskOf(id string) string {
	w.t.Helper()
	got := w.send(w.request(token.MCGetTaskStatus, object{"requestId": "r", "tokenRequestorId": ownTRID, "taskId": id}))
	if code := got.refused(w.t).ErrorCode; code != "" {
		return code
	}
	return stage.Decode[mdes.TaskStatusResponse](w.t, got.Body).Status
}

func TestTask_WhatIsRefusedLeavesItsTask(t *testing.T) {
	w := newWorld(t)
	for name, c := range map[string]struct {
		do   func(*world, *sending)
		code string
		task string
	}{
		"no JSON":                    {func(_ *world, s *sending) { s.body = append(s.body, 'x') }, "INVALID_JSON", "INVALID_TASK_ID"},
		"a wrong field":              {member("consumerLanguage", "eng"), "INVALID_FIELD_LENGTH", "INVALID_TASK_ID"},
		"another's requestor id":     {member("tokenRequestorId", "50120000009"), "AUTHORIZATION_FAILED", "INVALID_TASK_ID"},
		"a payload that never opens": {holder(object{"encryptedData": "00"}), "CRYPTOGRAPHY_ERROR", "FAILED"},
		"a wrong field inside":       {card("expiryMonth", "13"), "INVALID_FIELD_VALUE", "FAILED"},
		"a card that may be real":    {card("accountNumber", unlisted), "PAN_INELIGIBLE", "FAILED"},
		"no expiry":                  {card("expiryYear", nil), "MISSING_EXPIRY_DATE", "FAILED"},
		"a check digit":              {card("accountNumber", "5204731600014785"), "INVALID_PAN", "FAILED"},
		"a past expiry":              {card("expiryYear", "25"), "INVALID_PAN", "FAILED"},
		"an unknown reference":       {member("fundingAccountInfo", object{"panUniqueReference": "F"}), "INVALID_PAN_UNIQUE_REFERENCE", "FAILED"},
		"a push receipt":             {member("fundingAccountInfo", object{"pushAccountReceipt": "M"}), "INVALID_FIELD_VALUE", "FAILED"},
		"an error asked for":         {member("taskId", "a--PROVISION_FAILED"), "PROVISION_FAILED", "FAILED"},
		"a decline":                  {card("accountNumber", "5204731940398145"), "", "COMPLETED"},
		"nothing wrong":              {func(*world, *sending) {}, "", "COMPLETED"},
	} {
		t.Run(name, func(t *testing.T) {
			w := w.in(t)
			s := w.request(token.MCTokenize, w.tokenizeBody(goodPAN, nil))
			c.do(w, s)
			if got := w.send(s); got.refused(t).ErrorCode != c.code {
				t.Fatalf("%s", got.Body)
			}
			id := stage.Decode[mdes.TokenizeRequest](t, []byte(strings.TrimSuffix(string(s.body), "x"))).TaskID
			if got := w.taskOf(id); got != c.task {
				t.Errorf("the task %s is %s, want %s", id, got, c.task)
			}
		})
	}
}

func TestTask_AnIDThatWasUsedCountsForMoreThanWhatElseIsWrong(t *testing.T) {
	w := newWorld(t)
	w.send(w.request(token.MCTokenize, w.tokenizeBody(goodPAN, object{"taskId": "used"})))
	for name, do := range map[string]func(*world, *sending){
		"nothing":                 func(*world, *sending) {},
		"a payload that is cut":   holder(object{"encryptedData": "00"}),
		"a wrong field inside":    card("expiryMonth", "13"),
		"a card that may be real": card("accountNumber", unlisted),
		"a past expiry":           card("expiryYear", "25"),
	} {
		s := w.request(token.MCTokenize, w.tokenizeBody(goodPAN, nil))
		do(w, s)
		body := stage.Decode[object](t, s.body)
		s.body = stage.Marshal(t, with(body, object{"taskId": "used"}))
		got := w.send(s)
		if got.refused(t).ErrorCode != "INVALID_TASK_ID" || got.Failed() != "" || got.Entry.Problem != "INVALID_TASK_ID" {
			t.Errorf("%s is wrong as well: %s, check %q", name, got.Body, got.Failed())
		}
		if name == "nothing" {
			continue
		}
		s.body = stage.Marshal(t, with(body, object{"tokenRequestorId": "50120000009", "taskId": "used"}))
		if got := w.send(s); got.refused(t).ErrorCode != "AUTHORIZATION_FAILED" {
			t.Errorf("the requestor id counts for more still: %s", got.Body)
		}
	}
	if w.taskOf("used") != "COMPLETED" || len(stage.Tokens(w.box)) != 1 {
		t.Errorf("the task is %s, %d tokens", w.taskOf("used"), len(stage.Tokens(w.box)))
	}
}

func TestTask_AFailedOneMayBeTriedAgain(t *testing.T) {
	w := newWorld(t)
	send := func(changes object) string {
		return w.send(w.request(token.MCTokenize, w.tokenizeBody(goodPAN, with(object{"taskId": "again"}, changes)))).refused(t).ErrorCode
	}
	bad := object{"fundingAccountInfo": object{"encryptedPayload": with(w.sealed(cardData(goodPAN, nil)), object{"encryptedData": "00"})}}
	for i, want := range []string{"CRYPTOGRAPHY_ERROR", "CRYPTOGRAPHY_ERROR", "", "INVALID_TASK_ID"} {
		changes := object{}
		if i < 2 {
			changes = bad
		}
		if got := send(changes); got != want {
			t.Errorf("try %d: %q, want %q", i+1, got, want)
		}
	}
}

func TestTask_IDsBelongToTheirRequestor(t *testing.T) {
	w := newWorld(t, twoShops)
	other := w.clientOf(w.box.Requestors()[1], mdes.Sandbox)
	w.send(w.request(token.MCTokenize, w.tokenizeBody(goodPAN, object{"taskId": "one"})))
	funding := &mdes.FundingAccountData{
		CardAccountData: &mdes.CardAccountData{AccountNumber: goodPAN, ExpiryMonth: "12", ExpiryYear: "29"}, Source: "ACCOUNT_ON_FILE",
	}
	_, err := other.GetTaskStatus(t.Context(), "one")
	refusedAs(t, err, http.StatusOK, "INVALID_TASK_ID")
	stage.Must(other.Tokenize(t.Context(), mdes.TokenizeRequest{TaskID: "one"}, funding))(t)
	if got := stage.Must(other.GetTaskStatus(t.Context(), "one"))(t); got.Status != "COMPLETED" {
		t.Errorf("%+v", got)
	}
	_, err = other.Tokenize(t.Context(), mdes.TokenizeRequest{TaskID: "one"}, funding)
	refusedAs(t, err, http.StatusOK, "INVALID_TASK_ID")
}

// What the gateway refuses, and an answer that cannot be read, leave no task.
func TestTask_TheGatewayLeavesNone(t *testing.T) {
	for _, then := range []string{`fault: "429"`, `fault: "503"`, "error: limit_exceeded", "error: gateway_timeout"} {
		w := newWorld(t, plain+`
rules:
  - { when: { network: mastercard, operation: tokenize }, times: 1, then: { `+then+` } }
`)
		w.send(w.request(token.MCTokenize, w.tokenizeBody(goodPAN, object{"taskId": "t"})))
		if got := w.taskOf("t"); got != "INVALID_TASK_ID" {
			t.Errorf("%s: the task is %s", then, got)
		}
	}
	w := newWorld(t)
	s := w.request(token.MCTokenize, w.tokenizeBody(goodPAN, object{"taskId": "t"}))
	param("oauth_nonce", "changed")(w, s)
	w.send(s)
	if got := w.taskOf("t"); got != "INVALID_TASK_ID" {
		t.Errorf("without a signature: the task is %s", got)
	}
}

// tokenAsAccount is a tokenize whose account is a token's number.
func (w *world) tokenAsAccount(number string, changes object) object {
	w.t.Helper()
	return w.tokenizeBody("", with(object{"fundingAccountInfo": object{"encryptedPayload": w.sealed(object{
		"cardAccountData": object{"accountNumber": number}, "source": "EXISTING_TOKEN_CREDENTIAL",
	})}}, changes))
}

func TestTokenize_FromAnExistingTokensNumber(t *testing.T) {
	w := newWorld(t, twoShops)
	first := w.tokenize(goodPAN)
	source, _ := w.box.Token(token.Ref(first.TokenUniqueReference))
	number := source.Token.Number.Digits()

	got := w.send(w.request(token.MCTokenize, w.tokenAsAccount(number, nil)))
	made := stage.Decode[mdes.TokenizeResponse](t, got.Body)
	if made.Decision != "APPROVED" || made.PANUniqueReference != first.PANUniqueReference || made.TokenUniqueReference == first.TokenUniqueReference || made.TokenInfo.AccountPANSuffix != "4784" {
		t.Errorf("%s", got.Body)
	}
	if _, ok := w.box.Token(token.Ref(made.TokenUniqueReference)); !ok || len(stage.Cards(w.box)) != 1 {
		t.Errorf("the token's number became a card: %d cards", len(stage.Cards(w.box)))
	}
	other := w.clientOf(w.box.Requestors()[1], mdes.Sandbox)
	theirs := stage.Must(other.Tokenize(t.Context(), mdes.TokenizeRequest{TaskID: "t"}, &mdes.FundingAccountData{
		CardAccountData: &mdes.CardAccountData{AccountNumber: mdes.Sensitive(number), ExpiryMonth: "03", ExpiryYear: "29"}, Source: "EXISTING_TOKEN_CREDENTIAL",
	}))(t)
	if theirs.PANUniqueReference == first.PANUniqueReference || theirs.TokenInfo.AccountPANSuffix != "4784" {
		t.Errorf("for another requestor: %+v", theirs.TokenizeResponse)
	}
	for name, c := range map[string]struct{ number, code string }{
		"a number no token has":   {"5204240000000013", "PAN_INELIGIBLE"},
		"a card's number":         {goodPAN, "PAN_INELIGIBLE"},
		"a card that may be real": {unlisted, "PAN_INELIGIBLE"},
		"a number that is short":  {"52042400", "INVALID_FIELD_LENGTH"},
	} {
		if got := w.send(w.request(token.MCTokenize, w.tokenAsAccount(c.number, nil))); got.refused(t).ErrorCode != c.code {
			t.Errorf("%s: %s", name, got.Body)
		}
	}
	if err := w.box.Act(scenarios.Action{Do: "suspend"}, sandbox.Target{Token: source.Token.Ref}); err != nil {
		t.Fatal(err)
	}
	if got := w.send(w.request(token.MCTokenize, w.tokenAsAccount(number, nil))); got.refused(t).ErrorCode != "INVALID_TOKEN_STATUS" {
		t.Errorf("of a suspended token: %s", got.Body)
	}
	if len(stage.Cards(w.box)) != 1 {
		t.Errorf("%d cards are kept", len(stage.Cards(w.box)))
	}
}
