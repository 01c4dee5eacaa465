package server_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/mdes/server"

	"github.com/google/go-cmp/cmp"

	reference "github.com/pantomime-dev/pantomime/fixtures/golden"
	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

// shape lists the members of a JSON value with their types, arrays by their
// first item: "tokens[].status text".
func shape(path string, v any) []string {
	switch v := v.(type) {
	case map[string]any:
		var all []string
		for name, inner := range v {
			all = append(all, shape(strings.TrimPrefix(path+"."+name, "."), inner)...)
		}
		if len(v) == 0 {
			all = []string{path + " object"}
		}
		slices.Sort(all)
		return all
	case []any:
		if len(v) == 0 {
			return []string{path + "[]"}
		}
		return shape(path+"[]", v[0])
	case string:
		return []string{path + " text"}
	}
	return []string{fmt.Sprintf("%s %T", path, v)}
}

// like compares with a reference body that no server made.
func like(t *testing.T, name string, body []byte) {
	t.Helper()
	want := stage.Decode[any](t, stage.Must(reference.Body("mastercard/"+name))(t))
	if diff := cmp.Diff(shape("", want), shape("", stage.Decode[any](t, body))); diff != "" {
		t.Errorf("%s (-reference +answer):\n%s", name, diff)
	}
}

func TestReference_AnswersHaveItsMembersAndTypes(t *testing.T) {
	w := newWorld(t)
	key := server.KeysOf(w.who).Requestor.Private
	got := w.send(w.request(token.MCTokenize, w.tokenizeBody(goodPAN, nil)))
	made := stage.Decode[mdes.TokenizeResponse](t, got.Body)
	ref := made.TokenUniqueReference
	like(t, "tokenize-response", got.Body)
	like(t, "token-detail", openBy(t, key, made.TokenDetail.EncryptedPayload))
	like(t, "tokenize-response-declined", w.send(w.request(token.MCTokenize, w.tokenizeBody("5204731940398145", nil))).Body)

	paid := w.send(w.request(token.MCTransact, about(ref, object{"dsrpType": "UCAF"})))
	like(t, "transact-response", paid.Body)
	like(t, "transact-data", openBy(t, key, stage.Decode[mdes.TransactResponse](t, paid.Body).EncryptedPayload))
	like(t, "get-task-status-response", w.send(w.request(token.MCGetTaskStatus, object{"requestId": "r", "tokenRequestorId": ownTRID, "taskId": "task-1"})).Body)
	like(t, "unsuspend-response", w.send(w.request(token.MCDelete, batch(nil, w.tokenize(goodPAN).TokenUniqueReference))).Body)
	like(t, "suspend-response", w.send(w.request(token.MCSuspend, batch(nil, ref))).Body)
	like(t, "get-token-response", w.send(w.request(token.MCGetToken, about(ref, object{"includeTokenDetail": "true"}))).Body)
	like(t, "unsuspend-response", w.send(w.request(token.MCUnsuspend, batch(nil, ref))).Body)
	like(t, "search-tokens-response", w.send(w.request(token.MCSearchTokens, object{"requestId": "r", "fundingAccountInfo": object{"tokenUniqueReference": ref}})).Body)
	like(t, "delete-response", w.send(w.request(token.MCDelete, batch(nil, ref))).Body)

	asset := w.request(token.MCGetAsset, []byte{})
	asset.method, asset.path = http.MethodGet, asset.path+"/"+made.ProductConfig.IconAssetID
	like(t, "get-asset-response", w.send(asset).Body)

	like(t, "error-missing-required-field", w.send(w.request(token.MCSuspend, object{"requestId": "r"})).Body)
	like(t, "error-internal-service-failure", w.failing(t, "INTERNAL_SERVICE_FAILURE", token.MCSearchTokens))
	like(t, "error-pan-ineligible", w.failing(t, "PAN_INELIGIBLE", token.MCTokenize))
	unsigned := w.request(token.MCSuspend, batch(nil, ref))
	unsigned.signMethod = http.MethodPut
	like(t, "error-gateway", w.send(unsigned).Body)
}

// failing lets the next call of an operation fail.
func (w *world) failing(t *testing.T, key token.Key, op token.Operation) []byte {
	t.Helper()
	w.rule(scenarios.Rule{When: scenarios.When{Operations: []token.Operation{op}}, Times: 1, Then: scenarios.Then{Error: key}})
	body := w.tokenizeBody(goodPAN, nil)
	if op == token.MCSearchTokens {
		body = object{"requestId": "r", "fundingAccountInfo": object{"panUniqueReference": "x"}}
	}
	return w.send(w.request(op, body)).Body
}

func TestReference_NoticesHaveItsMembersAndTypes(t *testing.T) {
	for name, act := range map[string]scenarios.Action{
		"notice-suspended":       {Do: "suspend", By: token.ByIssuer, Reason: "SUSPECTED_FRAUD"},
		"notice-deleted":         {Do: "delete", By: token.ByIssuer, Reason: "ACCOUNT_CLOSED"},
		"notice-pan-updated":     {Do: "replace-pan"},
		"notice-product-updated": {Do: "update-metadata"},
	} {
		w, in, ref := notified(t, withInbox)
		w.act(act, sandbox.Target{Token: ref})
		like(t, name, w.opened(t, in, 1))
		like(t, "notice-request", in.all()[0].body)
	}
	w, in, ref := notified(t, withInbox)
	w.act(scenarios.Action{Do: "suspend", By: token.ByIssuer}, sandbox.Target{Token: ref})
	w.act(scenarios.Action{Do: "resume", By: token.ByIssuer, Reason: "NOT_FRAUD"}, sandbox.Target{Token: ref})
	like(t, "notice-resumed", w.opened(t, in, 2))
}

// The reference's requests that hold no ciphertext are understood: what is
// refused is that their references are unknown.
func TestReference_RequestsAreUnderstood(t *testing.T) {
	w := newWorld(t)
	for name, c := range map[string]struct {
		op   token.Operation
		code string
	}{
		"transact-request":        {token.MCTransact, "INVALID_TOKEN_UNIQUE_REFERENCE"},
		"get-task-status-request": {token.MCGetTaskStatus, "INVALID_TASK_ID"},
		"get-token-request":       {token.MCGetToken, "INVALID_TOKEN_UNIQUE_REFERENCE"},
		"suspend-request":         {token.MCSuspend, "INVALID_TOKEN_UNIQUE_REFERENCE"},
		"unsuspend-request":       {token.MCUnsuspend, "INVALID_TOKEN_UNIQUE_REFERENCE"},
		"delete-request":          {token.MCDelete, "INVALID_TOKEN_UNIQUE_REFERENCE"},
	} {
		got := w.send(w.request(c.op, stage.Must(reference.Body("mastercard/"+name))(t)))
		if got.refused(t).ErrorCode != c.code || got.Failed() != "" {
			t.Errorf("%s: %s %+v", name, got.Body, got.Entry.Checks)
		}
	}
	for name, op := range map[string]token.Operation{"tokenize-request": token.MCTokenize, "search-tokens-request": token.MCSearchTokens} {
		got := w.send(w.request(op, stage.Must(reference.Body("mastercard/"+name))(t)))
		if got.refused(t).ErrorCode != "CRYPTOGRAPHY_ERROR" || got.Failed() != "payload encryption publicKeyFingerprint" {
			t.Errorf("%s is sealed to a key of another sandbox: %s %+v", name, got.Body, got.Entry.Checks)
		}
	}
}
