package scenarios_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/scenarios"
)

// rulesFile writes n rules, each for a card number range and attempt of its
// own, none of which is ever used up: the worst case for the search for rules
// that can never match.
func rulesFile(n, from int) string {
	var b strings.Builder
	b.WriteString("version: 1\nrules:\n")
	for i := from; i < from+n; i++ {
		fmt.Fprintf(&b, "  - { when: { bin: \"4%07d\", attempt: 1 }, then: { error: declined } }\n", i)
	}
	return b.String()
}

// BenchmarkLoad10000Rules reads ten thousand rules from two files, as one file
// may hold 100,000 nodes. The goal is a second.
func BenchmarkLoad10000Rules(b *testing.B) {
	dir := b.TempDir()
	for i, name := range []string{"a.yaml", "b.yaml"} {
		write(b, dir, name, rulesFile(5000, 5000*i))
	}
	for b.Loop() {
		sc, found, err := scenarios.Load(dir)
		if err != nil || len(found) > 0 || len(sc.Rules) != 10_000 {
			b.Fatalf("%v, %d rules\n%.400s", err, len(sc.Rules), lines(found))
		}
	}
}

// BenchmarkLoad10000OpenRules reads rules that only differ in their attempt.
func BenchmarkLoad10000OpenRules(b *testing.B) {
	dir := b.TempDir()
	for i, name := range []string{"a.yaml", "b.yaml"} {
		var text strings.Builder
		text.WriteString("version: 1\nrules:\n")
		for n := range 5000 {
			fmt.Fprintf(&text, "  - { when: { network: visa, attempt: %d }, then: { error: declined } }\n", 5000*i+n+1)
		}
		write(b, dir, name, text.String())
	}
	for b.Loop() {
		sc, found, err := scenarios.Load(dir)
		if err != nil || len(found) > 0 || len(sc.Rules) != 10_000 {
			b.Fatalf("%v, %d rules\n%.400s", err, len(sc.Rules), lines(found))
		}
	}
}

// BenchmarkLoad8000Conditions reads rules that only differ in one condition.
func BenchmarkLoad8000Conditions(b *testing.B) {
	dir := b.TempDir()
	for i, name := range []string{"a.yaml", "b.yaml"} {
		var text strings.Builder
		text.WriteString("version: 1\nrules:\n")
		for n := range 4000 {
			fmt.Fprintf(&text, "  - { when: { network: visa, body: { clientAppID: app-%d } }, then: { error: declined } }\n", 4000*i+n)
		}
		write(b, dir, name, text.String())
	}
	for b.Loop() {
		sc, found, err := scenarios.Load(dir)
		if err != nil || len(found) > 0 || len(sc.Rules) != 8000 {
			b.Fatalf("%v, %d rules\n%.400s", err, len(sc.Rules), lines(found))
		}
	}
}
