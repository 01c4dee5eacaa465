package pantomime_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// exampleTest replaces the *testing.T of a test, which an example has not.
type exampleTest struct{ ends []func() }

func (*exampleTest) Helper()                           {}
func (*exampleTest) Failed() bool                      { return false }
func (t *exampleTest) Cleanup(end func())              { t.ends = append(t.ends, end) }
func (*exampleTest) Logf(format string, args ...any)   { fmt.Printf(format+"\n", args...) }
func (*exampleTest) Errorf(format string, args ...any) { fmt.Printf("FAIL: "+format+"\n", args...) }
func (*exampleTest) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }

// end is what the testing package does at the end of a test.
func (t *exampleTest) end() {
	for i := range t.ends {
		t.ends[len(t.ends)-1-i]()
	}
}

// A simulator on two free loopback ports, and what a client needs to know of it.
func ExampleStart() {
	scenario, findings := scenarios.Parse("shop.yaml", []byte(`
version: 1
name: shop
requestors: { wallet: { trid: { visa: "40010000001", mastercard: "50120000001" } } }
cards: { alice: { network: visa, pan: test/visa/1, expiry: "12/29" } }
`))
	if err := findings.Err(); err != nil {
		fmt.Println(err) // each mistake with file, line and column
		return
	}
	sim, err := pantomime.Start(pantomime.Options{Scenario: scenario})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	defer func() { _ = sim.Stop(ctx) }()

	door, err := control.New(sim.AdminURL(), nil, sim.AdminToken())
	if err != nil {
		fmt.Println(err)
		return
	}
	env, err := door.Env(ctx) // base URLs, credentials and keys
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(env.BaseURL[token.PartyVisa] == sim.NetworkURL(), env.BaseURL[token.PartyMastercard] == sim.NetworkURL()+"/mdes")
	for _, who := range env.Requestors {
		fmt.Println(who.Requestor, who.TRID[token.Visa], who.TRID[token.Mastercard], who.Visa.Signing.Secret) // as a string it is what to sign with
	}
	for _, card := range env.Cards {
		fmt.Println(card.Name, card.PAN, card.Expiry)
	}
	// Output:
	// true true
	// wallet 40010000001 50120000001 <secret>
	// alice 462294******0600 12/29
}

// What happens to a token is reported to the test, on a clock that the test moves.
// The scenario's own expectation is compared when the test ends.
func ExampleRun() {
	t := new(exampleTest) // yours is a *testing.T
	defer t.end()
	net := pantomime.Run(t, `
version: 1
name: suspended for fraud
clock: { mode: manual, start: 2026-03-01T09:00:00Z }
cards: { alice: { network: visa, pan: test/visa/1, expiry: "12/29" } }
timeline: [ { on: token.provisioned, card: alice, after: 36h, do: suspend, by: issuer, reason: SUSPECTED_FRAUD } ]
expect: { tokens: [ { card: alice, count: 1, status: suspended } ] }
`, pantomime.Notices(func(n wallet.Notice) {
		fmt.Println("notice:", n.Says, n.How, n.Err)
	}))
	ctx := context.Background()
	made, err := net.VTS.ProvisionWithPAN(ctx, vts.ProvisionWithPANRequest{
		ProvisionRequest: vts.ProvisionRequest{PresentationType: []string{vts.PresentationECOM}, ProtectionType: vts.ProtectionCloud},
		Locale:           "en_US", PANSource: vts.SourceOnFile,
	}, &vts.PaymentInstrument{AccountNumber: "4622943120000600"}, nil)
	if err != nil {
		t.Fatalf("%v", err)
	}
	fmt.Println("token:", made.TokenInfo.TokenStatus)

	moved, err := net.Control.Advance(ctx, control.Advance{By: new(control.Duration(2 * token.Day))})
	fmt.Println("clock:", moved.Now, err)
	read, err := net.VTS.GetToken(ctx, made.VProvisionedTokenID)
	if err != nil {
		t.Fatalf("%v", err)
	}
	fmt.Println("token:", read.TokenInfo.TokenStatus)
	// Output:
	// token: ACTIVE
	// notice: TOKEN_STATUS_UPDATED x-pay-token verified <nil>
	// clock: 2026-03-03 09:00:00 +0000 UTC <nil>
	// token: SUSPENDED
}

// A rule that is posted while the simulator runs is in front of the
// scenario's.
func ExampleRun_rule() {
	t := new(exampleTest) // yours is a *testing.T
	defer t.end()
	net := pantomime.Run(t, "")
	ctx := context.Background()
	posted, err := net.Control.PostRules(ctx, []byte(`{ name: busy, when: { operation: enroll, network: visa }, times: 1, then: { error: service_error } }`))
	if err != nil {
		t.Fatalf("%v", err)
	}
	fmt.Println(posted.Rules[0].ID, posted.Rules[0].Name)

	for range 2 {
		_, err := net.VTS.EnrollPAN(ctx, vts.EnrollRequest{Locale: "en_US", PANSource: vts.SourceOnFile}, &vts.PaymentInstrument{AccountNumber: "4622943120000600"})
		var refused *vts.Error
		if errors.As(err, &refused) {
			fmt.Println("refused:", refused.Status, refused.Reason())
		} else {
			fmt.Println("enrolled:", err)
		}
	}
	why, err := net.Control.Explain(ctx, "r-1")
	fmt.Println(why.Summary, err)
	// Output:
	// posted-0 busy
	// refused: 500 serviceError
	// enrolled: <nil>
	// answered with service_error by the rule "busy" <nil>
}
