package openapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/acquirer"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/token"
)

const goodPayment = `{"reference":"order-1","amount":{"value":1000,"currency":"EUR"},"merchant":{"id":"m-1","category":"5411","country":"DE","descriptor":"SHOP"},` +
	`"instrument":{"type":"card","number":"4622943120000600","expiryMonth":"12","expiryYear":"2029"}}`

// pay sends a payment and demands a status.
func pay(t *testing.T, h *world, hc *http.Client, body, secret string, status int) {
	t.Helper()
	req := stage.Must(http.NewRequestWithContext(t.Context(), http.MethodPost, h.env.BaseURL.Acquirer+"/v1/authorizations", strings.NewReader(body)))(t)
	req.Header.Set("Content-Type", "application/json")
	if body == "text" {
		req.Header.Set("Content-Type", "text/plain")
	}
	req.SetBasicAuth(h.credentials("wallet").Acquirer.Key, secret)
	if body == "nowhere" {
		req.Header.Set("X-Pantomime-Sandbox", "nowhere")
	}
	send(t, hc, req, status)
}

// Each status that is described is met, and nothing is answered besides.
func TestAcquirer_AnswersAreDescribed(t *testing.T) {
	j := newJudge(t, "acquirer.yaml", "/acquirer")
	h, hc := newWorld(t, "", nil), j.client()
	secret := string(h.credentials("wallet").Acquirer.Secret)
	pay(t, h, hc, goodPayment, secret, http.StatusCreated)
	pay(t, h, hc, goodPayment, "wrong", http.StatusUnauthorized)
	pay(t, h, hc, `{"amount":{}}`, secret, http.StatusBadRequest)
	pay(t, h, hc, "text", secret, http.StatusUnsupportedMediaType)
	pay(t, h, hc, "nowhere", secret, http.StatusNotFound)
	pay(t, h, hc, strings.Replace(goodPayment, "4622943120000600", "4532015112830366", 1), secret, http.StatusForbidden)
	pay(t, h, hc, goodPayment+strings.Repeat(" ", 1<<20), secret, http.StatusRequestEntityTooLarge)
	for fault, status := range map[token.Fault]int{token.Fault429: 429, token.Fault500: 500, token.Fault503: 503, token.Fault504: 504} {
		h.failNext(token.Authorize, control.FailNext{Fault: fault})
		pay(t, h, hc, goodPayment, secret, status)
	}
	for _, reason := range token.DeclineReasons() {
		h.failNext(token.Authorize, control.FailNext{Error: reason.Key})
		pay(t, h, hc, goodPayment, secret, http.StatusOK)
	}
	for _, what := range j.unmet() {
		t.Error(what)
	}
}

func TestRoutes_Acquirer(t *testing.T) {
	calls, notices := described(load(t, descriptions["acquirer.yaml"]()))
	var served []string
	for _, r := range acquirer.Routes() {
		served = append(served, r.Method+" "+strings.TrimPrefix(r.Path, acquirer.Prefix)+" "+r.Op.Info().Wire)
	}
	compare(t, "acquirer", served, calls)
	compare(t, "acquirer notice", nil, notices)
}

func TestLimits_Acquirer(t *testing.T) {
	doc := load(t, descriptions["acquirer.yaml"]())
	l := limits{t: t, parted: map[string]bool{}, differs: map[string]difference{}}
	for _, route := range acquirer.Routes() {
		l.object(route.Op.Info().Wire, route.Body.Rows(), body(t, doc, route.Op.Info().Wire))
	}
	l.end(16)
}

// The reasons that are described are those there are.
func TestAcquirer_Reasons(t *testing.T) {
	compare(t, "reason", token.DeclineReasonNames(""), enum(component(t, load(t, descriptions["acquirer.yaml"]()), "Reason")))
}
