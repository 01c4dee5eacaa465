package scenarios_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/token"
)

func TestMagic_HasARuleForEachDocumentedKey(t *testing.T) {
	rules := scenarios.Magic()
	for _, k := range token.Keys() {
		card, ok := fixtures.MagicCard(k.Network, k.Key)
		if !ok {
			t.Errorf("%s %s has no magic card", k.Network, k.Key)
			continue
		}
		i := slices.IndexFunc(rules, func(r scenarios.Rule) bool { return slices.Contains(r.When.Cards, card.Number) })
		if i < 0 || rules[i].Then.Error != k.Key || !rules[i].Magic || rules[i].Times != 0 {
			t.Errorf("%s %s: its card must have a magic rule that answers it", k.Network, k.Key)
			continue
		}
		if diff := cmp.Diff(magicMeets(k), rules[i].When.Operations); diff != "" {
			t.Errorf("%s %s: %s", k.Network, k.Key, diff)
		}
	}
}

// magicMeets are the operations that must meet the magic card of a key.
func magicMeets(k token.KeyInfo) []token.Operation {
	switch {
	case k.Network == token.Mastercard:
		return []token.Operation{token.MCTokenize}
	case k.Key == "card_not_allowed", k.Key == "card_not_eligible", k.Key == "card_verification_failed":
		return []token.Operation{token.VisaEnroll, token.VisaProvision, token.VisaProvisionWithPAN}
	default:
		return []token.Operation{token.VisaProvision, token.VisaProvisionWithPAN}
	}
}

func TestMagic_DeclinesCardsThatAreDeclinedByTheirIssuer(t *testing.T) {
	declined := 0
	for _, r := range scenarios.Magic() {
		if r.Then.Decision == token.Decline {
			declined += len(r.When.Cards)
		}
	}
	want := 0
	for _, card := range fixtures.Cards() {
		if card.Decision == token.Decline && card.Network() != "" {
			want++
		}
	}
	if want == 0 || declined != want {
		t.Errorf("%d cards declined, want %d", declined, want)
	}
}

func TestMagic_CoversNoCardTwice(t *testing.T) {
	seen := map[token.PAN]string{}
	for _, r := range scenarios.Magic() {
		for _, card := range r.When.Cards {
			if seen[card] != "" {
				t.Errorf("card %s has the rules %s and %s", card, seen[card], r.Name)
			}
			seen[card] = r.Name
		}
	}
}

func TestMagicYAML_SaysTheSameAsMagic(t *testing.T) {
	text := scenarios.MagicYAML()
	sc, found := scenarios.Parse("magic.yaml", []byte(text))
	if len(found) > 0 {
		t.Fatalf("want no finding:\n%s", lines(found))
	}
	if diff := cmp.Diff(scenarios.Magic(), sc.Rules, ignorePlaces, cmpopts.IgnoreFields(scenarios.Rule{}, "Magic")); diff != "" {
		t.Error(diff)
	}
	for _, k := range token.Keys() {
		if !strings.Contains(text, "error: "+string(k.Key)+" ") {
			t.Errorf("%s is missing", k.Key)
		}
	}
}
