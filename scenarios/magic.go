package scenarios

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/token"
)

// Magic lists the built-in magic cards as ordinary rules, asked after all
// others: provisioning such a card answers its key, or meets its decision.
// Cards of the same outcome share a rule. What Visa checks about the card
// itself it says at enrolment already (docs/wire/vts.md "Errors").
func Magic() []Rule {
	var rules []Rule
	at := map[string]int{}
	for _, card := range fixtures.Cards() {
		if card.Network() == "" || card.Magic == "" && card.Decision == "" {
			continue
		}
		name := magicName(card)
		i, ok := at[name]
		if !ok {
			i = len(rules)
			at[name] = i
			rules = append(rules, Rule{
				Name: name, At: Position{File: "built-in", Line: i + 1, Column: 1}, Magic: true,
				When: When{Operations: magicOperations(card)},
				Then: Then{Error: card.Magic, Decision: card.Decision},
			})
		}
		rules[i].When.Cards = append(rules[i].When.Cards, card.Number)
	}
	return rules
}

func magicName(card fixtures.Card) string {
	what := string(card.Magic)
	if what == "" {
		what = string(card.Decision)
	}
	return "magic " + card.Brand + " " + what
}

// magicVerbs are the operations that meet a magic card.
func magicVerbs(card fixtures.Card) []token.Verb {
	eligibility := []token.Key{token.CardNotAllowed, token.CardNotEligible, token.CardVerificationFailed}
	if card.Network() == token.Visa && slices.Contains(eligibility, card.Magic) {
		return []token.Verb{token.VerbEnroll, token.VerbProvision}
	}
	return []token.Verb{token.VerbProvision}
}

func magicOperations(card fixtures.Card) []token.Operation {
	var ops []token.Operation
	for _, verb := range magicVerbs(card) {
		ops = append(ops, token.OperationsNamed(string(verb), card.Network())...)
	}
	return ops
}

// MagicYAML prints the magic cards as a scenario file to copy from: the rules
// of [Magic], with the cards they name. The card numbers are published test
// numbers or our own and stand there in the clear, as they are there to be sent.
func MagicYAML() string {
	var cards, rules strings.Builder
	written := map[string]bool{}
	for _, card := range fixtures.Cards() {
		if card.Network() == "" || card.Magic == "" && card.Decision == "" {
			continue
		}
		fmt.Fprintf(&cards, "  %s: { network: %s, pan: %q } # %s\n", magicCardName(card), card.Brand, card.Number.Digits(), card.Note)
		if rule := magicName(card); !written[rule] {
			written[rule] = true
			rules.WriteString(magicRule(card))
		}
	}
	return "# The built-in magic cards as a scenario: provisioning one of them answers its key.\n" +
		"# They work without this file; copy what you want to change.\n" +
		"version: 1\nname: magic cards\n\ncards:\n" + cards.String() + "\nrules:\n" + rules.String()
}

// magicRule prints the rule of all cards with the outcome of the given one.
func magicRule(card fixtures.Card) string {
	var names []string
	for _, other := range fixtures.Cards() {
		if other.Network() == card.Network() && other.Magic == card.Magic && other.Decision == card.Decision {
			names = append(names, magicCardName(other))
		}
	}
	then := "error: " + string(card.Magic)
	if card.Magic == "" {
		then = "decision: " + string(card.Decision)
	}
	return fmt.Sprintf("  - name: %s\n    when: { operation: %s, card: %s }\n    then: { %s }\n",
		magicName(card), flow(texts(magicVerbs(card))), flow(names), then)
}

// magicCardName makes a name for a file of the card's listed name:
// "magic/visa/declined" becomes visa-declined, "decline/visa/1" visa-decline-1.
func magicCardName(card fixtures.Card) string {
	parts := strings.Split(card.Name, "/")
	if parts[0] == "magic" {
		parts = parts[1:]
	} else {
		parts[0], parts[1] = parts[1], parts[0]
	}
	return strings.ReplaceAll(strings.Join(parts, "-"), "_", "-")
}

// flow prints one item plainly and several as a list in brackets.
func flow(items []string) string {
	if len(items) == 1 {
		return items[0]
	}
	return "[" + strings.Join(items, ", ") + "]"
}
