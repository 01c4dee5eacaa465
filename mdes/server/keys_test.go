package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/simulator/vault"
	"github.com/pantomime-dev/pantomime/token"
)

// wire is an answer of docs/wire/mdes.md "Errors".
type wire struct {
	status  int
	code    string
	text    string
	source  string // "Gateway" for the gateway's form
	problem token.Key
}

// documented is how Mastercard writes each key on the wire: status and code
// written down from docs/wire/mdes.md "Errors", text from there where the wire's is
// known, else from the list of keys.
var documented = map[token.Key]wire{
	"PAN_INELIGIBLE":                 {200, "PAN_INELIGIBLE", "PAN Ineligible", "INPUT", ""},
	"INVALID_TOKEN_UNIQUE_REFERENCE": {200, "INVALID_TOKEN_UNIQUE_REFERENCE", "Invalid Token Unique Reference", "INPUT", ""},
	"MISSING_REQUIRED_FIELD":         {200, "MISSING_REQUIRED_FIELD", "Missing Required Field - ex: tokenUniqueReference", "INPUT", ""},
	"INVALID_PAN":                    {200, "INVALID_PAN", "Invalid PAN", "INPUT", ""},
	"INVALID_TOKEN_STATUS":           {200, "INVALID_TOKEN_STATUS", "Invalid Token Status", "INPUT", ""},
	"no_response_from_issuer":        {200, "NO_RESPONSE_FROM_ISSUER", "Issuer did not respond in time. Retry the request", "INPUT", ""},
	"duplicate_request":              {200, "DUPLICATE_REQUEST", "Duplicate Request", "INPUT", ""},
	"internal_server_err":            {500, "INTERNAL_SERVICE_FAILURE", "Internal Service Failure", "MDES", ""},
	"json_parse_error":               {200, "", "", "", ""}, // a page where JSON belongs [F3]
	"limit_exceeded":                 {429, "LIMIT_EXCEEDED", "Too Many Requests", "Gateway", ""},
	"gateway_timeout":                {504, "GATEWAY_TIMEOUT", "Gateway Timeout", "Gateway", ""},
}

// raw reasons go as they are; those under which a documented key travels are
// journaled as that key.
var rawReasons = map[token.Key]wire{
	"NO_RESPONSE_FROM_ISSUER":         {200, "NO_RESPONSE_FROM_ISSUER", "No Response From Issuer", "INPUT", "no_response_from_issuer"},
	"DUPLICATE_REQUEST":               {200, "DUPLICATE_REQUEST", "Duplicate Request", "INPUT", "duplicate_request"},
	"INTERNAL_SERVICE_FAILURE":        {200, "INTERNAL_SERVICE_FAILURE", "Internal Service Failure", "MDES", "internal_server_err"},
	"INVALID_JSON":                    {200, "INVALID_JSON", "Invalid JSON", "INPUT", ""},
	"PROVISION_FAILED":                {200, "PROVISION_FAILED", "Provision Failed", "INPUT", ""},
	"PAN_PROVISIONING_COUNT_EXCEEDED": {200, "PAN_PROVISIONING_COUNT_EXCEEDED", "PAN Provisioning Count Exceeded", "INPUT", ""},
	"CRYPTOGRAPHY_ERROR":              {200, "CRYPTOGRAPHY_ERROR", "Cryptography Error", "INPUT", ""},
	"INVALID_RESPONSE_HOST":           {200, "INVALID_RESPONSE_HOST", "Invalid Response Host", "INPUT", ""},
	"INCORRECT_TAV":                   {200, "INCORRECT_TAV", "Incorrect TAV", "INPUT", ""},
	"NO_ACTIVE_TOKENS":                {200, "NO_ACTIVE_TOKENS", "No Active Tokens", "INPUT", ""},
	"ANYTHING_ELSE":                   {200, "ANYTHING_ELSE", "Anything Else", "INPUT", ""},
	"AUTHENTICATION_FAILED":           {401, "AUTHENTICATION_FAILED", "Authentication Failed", "Gateway", ""},
	"INVALID_CLIENT_ID":               {401, "INVALID_CLIENT_ID", "Invalid Client Id", "Gateway", ""},
	"INVALID_BODY_HASH":               {400, "INVALID_BODY_HASH", "Invalid Body Hash", "Gateway", ""},
}

// judge compares an answer with what it should be.
func (want wire) judge(t *testing.T, op token.Operation, key token.Key, got reply) {
	t.Helper()
	if want.problem == "" {
		want.problem = key
	}
	have := wire{status: got.Status, problem: got.Entry.Problem}
	media := "application/json"
	switch want.source {
	case "":
		if media = "text/html; charset=utf-8"; json.Valid(got.Body) {
			t.Errorf("the answer is JSON: %s", got.Body)
		}
	case "Gateway":
		e := got.gateway(t)
		have.code, have.text, have.source = e.ReasonCode, e.Description, e.Source
		if e.Recoverable != (want.code == "LIMIT_EXCEEDED") || e.Details != nil {
			t.Errorf("%s", got.Body)
		}
	default:
		e := got.refused(t)
		have.code, have.text = e.ErrorCode, e.ErrorDescription
		if len(e.Errors) != 1 {
			t.Fatalf("%s", got.Body)
		}
		have.source = e.Errors[0].Source
		if e.Errors[0].ReasonCode != e.ErrorCode || e.Errors[0].Description != e.ErrorDescription || e.ResponseID == "" {
			t.Errorf("the entry of errors[] differs from the top: %s", got.Body)
		}
		body := got.object(t)
		_, hasHost := body["responseHost"]
		supports, has := body["supportsAuthentication"]
		if hasHost != (op != token.MCTransact && op != token.MCGetToken) || has != (op == token.MCTokenize) || has && supports != false {
			t.Errorf("members of an error of %s: %s", op, got.Body)
		}
	}
	if have != want {
		t.Errorf("answered %+v, want %+v", have, want)
	}
	if got.Header.Get("Content-Type") != media {
		t.Errorf("content type %q", got.Header.Get("Content-Type"))
	}
}

func TestKeys_AllDocumentedOnesAreInTheTable(t *testing.T) {
	for _, k := range token.Keys() {
		if _, ok := documented[k.Key]; k.Network == token.Mastercard && !ok {
			t.Errorf("%s is missing", k.Key)
		}
	}
}

func TestKeys_AsARulesErrorOnEveryOperation(t *testing.T) {
	for name, table := range map[string]map[token.Key]wire{"documented": documented, "raw": rawReasons} {
		for key, want := range table {
			t.Run(name+" "+string(key), func(t *testing.T) {
				w := newWorld(t, fmt.Sprintf(`
version: 1
name: one error
rules:
  - { when: { network: mastercard, card: bob, attempt: 2 }, then: { error: %[1]q } }
  - { when: { operation: [getTaskStatus, getAsset, getDigitalAssets] }, then: { error: %[1]q } }
cards:
  bob: { network: mastercard, pan: %[2]q, expiry: "12/29" }
`, key, goodPAN))
				w.sweep(t, func(op token.Operation, got reply) { want.judge(t, op, key, got) })
			})
		}
	}
}

// sweep sends each operation as often as it takes to meet the rule: those about
// the card twice, the others once.
func (w *world) sweep(t *testing.T, met func(token.Operation, reply)) {
	t.Helper()
	ref := w.tokenize(goodPAN).TokenUniqueReference
	status := object{"requestId": "r", "tokenRequestorId": ownTRID, "taskId": "t"}
	search := object{"requestId": "r", "fundingAccountInfo": object{"tokenUniqueReference": ref}}
	met(token.MCTokenize, w.send(w.request(token.MCTokenize, w.tokenizeBody(goodPAN, nil))))
	for _, c := range []struct {
		op   token.Operation
		body object
	}{
		{token.MCTransact, about(ref, object{"dsrpType": "UCAF"})},
		{token.MCGetToken, about(ref, nil)},
		{token.MCSearchTokens, search},
		{token.MCSuspend, batch(nil, ref)},
		{token.MCUnsuspend, batch(nil, ref)},
		{token.MCDelete, batch(nil, ref)},
	} {
		w.send(w.request(c.op, c.body))
		met(c.op, w.send(w.request(c.op, c.body)))
	}
	met(token.MCGetTaskStatus, w.send(w.request(token.MCGetTaskStatus, status)))
	met(token.MCGetDigitalAssets, w.art(object{"accountNumber": otherPAN}, nil))
	asset := w.request(token.MCGetAsset, []byte{})
	asset.method, asset.path, asset.contentType = http.MethodGet, asset.path+"/x", ""
	met(token.MCGetAsset, w.send(asset))
}

func TestKeys_AsAMagicCard(t *testing.T) {
	w := newWorld(t)
	for key, want := range documented {
		card, ok := fixtures.MagicCard(token.Mastercard, key)
		if !ok {
			t.Errorf("%s has no card", key)
			continue
		}
		got := w.send(w.request(token.MCTokenize, w.tokenizeBody(card.Number.Digits(), nil)))
		want.judge(t, token.MCTokenize, key, got)
	}
}

func TestKeys_AStatusOfTheScenarioGoesBeforeTheUsualOne(t *testing.T) {
	for key, status := range map[string]int{"INVALID_PAN": 400, "internal_server_err": 200, "limit_exceeded": 503} {
		w := newWorld(t, fmt.Sprintf(`
version: 1
name: another status
rules:
  - { when: { operation: tokenize }, then: { error: %s, status: %d, retry-after: 7s } }
`, key, status))
		got := w.send(w.request(token.MCTokenize, w.tokenizeBody(goodPAN, nil)))
		if got.Status != status || got.Header.Get("Retry-After") != "7" {
			t.Errorf("%s: %d, Retry-After %q", key, got.Status, got.Header.Get("Retry-After"))
		}
	}
}

// finding is what the step or the face finds by itself.
type finding struct {
	name    string
	op      token.Operation
	body    object
	code    string
	problem token.Key
	check   string
}

// unknownIDs is a reference that no token has.
const unknownIDs = "DWSPMC000000000100000000000000000000000000000000"

// findings are such requests, next to a token of the caller and one of another.
func findings(w *world, used mdes.TokenizeResponse, foreign string) []finding {
	withCard := func(pan string, card object) object {
		return w.tokenizeBody("", object{"fundingAccountInfo": object{"encryptedPayload": w.sealed(cardData(pan, card))}})
	}
	byRef := func(name, ref string) object {
		return w.tokenizeBody("", object{"fundingAccountInfo": object{name: ref}})
	}
	return []finding{
		{"transact with an unknown reference", token.MCTransact, about(unknownIDs, object{"dsrpType": "UCAF"}), "INVALID_TOKEN_UNIQUE_REFERENCE", "", ""},
		{"transact with another's token", token.MCTransact, about(foreign, object{"dsrpType": "UCAF"}), "INVALID_TOKEN_UNIQUE_REFERENCE", "", ""},
		{"getToken of an unknown reference", token.MCGetToken, about(unknownIDs, nil), "INVALID_TOKEN_UNIQUE_REFERENCE", "", ""},
		{"getToken of another's token", token.MCGetToken, about(foreign, nil), "INVALID_TOKEN_UNIQUE_REFERENCE", "", ""},
		{"suspend of another's token", token.MCSuspend, batch(nil, foreign), "INVALID_TOKEN_UNIQUE_REFERENCE", "", ""},
		{"unsuspend of an active token", token.MCUnsuspend, batch(nil, used.TokenUniqueReference), "INVALID_TOKEN_STATUS", "", ""},
		{"tokenize by an unknown PAN reference", token.MCTokenize, byRef("panUniqueReference", "FWSPMC0000000001xyz"), "INVALID_PAN_UNIQUE_REFERENCE", "", ""},
		{"tokenize by an unknown token reference", token.MCTokenize, byRef("tokenUniqueReference", unknownIDs), "INVALID_TOKEN_UNIQUE_REFERENCE", "", ""},
		{"tokenize by another's token", token.MCTokenize, byRef("tokenUniqueReference", foreign), "INVALID_TOKEN_UNIQUE_REFERENCE", "", ""},
		{"the state of an unknown task", token.MCGetTaskStatus, object{"requestId": "r", "tokenRequestorId": ownTRID, "taskId": "never"}, "INVALID_TASK_ID", "", ""},
		{"a task id used before", token.MCTokenize, w.tokenizeBody(goodPAN, object{"taskId": "task-1"}), "INVALID_TASK_ID", "", ""},
		{"a check digit that does not hold", token.MCTokenize, withCard("5204731600014785", nil), "INVALID_PAN", "", ""},
		{"an expiry that has passed", token.MCTokenize, withCard(goodPAN, object{"expiryMonth": "02", "expiryYear": "26"}), "INVALID_PAN", "", ""},
		{"no expiry", token.MCTokenize, withCard(goodPAN, object{"expiryMonth": nil, "expiryYear": nil}), "MISSING_EXPIRY_DATE", "", "field cardAccountData.expiryMonth"},
		{"half an expiry", token.MCTokenize, withCard(goodPAN, object{"expiryYear": nil}), "MISSING_EXPIRY_DATE", "", "field cardAccountData.expiryMonth"},
		{"a card of Visa", token.MCTokenize, withCard("4622943120000600", nil), "PAN_INELIGIBLE", "", ""},
		{"a card that may be real", token.MCTokenize, withCard(unlisted, nil), "PAN_INELIGIBLE", "", "pan-guard"},
		{"a search for a card that may be real", token.MCSearchTokens, object{
			"requestId": "r", "fundingAccountInfo": object{"encryptedPayload": w.sealed(cardData(unlisted, nil))},
		}, "PAN_INELIGIBLE", "", "pan-guard"},
		{"another requestor's id", token.MCTokenize, w.tokenizeBody(goodPAN, object{"tokenRequestorId": "50120000002"}), "AUTHORIZATION_FAILED", "", "tokenRequestorId"},
		{"another requestor's id in getTaskStatus", token.MCGetTaskStatus, object{"requestId": "r", "tokenRequestorId": "50120000002", "taskId": "t"}, "AUTHORIZATION_FAILED", "", "tokenRequestorId"},
		{"another requestor's id in searchTokens", token.MCSearchTokens, object{
			"requestId": "r", "tokenRequestorId": "50120000002", "fundingAccountInfo": object{"panUniqueReference": used.PANUniqueReference},
		}, "AUTHORIZATION_FAILED", "", "tokenRequestorId"},
		{"a push receipt", token.MCTokenize, byRef("pushAccountReceipt", "MCC-STL-0001"), "INVALID_FIELD_VALUE", "", "field fundingAccountInfo.pushAccountReceipt"},
		{"a task id that asks for an error", token.MCTokenize, w.tokenizeBody(goodPAN, object{"taskId": "t--DUPLICATE_REQUEST2"}), "DUPLICATE_REQUEST", "duplicate_request", "taskId"},
	}
}

// foreign makes a token of the second requestor.
func (w *world) foreign() string {
	w.t.Helper()
	other := w.clientOf(w.box.Requestors()[1], mdes.Sandbox)
	return stage.Must(other.Tokenize(w.t.Context(), mdes.TokenizeRequest{TaskID: "t"}, &mdes.FundingAccountData{
		CardAccountData: &mdes.CardAccountData{AccountNumber: goodPAN, ExpiryMonth: "12", ExpiryYear: "29"}, Source: "ACCOUNT_ON_FILE",
	}))(w.t).TokenUniqueReference
}

func TestFindings_OnTheWire(t *testing.T) {
	w := newWorld(t, twoShops)
	foreign, used := w.foreign(), w.tokenize(goodPAN)
	for _, c := range findings(w, used, foreign) {
		t.Run(c.name, func(t *testing.T) {
			got := w.in(t).send(w.request(c.op, c.body))
			e := got.refused(t)
			if c.problem == "" {
				c.problem = token.Key(c.code)
			}
			if got.Status != http.StatusOK || e.ErrorCode != c.code || got.Entry.Problem != c.problem || got.Failed() != c.check {
				t.Errorf("%d %s, problem %q, check %q", got.Status, got.Body, got.Entry.Problem, got.Failed())
			}
			if got.Entry.Detail == "" {
				t.Error("the journal says nothing to explain it")
			}
		})
	}
	if n := len(stage.Tokens(w.box)); n != 2 {
		t.Errorf("refused requests left %d tokens", n-2)
	}
	if slices.ContainsFunc(stage.Tokens(w.box), func(g vault.Glance) bool { return g.Status != token.Active }) {
		t.Error("a refused request changed a token")
	}
}

func TestTaskID_ACodeNobodyKnowsIsPartOfAnOrdinaryID(t *testing.T) {
	w := newWorld(t)
	for _, id := range []string{"order--42", "order--ABC", "--", "a--invalid_pan", "INVALID_PAN"} {
		got := w.send(w.request(token.MCTokenize, w.tokenizeBody(goodPAN, object{"taskId": id})))
		if got.refused(t).ErrorCode != "" {
			t.Errorf("%q: %s", id, got.Body)
		}
	}
}
