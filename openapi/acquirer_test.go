package openapi_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/acquirer"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/internal/sweep"
	"github.com/pantomime-dev/pantomime/token"
)

const goodPayment = `{"reference":"order-1","amount":{"value":1000,"currency":"EUR"},"merchant":{"id":"m-1","category":"5411","country":"DE","descriptor":"SHOP"},` +
	`"instrument":{"type":"card","number":"4622943120000600","expiryMonth":"12","expiryYear":"2029"}}`

// shop is a merchant that pays and acts on payments as it likes.
type shop struct {
	*world
	hc     *http.Client
	secret string
	first  map[string]any // members of the last answer
	lapsed string         // id of a payment that nobody captures
}

// ask sends a request and demands a status. Some bodies stand for what is wrong.
func (h *shop) ask(op token.Operation, id, body string, status int, header ...string) {
	h.t.Helper()
	route, _ := acquirer.RouteOf(op)
	var content io.Reader
	if route.Body != nil {
		content = strings.NewReader(body)
	}
	req := stage.Must(http.NewRequestWithContext(h.t.Context(), route.Method, h.env.BaseURL[token.PartyAcquirer]+strings.TrimPrefix(route.At(id), acquirer.Prefix), content))(h.t)
	if route.Body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	req.SetBasicAuth(h.credentials("wallet").Acquirer.Key, h.secret)
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	h.first = nil
	_ = json.Unmarshal(send(h.t, h.hc, req, status), &h.first)
}

// paid authorizes 1000 and reports the id.
func (h *shop) paid() string {
	h.t.Helper()
	h.ask(token.Authorize, "", goodPayment, http.StatusCreated)
	return h.first["id"].(string)
}

// wrong meets the answers that every operation can give.
func (h *shop) wrong(op token.Operation, id, body string) {
	h.t.Helper()
	right := h.secret
	h.secret = "wrong"
	h.ask(op, id, body, http.StatusUnauthorized)
	h.secret = right
	h.ask(op, id, body, http.StatusNotFound, "X-Pantomime-Sandbox", "nowhere")
	for fault, status := range map[token.Fault]int{token.Fault429: 429, token.Fault500: 500, token.Fault503: 503, token.Fault504: 504} {
		h.failNext(op, control.FailNext{Fault: fault})
		h.ask(op, id, body, status)
	}
	if op == token.GetPayment {
		return
	}
	h.ask(op, id, `{"amount":{}}`, http.StatusBadRequest)
	h.ask(op, id, body, http.StatusUnsupportedMediaType, "Content-Type", "text/plain")
	h.ask(op, id, body+strings.Repeat(" ", 1<<20), http.StatusRequestEntityTooLarge)
}

// Each status that is described is met, and nothing is answered besides.
func TestAcquirer_AnswersAreDescribed(t *testing.T) {
	j := newJudge(t, "acquirer.yaml", "/acquirer")
	h := &shop{world: newWorld(t, "", func(req *http.Request, body []byte) {
		if kind := lastSegment(req); kind == "payments" {
			j.webhook(kind, req, body)
		}
	}), hc: j.client()}
	h.secret = string(h.credentials("wallet").Acquirer.Secret)
	h.wrong(token.Authorize, "", goodPayment)
	h.ask(token.Authorize, "", strings.Replace(goodPayment, "4622943120000600", "4532015112830366", 1), http.StatusForbidden)
	poor := strings.NewReplacer("4622943120000600", string(h.card("alan")), `{"reference"`, `{"partialApproval":"allowed","reference"`)
	h.ask(token.Authorize, "", poor.Replace(goodPayment), http.StatusCreated)
	key := []string{acquirer.IdempotencyHeader, "once"}
	h.ask(token.Authorize, "", goodPayment, http.StatusCreated, key...)
	h.ask(token.Authorize, "", strings.Replace(goodPayment, "1000", "1001", 1), http.StatusUnprocessableEntity, key...)
	for _, reason := range token.DeclineReasons() {
		h.failNext(token.Authorize, control.FailNext{Error: reason.Key})
		h.ask(token.Authorize, "", goodPayment, http.StatusOK)
	}
	h.acts()
	h.disputed()
	for _, what := range j.unmet() {
		t.Error(what)
	}
}

// traced has several payments under one trace, the last one declined, told as one
// story.
func (r *controlRun) traced() {
	h := &shop{world: r.world, hc: r.networks, secret: string(r.credentials("wallet").Acquirer.Secret)}
	trace := []string{"traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}
	small := strings.NewReplacer("4622943120000600", string(h.card("alan")), "1000", "500").Replace(goodPayment)
	h.ask(token.Authorize, "", small, http.StatusCreated, trace...)
	h.failNext(token.Authorize, control.FailNext{Error: token.DeclineFunds})
	h.ask(token.Authorize, "", small, http.StatusOK, trace...)
	stage.Must(r.Explain(r.t.Context(), "last"))(r.t)
}

// disputed meets what disputes and the clock do to payments.
func (h *shop) disputed() {
	h.t.Helper()
	for _, end := range []token.EventType{token.DisputeWon, token.DisputeLost} {
		id := h.paid()
		h.ask(token.Capture, id, `{}`, http.StatusCreated)
		for _, kind := range []token.EventType{token.DisputeOpened, end} {
			stage.Must(h.admin.Trigger(h.t.Context(), control.Event{Event: kind, Payment: id, Reason: "FRAUD"}))(h.t)
			h.ask(token.GetPayment, id, "", http.StatusOK)
		}
	}
	h.advance(7 * 24 * time.Hour)
	h.ask(token.GetPayment, h.lapsed, "", http.StatusOK)
}

// acts does everything with payments that is described.
func (h *shop) acts() {
	h.t.Helper()
	spent := h.paid()
	h.ask(token.Void, spent, `{}`, http.StatusCreated)
	h.lapsed = h.paid()
	for op, body := range map[token.Operation]string{
		token.Capture: `{"amount":{"value":"600","currency":"EUR"},"captureType":"non_final"}`, token.Void: `{"reference":"r"}`,
		token.Refund: `{"amount":{"value":1,"currency":"EUR"}}`, token.Increment: `{"amount":{"value":1,"currency":"EUR"}}`,
		token.Reverse: `{"amount":{"value":1,"currency":"EUR"}}`,
	} {
		id := h.paid()
		if op == token.Refund {
			h.ask(token.Capture, id, `{}`, http.StatusCreated)
		}
		h.wrong(op, id, body)
		h.ask(op, strings.Repeat("0", 32), body, http.StatusNotFound)
		h.failNext(op, control.FailNext{Error: token.DeclineFunds})
		h.ask(op, id, body, http.StatusOK)
		if op != token.Void {
			h.ask(op, id, strings.Replace(body, "EUR", "USD", 1), http.StatusUnprocessableEntity)
			h.ask(op, id, strings.NewReplacer("600", "999999999999", ":1,", ":999999999999,").Replace(body), http.StatusUnprocessableEntity)
		}
		key := []string{acquirer.IdempotencyHeader, string(op)}
		h.ask(op, id, body, http.StatusCreated, key...)
		h.ask(op, id, body+" ", http.StatusUnprocessableEntity, key...)
		h.ask(op, spent, body, http.StatusConflict)
		h.wrong(token.GetPayment, id, "")
		h.failNext(token.GetPayment, control.FailNext{Error: token.DeclineFunds})
		h.ask(token.GetPayment, id, "", http.StatusOK)
		h.ask(token.GetPayment, id, "", http.StatusOK)
		h.advance(24 * time.Hour)
		h.ask(token.GetPayment, id, "", http.StatusOK)
		h.advance(24 * time.Hour)
		h.ask(token.GetPayment, id, "", http.StatusOK)
	}
}

func TestRoutes_Acquirer(t *testing.T) {
	calls, notices := described(load(t, descriptions["acquirer.yaml"]()))
	var served []string
	for _, r := range acquirer.Routes() {
		served = append(served, r.Method+" "+strings.TrimPrefix(r.Path, acquirer.Prefix)+" "+r.Op.Info().Wire)
	}
	compare(t, "acquirer", served, calls)
	compare(t, "acquirer notice", []string{"payments"}, notices)
}

func TestSweep_LimitsAcquirer(t *testing.T) {
	sweep.Mark(t)
	doc := load(t, descriptions["acquirer.yaml"]())
	l := limits{t: t, parted: map[string]bool{}, differs: map[string]difference{}}
	for _, route := range acquirer.Routes() {
		if route.Body == nil {
			continue
		}
		l.object(route.Op.Info().Wire, route.Body.Rows(), body(t, doc, route.Op.Info().Wire))
	}
	l.end(16)
}

// The reasons that are described are those there are.
func TestAcquirer_Reasons(t *testing.T) {
	compare(t, "reason", token.DeclineReasonNames(""), enum(component(t, load(t, descriptions["acquirer.yaml"]()), "Reason")))
}
