package openapi_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/token"
)

// mastercardRun drives the Mastercard face through everything its description
// says, in one environment.
type mastercardRun struct {
	*world
	judge *judge
	hc    *http.Client
	env   mdes.Environment
	mastercardSide
	tasks *atomic.Int64 // task ids given out
}

func newMastercardRun(t *testing.T, j *judge, more string) *mastercardRun {
	t.Helper()
	r := &mastercardRun{judge: j, hc: j.client(), env: mdes.Sandbox, tasks: new(atomic.Int64)}
	r.world = newWorld(t, more, func(req *http.Request, body []byte) {
		if kind := lastSegment(req); kind == "notifyTokenUpdated" {
			j.webhook(kind, req, body)
			r.noticed(body)
		}
	})
	r.mastercardSide = r.mastercard("wallet", r.env, r.hc)
	return r
}

// noticed judges the clear text of a notice.
func (r *mastercardRun) noticed(body []byte) {
	var n mdes.Notice
	if err := json.Unmarshal(body, &n); err != nil || n.EncryptedPayload == nil {
		return // reported by the judge, or in clear
	}
	plain, err := r.opener.Open(*n.EncryptedPayload)
	if err != nil {
		r.t.Errorf("a notice cannot be opened: %v", err)
		return
	}
	r.judge.clear("NoticeTokens", plain)
}

func TestMastercard_AnswersAreDescribed(t *testing.T) {
	j := newJudge(t, "mdes.yaml", "/mdes")
	r := newMastercardRun(t, j, "")
	for _, env := range mdes.Environments() {
		name := "the environment " + string(env)
		t.Run(name+": a life of a token", func(t *testing.T) { r.in(t, env).life() })
		if env != mdes.Sandbox { // which is described together with the test facility
			t.Run(name+": refusals", func(t *testing.T) { r.in(t, env).refusals() })
		}
	}
	t.Run("issuers", func(t *testing.T) { r.in(t, mdes.MTF).issuers() })
	t.Run("batches", func(t *testing.T) { r.in(t, mdes.MTF).batches() })
	t.Run("JWE", func(t *testing.T) { r.in(t, mdes.MTF).jwe() })
	t.Run("notices", func(t *testing.T) { r.in(t, mdes.MTF).notices() })
	t.Run("documented keys", func(t *testing.T) { r.in(t, mdes.MTF).keys() })
	t.Run("another network of the same name", func(t *testing.T) { otherMastercard(t, j) })
	j.in(t)
	for _, what := range j.unmet() {
		t.Error(what)
	}
}

func (r *mastercardRun) in(t *testing.T, env mdes.Environment) *mastercardRun {
	h := *r.world
	h.t = t
	r.judge.in(t)
	return &mastercardRun{&h, r.judge, r.hc, env, h.mastercard("wallet", env, r.hc), r.tasks}
}

// funding is card data that is sealed into a request, judged first.
func (r *mastercardRun) funding(card string) *mdes.FundingAccountData {
	f := &mdes.FundingAccountData{
		CardAccountData: &mdes.CardAccountData{
			AccountNumber: mdes.Sensitive(r.card(card).Digits()), ExpiryMonth: "12", ExpiryYear: "29", SecurityCode: "123",
		},
		AccountHolderData: &mdes.AccountHolderData{
			AccountHolderName: "ROBIN SAMPLE", AccountHolderAddress: &mdes.Address{Line1: "7 Test Lane", City: "Sampletown", Country: "USA"},
			ConsumerIdentifier: "c-1", AccountHolderEmailAddress: "robin@mail.example",
			AccountHolderMobilePhoneNumber: &mdes.PhoneNumber{CountryDialInCode: "1", PhoneNumber: "5550142"},
		},
		Source: "ACCOUNT_ON_FILE",
	}
	r.judge.clear("FundingAccountData", stage.Must(json.Marshal(f))(r.t))
	return f
}

// tokenized makes a token with a task id of its own.
func (r *mastercardRun) tokenized(card string) *mdes.TokenizeResult {
	r.t.Helper()
	got := stage.Must(r.Tokenize(r.t.Context(), mdes.TokenizeRequest{
		TaskID: r.task(), ConsumerLanguage: "en", ResponseHost: "callback.sample-shop.example",
		DecisioningData: &mdes.DecisioningData{
			Recommendation: "APPROVED", RecommendationAlgorithmVersion: "01", DeviceScore: "4", AccountScore: "5",
			RecommendationReasons: []string{"LONG_ACCOUNT_TENURE"}, DeviceCurrentLocation: "38.63,-90.25", DeviceIPAddress: "192.0.2.31",
			MobileNumberSuffix: "0142", AccountIDHash: strings.Repeat("ab", 32),
		},
	}, r.funding(card)))(r.t)
	if got.TokenDetail != nil {
		r.opened("TokenDetailData", got.TokenDetail.EncryptedPayload)
	}
	return got
}

// task gives a task id that was not used before.
func (r *mastercardRun) task() string { return fmt.Sprintf("task-%d", r.tasks.Add(1)) }

// opened judges the clear text of an answer's member.
func (r *mastercardRun) opened(schema string, p mdes.EncryptedPayload) {
	r.t.Helper()
	r.judge.clear(schema, stage.Must(r.opener.Open(p))(r.t))
}

func (r *mastercardRun) life() {
	t, ctx := r.t, r.t.Context()
	made := r.tokenized("bob")
	ref := token.Ref(made.TokenUniqueReference)
	paid := stage.Must(r.Transact(ctx, mdes.TransactRequest{TokenUniqueReference: string(ref), UnpredictableNumber: "23424563"}))(t)
	r.opened("TransactData", paid.EncryptedPayload)
	task := r.task()
	stage.Must(r.Tokenize(ctx, mdes.TokenizeRequest{TaskID: task, FundingAccountInfo: mdes.FundingAccountInfo{PANUniqueReference: made.PANUniqueReference}}, nil))(t)
	stage.Must(r.GetTaskStatus(ctx, task))(t)
	shown := stage.Must(r.GetToken(ctx, ref, true))(t)
	r.opened("TokenDetailData", shown.TokenDetail.EncryptedPayload)
	change := mdes.LifecycleRequest{TokenUniqueReferences: mdes.References{string(ref)}}
	stage.Must(r.Suspend(ctx, change))(t)
	change.CausedBy = "CARDHOLDER"
	stage.Must(r.Suspend(ctx, change))(t)
	stage.Must(r.GetToken(ctx, ref, false))(t)
	searched := &mdes.CardAccountData{AccountNumber: mdes.Sensitive(r.card("bob").Digits())}
	r.judge.clear("SearchedAccountData", stage.Must(json.Marshal(mdes.FundingAccountData{CardAccountData: searched}))(t))
	if found := stage.Must(r.SearchTokens(ctx, mdes.FundingAccountInfo{}, searched))(t); len(found.Tokens) < 2 {
		t.Errorf("%d tokens found", len(found.Tokens))
	}
	stage.Must(r.SearchTokens(ctx, mdes.FundingAccountInfo{TokenUniqueReference: string(ref)}, nil))(t)
	if still := stage.Must(r.Unsuspend(ctx, change))(t); still.Tokens[0].Status != mdes.StatusSuspended {
		t.Errorf("the token is %s", still.Tokens[0].Status)
	}
	change.CausedBy = "TOKEN_REQUESTOR"
	stage.Must(r.Unsuspend(ctx, change))(t)
	stage.Must(r.Delete(ctx, change))(t)
	stage.Must(r.GetToken(ctx, ref, false))(t)
	for _, id := range []string{made.ProductConfig.BrandLogoAssetID, made.ProductConfig.CardBackgroundCombinedAssetID} {
		stage.Must(r.GetAsset(ctx, id))(t)
	}
	r.advance(time.Second)
	data := mdes.DigitalAssetsData{AccountNumber: mdes.Sensitive(r.card("bob").Digits())}
	r.judge.clear("DigitalAssetsAccount", stage.Must(json.Marshal(data))(t))
	send(t, r.hc, r.signed(token.MCGetDigitalAssets, r.good(token.MCGetDigitalAssets)), http.StatusOK)
}

func (r *mastercardRun) issuers() {
	if got := r.tokenized("bert"); got.Decision != mdes.DecisionRequireAuthentication || len(got.AuthenticationMethods) != 7 {
		r.t.Errorf("bert's issuer says %s with %d methods", got.Decision, len(got.AuthenticationMethods))
	}
	if got := r.tokenized("bill"); got.Decision != mdes.DecisionDeclined {
		r.t.Errorf("bill's issuer says %s", got.Decision)
	}
}

func (r *mastercardRun) batches() {
	t, ctx := r.t, r.t.Context()
	const unknownIDs = "DWSPMC000000000100000000000000000000000000000000"
	for _, do := range []func(mdes.LifecycleRequest) error{
		func(l mdes.LifecycleRequest) error { _, err := r.Suspend(ctx, l); return err },
		func(l mdes.LifecycleRequest) error { _, err := r.Unsuspend(ctx, l); return err },
		func(l mdes.LifecycleRequest) error { _, err := r.Delete(ctx, l); return err },
	} {
		one := r.tokenized("bob").TokenUniqueReference
		stage.Must(r.Suspend(ctx, mdes.LifecycleRequest{TokenUniqueReferences: mdes.References{one}}))(t)
		if err := do(mdes.LifecycleRequest{TokenUniqueReferences: mdes.References{one, unknownIDs}}); err != nil {
			t.Error(err)
		}
		if err := do(mdes.LifecycleRequest{TokenUniqueReferences: mdes.References{unknownIDs}}); err == nil {
			t.Error("an unknown token is changed")
		}
	}
	foreign := r.mastercard("shop", r.env, r.hc)
	if _, err := foreign.GetToken(ctx, token.Ref(r.tokenized("bob").TokenUniqueReference), false); err == nil {
		t.Error("a foreign token is shown")
	}
}

// jwe asks in the JWE form of Mastercard's libraries, and is answered in it.
func (r *mastercardRun) jwe() {
	t, ctx := r.t, r.t.Context()
	r.sealer.JWE, r.opener.JWE = true, true
	sealed := stage.Must(r.sealer.SealJSON(r.funding("bob")))(t)
	made := stage.Must(r.Tokenize(ctx, mdes.TokenizeRequest{TaskID: r.task(), FundingAccountInfo: mdes.FundingAccountInfo{EncryptedPayload: &sealed}}, nil))(t)
	if !made.TokenDetail.IsJWE() {
		t.Error("the answer is no JWE")
	}
	r.opened("TokenDetailData", made.TokenDetail.EncryptedPayload)
}

func (r *mastercardRun) notices() {
	t, ctx := r.t, r.t.Context()
	ref := token.Ref(r.tokenized("bob").TokenUniqueReference)
	stage.Must(r.admin.Transition(ctx, ref, control.Transition{Do: "suspend", Reason: "SUSPECTED_FRAUD"}))(t)
	stage.Must(r.admin.Transition(ctx, ref, control.Transition{Do: "resume", Reason: "NOT_FRAUD"}))(t)
	stage.Must(r.admin.Transition(ctx, ref, control.Transition{Do: "redigitize", NewNumber: true}))(t)
	stage.Must(r.admin.NewExpiry(ctx, "bob", control.CardChange{}))(t)
	stage.Must(r.admin.NewMetadata(ctx, "bob", control.CardChange{}))(t)
	stage.Must(r.admin.Transition(ctx, ref, control.Transition{Do: "delete", Reason: "ACCOUNT_CLOSED"}))(t)
	r.advance(time.Second)
}

// keys has tokenize refused with every documented key and every code of the
// wire. json_parse_error is left out, as at Visa.
func (r *mastercardRun) keys() {
	keys := token.KeyNames(token.Mastercard)
	for _, code := range r.judge.doc.Components.Schemas["ReasonCode"].Value.Examples {
		keys = append(keys, code.(string))
	}
	for _, key := range slices.DeleteFunc(keys, func(k string) bool { return k == string(token.JSONParseError) }) {
		r.postRule(token.MCTokenize, "error: "+key)
		status := map[string]int{"internal_server_err": 500, "limit_exceeded": 429, "gateway_timeout": 504}[key]
		body := send(r.t, r.hc, r.signed(token.MCTokenize, r.good(token.MCTokenize)), cmp.Or(status, http.StatusOK))
		if !bytes.Contains(body, []byte("rror")) {
			r.t.Errorf("%s is answered %s", key, cut(body))
		}
	}
}

// signed makes a request of an operation.
func (r *mastercardRun) signed(op token.Operation, body []byte) *http.Request {
	r.t.Helper()
	return r.signedBy(r.signer, op, body)
}

func (r *mastercardRun) signedBy(s mdes.Signer, op token.Operation, body []byte) *http.Request {
	r.t.Helper()
	route, _ := mdes.RouteOf(op)
	url := r.world.env.BaseURL[token.PartyMastercard] + route.At(r.env, "2f3e4d5c-6b7a-4988-96a5-b4c3d2e1f000")
	req := stage.Must(http.NewRequestWithContext(r.t.Context(), route.Method, url, http.NoBody))(r.t)
	if body != nil {
		req = with(req, body)
		req.Header.Set("Content-Type", "application/json")
	}
	if err := s.Sign(req, body); err != nil {
		r.t.Fatal(err)
	}
	return req
}

// good is a body that an operation takes, as far as its form goes.
func (r *mastercardRun) good(op token.Operation) []byte {
	const unknownIDs = "DWSPMC000000000100000000000000000000000000000000"
	change := map[string]any{"requestId": "req-1", "tokenUniqueReferences": unknownIDs, "causedBy": "CARDHOLDER", "reasonCode": "OTHER"}
	data := mdes.DigitalAssetsData{AccountNumber: mdes.Sensitive(r.card("bob").Digits())}
	bodies := map[token.Operation]any{
		token.MCTokenize: map[string]any{
			"requestId": 311, "tokenType": "CLOUD", "tokenRequestorId": r.trid, "taskId": r.task(), "fundingAccountInfo": map[string]any{
				"panUniqueReference": "FWSPMC000000000100000000000000000000000000000000",
			},
		},
		token.MCTransact:      map[string]any{"requestId": "req-1", "tokenUniqueReference": unknownIDs, "dsrpType": "UCAF"},
		token.MCGetTaskStatus: map[string]any{"requestId": "req-1", "tokenRequestorId": r.trid, "taskId": "unknownIDs"},
		token.MCGetToken:      map[string]any{"requestId": "req-1", "tokenUniqueReference": unknownIDs},
		token.MCSearchTokens:  map[string]any{"requestId": "req-1", "fundingAccountInfo": map[string]any{"tokenUniqueReference": unknownIDs}},
		token.MCSuspend:       change, token.MCUnsuspend: change, token.MCDelete: change,
		token.MCGetDigitalAssets: mdes.DigitalAssetsRequest{
			ResponseHost: "callback.sample-shop.example", RequestID: "req-1", EncryptedPayload: stage.Must(r.sealer.SealJSON(data))(r.t),
		},
	}
	if op == token.MCGetAsset {
		return nil
	}
	return stage.Must(json.Marshal(bodies[op]))(r.t)
}

// refusals has each operation refused in every way that is described for it,
// but for those that a switch makes.
func (r *mastercardRun) refusals() {
	t := r.t
	huge := bytes.Repeat([]byte(" "), door.MaxBody+1)
	for _, route := range mdes.Routes() {
		op := route.Op
		good := func() *http.Request { return r.signed(op, r.good(op)) }
		unsigned := good()
		unsigned.Header.Del("Authorization")
		send(t, r.hc, unsigned, http.StatusUnauthorized)
		send(t, r.hc, with(good(), []byte(`{"another":"body"}`)), http.StatusBadRequest)
		lost := good()
		lost.Header.Set(door.SandboxHeader, "nowhere")
		send(t, r.hc, lost, http.StatusNotFound)
		send(t, r.hc, with(good(), huge), http.StatusRequestEntityTooLarge)
		if route.Method == http.MethodPost && r.env == mdes.MTF {
			for _, body := range []string{"", "[]", "{}", `{"requestId":"1","unheardOf":1}`, `{"requestId":[]}`} {
				send(t, r.hc, r.signed(op, []byte(body)), http.StatusOK)
			}
		}
		send(t, r.hc, good(), http.StatusOK)
		r.failNext(op, control.FailNext{Error: token.InternalServerError})
		send(t, r.hc, good(), http.StatusInternalServerError)
		for fault, status := range map[token.Fault]int{
			token.Fault429: 429, token.Fault500: 500, token.Fault502: 502, token.Fault503: 503, token.Fault504: 504,
		} {
			r.failNext(op, control.FailNext{Fault: fault})
			send(t, r.hc, good(), status)
		}
	}
}

// otherMastercard is a network with its switches set the other way.
func otherMastercard(t *testing.T, j *judge) {
	j.in(t)
	r := newMastercardRun(t, j, `
networks:
  mastercard:
    error-status: 400
    error-statuses: { INVALID_PAN: 404, DUPLICATE_REQUEST: 409, INVALID_TOKEN_STATUS: 403 }
    signature-status: 403
    clear-notices: true
    digest: SHA256
    fingerprint: cert-sha1
`)
	for _, env := range []mdes.Environment{mdes.MTF, mdes.Production} {
		r := r.in(t, env)
		for _, route := range mdes.Routes() {
			op := route.Op
			send(t, r.hc, r.signedBy(mdes.Signer{ConsumerKey: r.signer.ConsumerKey, Key: r.mastercard("shop", env, r.hc).signer.Key, Wall: r.signer.Wall},
				op, r.good(op)), http.StatusForbidden)
			for key, status := range map[token.Key]int{
				token.PANIneligible: 400, token.InvalidPAN: 404, token.DuplicateRequest: 409, token.InvalidTokenStatus: 403,
			} {
				r.postRule(op, "error: "+string(key))
				send(t, r.hc, r.signed(op, r.good(op)), status)
			}
		}
	}
	r.notices()
}
