package scenarios

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/token"
)

// outcome is what provisioning some numbers comes to.
type outcome struct {
	network  token.Network
	key      token.Key
	decision token.Decision
}

// magicRow is a built-in rule: listed cards of one outcome, or published ranges.
type magicRow struct {
	outcome
	cards []fixtures.Card
	bins  []string
}

// magicRows are the cards first, in the order of their list, then the ranges.
func magicRows() []*magicRow {
	var rows []*magicRow
	row := func(o outcome, ranged bool) *magicRow {
		for _, r := range rows {
			if r.outcome == o && ranged == (len(r.bins) > 0) {
				return r
			}
		}
		rows = append(rows, &magicRow{outcome: o})
		return rows[len(rows)-1]
	}
	for _, card := range fixtures.Cards() {
		if card.Network() != "" && (card.Magic != "" || card.Decision != "") {
			r := row(outcome{card.Network(), card.Magic, card.Decision}, false)
			r.cards = append(r.cards, card)
		}
	}
	for _, block := range fixtures.Ranges() {
		if block.Magic != "" || block.Decision != "" {
			r := row(outcome{token.Network(block.Brand), block.Magic, block.Decision}, true)
			r.bins = append(r.bins, block.Prefix)
		}
	}
	return rows
}

// Magic lists the built-in magic cards as ordinary rules, asked after all
// others: provisioning such a card answers its key, or meets its decision.
// Cards of the same outcome share a rule. What Visa checks about the card
// itself it says at enrolment already (docs/wire/vts.md "Errors").
func Magic() []Rule {
	var rules []Rule
	for i, row := range magicRows() {
		rule := Rule{
			Name: row.name(), At: Position{File: "built-in", Line: i + 1, Column: 1}, Magic: true,
			When: When{Operations: row.operations(), BINs: row.bins},
			Then: Then{Error: row.key, Decision: row.decision},
		}
		for _, card := range row.cards {
			rule.When.Cards = append(rule.When.Cards, card.Number)
		}
		rules = append(rules, rule)
	}
	return rules
}

func (r *magicRow) name() string {
	name := "magic " + string(r.network) + " " + string(r.key) + string(r.decision) // it has one of the two
	if len(r.bins) > 0 {
		name += " range"
	}
	return name
}

// verbs are what meets a magic card.
func (r *magicRow) verbs() []token.Verb {
	eligibility := []token.Key{token.CardNotAllowed, token.CardNotEligible, token.CardVerificationFailed}
	if r.network == token.Visa && slices.Contains(eligibility, r.key) {
		return []token.Verb{token.VerbEnroll, token.VerbProvision}
	}
	return []token.Verb{token.VerbProvision}
}

func (r *magicRow) operations() []token.Operation {
	var ops []token.Operation
	for _, verb := range r.verbs() {
		ops = append(ops, token.OperationsNamed(string(verb), r.network)...)
	}
	return ops
}

// MagicYAML prints the magic cards as a scenario file to copy from: the rules
// of [Magic], with the cards they name. The card numbers are published test
// numbers or our own and are there in the clear, as they are there to be sent.
func MagicYAML() string {
	var cards, rules strings.Builder
	for _, row := range magicRows() {
		for _, card := range row.cards {
			fmt.Fprintf(&cards, "  %s: { network: %s, pan: %q } # %s\n", magicCardName(card), card.Brand, card.Number.Digits(), card.Note)
		}
		rules.WriteString(row.yaml())
	}
	return "# The built-in magic cards as a scenario: provisioning one of them answers its key.\n" +
		"# They work without this file; copy what you want to change.\n" +
		"version: 1\nname: magic cards\n\ncards:\n" + cards.String() + "\nrules:\n" + rules.String()
}

// yaml prints the rule.
func (r *magicRow) yaml() string {
	var names []string
	for _, card := range r.cards {
		names = append(names, magicCardName(card))
	}
	about := "card: " + flow(names)
	if len(r.bins) > 0 {
		about = "bin: " + flow(quotes(r.bins))
	}
	then := "error: " + string(r.key)
	if r.key == "" {
		then = "decision: " + string(r.decision)
	}
	return fmt.Sprintf("  - name: %s\n    when: { operation: %s, %s }\n    then: { %s }\n", r.name(), flow(texts(r.verbs())), about, then)
}

func quotes(items []string) []string {
	out := make([]string, len(items))
	for i, item := range items {
		out[i] = `"` + item + `"`
	}
	return out
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
