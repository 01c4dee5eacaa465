package vault_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/seed"
	"github.com/pantomime-dev/pantomime/simulator/vault"
	"github.com/pantomime-dev/pantomime/token"
)

var now = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

// allowed is the second list of permitted moves, written by hand from
// docs/wire/vts.md "Life cycle" and docs/wire/mdes.md "Life cycle". A state is
// the status and, when suspended, by whom; what is not listed is refused.
var allowed = map[token.Network]map[string]string{
	token.Visa: {
		"inactive activate ISSUER": "active", "inactive activate TOKEN_REQUESTOR": "active", "inactive activate CARDHOLDER": "active",
		"inactive delete ISSUER": "deactivated", "inactive delete TOKEN_REQUESTOR": "deactivated", "inactive delete CARDHOLDER": "deactivated",

		"active suspend ISSUER": "suspended[ISSUER]", "active suspend TOKEN_REQUESTOR": "suspended[TOKEN_REQUESTOR]", "active suspend CARDHOLDER": "suspended[CARDHOLDER]",
		"active delete ISSUER": "deactivated", "active delete TOKEN_REQUESTOR": "deactivated", "active delete CARDHOLDER": "deactivated",

		"suspended[TOKEN_REQUESTOR] suspend ISSUER": "suspended[TOKEN_REQUESTOR ISSUER]",
		"suspended[TOKEN_REQUESTOR] resume ISSUER":  "active", "suspended[TOKEN_REQUESTOR] resume TOKEN_REQUESTOR": "active", "suspended[TOKEN_REQUESTOR] resume CARDHOLDER": "active",
		"suspended[TOKEN_REQUESTOR] delete ISSUER": "deactivated", "suspended[TOKEN_REQUESTOR] delete TOKEN_REQUESTOR": "deactivated", "suspended[TOKEN_REQUESTOR] delete CARDHOLDER": "deactivated",

		"suspended[ISSUER] resume ISSUER": "active",
		"suspended[ISSUER] delete ISSUER": "deactivated", "suspended[ISSUER] delete TOKEN_REQUESTOR": "deactivated", "suspended[ISSUER] delete CARDHOLDER": "deactivated",

		"suspended[ISSUER TOKEN_REQUESTOR] resume ISSUER": "active",
		"suspended[ISSUER TOKEN_REQUESTOR] delete ISSUER": "deactivated", "suspended[ISSUER TOKEN_REQUESTOR] delete TOKEN_REQUESTOR": "deactivated", "suspended[ISSUER TOKEN_REQUESTOR] delete CARDHOLDER": "deactivated",
	},
	token.Mastercard: {
		"inactive activate ISSUER": "active",
		"inactive delete ISSUER":   "deactivated", "inactive delete TOKEN_REQUESTOR": "deactivated", "inactive delete CARDHOLDER": "deactivated",

		"active suspend ISSUER": "suspended[ISSUER]", "active suspend TOKEN_REQUESTOR": "suspended[TOKEN_REQUESTOR]", "active suspend CARDHOLDER": "suspended[CARDHOLDER]",
		"active delete ISSUER": "deactivated", "active delete TOKEN_REQUESTOR": "deactivated", "active delete CARDHOLDER": "deactivated",

		"suspended[TOKEN_REQUESTOR] suspend ISSUER":          "suspended[TOKEN_REQUESTOR ISSUER]",
		"suspended[TOKEN_REQUESTOR] suspend TOKEN_REQUESTOR": "suspended[TOKEN_REQUESTOR]",
		"suspended[TOKEN_REQUESTOR] suspend CARDHOLDER":      "suspended[TOKEN_REQUESTOR CARDHOLDER]",
		"suspended[TOKEN_REQUESTOR] resume TOKEN_REQUESTOR":  "active",
		"suspended[TOKEN_REQUESTOR] delete ISSUER":           "deactivated", "suspended[TOKEN_REQUESTOR] delete TOKEN_REQUESTOR": "deactivated", "suspended[TOKEN_REQUESTOR] delete CARDHOLDER": "deactivated",

		"suspended[ISSUER] suspend ISSUER":          "suspended[ISSUER]",
		"suspended[ISSUER] suspend TOKEN_REQUESTOR": "suspended[ISSUER TOKEN_REQUESTOR]",
		"suspended[ISSUER] suspend CARDHOLDER":      "suspended[ISSUER CARDHOLDER]",
		"suspended[ISSUER] resume ISSUER":           "active",
		"suspended[ISSUER] delete ISSUER":           "deactivated", "suspended[ISSUER] delete TOKEN_REQUESTOR": "deactivated", "suspended[ISSUER] delete CARDHOLDER": "deactivated",

		"suspended[ISSUER TOKEN_REQUESTOR] suspend ISSUER":          "suspended[ISSUER TOKEN_REQUESTOR]",
		"suspended[ISSUER TOKEN_REQUESTOR] suspend TOKEN_REQUESTOR": "suspended[ISSUER TOKEN_REQUESTOR]",
		"suspended[ISSUER TOKEN_REQUESTOR] suspend CARDHOLDER":      "suspended[ISSUER TOKEN_REQUESTOR CARDHOLDER]",
		"suspended[ISSUER TOKEN_REQUESTOR] resume ISSUER":           "suspended[TOKEN_REQUESTOR]",
		"suspended[ISSUER TOKEN_REQUESTOR] resume TOKEN_REQUESTOR":  "suspended[ISSUER]",
		"suspended[ISSUER TOKEN_REQUESTOR] delete ISSUER":           "deactivated", "suspended[ISSUER TOKEN_REQUESTOR] delete TOKEN_REQUESTOR": "deactivated", "suspended[ISSUER TOKEN_REQUESTOR] delete CARDHOLDER": "deactivated",
	},
}

var moves = []vault.Move{vault.Activate, vault.Suspend, vault.Resume, vault.Deactivate}

func TestLifeCycle_EveryMoveFromEveryState(t *testing.T) {
	states := []struct {
		status token.Status
		by     token.Suspenders
	}{
		{token.Inactive, nil},
		{token.Active, nil},
		{token.Deactivated, nil},
		{token.Suspended, token.Suspenders{token.ByRequestor}},
		{token.Suspended, token.Suspenders{token.ByIssuer}},
		{token.Suspended, token.Suspenders{token.ByIssuer, token.ByRequestor}},
	}
	for network, table := range allowed {
		seen := 0
		for _, s := range states {
			for _, verb := range moves {
				for _, by := range []token.Suspender{token.ByIssuer, token.ByRequestor, token.ByCardholder} {
					before := vault.Token{Ref: "t", Network: network, Status: s.status, SuspendedBy: s.by}
					key := fmt.Sprintf("%s %s %s", describe(before), verb, by)
					want, ok := table[key]
					after, err := begin(t).Change(before, verb, by, "")
					switch {
					case ok && (err != nil || describe(after) != want):
						t.Errorf("%s: %s gives %s, %v; want %s", network, key, describe(after), err, want)
					case !ok && !errors.Is(err, vault.ErrNotAllowed):
						t.Errorf("%s: %s gives %s, %v; want a refusal", network, key, describe(after), err)
					case !ok && describe(after) != describe(before):
						t.Errorf("%s: %s was refused, yet the token is %s", network, key, describe(after))
					}
					if ok {
						seen++
					}
				}
			}
		}
		if seen != len(table) {
			t.Errorf("%s: %d of %d listed moves were tried", network, seen, len(table))
		}
	}
}

func describe(t vault.Token) string {
	if t.Status != token.Suspended {
		return string(t.Status)
	}
	var by []string
	for _, s := range t.SuspendedBy {
		by = append(by, string(s))
	}
	return "suspended[" + strings.Join(by, " ") + "]"
}

func begin(t *testing.T) *vault.Tx {
	t.Helper()
	ids, err := seed.New(1)
	if err != nil {
		t.Fatal(err)
	}
	return vault.New().Begin(ids, now)
}

func TestLifeCycle_StatusTimeStaysWhenNothingChanges(t *testing.T) {
	earlier := now.AddDate(0, -1, 0)
	before := vault.Token{Network: token.Mastercard, Status: token.Suspended, SuspendedBy: token.Suspenders{token.ByIssuer}, StatusAt: earlier}
	after, err := begin(t).Change(before, vault.Suspend, token.ByIssuer, "")
	if err != nil || !after.StatusAt.Equal(earlier) {
		t.Errorf("suspended by the same party again: %v, status time %s", err, after.StatusAt)
	}
}

// What the language warns of as impossible rests on these moves.
func TestLifeCycle_IsWhatTheLanguageReliesOn(t *testing.T) {
	acts := map[string]map[token.Status]bool{}
	becomes := map[token.Status]map[token.Status]bool{}
	status := func(state string) token.Status {
		name, _, _ := strings.Cut(state, "[")
		return token.Status(name)
	}
	for _, s := range token.Statuses() {
		becomes[s] = map[token.Status]bool{s: true}
	}
	for _, table := range allowed {
		for key, to := range table {
			words := strings.Fields(key[strings.LastIndex(key, "]")+1:]) // "inactive activate ISSUER", " resume ISSUER"
			from, verb := status(key), words[len(words)-2]
			from = token.Status(strings.Fields(string(from))[0])
			if acts[verb] == nil {
				acts[verb] = map[token.Status]bool{}
			}
			acts[verb][from], becomes[from][status(to)] = true, true
		}
	}
	for range token.Statuses() {
		for from := range becomes {
			for via := range becomes[from] {
				for to := range becomes[via] {
					becomes[from][to] = true
				}
			}
		}
	}
	for _, s := range token.Statuses() {
		for _, to := range token.Statuses() {
			if got := slices.Contains(s.Becomes(), to); got != becomes[s][to] {
				t.Errorf("%s can become %s: %t, want %t", s, to, got, becomes[s][to])
			}
		}
		for _, verb := range moves {
			if got := slices.Contains(token.ActsOn(string(verb)), s); got != acts[string(verb)][s] {
				t.Errorf("%s acts on %s tokens: %t, want %t", verb, s, got, acts[string(verb)][s])
			}
		}
	}
}
