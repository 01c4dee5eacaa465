package main

import (
	"cmp"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/token"
)

// callServer starts a simulator and makes a token of one card of each network.
func callServer(t *testing.T) (admin string, card map[token.Network]string) {
	t.Helper()
	sim, err := pantomime.Start(pantomime.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = stop(sim) })
	card = map[token.Network]string{token.Visa: "test/visa/1", token.Mastercard: "test/mastercard/1"}
	for _, name := range card {
		if code, _, stderr := command(t, sim.AdminURL(), "call", "provision", "--card", name); code != 0 {
			t.Fatal(stderr)
		}
	}
	return sim.AdminURL(), card
}

// Every operation that `list operations` prints is sent, whatever is answered.
func TestCall_TakesEveryListedOperation(t *testing.T) {
	admin, card := callServer(t)
	for _, row := range token.Operations() {
		t.Run(string(row.Op), func(t *testing.T) {
			args := []string{"call", string(row.Op)}
			for _, need := range wallet.Needs(row.Op, wallet.ByCard) {
				args = append(args, map[wallet.Kind][]string{
					wallet.NeedCard: {"--card", cmp.Or(card[row.Network], "test/visa/1")}, wallet.NeedToken: {"--card", card[row.Network]},
					wallet.NeedID: {"--id", "00000000-0000-4000-8000-000000000000"}, wallet.NeedCode: {"--code", "456789"},
				}[need.What]...)
			}
			code, out, stderr := command(t, admin, args...)
			if code == exitUsage || strings.Contains(stderr, "no operation") {
				t.Errorf("%v: %d %s%s", args, code, out, stderr)
			}
		})
	}
	code, out, stderr := command(t, admin, "call", "getDigitalAssets", "--card", card[token.Mastercard])
	if code != 0 || !strings.Contains(out, "mastercard/getDigitalAssets: art of card "+card[token.Mastercard]) || !strings.Contains(out, "cardBackgroundCombinedAssetId") {
		t.Errorf("getDigitalAssets: %d %s%s", code, out, stderr)
	}
}

// A name that says its network is held to it, as a neutral one with --network is.
func TestCall_HoldsANameToItsNetwork(t *testing.T) {
	admin, card := callServer(t)
	for _, tt := range []struct {
		args string
		code int
		want string
	}{
		{"visa/getToken --card " + card[token.Mastercard], exitUsage, "is of mastercard, not of visa"},
		{"visa/getToken --network visa --card " + card[token.Mastercard], exitUsage, "is of mastercard, not of visa"},
		{"mastercard/suspend --card " + card[token.Visa], exitUsage, "is of visa, not of mastercard"},
		{"visa/getToken --network mastercard --token 00112233445566778899aabbccddeeff", exitUsage, "visa/getToken is an operation of visa, not of mastercard"},
		{"visa/getTokens --card " + card[token.Visa], exitUsage, "no operation is called"},
		{"visa/getToken --network visa --card " + card[token.Visa], 0, "is ACTIVE"},
		{"visa/getToken --token no-reference", exitFailed, "explain last"}, // which no check of ours keeps from Visa
	} {
		code, out, stderr := command(t, admin, append([]string{"call"}, strings.Fields(tt.args)...)...)
		if code != tt.code || !strings.Contains(out+stderr, tt.want) {
			t.Errorf("%s: %d, want %d with %q: %s%s", tt.args, code, tt.code, tt.want, out, stderr)
		}
	}
}
