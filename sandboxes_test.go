package pantomime_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

func begin(t *testing.T, o pantomime.Options) (*pantomime.Simulator, *control.Client) {
	t.Helper()
	sim, err := pantomime.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		_ = sim.Stop(ctx)
	})
	admin, err := control.New(sim.AdminURL(), nil, "")
	if err != nil {
		t.Fatal(err)
	}
	return sim, admin
}

// visaOf is a Visa client with a sandbox's credentials. Nothing in its requests
// names the sandbox but the API key, unless base does.
func visaOf(t *testing.T, base string, env control.Env) *vts.Client {
	t.Helper()
	return visaVia(t, http.DefaultClient, base, env.Requestors[0].Visa)
}

func visaVia(t *testing.T, via *http.Client, base string, keys control.VisaCredentials) *vts.Client {
	t.Helper()
	c, err := vts.NewClient(vts.Config{
		BaseURL: base, ClientAppID: "test", WalletAccount: "cust42", Wall: clock.Real(), HTTP: via,
		Signing:    vts.Credential{APIKey: keys.Signing.APIKey, Secret: string(keys.Signing.Secret)},
		Encryption: vts.Credential{APIKey: keys.Encryption.APIKey, Secret: string(keys.Encryption.Secret)},
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func provision(ctx context.Context, c *vts.Client) (*vts.ProvisionResponse, error) {
	pan, err := fixtures.Synthetic(token.Visa, 7)
	if err != nil {
		return nil, err
	}
	return c.ProvisionWithPAN(ctx, vts.ProvisionWithPANRequest{
		ProvisionRequest: vts.ProvisionRequest{PresentationType: []string{vts.PresentationECOM}, ProtectionType: vts.ProtectionCloud},
		Locale:           "en_US", PANSource: vts.SourceOnFile,
	}, &vts.PaymentInstrument{AccountNumber: pan.Digits(), ExpirationDate: vts.DateOf(token.Expiry{Year: 2049, Month: 12})}, nil)
}

func TestSandboxes_TwoHundredInParallelKnowNothingOfEachOther(t *testing.T) {
	sim, admin := begin(t, pantomime.Options{})
	const n = 200
	var wg sync.WaitGroup
	refs := make([]string, n)
	fail := make(chan error, n)
	one := func(i int) error {
		made, err := admin.CreateSandbox(t.Context(), control.NewSandbox{ID: fmt.Sprintf("qa-%d", i), Clock: "manual"})
		if err != nil {
			return err
		}
		own := visaOf(t, sim.NetworkURL(), made.Env)
		got, err := provision(t.Context(), own)
		if err != nil {
			return err
		}
		refs[i] = got.VProvisionedTokenID
		mine, err := admin.In(made.Sandbox.ID).Tokens(t.Context(), control.TokenQuery{})
		if err != nil || len(mine.Items) != 1 || string(mine.Items[0].Ref) != got.VProvisionedTokenID {
			return fmt.Errorf("sandbox %d holds %+v, %w", i, mine.Items, err)
		}
		return nil
	}
	for i := range n {
		wg.Go(func() { fail <- one(i) })
	}
	wg.Wait()
	close(fail)
	for err := range fail {
		if err != nil {
			t.Fatal(err)
		}
	}
	seen := map[string]int{}
	for i, ref := range refs {
		if other, twice := seen[ref]; twice {
			t.Fatalf("sandboxes %d and %d made the same token", i, other)
		}
		seen[ref] = i
	}
	// The credentials of one sandbox lead into no other, whatever the address says.
	env, err := admin.In("qa-1").Env(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for base, want := range map[string]int{sim.NetworkURL() + "/s/qa-1": 404, sim.NetworkURL() + "/s/qa-2": 401, sim.NetworkURL() + "/s/nobody": 404} {
		_, err := visaOf(t, base, env).GetToken(t.Context(), refs[0])
		var refused *vts.Error
		if !errors.As(err, &refused) || refused.Status != want {
			t.Errorf("%s: %v, want status %d", base, err, want)
		}
	}
	if none, err := admin.Tokens(t.Context(), control.TokenQuery{}); err != nil || len(none.Items) != 0 {
		t.Errorf("the default sandbox holds %d tokens, %v", len(none.Items), err)
	}
}

func TestSandboxes_ResetBeginsAnewWithTheSameCredentials(t *testing.T) {
	sim, admin := begin(t, pantomime.Options{ClockMode: clock.Manual})
	made, err := admin.CreateSandbox(t.Context(), control.NewSandbox{Library: "visa-card-not-eligible"})
	if err != nil {
		t.Fatal(err)
	}
	id := made.Sandbox.ID
	if made.Sandbox.BaseURL[token.PartyVisa] != sim.NetworkURL()+"/s/"+id {
		t.Errorf("base URL %s", made.Sandbox.BaseURL[token.PartyVisa])
	}
	c := visaOf(t, made.Sandbox.BaseURL[token.PartyVisa], made.Env)
	first, err := provision(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	again, err := admin.ResetSandbox(t.Context(), id, control.Reset{})
	if err != nil || !cmp.Equal(again.Env.Requestors[0].Visa, made.Env.Requestors[0].Visa) || again.Sandbox.Tokens != 0 {
		t.Fatalf("%v, %+v", err, again.Sandbox)
	}
	second, err := provision(t.Context(), c)
	if err != nil || second.VProvisionedTokenID != first.VProvisionedTokenID {
		t.Errorf("the same story gives %s, then %v: %v", first.VProvisionedTokenID, second, err)
	}
	if err := admin.RemoveSandbox(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if _, err := provision(t.Context(), c); err == nil {
		t.Error("a sandbox that is gone still answers")
	}
}

func TestSandboxes_Refusals(t *testing.T) {
	_, admin := begin(t, pantomime.Options{})
	create := func(n control.NewSandbox) error {
		_, err := admin.CreateSandbox(t.Context(), n)
		return err
	}
	for name, c := range map[string]struct {
		do   func() error
		code control.Code
		says string
	}{
		"an id that is taken":      {func() error { return create(control.NewSandbox{ID: "default"}) }, control.CodeExists, "default"},
		"an id of another form":    {func() error { return create(control.NewSandbox{ID: "Über"}) }, control.CodeBadValue, "a-z"},
		"an id like a card number": {func() error { return create(control.NewSandbox{ID: "4622943120000600"}) }, control.CodeBadValue, "462294******0600"},
		"an unknown clock":         {func() error { return create(control.NewSandbox{Clock: "x10"}) }, control.CodeBadValue, "x10"},
		"a start without a clock":  {func() error { return create(control.NewSandbox{Start: time.Unix(1, 0)}) }, control.CodeConflict, "manual"},
		"a target that is none":    {func() error { return create(control.NewSandbox{Notify: "ftp://x"}) }, control.CodeBadValue, "http"},
		"a target beyond loopback": {func() error { return create(control.NewSandbox{Notify: "http://10.0.0.1/"}) }, control.CodeBadValue, "--callback-allow 10.0.0.1"},
		"an unknown story":         {func() error { return create(control.NewSandbox{Library: "visa-nothing"}) }, control.CodeBadValue, "visa-nothing"},
		"two scenarios":            {func() error { return create(control.NewSandbox{Library: "a", Scenario: "b"}) }, control.CodeConflict, "either"},
		"a scenario with mistakes": {func() error { return create(control.NewSandbox{Scenario: "version: 2\n"}) }, control.CodeScenario, "1 finding keeps"},
		"removing the default one": {func() error { return admin.RemoveSandbox(t.Context(), "default") }, control.CodeDefault, "reset"},
		"removing an unknown one":  {func() error { return admin.RemoveSandbox(t.Context(), "nobody") }, control.CodeNoSandbox, "nobody"},
		"resetting an unknown one": {func() error { _, err := admin.ResetSandbox(t.Context(), "nobody", control.Reset{}); return err }, control.CodeNoSandbox, "nobody"},
		"adopting a file of mistakes": {func() error {
			_, err := admin.PutScenario(t.Context(), []byte("version: 1\nname: x\nruls: []\n"))
			return err
		}, control.CodeScenario, "1 finding keeps"},
	} {
		var p *control.Problem
		if err := c.do(); !errors.As(err, &p) || p.Code != c.code || !strings.Contains(p.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestVerifyAndCoverage_TellWhatHappened(t *testing.T) {
	sim, admin := begin(t, pantomime.Options{})
	text := "version: 1\nname: x\ncards:\n  alice: { network: visa, pan: test/visa/1 }\nexpect:\n  tokens: [{ card: alice, count: 1 }]\n"
	if adopted, err := admin.PutScenarioFile(t.Context(), "team/x.yaml", []byte(text)); err != nil || adopted.Name != "x" {
		t.Fatalf("%+v %v", adopted, err)
	}
	v, err := admin.Verify(t.Context())
	if err != nil || v.OK || v.Checked != 1 || v.Verdicts[0].Place != "team/x.yaml:6:12" { // [B8]
		t.Errorf("%+v %v", v, err)
	}
	env, err := admin.Env(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := visaOf(t, sim.NetworkURL(), env).GetToken(t.Context(), strings.Repeat("0", 32)); err == nil {
		t.Fatal("an unknown token was found")
	}
	c, err := admin.Coverage(t.Context())
	if err != nil || len(c.Errors) != 20 {
		t.Fatalf("%d errors, %v", len(c.Errors), err)
	}
	for _, m := range c.Errors {
		if (m.Times > 0) != (m.Network == token.Visa && m.Name == "invalid_parameter") {
			t.Errorf("%+v", m)
		}
	}
}
