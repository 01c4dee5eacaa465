package control_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	wire "github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/simulator/control"
	"github.com/pantomime-dev/pantomime/simulator/journal"
	"github.com/pantomime-dev/pantomime/token"
)

// entries are exchanges as a face would have recorded them.
func entries() []*journal.Draft {
	var passed, failed token.Checks
	passed.Pass("x-pay-token hash", "KEY")
	failed.Pass("x-pay-token header", "KEY")
	failed.Fail(token.Check{
		Name: "x-pay-token hash", Expected: "a hash over the raw path", Received: "another hash",
		Difference: "first differs at 1", KeyID: "KEY", Hint: "the query was decoded before it was hashed",
	})
	at := stage.Start.Add(time.Minute)
	request := journal.Raw{Method: "GET", Path: "/vts/provisionedTokens/0123"}
	return []*journal.Draft{
		{About: journal.About{Sandbox: "default", Network: token.Visa, Op: token.VisaGetToken, Requestor: "wallet", At: at, Checks: passed, Tokens: []token.Ref{"0123"}, Entity: "e1", EntitySeq: 2, Took: 1500 * time.Microsecond}, Request: request, Response: journal.Raw{Status: 200}},
		{About: journal.About{Sandbox: "default", Network: token.Visa, Op: token.VisaGetToken, At: at, Checks: failed}, Request: request, Response: journal.Raw{Status: 401}},
		{About: journal.About{Sandbox: "default", Network: token.Mastercard, Op: token.MCTokenize, Requestor: "wallet", At: at, Checks: passed, Rule: "busy twice", RuleID: "scenario-0", Problem: token.LimitExceeded, Detail: "rule busy twice", Entity: "e0", EntitySeq: 1}, Response: journal.Raw{Status: 429}},
		{About: journal.About{Sandbox: "default", Network: token.Visa, Op: token.VisaGetPaymentData, Requestor: "other", At: at, Checks: passed, Problem: token.WrongStatus, Detail: "the token is suspended", Entity: "e1", EntitySeq: 1}, Response: journal.Raw{Status: 403}},
		{About: journal.About{Sandbox: "default", Network: token.Mastercard, Op: token.MCTokenize, Requestor: "wallet", At: at, Decision: token.Decline}, Response: journal.Raw{Status: 200}},
		{About: journal.About{Sandbox: "default", Network: token.Visa, Op: token.VisaProvision, Requestor: "wallet", At: at, Rule: "gone", RuleID: "fail-next-0", Fault: token.FaultTruncate, Delay: time.Second}, Response: journal.Raw{Status: 201}},
	}
}

func TestDoor_Requests(t *testing.T) {
	w := newWorld(t, settings{})
	for _, e := range entries() {
		w.box.Journal().Add(e)
	}
	tests := []struct {
		name  string
		query wire.ExchangeQuery
		want  string
		total int
	}{
		{"all of them, oldest first", wire.ExchangeQuery{}, "r-1 r-2 r-3 r-4 r-5 r-6", 6},
		{"the newest two", wire.ExchangeQuery{Limit: 2}, "r-5 r-6", 6},
		{"the next two after one", wire.ExchangeQuery{After: "r-1", Limit: 2}, "r-2 r-3", 5},
		{"from before the first", wire.ExchangeQuery{After: "r-0", Limit: 1}, "r-1", 6},
		{"nothing after the last", wire.ExchangeQuery{After: "r-6"}, "", 0},
		{"one network", wire.ExchangeQuery{Network: token.Mastercard}, "r-3 r-5", 2},
		{"a neutral operation at both networks", wire.ExchangeQuery{Operation: "provision"}, "r-3 r-5 r-6", 3},
		{"a neutral operation at one network", wire.ExchangeQuery{Operation: "provision", Network: token.Visa}, "r-6", 1},
		{"a wire name", wire.ExchangeQuery{Operation: "getToken"}, "r-1 r-2", 2},
		{"a full name", wire.ExchangeQuery{Operation: "visa/getPaymentData"}, "r-4", 1},
		{"one requestor", wire.ExchangeQuery{Requestor: "other"}, "r-4", 1},
		{"one token", wire.ExchangeQuery{Token: "0123"}, "r-1", 1},
		{"one problem", wire.ExchangeQuery{Problem: token.WrongStatus}, "r-4", 1},
		{"what a check refused", wire.ExchangeQuery{Refused: true}, "r-2", 1},
		{"two filters at once", wire.ExchangeQuery{Refused: true, Requestor: "wallet"}, "", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := stage.Must(w.client.Requests(t.Context(), tt.query))(t)
			var ids []string
			for _, e := range got.Items {
				ids = append(ids, e.ID)
			}
			if strings.Join(ids, " ") != tt.want || got.Total != tt.total {
				t.Errorf("got %v of %d, want %q of %d", ids, got.Total, tt.want, tt.total)
			}
		})
	}
	one := stage.Must(w.client.Request(t.Context(), "r-1"))(t)
	if one.Took.String() != "1.5ms" || one.Request.Path != "/vts/provisionedTokens/0123" || len(one.Checks) != 1 {
		t.Errorf("r-1 reads %+v", one)
	}
	if last := stage.Must(w.client.Request(t.Context(), "last"))(t); last.ID != "r-6" {
		t.Errorf("the last one is %s", last.ID)
	}
}

func TestDoor_Requests_Wait(t *testing.T) {
	w := newWorld(t, settings{})
	w.box.Journal().Add(entries()[0])
	arrived := make(chan wire.List[wire.Exchange], 1)
	go func() {
		got, err := w.client.Requests(context.Background(), wire.ExchangeQuery{After: "r-1", Refused: true, Wait: wire.Duration(20 * time.Second)})
		if err != nil {
			t.Error(err)
		}
		arrived <- got
	}()
	w.box.Journal().Add(entries()[0]) // does not match
	w.box.Journal().Add(entries()[1])
	if got := <-arrived; len(got.Items) != 1 || got.Items[0].ID != "r-3" {
		t.Errorf("got %+v, want r-3 alone", got.Items)
	}
	got := stage.Must(w.client.Requests(t.Context(), wire.ExchangeQuery{After: "r-3", Wait: wire.Duration(time.Millisecond)}))(t)
	if len(got.Items) != 0 || got.Items == nil {
		t.Errorf("a wait in vain gives %+v, want an empty list", got.Items)
	}
}

func TestDoor_Journal(t *testing.T) {
	w := newWorld(t, settings{})
	for _, e := range entries() {
		w.box.Journal().Add(e)
	}
	got := stage.Must(w.client.Journal(t.Context()))(t)
	var lines []string
	for _, e := range got.Items {
		lines = append(lines, e.Entity+"/"+string(rune('0'+e.Seq))+" "+string(e.Operation))
	}
	want := "e0/1 mastercard/tokenize, e1/1 visa/getPaymentData, e1/2 visa/getToken"
	if strings.Join(lines, ", ") != want {
		t.Errorf("got %q, want %q", lines, want)
	}
}

func TestDoor_Explain(t *testing.T) {
	w := newWorld(t, settings{})
	for _, e := range entries() {
		w.box.Journal().Add(e)
	}
	tests := []struct {
		id      string
		verdict wire.Verdict
		summary string
		rule    string // id of the rule, if it is still there
	}{
		{"r-1", wire.VerdictAnswered, "answered as asked", ""},
		{"r-2", wire.VerdictCheck, "refused: the check x-pay-token hash does not hold: the query was decoded before it was hashed", ""},
		{"r-3", wire.VerdictRule, `answered with limit_exceeded by the rule "busy twice"`, "scenario-0"},
		{"r-4", wire.VerdictRefused, "refused with wrong-status: the token is suspended", ""},
		{"r-5", wire.VerdictDeclined, "the issuer declined", ""},
		{"r-6", wire.VerdictFault, `the fault truncate struck the answer by the rule "gone"`, ""},
	}
	for _, tt := range tests {
		t.Run(string(tt.verdict), func(t *testing.T) {
			got := stage.Must(w.client.Explain(t.Context(), tt.id))(t)
			if got.ID != tt.id || got.Verdict != tt.verdict || got.Summary != tt.summary {
				t.Errorf("got %s, %s, %q, want %s, %q", got.ID, got.Verdict, got.Summary, tt.verdict, tt.summary)
			}
			if id := ruleID(got.Rule); id != tt.rule {
				t.Errorf("the rule is %q, want %q", id, tt.rule)
			}
		})
	}
	got := stage.Must(w.client.Explain(t.Context(), "r-2"))(t)
	if failed, ok := got.Checks.Failed(); !ok || failed.Difference != "first differs at 1" || len(got.Checks) != 2 {
		t.Errorf("the checks are not all there: %+v", got.Checks)
	}
}

func ruleID(r *wire.Rule) string {
	if r == nil {
		return ""
	}
	return r.ID
}

// What answers hold is their contract with scripts: a member that is renamed
// breaks them silently.
func TestDoor_Requests_Shape(t *testing.T) {
	w := newWorld(t, settings{})
	w.box.Journal().Add(entries()[1])
	var list struct {
		Items []map[string]any `json:"items"`
		Total int              `json:"total"`
	}
	if err := json.Unmarshal([]byte(w.do("GET", "/__admin/v1/requests", "").body), &list); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"id", "sandbox", "network", "operation", "at", "wall", "took", "request", "response", "checks"} {
		if _, ok := list.Items[0][name]; !ok {
			t.Errorf("an exchange has no member %q", name)
		}
	}
}

func TestClient_Problem(t *testing.T) {
	w := newWorld(t, settings{})
	_, err := w.client.Request(t.Context(), "r-9")
	var p *wire.Problem
	if !errors.As(err, &p) || p.Code != wire.CodeNotFound || p.Status != 404 {
		t.Errorf("the error is %v", err)
	}
	if _, err := w.client.In("elsewhere").Clock(t.Context()); !errors.As(err, &p) || p.Code != wire.CodeNoSandbox || !strings.Contains(err.Error(), "accepted: default") {
		t.Errorf("the error is %v", err)
	}
}

// TestDescriptions_NameTheDoorsAsTheyAre reads the servers of the three OpenAPI
// descriptions.
func TestDescriptions_NameTheDoorsAsTheyAre(t *testing.T) {
	for name, c := range map[string]struct {
		network, admin string
		want           map[string][]string
	}{
		"other ports": {"http://127.0.0.1:40001", "http://127.0.0.1:40002", map[string][]string{
			"/openapi.json":      {"http://127.0.0.1:40002"},
			"/openapi/vts.json":  {"http://127.0.0.1:40001", "http://127.0.0.1:40001/s/{sandbox}"},
			"/openapi/mdes.json": {"http://127.0.0.1:40001/mdes", "http://127.0.0.1:40001/s/{sandbox}/mdes"},
		}},
		"a public URL, and every interface": {"https://pantomime.test:8443/", "http://[::]:40002", map[string][]string{
			"/openapi.json":      {"http://127.0.0.1:40002"},
			"/openapi/vts.json":  {"https://pantomime.test:8443", "https://pantomime.test:8443/s/{sandbox}"},
			"/openapi/mdes.json": {"https://pantomime.test:8443/mdes", "https://pantomime.test:8443/s/{sandbox}/mdes"},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, settings{options: func(o *control.Options) { o.NetworkURL, o.AdminURL, o.Token = c.network, c.admin, "t" }})
			for path, want := range c.want {
				doc := stage.Decode[struct{ Servers []struct{ URL string } }](t, []byte(w.do("GET", path, "", "Authorization: Bearer t").body))
				var got []string
				for _, s := range doc.Servers {
					got = append(got, s.URL)
				}
				if !slices.Equal(got, want) {
					t.Errorf("%s: servers %v, want %v", path, got, want)
				}
			}
		})
	}
}
