package pantomime_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/token"
)

// counted has rules whose firings are bound to a card or to a number of
// attempts, so that they cannot depend on who comes first. Each entry of the
// journal names the rule that applied.
func counted(t *testing.T) string {
	t.Helper()
	var numbers []string
	for _, network := range token.Networks() {
		pan, err := fixtures.Synthetic(network, 0)
		if err != nil {
			t.Fatal(err)
		}
		numbers = append(numbers, pan.Digits())
	}
	return fmt.Sprintf(`
version: 1
name: rules that count
cards:
  first: { network: visa, pan: %q, expiry: "12/39" }
  second: { network: mastercard, pan: %q, expiry: "12/39" }
rules:
  - name: the first two payments of a Visa card
    when: { operation: cryptogram, card: first }
    times: 2
    then: { delay: 1ms }
  - name: the first two payments of a Mastercard card
    when: { operation: cryptogram, card: second }
    times: 2
    then: { delay: 1ms }
  - name: the second payment of every other card
    when: { operation: cryptogram, attempt: 2 }
    then: { delay: 1ms }
`, numbers[0], numbers[1])
}

// canonical is the canonical journal after so many workers played the same
// stories.
func canonical(t *testing.T, workers int) []control.Canonical {
	t.Helper()
	const cards = 64
	w := newWorld(t, counted(t))
	w.playAll(t, cards, workers)
	list, err := w.admin.Journal(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	// Visa: enrol, provision and nine steps; Mastercard: tokenize and seven.
	if want := cards * (2 + 9 + 1 + 7); len(list.Items) != want || list.Dropped != 0 {
		t.Fatalf("%d workers left %d entries, %d dropped; want %d", workers, len(list.Items), list.Dropped, want)
	}
	fired := map[string]int{}
	for _, entry := range list.Items {
		fired[entry.Rule]++
	}
	want := map[string]int{"": len(list.Items) - 2 - 2 - 126, "the first two payments of a Visa card": 2, "the first two payments of a Mastercard card": 2, "the second payment of every other card": 126}
	if diff := cmp.Diff(want, fired); diff != "" {
		t.Error(diff)
	}
	return list.Items
}

// 64 clients in parallel leave the same canonical journal as one after the
// other: nothing that is decided depends on the order of arrival.
func TestSimulator_CanonicalJournalIsTheSameWith64Workers(t *testing.T) {
	one, many := canonical(t, 1), canonical(t, 64)
	if diff := cmp.Diff(one, many); diff != "" {
		lines := strings.Split(diff, "\n")
		t.Errorf("the journals differ (-1 worker +64 workers):\n%s", strings.Join(lines[:min(len(lines), 60)], "\n"))
	}
}

// Answers that a client sees follow from the seed: a second run of the same
// story gives the same token references.
func TestSimulator_SameSeedSameTokens(t *testing.T) {
	refs := func() []string {
		w := newWorld(t, "")
		w.playAll(t, 4, 4)
		list, err := w.admin.Tokens(t.Context(), control.TokenQuery{})
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, tok := range list.Items {
			text, err := json.Marshal(tok)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, string(text))
		}
		return out
	}
	one, two := refs(), refs()
	if len(one) != 8 {
		t.Fatalf("%d tokens", len(one))
	}
	if diff := cmp.Diff(one, two); diff != "" {
		t.Error(diff)
	}
}
