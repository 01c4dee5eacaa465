package openapi_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/pantomime-dev/pantomime/clock"
	wire "github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/simulator/control"
	"github.com/pantomime-dev/pantomime/simulator/journal"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// choices asks each call for something that it does not read: it answers with
// what it does read, which must be what is described.
func (r *controlRun) choices() {
	for _, op := range r.judge.ops {
		var params, closed []string
		for _, p := range op.Parameters {
			if p.Value.In == openapi3.ParameterInQuery {
				params = append(params, p.Value.Name)
				if p.Value.Schema.Value.Enum != nil {
					closed = append(closed, p.Value.Name)
				}
			}
		}
		if op.path == "/healthz" {
			continue
		}
		compare(r.t, op.String()+" parameter", r.accepted(op.method, fill(op.path)+"?unheardOf=1", ""), params)
		for _, p := range op.Parameters {
			if slices.Contains(closed, p.Value.Name) {
				compare(r.t, op.String()+" "+p.Value.Name, r.accepted(op.method, fill(op.path)+"?"+p.Value.Name+"=nothing", ""), enum(p.Value.Schema.Value))
			}
		}
		r.members(op)
	}
}

// members compares the members that a body may have.
func (r *controlRun) members(op operation) {
	if op.RequestBody == nil || op.RequestBody.Value.Content["application/yaml"] != nil {
		return
	}
	schema := op.RequestBody.Value.Content["application/json"].Schema.Value
	path := fill(op.path)
	switch {
	case strings.Contains(path, "/cards/"):
		path = strings.Replace(path, "unknownIDs", "alice", 1)
	case strings.Contains(path, "/tokens/"):
		path = strings.Replace(path, "unknownIDs", string(r.token("alice")), 1)
	}
	read := r.accepted(op.method, path, `{"unheardOf":1}`)
	if strings.Contains(path, "/cards/") { // one type for four changes, each of which refuses what is of no use to it
		for _, name := range []string{"pan", "expiry", "reason"} {
			if schema.Properties[name] == nil && len(r.accepted(op.method, path, `{"`+name+`":"`+map[string]string{
				"pan": "4622943120000600", "expiry": "01/35", "reason": "X",
			}[name]+`"}`)) > 0 {
				read = slices.DeleteFunc(read, func(s string) bool { return s == name })
			}
		}
	}
	compare(r.t, op.String()+" member", read, sortedKeys(schema.Properties))
}

// accepted asks badly and gives back the choices that the answer names.
func (r *controlRun) accepted(method, path, body string) []string {
	r.t.Helper()
	var p wire.Problem
	answer := r.raw(method, path, body, http.StatusBadRequest)
	if err := json.Unmarshal(answer, &p); err != nil {
		r.t.Errorf("%s %s: %v", method, path, err)
	}
	return p.Accepted
}

// otherDoors are one that asks for a token and one where everything fails, and
// one whose journal is too small.
func (r *controlRun) otherDoors() {
	t := r.t
	small := sandbox.NewRegistry()
	if err := small.Add(newBox(t)); err != nil {
		t.Fatal(err)
	}
	for want, door := range map[int]http.Handler{
		http.StatusUnauthorized:        control.New(control.Options{Registry: small, Token: "the token"}),
		http.StatusInternalServerError: control.New(control.Options{}),
		http.StatusTooManyRequests:     guessed(small),
	} {
		server := httptest.NewServer(door)
		for _, op := range r.judge.ops {
			if op.Responses.Status(want) != nil {
				req := stage.Must(http.NewRequestWithContext(t.Context(), op.method, server.URL+fill(op.path), http.NoBody))(t)
				send(t, r.hc, req, want)
			}
		}
		server.Close()
	}
	server := httptest.NewServer(control.New(control.Options{Registry: small}))
	defer server.Close()
	client := stage.Must(wire.New(server.URL, r.hc, ""))(t)
	if got := stage.Must(client.Requests(t.Context(), wire.ExchangeQuery{}))(t); got.Dropped == 0 {
		t.Error("nothing was dropped")
	}
	stage.Must(client.Journal(t.Context()))(t)
	made := stage.Must(client.Tokens(t.Context(), wire.TokenQuery{}))(t)
	if got := stage.Must(client.Story(t.Context(), made.Items[0].Ref))(t); got.Dropped == 0 {
		t.Error("nothing of a story was dropped")
	}
}

// guessed is a door that was shown ten wrong tokens from elsewhere, where its
// clients are too.
func guessed(r *sandbox.Registry) http.Handler {
	door := control.New(control.Options{Registry: r, Token: "the token", Wall: clock.NewFixed(time.Unix(0, 0))})
	from := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.RemoteAddr = "203.0.113.9:4711"
		door.ServeHTTP(w, r)
	})
	for range 10 {
		wrong := httptest.NewRequest(http.MethodGet, "http://localhost/", http.NoBody)
		wrong.Header.Set("Authorization", "Bearer nonsense")
		from.ServeHTTP(httptest.NewRecorder(), wrong)
	}
	return from
}

// newBox makes a sandbox whose journal holds little.
func newBox(t *testing.T) *sandbox.Sandbox {
	t.Helper()
	box := stage.Box(t, nil, sandbox.Options{Seed: 7, Clock: clock.NewSystem(clock.Real()), JournalCap: 1})
	if _, _, err := box.Do(sandbox.Call{
		Op: token.VisaProvisionWithPAN, Network: token.Visa, Effect: sandbox.EffectProvision, Requestor: "wallet",
		Subject: sandbox.Subject{Card: sandbox.CardInput{PAN: "4622943120000600", Expiry: token.Expiry{Year: 2049, Month: 12}}},
	}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		box.Journal().Add(&journal.Draft{
			About:   journal.About{Sandbox: box.ID()},
			Request: journal.Raw{Method: "GET", Path: "/", Body: make([]byte, 8<<10)}, // more than fits on the first page
		})
	}
	return box
}

// outside has an issuer asked at an endpoint that does not answer for a while.
func (r *controlRun) outside() {
	t, ctx := r.t, r.t.Context()
	arrived, release := make(chan struct{}), make(chan struct{})
	endpoint := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(arrived)
		<-release
		_, _ = w.Write([]byte(`{"decision":"decline"}`))
	}))
	defer endpoint.Close()
	const asks = "version: 1\nissuers: { mine: { decide: URL } }\ncards: { alice: { network: visa, pan: test/visa/1, issuer: mine } }\n"
	made := stage.Must(r.CreateSandbox(ctx, wire.NewSandbox{ID: "outside", Scenario: strings.ReplaceAll(asks, "URL", endpoint.URL)}))(t)
	stage.Must(r.Client.In("outside").Env(ctx))(t)
	there := *r.world
	there.env = made.Env
	client := there.visa(made.Env.Requestors[0].Requestor, r.networks)
	refused := make(chan error, 1)
	go func() {
		_, err := client.ProvisionWithPAN(ctx, vts.ProvisionWithPANRequest{
			ProvisionRequest: provisioning(), Locale: "en_US", PANSource: "ONFILE",
		}, &vts.PaymentInstrument{AccountNumber: "4622943120000600"}, nil)
		refused <- err
	}()
	select {
	case <-arrived:
	case err := <-refused:
		t.Fatal("the endpoint was not asked: ", err)
	}
	stage.Must(r.Client.In("outside").Clock(ctx))(t)
	close(release)
	if <-refused == nil {
		t.Error("a decline is no refusal")
	}
	if err := r.RemoveSandbox(ctx, "outside"); err != nil {
		t.Error(err)
	}
}
