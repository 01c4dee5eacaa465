package openapi_test

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// controlRun drives the control door through everything its description says.
type controlRun struct {
	*world
	judge *judge
	hc    *http.Client
	*control.Client
	networks *http.Client // to the faces, which are not judged here
}

// operated is added to the story: whatever the control door can show.
const operated = `
networks: { mastercard: { error-statuses: { INVALID_PAN: 400 } } }
rules:
  - name: everything a rule can look at
    when:
      network: visa
      operation: provisionTokenWithPan
      card: alice
      bin: "4622"
      requestor: wallet
      account: store
      attempt: 900
      header: { user-agent: { matches: "^old" }, x-odd: { present: true } }
      query: { apiKey: { present: true } }
      body: { locale: de_DE }
    times: 3
    then: { fault: "503", commit: true, delay: 1ms, retry-after: 1s, decision: approve }
  - name: one token of an earlier run
    when: { operation: getToken, token: "00112233445566778899aabbccddeeff" }
    then: { error: not_allowed, status: 409 }
  - when: { operation: getToken, network: visa, attempt: 900 }
    then: { body: "{}" }
  - when: { operation: getToken, network: visa, attempt: 901 }
    then: { respond: { more: 1 } }
  - when: { operation: getCardMetadata, attempt: 900 }
    then: { metadata: { short-description: Example Bank } }
  - when: { operation: deleteToken, attempt: 900 }
    then: { notify: { duplicate: 1, late: 1h, reorder: true, stale-time: true } }
  - when: { operation: deleteToken, attempt: 901 }
    then: { notify: { before-response: true } }
  - when: { operation: deleteToken, attempt: 902 }
    then: { notify: { never: true } }
  - when: { merchant: m-1, category: "5411", country: DE, currency: EUR, amount: { from: 1, to: 2 } }
    then: { error: do_not_honor }
  - name: slowly
    when: { operation: getContent }
    then: { delay: 1ms, fault: html }
timeline:
  - { on: token.provisioned, card: alice, after: 36h, do: suspend, by: issuer, reason: SUSPECTED_FRAUD }
expect:
  tokens: [{ card: alice, count: 1, status: active }]
  callbacks: { pending: 0 }
callbacks: { retry: [10s], timeout: 5s }
`

func TestControl_AnswersAreDescribed(t *testing.T) {
	j := newJudge(t, "control.yaml", "")
	r := &controlRun{judge: j, hc: j.client(), networks: &http.Client{}}
	r.world = newWorld(t, operated, nil)
	r.Client = stage.Must(control.New(r.sim.AdminURL(), r.hc, ""))(t)
	t.Run("exchanges", func(t *testing.T) { r.in(t).exchanges() })
	t.Run("rules", func(t *testing.T) { r.in(t).rules() })
	t.Run("tokens and cards", func(t *testing.T) { r.in(t).tokens() })
	t.Run("callbacks and clock", func(t *testing.T) { r.in(t).callbacks() })
	t.Run("an issuer outside", func(t *testing.T) { r.in(t).outside() })
	t.Run("one trace", func(t *testing.T) { r.in(t).traced() })
	t.Run("sandboxes", func(t *testing.T) { r.in(t).sandboxes() })
	t.Run("stories", func(t *testing.T) { r.in(t).stories() })
	t.Run("conflicts", func(t *testing.T) { r.in(t).conflicts() })
	t.Run("refusals", func(t *testing.T) { r.in(t).refusals() })
	t.Run("choices", func(t *testing.T) { r.in(t).choices() })
	t.Run("accounts", func(t *testing.T) { r.in(t).accounts() })
	t.Run("a door that asks for a token, and one that is broken", func(t *testing.T) { r.in(t).otherDoors() })
	j.in(t)
	for _, what := range j.unmet() {
		t.Error(what)
	}
}

func (r *controlRun) in(t *testing.T) *controlRun {
	h := *r.world
	h.t = t
	r.judge.in(t)
	return &controlRun{&h, r.judge, r.hc, r.Client, r.networks}
}

// raw sends a request and demands a status.
func (r *controlRun) raw(method, path, body string, want int) []byte {
	r.t.Helper()
	req := stage.Must(http.NewRequestWithContext(r.t.Context(), method, r.sim.AdminURL()+path, strings.NewReader(body)))(r.t)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	return send(r.t, r.hc, req, want)
}

// token makes a token at Visa.
func (r *controlRun) token(card string) token.Ref {
	r.t.Helper()
	client := r.visa("wallet", r.networks)
	made := stage.Must(client.ProvisionWithPAN(r.t.Context(), vts.ProvisionWithPANRequest{
		ProvisionRequest: provisioning(), Locale: "en_US", PANSource: "ONFILE",
	}, &vts.PaymentInstrument{AccountNumber: r.card(card).Digits()}, nil))(r.t)
	return token.Ref(made.VProvisionedTokenID)
}

// exchanges has the network door used well and badly, and looks at the journal.
func (r *controlRun) exchanges() {
	t, ctx := r.t, r.t.Context()
	for _, call := range append(descriptionRoutes(), adminRoute{call: "GET /"}, adminRoute{call: "GET /__admin/v1"}) {
		r.raw("GET", strings.TrimPrefix(call.call, "GET "), "", http.StatusOK)
	}
	stage.Must(r.Health(ctx))(t)
	stage.Must(r.Env(ctx))(t)
	ref := r.token("alice")
	visa, mastercard := r.visa("wallet", r.networks), r.mastercard("wallet", mdes.MTF, r.networks)
	funding := &mdes.FundingAccountData{Source: "ACCOUNT_ON_FILE", CardAccountData: &mdes.CardAccountData{
		AccountNumber: mdes.Sensitive(r.card("bob").Digits()), ExpiryMonth: "12", ExpiryYear: "29",
	}}
	host := strings.TrimPrefix(r.receiver.URL, "http://")
	made := stage.Must(mastercard.Tokenize(ctx, mdes.TokenizeRequest{TaskID: "task-1", ResponseHost: host}, funding))(t)
	stage.Must(r.Transition(ctx, token.Ref(made.TokenUniqueReference), control.Transition{Do: "suspend"}))(t)
	r.failNext(token.VisaProvisionWithPAN, control.FailNext{Decision: token.Decline})
	for i, path := range []func() error{
		func() error { _, err := visa.GetToken(ctx, "unknownIDs"); return err },
		func() error { _, err := visa.EnrollPAN(ctx, vts.EnrollRequest{}, nil); return err },
		func() error { _, err := visa.GetContent(ctx, "nothing"); return err },
		func() error {
			_, err := visa.ProvisionWithPAN(ctx, vts.ProvisionWithPANRequest{
				ProvisionRequest: provisioning(), Locale: "en_US", PANSource: "ONFILE",
			}, &vts.PaymentInstrument{AccountNumber: r.card("anna").Digits()}, nil)
			return err
		},
		func() error { _, err := visa.GetToken(ctx, "00112233445566778899aabbccddeeff"); return err },
	} {
		if path() == nil {
			t.Errorf("request %d is not refused", i)
		}
		stage.Must(r.Explain(ctx, "last"))(t)
	}
	forged := stage.Must(visa.NewRequest(ctx, token.VisaGetToken, string(ref), nil))(t)
	forged.Header.Set(vts.HeaderPayToken, "xv2:1700000000:"+strings.Repeat("0", 64))
	forged.Header.Set("traceparent", "00-"+strings.Repeat("ab", 16)+"-"+strings.Repeat("cd", 8)+"-01")
	send(t, r.networks, forged, http.StatusUnauthorized)
	r.failNext(token.VisaGetPaymentData, control.FailNext{Fault: token.FaultReset})
	if _, err := visa.PaymentData(ctx, string(ref), vts.PaymentDataRequest{}); err == nil {
		t.Error("the connection is not reset")
	}
	all := stage.Must(r.Requests(ctx, control.ExchangeQuery{After: "r-0", Limit: 1000}))(t)
	for _, x := range all.Items {
		stage.Must(r.Request(ctx, x.ID))(t)
		stage.Must(r.Explain(ctx, x.ID))(t)
	}
	for _, q := range []control.ExchangeQuery{
		{Network: token.Visa, Operation: "status", Requestor: "wallet", Refused: true},
		{Token: ref, Problem: "not_allowed", Limit: 1, Wait: control.Duration(time.Millisecond)},
	} {
		stage.Must(r.Requests(ctx, q))(t)
	}
	stage.Must(r.Journal(ctx))(t)
	stage.Must(r.Coverage(ctx))(t)
}

func (r *controlRun) rules() {
	t, ctx := r.t, r.t.Context()
	rules := stage.Must(r.Rules(ctx, "", control.Page{Limit: 1}))(t)
	stage.Must(r.Rules(ctx, "", control.Page{Cursor: rules.Next}))(t)
	stage.Must(r.Rules(ctx, "scenario", control.Page{}))(t)
	posted := stage.Must(r.PostRules(ctx, []byte("- name: odd\n  when: { operation: getToken, network: visa }\n  then: { error: invalidParametr }\n")))(t)
	stage.Must(r.Rules(ctx, "posted", control.Page{}))(t)
	r.raw("POST", "/__admin/v1/rules", `{"when":{"operation":"getContent","attempt":99},"then":{"error":"invalidParameter"}}`, http.StatusCreated)
	r.raw("POST", "/__admin/v1/rules", `{"then":{"error":"nothing like it","status":7}}`, http.StatusBadRequest)
	if err := r.RemoveRule(ctx, posted.Rules[0].ID); err != nil {
		t.Error(err)
	}
	r.raw("DELETE", "/__admin/v1/rules/scenario-0", "", http.StatusConflict)
	r.raw("DELETE", "/__admin/v1/rules/unknownIDs", "", http.StatusNotFound)
	stage.Must(r.ClearRules(ctx))(r.t)
	stage.Must(r.FailNext(ctx, control.FailNext{Operation: "provision", Error: token.LimitExceeded, RetryAfter: control.Duration(time.Second), Times: 2}))(t)
	stage.Must(r.FailNext(ctx, control.FailNext{Operation: "deleteToken", Error: "limt"}))(t) // is warned of
	stage.Must(r.FailNext(ctx, control.FailNext{Operation: "getToken", Network: token.Visa, Card: "alice", Delay: control.Duration(time.Millisecond)}))(t)
	stage.Must(r.Faults(ctx, control.Page{}))(t)
	stage.Must(r.ClearFaults(ctx))(r.t)
}

func (r *controlRun) tokens() {
	t, ctx := r.t, r.t.Context()
	ref := r.token("alice")
	r.token("anna")
	stage.Must(r.visa("wallet", r.networks).PaymentData(ctx, string(ref), vts.PaymentDataRequest{
		ClientPaymentDataID: "order", PaymentRequest: vts.PaymentRequest{TransactionType: "ECOM"},
	}))(t)
	newest := stage.Must(r.Tokens(ctx, control.TokenQuery{Limit: 1}))(t)
	stage.Must(r.Tokens(ctx, control.TokenQuery{Cursor: newest.Next}))(t)
	stage.Must(r.Tokens(ctx, control.TokenQuery{Network: token.Visa, Requestor: "wallet", Card: "alice", Status: token.Active, Limit: 1}))(t)
	stage.Must(r.Token(ctx, ref))(t)
	stage.Must(r.Transition(ctx, ref, control.Transition{Do: "suspend", By: "cardholder", Reason: "SUSPECTED_FRAUD", Variants: control.Variants{Duplicate: 1}}))(t)
	stage.Must(r.Token(ctx, ref))(t)
	stage.Must(r.Trigger(ctx, control.Event{Event: token.TokenResumed, Token: ref, By: "cardholder", Variants: control.Variants{Variant: []string{"stale-time"}}}))(t)
	stage.Must(r.Trigger(ctx, control.Event{Event: token.PANExpiryUpdated, Card: "alice", Expiry: token.Expiry{Year: 2033, Month: 5}}))(t)
	some := stage.Must(r.Cards(ctx, control.Page{Limit: 1}))(t)
	stage.Must(r.Cards(ctx, control.Page{Limit: 1, Cursor: some.Next}))(t)
	stage.Must(r.Card(ctx, "alice"))(t)
	stage.Must(r.Reissue(ctx, "alice", control.CardChange{Expiry: token.Expiry{Year: 2034, Month: 1}}))(t)
	stage.Must(r.NewExpiry(ctx, "alice", control.CardChange{Variants: control.Variants{Never: true}}))(t)
	stage.Must(r.NewMetadata(ctx, url.PathEscape("alice"), control.CardChange{Variants: control.Variants{Late: control.Duration(time.Hour)}}))(t)
	stage.Must(r.CloseCard(ctx, "anna", control.CardChange{Reason: "ACCOUNT_CLOSED"}))(t)
	stage.Must(r.Cards(ctx, control.Page{}))(t)
	stage.Must(r.Clock(ctx))(t)
}

// callbacks has notices delivered, refused and never answered.
func (r *controlRun) callbacks() {
	t, ctx := r.t, r.t.Context()
	r.refuses.Store(true)
	ref := r.token("alice")
	stage.Must(r.NewMetadata(ctx, "alice", control.CardChange{}))(t)
	stage.Must(r.Transition(ctx, ref, control.Transition{Do: "suspend"}))(t)
	second := control.Duration(time.Second)
	stage.Must(r.Advance(ctx, control.Advance{By: &second, Timeout: &second}))(t)
	stage.Must(r.Callbacks(ctx, control.CallbackQuery{}))(t)
	r.refuses.Store(false)
	to := time.Date(2026, 3, 1, 18, 0, 0, 0, time.UTC)
	stage.Must(r.Advance(ctx, control.Advance{To: &to}))(t)
	all := stage.Must(r.Callbacks(ctx, control.CallbackQuery{}))(t)
	for _, one := range all.Items {
		stage.Must(r.Callback(ctx, one.ID))(t)
	}
	stage.Must(r.Callbacks(ctx, control.CallbackQuery{State: "delivered", Event: token.TokenSuspended, Requestor: "wallet", Limit: 2}))(t)
	stage.Must(r.Resend(ctx, all.Items[0].ID))(t)
	r.advance(time.Second)
	stage.Must(r.Verify(ctx))(t)
}

func (r *controlRun) sandboxes() {
	t, ctx := r.t, r.t.Context()
	stage.Must(r.Sandbox(ctx, "default"))(t)
	stage.Must(r.CreateSandbox(ctx, control.NewSandbox{
		ID: "second", Seed: new(uint64(7)), Clock: "manual", Start: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC), Notify: r.receiver.URL,
		Library: "visa-card-not-eligible",
	}))(t)
	first := stage.Must(r.Sandboxes(ctx, control.Page{Limit: 1}))(t)
	stage.Must(r.Sandboxes(ctx, control.Page{Limit: 1, Cursor: first.Next}))(t)
	const odd = "version: 1\nname: odd\nrules:\n  - when: { network: visa }\n    then: { error: invalidParametr }\n"
	stage.Must(r.CreateSandbox(ctx, control.NewSandbox{Scenario: odd, File: "odd.yaml"}))(t)
	stage.Must(r.ResetSandbox(ctx, "second", control.Reset{}))(t)
	stage.Must(r.ResetSandbox(ctx, "second", control.Reset{Scenario: odd}))(t)
	stage.Must(r.In("second").PutScenario(ctx, []byte(odd)))(t)
	stage.Must(r.In("second").Verify(ctx))(t)
	r.raw("PUT", "/__admin/v1/scenarios?sandbox=second", `{"version":1,"name":"plain"}`, http.StatusOK)
	r.raw("PUT", "/__admin/v1/scenarios?sandbox=second", `{"version":2}`, http.StatusBadRequest)
	r.raw("POST", "/__admin/v1/sandboxes", `{"id":"second"}`, http.StatusConflict)
	if err := r.RemoveSandbox(ctx, "second"); err != nil {
		t.Error(err)
	}
	r.raw("DELETE", "/__admin/v1/sandboxes/default", "", http.StatusConflict)
}

// stories looks at what happened to all tokens, one of which was refused a
// cryptogram and lost another one.
func (r *controlRun) stories() {
	t, ctx := r.t, r.t.Context()
	ref := r.token("alice")
	visa := r.visa("wallet", r.networks)
	pay := func() {
		if _, err := visa.PaymentData(ctx, string(ref), vts.PaymentDataRequest{
			ClientPaymentDataID: "order", PaymentRequest: vts.PaymentRequest{TransactionType: "ECOM"},
		}); err == nil {
			t.Error("a cryptogram came")
		}
	}
	r.failNext(token.VisaGetPaymentData, control.FailNext{Fault: token.FaultDropResponse})
	pay()
	stage.Must(r.Transition(ctx, ref, control.Transition{Do: "suspend", Reason: "SUSPECTED_FRAUD"}))(t)
	pay()
	stage.Must(r.Explain(ctx, "last"))(t)
	stage.Must(r.Transition(ctx, ref, control.Transition{Do: "resume"}))(t)
	r.advance(48 * time.Hour)
	for _, one := range stage.Must(r.Tokens(ctx, control.TokenQuery{}))(t).Items {
		stage.Must(r.Story(ctx, one.Ref))(t)
	}
}

// conflicts are what the state forbids.
func (r *controlRun) conflicts() {
	t, ctx := r.t, r.t.Context()
	r.raw("POST", "/__admin/v1/clock/advance", `{"to":"2026-01-01T00:00:00Z"}`, http.StatusConflict)
	ref := r.token("alice")
	stage.Must(r.Transition(ctx, ref, control.Transition{Do: "delete", Variants: control.Variants{Late: control.Duration(time.Hour)}}))(t)
	r.raw("POST", "/__admin/v1/tokens/"+string(ref)+"/transitions", `{"do":"suspend"}`, http.StatusConflict)
	r.raw("POST", "/__admin/v1/events", `{"event":"token.suspended","token":"`+string(ref)+`"}`, http.StatusConflict)
	pending := stage.Must(r.Callbacks(ctx, control.CallbackQuery{State: "scheduled"}))(t)
	if len(pending.Items) == 0 {
		t.Fatal("no notice is scheduled")
	}
	r.raw("POST", "/__admin/v1/callbacks/"+pending.Items[0].ID+"/resend", "{}", http.StatusConflict)
	r.unsettled()
}

// unsettled moves the clock while the receiver does not answer.
func (r *controlRun) unsettled() {
	r.stalled.on.Store(true)
	ended := make(chan []byte)
	go func() {
		defer close(ended)
		ended <- r.raw("POST", "/__admin/v1/clock/advance", `{"by":"2h","timeout":"500ms"}`, http.StatusOK)
	}()
	<-r.stalled.arrived
	r.raw("POST", "/__admin/v1/clock/advance", `{"by":"1h"}`, http.StatusConflict)
	if answer := <-ended; !bytes.Contains(answer, []byte(`"settled":false`)) {
		r.t.Errorf("settled: %s", answer)
	}
	close(r.stalled.release)
}

// refusals has each call refused in every way that all calls have in common.
func (r *controlRun) refusals() {
	huge := strings.Repeat(" ", 1<<20+1)
	for _, op := range r.judge.ops {
		path := fill(op.path)
		if op.path == "/healthz" {
			continue
		}
		r.raw(op.method, path+"?unheardOf=1", "", http.StatusBadRequest)
		r.raw(op.method, path, huge, http.StatusRequestEntityTooLarge)
		foreign := stage.Must(http.NewRequestWithContext(r.t.Context(), op.method, r.sim.AdminURL()+path, http.NoBody))(r.t)
		foreign.Host = "bank.example"
		send(r.t, r.hc, foreign, http.StatusForbidden)
		if op.Responses.Status(http.StatusNotFound) != nil {
			lost := path
			if !strings.Contains(op.path, "/sandboxes") {
				lost += "?sandbox=defalt" // for which default is suggested
			}
			r.raw(op.method, lost, "", http.StatusNotFound)
		}
		if op.RequestBody != nil {
			undeclared := stage.Must(http.NewRequestWithContext(r.t.Context(), op.method, r.sim.AdminURL()+path, bytes.NewReader([]byte("{}"))))(r.t)
			undeclared.Header.Set("Content-Type", "text/plain")
			send(r.t, r.hc, undeclared, http.StatusUnsupportedMediaType)
		}
	}
}

// fill puts unknown names into a path.
func fill(template string) string {
	return strings.NewReplacer("{id}", "r-999999", "{ref}", "unknownIDs", "{card}", "unknownIDs").Replace(template)
}
