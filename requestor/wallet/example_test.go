package wallet_test

import (
	"context"
	"fmt"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/token"
)

// newWallet is the first token requestor of a simulator. At a network of yours,
// URLs and credentials come from there.
func newWallet(ctx context.Context, sim *pantomime.Simulator) (*wallet.Wallet, error) {
	door, err := control.New(sim.AdminURL(), nil, sim.AdminToken())
	if err != nil {
		return nil, err
	}
	env, err := door.Env(ctx)
	if err != nil {
		return nil, err
	}
	return wallet.New(wallet.Config{
		BaseURL: env.BaseURL, Env: mdes.MTF,
		Credentials: pantomime.Credentials(env.Requestors[0]),
	})
}

// exampleCard is one of the published test numbers.
var exampleCard = wallet.Card{PAN: "5204731600014784", Expiry: token.Expiry{Year: 2029, Month: 12}}

// A token is made, pays, and is deleted; then it pays no more.
func ExampleWallet_Do() {
	ctx := context.Background()
	sim, err := pantomime.Start(pantomime.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = sim.Stop(ctx) }()
	w, err := newWallet(ctx, sim)
	if err != nil {
		fmt.Println(err)
		return
	}
	made, err := w.Do(ctx, token.MCTokenize, wallet.Subject{Card: exampleCard})
	if err != nil {
		fmt.Println(err)
		return
	}
	mine := wallet.Subject{Token: wallet.Token{Ref: made.Ref}}
	for _, op := range []token.Operation{token.MCTransact, token.MCDelete, token.MCTransact} {
		got, err := w.Do(ctx, op, mine)
		if why := wallet.RefusalOf(err); why != nil {
			fmt.Println(op, "refused:", why.Status, why.Reason)
		} else {
			fmt.Printf("%s good, status %q\n", op, got.Status)
		}
	}
	_, err = w.Do(ctx, token.MCTransact, wallet.Subject{}) // nothing is sent
	fmt.Println(err)
	// Output:
	// mastercard/transact good, status ""
	// mastercard/delete good, status "DEACTIVATED"
	// mastercard/transact refused: 200 INVALID_TOKEN_STATUS
	// mastercard/transact needs a token: tokenUniqueReference, which provision gives
}

// A request is made wrong before it is encrypted and signed; whatever comes back is
// read as loosely as can be.
func ExampleWallet_Send() {
	ctx := context.Background()
	sim, err := pantomime.Start(pantomime.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = sim.Stop(ctx) }()
	w, err := newWallet(ctx, sim)
	if err != nil {
		fmt.Println(err)
		return
	}
	draft, err := w.Draft(token.MCTokenize, wallet.Subject{Card: exampleCard})
	if err != nil {
		fmt.Println(err)
		return
	}
	draft.Text = []byte(`{"requestId":"1","tokenType":"CLOUD"}`)
	req, err := w.Request(ctx, draft)
	if err != nil {
		fmt.Println(err)
		return
	}
	got := w.Send(token.MCTokenize, req)
	fmt.Println(got.Good(), got.Status, got.Code)
	// Output:
	// false 200 MISSING_REQUIRED_FIELD
}
