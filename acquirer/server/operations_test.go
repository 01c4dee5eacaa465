package server_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/acquirer"
	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/wire"
)

// forms are what golden files name instead of showing.
var forms = []stage.Form{
	stage.NewForm(`"[0-9a-f]{32}"`, `"<32 hex digits>"`),
	stage.NewForm(`"1[0-9]{14}"`, `"<15 digits>"`),
	stage.NewForm(`"[0-9]{6}"`, `"<6 digits>"`),
}

// TestOperations_GoldenAnswers walks the operations and compares each answer's
// status and shape.
func TestOperations_GoldenAnswers(t *testing.T) {
	w := newWorld(t, "version: 1\nacquirers: { first: { expires: 3d } }\n")
	id, met := "", map[token.Operation]bool{}
	walk := func(name string, route wire.Route, status int, body string) {
		t.Helper()
		met[route.Op] = true
		got := w.send(w.box, route.At(id), body, func(r *http.Request) { r.Method = route.Method })
		if got.Status != status {
			t.Fatalf("%s: %d %s", name, got.Status, got.Body)
		}
		stage.Golden(t, forms, name, got.Body)
		var said acquirer.AuthorizeResponse
		if json.Unmarshal(got.Body, &said) == nil && route.Op == token.Authorize {
			id = said.ID
		}
	}
	walk("authorize", acquirer.RouteAuthorize, 201, good)
	walk("increment", acquirer.RouteIncrement, 201, `{"amount":{"value":500,"currency":"EUR"}}`)
	walk("reverse", acquirer.RouteReverse, 201, `{"amount":{"value":200,"currency":"EUR"}}`)
	walk("capture", acquirer.RouteCapture, 201, `{"amount":{"value":1000,"currency":"EUR"},"captureType":"final","reference":"shipment-1"}`)
	walk("capture_refused", acquirer.RouteCapture, 409, `{}`)
	walk("refund", acquirer.RouteRefund, 201, `{"amount":{"value":"300","currency":"EUR"}}`)
	walk("refund_refused", acquirer.RouteRefund, 422, `{"amount":{"value":701,"currency":"EUR"}}`)
	if _, err := w.box.Advance(t.Context(), 24*time.Hour, time.Minute); err != nil {
		t.Fatal(err)
	}
	walk("payment", acquirer.RouteGetPayment, 200, "")
	walk("authorize_again", acquirer.RouteAuthorize, 201, good)
	walk("void", acquirer.RouteVoid, 201, `{}`)
	for _, route := range acquirer.Routes() {
		if !met[route.Op] {
			t.Errorf("%s is not walked", route.Op)
		}
	}
}
