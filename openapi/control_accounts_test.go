package openapi_test

import (
	"net/http"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/requestor"
	"github.com/pantomime-dev/pantomime/token"
)

// accounts has a merchant's account used, with an answer that gets lost.
func (r *controlRun) accounts() {
	t, ctx := r.t, r.t.Context()
	stage.Must(r.Accounts(ctx))(t)
	stage.Must(r.PutAccount(ctx, "store", []byte("timeout: 5s\ngateways: { main: { for: authorize } }")))(t)
	shop := stage.Must(r.sim.Account("", "store"))(t)
	m := stage.Must(shop.Store(requestor.Card{Number: r.card("bob").Digits(), Expiry: token.Expiry{Year: 2029, Month: 12}}))(t)
	r.failNext(token.MCTokenize, control.FailNext{Fault: token.FaultDropResponse})
	stage.Must(shop.Provision(ctx, m.Token))(t)
	if err := shop.FindOut(ctx, m.Token); err != nil {
		t.Log(err) // the queue may have done it
	}
	paid := stage.Must(shop.Pay(ctx, requestor.Payment{Method: m.Token, Ability: requestor.AbilityAuthorize, Attempt: true, Amount: 100, Currency: "EUR"}))(t)
	r.failNext(token.Capture, control.FailNext{Fault: token.Fault503, Times: 3})
	stage.Must(shop.Capture(ctx, requestor.Act{Method: m.Token, Payment: paid.ID}))(t)
	if work := stage.Must(r.Callbacks(ctx, control.CallbackQuery{Event: token.WorkFindOut}))(t); work.Total == 0 {
		t.Error("the work is not on the queue")
	}
	stage.Must(r.Account(ctx, "store"))(t)
	stage.Must(r.AccountReport(ctx, "store"))(t)
	r.raw("GET", "/__admin/v1/accounts/nobodys", "", http.StatusNotFound)
	r.raw("GET", "/__admin/v1/accounts/nobodys/report", "", http.StatusNotFound)
	r.raw("PUT", "/__admin/v1/accounts/nobodys", "{}", http.StatusNotFound)
	r.raw("PUT", "/__admin/v1/accounts/store", `{"features":{"services":true}}`, http.StatusBadRequest)
	r.raw("PUT", "/__admin/v1/accounts/store", "", http.StatusBadRequest)
}
