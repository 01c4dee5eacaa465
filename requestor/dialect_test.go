package requestor_test

import (
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/requestor"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/simulator/journal"
	"github.com/pantomime-dev/pantomime/token"
)

// The smallest dialect there is: POST /till/{account}/pay with a card and an amount
// stores the card, has a token made and pays with it. It shows all that a dialect
// needs: the skeleton of all faces, a [requestor.World] and an account of it.

// order is the dialect's request.
type order struct {
	face.Request[requestor.World]
	asked struct {
		Number string       `json:"number"`
		Expiry token.Expiry `json:"expiry"`
		Amount int64        `json:"amount"`
	}
	paid requestor.Paid
	made requestor.Provisioning
}

// nope is the dialect's refusal.
type nope struct {
	status int
	key    token.Key
}

func (n *nope) Reason() (token.Key, string) { return n.key, "" }

func (r *order) Credential() string { return "" }

func (r *order) Admit() *nope {
	account, ok := r.World.Account(r.In.Param("account"))
	if !ok {
		return &nope{http.StatusNotFound, "no_account"}
	}
	r.Caller = account.Requestor
	return nil
}

// Verify would judge the merchant's credentials; this dialect has none.
func (r *order) Verify() *nope { return nil }

func (r *order) Read() *nope {
	if json.Unmarshal(r.In.Body, &r.asked) != nil {
		return &nope{http.StatusBadRequest, "no_json"}
	}
	return nil
}

func (r *order) Misread() {}

// Step lets rules strike first, then does the work. What a rule refuses is not
// done.
func (r *order) Step() (face.Outcome, error) {
	account := r.In.Param("account")
	out, err := r.World.Match(requestor.Call{Op: "till/pay", Account: account, Card: token.PAN(r.asked.Number), Facts: r.Facts})
	if err != nil || out.Problem != nil || out.Plan.Fault.Replaces() {
		return out, err
	}
	q, err := requestor.At(r.World, account)
	if err != nil {
		return out, err
	}
	ctx := requestor.Traced(r.In.Context(), strings.Repeat("a", 32))
	m, err := q.Store(requestor.Card{Number: r.asked.Number, Expiry: r.asked.Expiry, Retain: true})
	if err != nil {
		out.Problem = token.Refuse("card", err.Error())
		return out, nil
	}
	if r.made, err = q.Provision(ctx, m.Token); err != nil {
		return out, err
	}
	r.paid, err = q.Pay(ctx, requestor.Payment{Method: m.Token, Ability: requestor.AbilityPurchase, Attempt: true, Amount: r.asked.Amount, Currency: "EUR"})
	return out, err
}

func (r *order) Problem(p *token.Problem) *nope { return &nope{http.StatusConflict, p.Key} }

func (r *order) Answer() (face.Answer, *nope) {
	return face.Answer{Status: http.StatusCreated, Body: map[string]any{
		"made": r.made.Made, "with": r.paid.Decision.Use, "key": r.paid.Decision.Key, "approved": r.paid.Approved,
	}}, nil
}

func (r *order) Trouble(t face.Trouble) *nope { return &nope{t.Status, "trouble"} }

func (r *order) Say(n *nope) face.Words {
	return face.Words{Status: n.status, Body: map[string]string{"key": string(n.key)}}
}

func (r *order) Stamp() http.Header { return http.Header{} }

// End keeps nothing.
func (r *order) End() {}

// till is the dialect's face. It sends no notices.
type till struct {
	*face.Skeleton[requestor.World, *order, *nope]
}

func (till) Render(token.Event, callback.Try) (callback.Request, error) {
	return callback.Request{}, errors.New("a till sends no notices")
}

// boxes find worlds by the address alone.
type boxes struct{ sim *pantomime.Simulator }

func (b boxes) Find(id string) (requestor.World, error) { return b.sim.World(id) }

func (boxes) Owner(string, string) (requestor.World, string, bool) { return nil, "", false }

func openTill(t *testing.T, scenario string) (string, *pantomime.Simulator) {
	t.Helper()
	s, findings := scenarios.Parse("till.yaml", []byte(scenario))
	if err := findings.Err(); err != nil {
		t.Fatal(err)
	}
	sim, err := pantomime.Start(pantomime.Options{Scenario: s})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sim.Stop(t.Context()) })
	on := face.Base[requestor.World]{Registry: boxes{sim}, Wall: clock.Real(), Logger: slog.New(slog.DiscardHandler)}
	begin := func(x *door.Exchange) *order { return &order{Request: face.Request[requestor.World]{In: x}} }
	f := till{face.New(face.Options[requestor.World, *order, *nope]{
		Base: on, Name: "till", Prefix: "/till", About: "the till", New: begin,
		Routes: []face.Route[*order]{{Op: "till/pay", Method: http.MethodPost, Path: "/till/{account}/pay", New: begin}},
	})}
	server := httptest.NewServer(face.NewHandler(door.Door{Wall: on.Wall, Logger: on.Logger}, []face.Face{f}))
	t.Cleanup(server.Close)
	return server.URL, sim
}

func TestDialect_IsAFaceOverAWorld(t *testing.T) {
	url, sim := openTill(t, `version: 1
accounts: { shop: {}, closed: { features: { environment: false } } }
rules:
  - { when: { account: shop, header: { x-try: full } }, then: { error: service_error } }
`)
	const alice, bob = `{"number":"4622943120000600","expiry":"12/29","amount":100}`, `{"number":"5204731600014784","expiry":"12/29","amount":100}`
	for _, tc := range []struct{ name, account, try, body, want string }{
		{"by token at Visa", "shop", "", alice, `201 {"approved":true,"key":"","made":true,"with":"token"}`},
		{"by token at Mastercard", "shop", "", bob, `201 {"approved":true,"key":"","made":true,"with":"token"}`},
		{"by card, as nothing is enabled", "closed", "", alice, `201 {"approved":true,"key":"not_enabled_for_environment","made":false,"with":"card"}`},
		{"a rule of the account's", "shop", "full", alice, `409 {"key":"service_error"}`},
		{"no account", "nobodys", "", alice, `404 {"key":"no_account"}`},
		{"no JSON", "shop", "", "?", `400 {"key":"no_json"}`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/till/"+tc.account+"/pay", strings.NewReader(tc.body))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("X-Try", tc.try)
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			body, _ := io.ReadAll(resp.Body)
			if got := resp.Status[:3] + " " + strings.TrimSpace(string(body)); got != tc.want {
				t.Errorf("%s, want %s", got, tc.want)
			}
		})
	}
	w, err := sim.World("")
	if err != nil {
		t.Fatal(err)
	}
	legs := 0
	for _, e := range w.Journal().List(journal.Query{Limit: 100}) {
		if e.Trace == strings.Repeat("a", 32) {
			legs++
		}
	}
	if legs < 7 { // two tokens made, one of them read, two cryptograms, three payments
		t.Errorf("%d exchanges are legs of the merchant's requests", legs)
	}
}
