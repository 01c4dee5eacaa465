package pantomime_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/token"
)

const personaStory = `version: 1
clock: { mode: manual, start: 2026-03-01T09:00:00Z }
requestors: { wallet: {} }
issuers: { bank: { persona: %s } }
cards:
  alice: { network: visa, pan: test/visa/1, expiry: "12/29", issuer: bank }
  bob: { network: mastercard, pan: test/mastercard/1, expiry: "12/29", issuer: bank }
`

// How an issuer with a persona answers at each door: a provisioning at either network,
// payments of 10000 and 10001 by card, and one of 1000 by token where there is one.
func TestPersona_AtEachDoor(t *testing.T) {
	const friendly = "ACTIVE APPROVED approved approved approved approved"
	tested := map[string]bool{"slow": true, "token-friendly": true} // below
	for name, want := range map[string]string{
		"approving":   friendly,
		"cautious":    "INACTIVE REQUIRE_ADDITIONAL_AUTHENTICATION approved approved - approved",
		"refusing":    "declined DECLINED do_not_honor do_not_honor - -",
		"silent":      "serviceError NO_RESPONSE_FROM_ISSUER issuer_unavailable issuer_unavailable - -",
		"flaky":       "serviceError NO_RESPONSE_FROM_ISSUER issuer_unavailable issuer_unavailable - -", // each is the first of its card
		"late":        "INACTIVE APPROVED approved approved - -",
		"insolvent":   "ACTIVE APPROVED insufficient_funds insufficient_funds insufficient_funds insufficient_funds",
		"token-shy":   "ACTIVE APPROVED approved approved do_not_honor do_not_honor",
		"pan-shy":     "ACTIVE APPROVED not_permitted not_permitted approved approved",
		"thrifty":     "ACTIVE APPROVED approved insufficient_funds approved approved",
		"closed":      "declined DECLINED closed_account closed_account - -",
		"stand-in":    "INACTIVE REQUIRE_ADDITIONAL_AUTHENTICATION approved issuer_unavailable - approved",
		"fraud-watch": friendly, "reissuer": friendly, "renewing": friendly, "restyling": friendly, "withdrawing": friendly, "closing": friendly,
	} {
		tested[name] = true
		t.Run(name, func(t *testing.T) {
			c := tillOf(t, fmt.Sprintf(personaStory, name), pantomime.Options{})
			got := []string{c.provisioned("wallet", "alice"), c.provisioned("wallet", "bob"), c.paid("alice", 10_000), c.paid("bob", 10_001)}
			for _, card := range []string{"alice", "bob"} {
				got = append(got, c.paidByToken(card))
			}
			if text := strings.Join(got, " "); text != want {
				t.Errorf("%s, want %s", text, want)
			}
		})
	}
	for _, p := range scenarios.Personas() {
		if !tested[p.Name] {
			t.Errorf("%s is tried at no door", p.Name)
		}
	}
}

// paidByToken pays 1000 by the card's token: "approved", why not, or "-" where there is
// no token that makes a cryptogram.
func (c *till) paidByToken(card string) string {
	c.t.Helper()
	all, err := c.admin.Tokens(c.t.Context(), control.TokenQuery{Card: card})
	if err != nil || len(all.Items) != 1 || all.Items[0].Status != token.Active {
		return "-"
	}
	op := token.VisaGetPaymentData
	if c.cards[card].PAN.Network() == token.Mastercard {
		op = token.MCTransact
	}
	about := wallet.Subject{Token: wallet.Token{Ref: all.Items[0].Ref}}
	if why := c.declined("wallet", c.do("wallet", op, about).Paying.By(about)); why != "" {
		return why
	}
	return "approved"
}

// A slow issuer holds up provisioning and payments alike, and the work is done by the
// time that its client gives up.
func TestPersona_SlowAtEachDoor(t *testing.T) {
	c := tillOf(t, fmt.Sprintf(personaStory, "slow"), pantomime.Options{})
	for card, op := range map[string]token.Operation{"alice": token.VisaProvisionWithPAN, "bob": token.MCTokenize} {
		for _, op := range []token.Operation{op, token.Authorize} {
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			_, err := c.wallets["wallet"].Do(ctx, op, wallet.Subject{Card: c.cards[card]})
			cancel()
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s: %v", op, err)
			}
		}
		if all, err := c.admin.Tokens(t.Context(), control.TokenQuery{Card: card}); err != nil || all.Total != 1 {
			t.Errorf("%s: %+v %v", card, all, err)
		}
	}
}

// Approval rates are met within what chance allows, and each run draws alike.
func TestPersona_ApprovalRates(t *testing.T) {
	const payments = 400
	rate := func() (approved int, drawn string) {
		c := tillOf(t, fmt.Sprintf(personaStory, "token-friendly"), pantomime.Options{})
		for range payments {
			if c.paid("alice", 1000) == "approved" {
				approved, drawn = approved+1, drawn+"1"
			} else {
				drawn += "0"
			}
		}
		return approved, drawn
	}
	approved, drawn := rate()
	if low, high := payments*80/100, payments*90/100; approved < low || approved > high { // 85 of a hundred, and 2.8 deviations
		t.Errorf("%d of %d payments by card are approved", approved, payments)
	}
	if _, again := rate(); again != drawn {
		t.Error("another run draws otherwise")
	}
}
