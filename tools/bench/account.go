package main

import (
	"context"
	"fmt"
	"time"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/requestor"
	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/token"
)

// accountScenario has one account of a merchant.
const accountScenario = "version: 1\naccounts: { shop: {} }\n"

// provisions is what makes a token of a card at each network.
var provisions = map[token.Network]token.Operation{token.Visa: token.VisaProvisionWithPAN, token.Mastercard: token.MCTokenize}

// accounts compares provisioning through a merchant's account with the same
// provisioning by a wallet alone, one at a time, in turn. Both go over loopback to a
// simulator in this process, so only their ratio means something: what it costs to
// keep payment methods, and at Mastercard to ask for the new token's status.
func (b *bench) accounts(ctx context.Context) ([]Row, error) {
	scenario, findings := scenarios.Parse("account.yaml", []byte(accountScenario))
	if err := findings.Err(); err != nil {
		return nil, err
	}
	sim, err := pantomime.Start(pantomime.Options{Scenario: scenario})
	if err != nil {
		return nil, err
	}
	defer func() { _ = sim.Stop(ctx) }()
	network, admin := sim.Bound()
	alone, _, err := b.wallet(ctx, addresses{Network: network, Admin: admin})
	if err != nil {
		return nil, err
	}
	shop, err := sim.Account("", "shop")
	if err != nil {
		return nil, err
	}
	var rows []Row
	for _, n := range token.Networks() {
		row, err := b.account(ctx, n, provisions[n], alone, shop)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func (b *bench) account(ctx context.Context, n token.Network, op token.Operation, alone *wallet.Wallet, shop *requestor.Requestor) (Row, error) {
	var ours, theirs []time.Duration
	for i := range b.size.Tokenizes {
		pan, err := fixtures.Synthetic(n, i)
		if err != nil {
			return Row{}, err
		}
		start := b.wall.Now()
		if _, err := alone.Do(ctx, op, wallet.Subject{Card: wallet.Card{PAN: pan, Expiry: expiry}}); err != nil {
			return Row{}, err
		}
		theirs = append(theirs, b.wall.Now().Sub(start))
		if pan, err = fixtures.Synthetic(n, b.size.Tokenizes+i); err != nil {
			return Row{}, err
		}
		start = b.wall.Now()
		m, err := shop.Store(requestor.Card{Number: pan.Digits(), Expiry: expiry, Retain: true})
		if err != nil {
			return Row{}, err
		}
		got, err := shop.Provision(ctx, m.Token)
		if err != nil {
			return Row{}, err
		}
		if !got.Made {
			return Row{}, fmt.Errorf("card %d: %s", i, got.Problem.Key)
		}
		ours = append(ours, b.wall.Now().Sub(start))
	}
	us, them := median(ours), median(theirs)
	return Row{
		Measured: fmt.Sprintf("store a card and provision it through an account, %s", n), Ours: fmt.Sprintf("%.0f µs", microseconds(us)),
		Reference: fmt.Sprintf("a wallet alone %.0f µs", microseconds(them)), Ratio: float64(them) / float64(us),
	}, nil
}
