package control_test

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	wire "github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/simulator/control"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

func TestDoor_Index(t *testing.T) {
	w := newWorld(t, settings{})
	for _, path := range []string{"/", "/__admin/v1"} {
		got := w.do("GET", path, "")
		if got.status != 200 || !strings.Contains(got.body, "/__admin/v1/tokens") || !strings.Contains(got.body, "not") {
			t.Errorf("%s: %d %s", path, got.status, got.body)
		}
	}
	if h := stage.Must(w.client.Health(t.Context()))(t); h.Status != "ok" || h.Version != "v-test" {
		t.Errorf("health is %+v", h)
	}
}

func TestDoor_Sandboxes(t *testing.T) {
	w := newWorld(t, settings{})
	all := stage.Must(w.client.Sandboxes(t.Context(), wire.Page{}))(t)
	if len(all.Items) != 1 {
		t.Fatalf("%d sandboxes", len(all.Items))
	}
	one := stage.Must(w.client.Sandbox(t.Context(), "default"))(t)
	if one.Seed != 7 || one.Clock.Mode != "manual" || !one.Clock.Now.Equal(stage.Start) || one.Cards != 2 || len(one.Requestors) != 2 {
		t.Errorf("the sandbox is %+v", one)
	}
	if !maps.Equal(one.BaseURL, wire.BaseURL{"visa": "http://127.0.0.1:8480", "mastercard": "http://127.0.0.1:8480/mdes", "acquirer": "http://127.0.0.1:8480/acquirer"}) {
		t.Errorf("the base URLs are %+v", one.BaseURL)
	}
	if q := one.Requestors[0]; q.Name != "wallet" || q.TRID[token.Visa] != "40010000001" || q.Auth != "verify" || len(q.APIKey) < 40 || !strings.Contains(q.ConsumerKey, "!") {
		t.Errorf("the wallet is %+v", q)
	}
}

// Each sandbox sees its own world only, and its clients get its own address.
func TestDoor_TwoSandboxes(t *testing.T) {
	registry := sandbox.NewRegistry()
	first, second := addBox(t, registry, sandbox.Default, ""), addBox(t, registry, "second", "")
	door := httptest.NewServer(control.New(control.Options{Registry: registry, NetworkURL: "http://[::]:8480", Faces: faces}))
	defer door.Close()
	client, err := wire.New(door.URL, nil, "")
	if err != nil {
		t.Fatal(err)
	}
	(&world{t: t, box: second}).token()
	if n := stage.Must(client.Tokens(t.Context(), wire.TokenQuery{}))(t).Total; n != 0 {
		t.Errorf("the default sandbox has %d tokens, want none", n)
	}
	if n := stage.Must(client.In("second").Tokens(t.Context(), wire.TokenQuery{}))(t).Total; n != 1 {
		t.Errorf("the second sandbox has %d tokens, want one", n)
	}
	by := wire.Duration(time.Hour)
	stage.Must(client.In("second").Advance(t.Context(), wire.Advance{By: &by}))(t)
	if !first.Now().Equal(stage.Start) || !second.Now().Equal(stage.Start.Add(time.Hour)) {
		t.Errorf("the clocks are at %s and %s", first.Now(), second.Now())
	}
	for id, want := range map[string]string{"": "http://127.0.0.1:8480", "second": "http://127.0.0.1:8480/s/second"} {
		if got := stage.Must(client.In(id).Env(t.Context()))(t).BaseURL; got[token.PartyVisa] != want || got[token.PartyMastercard] != want+"/mdes" {
			t.Errorf("%q is at %+v", id, got)
		}
	}
}

func TestDoor_Env(t *testing.T) {
	w := newWorld(t, settings{})
	env := stage.Must(w.client.Env(t.Context()))(t)
	c, ok := env.Requestor("wallet")
	if !ok || env.Sandbox != "default" || len(env.Requestors) != 2 || len(env.Cards) != 2 {
		t.Fatalf("the environment is %+v", env)
	}
	for name, k := range map[string]wire.APIKey{"signing": c.Visa.Signing, "encryption": c.Visa.Encryption, "outbound": c.Visa.Outbound} {
		if k.APIKey == "" || k.Secret == "" {
			t.Errorf("the %s key is %v", name, k)
		}
	}
	for name, k := range map[string]wire.Key{"signing": c.Mastercard.Signing, "decryption": c.Mastercard.Decryption} {
		block, _ := pem.Decode([]byte(k.PrivateKey))
		if block == nil {
			t.Fatalf("the %s key is no PEM", name)
		}
		if _, err := x509.ParsePKCS8PrivateKey(block.Bytes); err != nil {
			t.Errorf("the %s key: %v", name, err)
		}
	}
	if c.Mastercard.Encryption.PrivateKey != "" {
		t.Error("the network's private key is handed out")
	}
	for name, k := range map[string]wire.Key{"signing": c.Mastercard.Signing, "encryption": c.Mastercard.Encryption, "decryption": c.Mastercard.Decryption} {
		block, rest := pem.Decode([]byte(k.Certificate))
		if block == nil || block.Type != "CERTIFICATE" || len(rest) > 0 {
			t.Fatalf("the %s certificate is not one PEM block", name)
		}
		if _, err := x509.ParseCertificate(block.Bytes); err != nil {
			t.Errorf("the %s certificate: %v", name, err)
		}
		if len(k.Fingerprints.CertificateSHA1) != 40 || len(k.Fingerprints.CertificateSHA256) != 64 || len(k.Fingerprints.PublicKeySHA256) != 64 {
			t.Errorf("the %s fingerprints are %+v", name, k.Fingerprints)
		}
	}
}

// Secrets are in env alone, card and token numbers nowhere.
func TestDoor_Secrets(t *testing.T) {
	w := newWorld(t, settings{})
	w.token()
	for _, e := range entries() {
		w.box.Journal().Add(e)
	}
	env := stage.Must(w.client.Env(t.Context()))(t)
	var secrets, numbers []string
	for _, c := range env.Requestors {
		secrets = append(secrets, string(c.Visa.Signing.Secret), string(c.Visa.Encryption.Secret), string(c.Visa.Outbound.Secret), "PRIVATE KEY")
	}
	for _, name := range []string{"test/visa/1", "test/mastercard/1"} {
		pan, _ := fixture(name)
		numbers = append(numbers, pan.Digits())
	}
	for _, one := range stage.Tokens(w.box) {
		view, _ := w.box.Token(one.Ref)
		numbers = append(numbers, view.Token.Number.Digits())
	}
	for _, path := range []string{
		"/", "/__admin/v1/sandboxes", "/__admin/v1/sandboxes/default", "/__admin/v1/env", "/__admin/v1/requests", "/__admin/v1/requests/r-1",
		"/__admin/v1/requests/r-2/explain", "/__admin/v1/journal", "/__admin/v1/callbacks", "/__admin/v1/clock", "/__admin/v1/faults",
		"/__admin/v1/rules", "/__admin/v1/tokens", "/__admin/v1/cards",
	} {
		body := w.do("GET", path, "").body
		for _, n := range numbers {
			if strings.Contains(body, n) {
				t.Errorf("%s holds a number", path)
			}
		}
		for _, s := range secrets {
			if strings.Contains(body, s) != (path == "/__admin/v1/env") {
				t.Errorf("%s: a secret is where it should not be, or missing where it should", path)
			}
		}
	}
}

func TestDoor_Clock(t *testing.T) {
	in := newInbox(t)
	w := newWorld(t, settings{notify: in.URL})
	ref := w.token()
	late := wire.Transition{Do: "suspend", Variants: wire.Variants{Late: wire.Duration(36 * time.Hour)}}
	stage.Must(w.client.Transition(t.Context(), ref, late))(t)
	c := stage.Must(w.client.Clock(t.Context()))(t)
	if c.Mode != "manual" || !c.Now.Equal(stage.Start) || c.Pending != 1 {
		t.Errorf("the clock reads %+v", c)
	}
	if n := c.NextNotice; n == nil || !n.Due.Equal(stage.Start.Add(36*time.Hour)) || n.Event != token.TokenSuspended || n.Requestor != "wallet" || n.Attempt != 1 || len(n.ID) != 32 {
		t.Errorf("the next notice is %+v", n)
	}
	by := wire.Duration(35 * time.Hour)
	if s := stage.Must(w.client.Advance(t.Context(), wire.Advance{By: &by}))(t); !s.Settled || s.Sent != 0 || s.Left != 1 {
		t.Errorf("an hour too early: %+v", s)
	}
	to := stage.Start.Add(30 * 24 * time.Hour)
	s := stage.Must(w.client.Advance(t.Context(), wire.Advance{To: &to}))(t)
	if !s.Settled || s.Sent != 1 || s.Left != 0 || !s.Now.Equal(to) || in.got() != "token.suspended" {
		t.Errorf("after a month: %+v, the receiver got %q", s, in.got())
	}
	if c := stage.Must(w.client.Clock(t.Context()))(t); c.NextNotice != nil {
		t.Errorf("a notice that came is next: %+v", c.NextNotice)
	}
}

// A receiver that hangs keeps the clock busy; who asks meanwhile is told so,
// and who asked first learns what is left.
func TestDoor_ClockBusy(t *testing.T) {
	arrived, release := make(chan struct{}), make(chan struct{})
	hangs := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		close(arrived)
		<-release
	}))
	defer hangs.Close()
	defer close(release)
	w := newWorld(t, settings{notify: hangs.URL})
	late := wire.Transition{Do: "suspend", Variants: wire.Variants{Late: wire.Duration(time.Hour)}}
	stage.Must(w.client.Transition(t.Context(), w.token(), late))(t)

	first := make(chan wire.Settlement, 1)
	go func() {
		by, timeout := wire.Duration(2*time.Hour), wire.Duration(time.Second)
		s, err := w.client.Advance(t.Context(), wire.Advance{By: &by, Timeout: &timeout})
		if err != nil {
			t.Error(err)
		}
		first <- s
	}()
	<-arrived
	if got := w.do("POST", "/__admin/v1/clock/advance", `{"by":"1h"}`); got.status != 409 || got.problem.Code != wire.CodeClockBusy {
		t.Errorf("a second advance: %d %s", got.status, got.body)
	}
	if s := <-first; s.Settled || s.Left != 1 || !s.Now.Equal(stage.Start.Add(time.Hour)) || !strings.Contains(s.Why, "token.suspended") {
		t.Errorf("the first advance: %+v", s)
	}
}

// [C3] What a file is warned of, a failure set at run time is warned of too.
func TestDoor_FailNextWarns(t *testing.T) {
	w := newWorld(t, settings{})
	for reason, warned := range map[token.Key]bool{"limt": true, "notReady": false, "limit_exceeded": false} {
		r := stage.Must(w.client.FailNext(t.Context(), wire.FailNext{Operation: "provision", Error: reason}))(t)
		if (len(r.Warnings) == 1) != warned || warned && !strings.Contains(r.Warnings[0].Text, `"limt" is not documented and will be sent as a raw reason`) {
			t.Errorf("%s is taken with %+v", reason, r.Warnings)
		}
	}
}

func TestDoor_FailNext(t *testing.T) {
	w := newWorld(t, settings{})
	tests := []struct {
		name    string
		fail    wire.FailNext
		network token.Network // "" when operations of both match
		ops     string
	}{
		{"an error of one network is meant for that network", wire.FailNext{Operation: "provision", Error: token.CardNotEligible}, token.Visa, "visa/provisionToken visa/provisionTokenWithPan"},
		{"an error of the other", wire.FailNext{Operation: "provision", Error: token.LimitExceeded, Times: 3}, token.Mastercard, "mastercard/tokenize"},
		{"an error of both", wire.FailNext{Operation: "cryptogram", Error: token.JSONParseError}, "", "visa/getPaymentData mastercard/transact"},
		{"a fault for a card", wire.FailNext{Operation: "cryptogram", Card: "alice", Fault: token.FaultDropResponse}, "", "visa/getPaymentData"},
		{"a fault for an unknown listed card", wire.FailNext{Operation: "provision", Card: "test/visa/2", Fault: token.Fault503, RetryAfter: wire.Duration(3 * time.Second)}, "", "visa/provisionToken visa/provisionTokenWithPan"},
		{"a decision", wire.FailNext{Operation: "provision", Network: token.Visa, Decision: token.Decline, Requestor: "wallet"}, token.Visa, "visa/provisionToken visa/provisionTokenWithPan"},
		{"a delay", wire.FailNext{Operation: "status", Network: token.Mastercard, Delay: wire.Duration(2 * time.Second)}, token.Mastercard, "mastercard/getToken"},
		{"a raw reason with a status", wire.FailNext{Operation: "transact", Error: "CRYPTOGRAPHY_ERROR", Status: 400}, "", "mastercard/transact"},
		{"a fault of an operation as it is listed", wire.FailNext{Operation: "mastercard/suspend", Fault: token.FaultDropResponse}, "", "mastercard/suspend"},
	}
	for i, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := stage.Must(w.client.FailNext(t.Context(), tt.fail))(t)
			var ops []string
			for _, op := range r.When.Operations {
				ops = append(ops, string(op))
			}
			if strings.Join(ops, " ") != tt.ops || r.When.Network != tt.network {
				t.Errorf("it is for %q at %q, want %q at %q", ops, r.When.Network, tt.ops, tt.network)
			}
			if r.Layer != "fail-next" || r.Name != r.ID || *r.Left != max(tt.fail.Times, 1) || r.Then.Error != tt.fail.Error || r.Then.Fault != tt.fail.Fault || r.Then.Delay != tt.fail.Delay {
				t.Errorf("the rule is %+v", r)
			}
			if left := stage.Must(w.client.Faults(t.Context(), wire.Page{}))(t); left.Total != i+1 {
				t.Errorf("%d are left, want %d", left.Total, i+1)
			}
		})
	}
	card, _ := fixture("test/mastercard/1")
	r, _, _ := w.box.Do(sandbox.Call{
		Op: token.MCTokenize, Effect: sandbox.EffectProvision, Requestor: "wallet",
		Subject: sandbox.Subject{Card: sandbox.CardInput{PAN: card, Expiry: token.Expiry{Year: 2029, Month: 12}}},
	})
	if r.Problem == nil || r.Problem.Key != token.LimitExceeded || r.RuleID != "fail-next-1" {
		t.Errorf("the next tokenize meets %+v by %s", r.Problem, r.RuleID)
	}
	gone := stage.Must(w.client.ClearFaults(t.Context()))(t)
	if gone.Removed != len(tests) || len(gone.Rules) != len(tests) || gone.Rules[1].ID != "fail-next-1" || *gone.Rules[1].Left != 2 {
		t.Errorf("cleared %+v", gone)
	}
	if again := stage.Must(w.client.ClearFaults(t.Context()))(t); again.Removed != 0 || again.Rules == nil {
		t.Errorf("cleared again: %+v", again)
	}
	if left := stage.Must(w.client.Faults(t.Context(), wire.Page{}))(t); left.Total != 0 {
		t.Errorf("%d are left after clearing", left.Total)
	}
}

func TestDoor_Rules(t *testing.T) {
	w := newWorld(t, settings{})
	posted := stage.Must(w.client.PostRules(t.Context(), []byte(`
- name: first of two
  when: { operation: provision, card: bob }
  then: { error: PAN_INELIGIBLE }
- when: { operation: provision, card: bob }
  times: 1
  then: { fault: "503" }
`)))(t)
	if len(posted.Rules) != 2 || posted.Rules[0].Name != "first of two" || posted.Rules[0].When.Cards[0] != "bob" || posted.Rules[1].Name != posted.Rules[1].ID {
		t.Fatalf("posted %+v", posted.Rules)
	}
	again := w.do("POST", "/__admin/v1/rules", `{"when":{"operation":"provision","card":"alice"},"then":{"error":"declined"}}`)
	if again.status != 201 {
		t.Fatalf("a rule in JSON: %d %s", again.status, again.body)
	}
	var order []string
	for _, r := range stage.Must(w.client.Rules(t.Context(), "", wire.Page{}))(t).Items {
		if r.Layer != "magic" {
			order = append(order, r.Name)
		}
	}
	if got := strings.Join(order, ", "); got != "posted-2, first of two, posted-0, busy twice" {
		t.Errorf("rules are asked in the order %q", got)
	}
	if magic := stage.Must(w.client.Rules(t.Context(), "magic", wire.Page{}))(t); magic.Total < 20 {
		t.Errorf("%d magic rules", magic.Total)
	}
	card, _ := fixture("test/mastercard/1")
	call := sandbox.Call{
		Op: token.MCTokenize, Effect: sandbox.EffectProvision, Requestor: "wallet",
		Subject: sandbox.Subject{Card: sandbox.CardInput{PAN: card, Expiry: token.Expiry{Year: 2029, Month: 12}}},
	}
	if r, _, _ := w.box.Do(call); r.Problem == nil || r.Problem.Key != token.PANIneligible {
		t.Errorf("the rule is not met: %+v", r.Problem)
	}
	for _, r := range stage.Must(w.client.Rules(t.Context(), "posted", wire.Page{}))(t).Items {
		if want := map[string]int{"first of two": 1}[r.Name]; r.Fired != want {
			t.Errorf("%s fired %d times, want %d", r.Name, r.Fired, want)
		}
	}
	if err := w.client.RemoveRule(t.Context(), posted.Rules[0].ID); err != nil {
		t.Fatal(err)
	}
	if gone := stage.Must(w.client.ClearRules(t.Context()))(t); gone.Removed != 2 || gone.Rules[0].ID != "posted-2" {
		t.Errorf("cleared %+v", gone)
	}
	if left := stage.Must(w.client.Rules(t.Context(), "posted", wire.Page{}))(t); left.Total != 0 {
		t.Errorf("%d posted rules are left", left.Total)
	}
}

// A rule is shown with all its conditions and all it does; numbers in it are
// masked.
func TestDoor_Rules_Whole(t *testing.T) {
	w := newWorld(t, settings{})
	pan, _ := fixture("test/visa/2")
	posted := stage.Must(w.client.PostRules(t.Context(), []byte(`
when:
  operation: provision
  card: alice
  header: { X-Request-Id: { matches: "^a" } }
  body: { panSource: ONFILE, accountType: { present: false } }
then:
  respond: { note: "`+pan.Digits()+`" }
  notify: { duplicate: 2, stale-time: true }
`)))(t)
	r := posted.Rules[0]
	if len(r.When.Header) != 1 || r.When.Header[0].Name != "X-Request-Id" || r.When.Header[0].Matches != "^a" {
		t.Errorf("header conditions: %+v", r.When.Header)
	}
	if len(r.When.Body) != 2 || *r.When.Body[0].Equals != "ONFILE" || *r.When.Body[1].Present {
		t.Errorf("body conditions: %+v", r.When.Body)
	}
	if n := r.Then.Notify; n == nil || n.Duplicate != 2 || strings.Join(n.Variant, " ") != "stale-time" {
		t.Errorf("variants: %+v", n)
	}
	if text := string(r.Then.Respond); !strings.Contains(text, "note") || strings.Contains(text, pan.Digits()) {
		t.Errorf("the overlay reads %s", text)
	}
	raw := stage.Must(w.client.PostRules(t.Context(), []byte("when: { card: alice }\nthen: { body: '{\"note\":\""+pan.Digits()+"\"}' }\n")))(t)
	if body := raw.Rules[0].Then.Body; body == nil || !strings.Contains(*body, "note") || strings.Contains(*body, pan.Digits()) {
		t.Errorf("the body reads %v", body)
	}
}

func TestDoor_Rules_Findings(t *testing.T) {
	w := newWorld(t, settings{})
	got := w.do("POST", "/__admin/v1/rules", "when: { card: carol, operation: provison }\nthen: { eror: declined }\n", "Content-Type: application/yaml")
	if got.status != 400 || got.problem.Code != wire.CodeRule || len(got.problem.Findings) < 3 {
		t.Fatalf("answered %d: %s", got.status, got.body)
	}
	for _, f := range got.problem.Findings {
		if f.Line == 0 || f.Column == 0 || f.Message == "" || !strings.HasPrefix(f.Text, "posted:") {
			t.Errorf("the finding is not whole: %+v", f)
		}
	}
	// Places bear the name that the sender gives. [B8]
	_, err := w.client.PostRulesFile(t.Context(), "rules/day 1.yaml", []byte("when: { card: carol }\nthen: {}\n"))
	var p *wire.Problem
	if !errors.As(err, &p) || p.Findings[0].File != "rules/day 1.yaml" || !strings.HasPrefix(p.Findings[0].Text, "rules/day 1.yaml:1:15: rules.when.card: ") {
		t.Errorf("under a name: %v", err)
	}
	named := stage.Must(w.client.PostRulesFile(t.Context(), "day.yaml", []byte("when: { card: alice }\nthen: {}\n")))(t)
	if named.Rules[0].At != "day.yaml:1:1" {
		t.Errorf("the rule is at %q", named.Rules[0].At)
	}
	if got := w.do("POST", "/__admin/v1/rules?file=a%0Ab", "then: {}"); got.status != 400 || got.problem.Field != "file" {
		t.Errorf("a name of two lines: %d %s", got.status, got.body)
	}
	warned := stage.Must(w.client.PostRules(t.Context(), []byte("when: { network: visa, card: bob }\nthen: {}\n")))(t)
	if len(warned.Warnings) == 0 || len(warned.Rules) != 1 {
		t.Errorf("a rule that can never match: %+v", warned)
	}
}
