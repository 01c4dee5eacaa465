package scenarios_test

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/token"
)

// slip is a word with its last letter twice, as a key that sticks types it.
func slip(word string) string { return word + word[len(word)-1:] }

// misspelt walks the schema and hands each key and each word of a choice to try,
// misspelt, in a file that leads to it.
func misspelt(t *testing.T, try func(path, word string, file any)) {
	t.Helper()
	text, err := scenarios.Schema()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	definitions, _ := doc.(map[string]any)["$defs"].(map[string]any)
	var walk func(path string, node any, inside func(any) any)
	walk = func(path string, node any, inside func(any) any) {
		m, _ := node.(map[string]any)
		if ref, ok := m["$ref"].(string); ok {
			walk(path, definitions[ref[len("#/$defs/"):]], inside)
		}
		keys, _ := m["properties"].(map[string]any)
		for key, below := range keys {
			if key != "version" || path != "" {
				try(path+"."+slip(key), key, inside(map[string]any{slip(key): "x"}))
			}
			walk(path+"."+key, below, func(v any) any { return inside(map[string]any{key: v}) })
		}
		words, _ := m["enum"].([]any)
		for _, one := range words {
			if word, ok := one.(string); ok && regexp.MustCompile(`^[a-zA-Z][-_a-zA-Z/.]+$`).MatchString(word) {
				try(path, word, inside(slip(word)))
			}
		}
		if below, ok := m["additionalProperties"].(map[string]any); ok {
			walk(path+".one", below, func(v any) any { return inside(map[string]any{"one": v}) })
		}
		if below, ok := m["items"].(map[string]any); ok {
			walk(path+"[0]", below, func(v any) any { return inside([]any{v}) })
		}
		for _, word := range []string{"anyOf", "oneOf"} {
			all, _ := m[word].([]any)
			for _, one := range all {
				walk(path, one, inside)
			}
		}
	}
	walk("", doc, func(v any) any { return v })
}

// callWith is a call that an error can be the answer of, and its card's network.
func callWith(key token.Key) (call string, network token.Network) {
	if _, declined := token.DeclineReasonOf(key); declined {
		return "authorize", token.Visa
	}
	for _, known := range token.Keys() {
		if known.Key == key {
			return "provision", known.Network
		}
	}
	return "provision", token.Visa
}

// [C4] For each key of the language, wherever it may be, and each word of a
// choice a slip is reported with what was meant.
func TestParse_TellsWhatWasMeant(t *testing.T) {
	tried := 0
	misspelt(t, func(path, word string, file any) {
		tried++
		root, isMap := file.(map[string]any)
		if !isMap {
			t.Fatalf("%s: a file is no set of keys: %v", path, file)
		}
		root["version"] = 1
		if play, ok := root["play"].([]any); ok { // an error is one that its call can have
			step, _ := play[0].(map[string]any)
			if step["expect-error"] != nil {
				call, network := callWith(token.Key(word))
				step["call"], step["card"] = call, "alice"
				root["cards"] = map[string]any{"alice": map[string]any{"network": network}}
			}
		}
		text, err := json.Marshal(root)
		if err != nil {
			t.Fatal(err)
		}
		_, found := scenarios.Parse("f.yaml", text)
		if !slices.ContainsFunc(found, func(f scenarios.Finding) bool { return f.Suggestion == word }) {
			t.Errorf("%s for %s:\n%s\n%s", path, word, text, lines(found))
		}
	})
	for _, tt := range []struct{ yaml, meant string }{
		{"timeline: [ { on: token.activated, do: suspend, after: 30 days } ]", "30d"},
		{"timeline: [ { on: token.activated, do: suspend, after: 2weeks } ]", "2w"},
		{"requestors: { wallet: { activation: 45 min } }", "45m"},
		{"rules: [ { operation: provision, then: {} } ]", "when: { operation: … }"},
		{"rules: [ { when: {}, error: declined } ]", "then: { error: … }"},
		{"mode: manual", "clock: { mode: … }"},
		{"clock: { mode: manual, start: 2026-03-01 09:30 }", "2026-03-01T09:30:00Z"},
		{"cards: { alice: { network: visa } }\ntimeline: [ { on: token.activated, card: alcie, do: suspend } ]", "alice"},
		{"issuers: { bank: {} }\ncards: { alice: { network: visa, issuer: bnak } }", "bank"},
		{"requestors: { wallet: {} }\nrules: [ { when: { requestor: walet }, then: {} } ]", "wallet"},
	} {
		if _, found := scenarios.Parse("f.yaml", []byte("version: 1\n"+tt.yaml)); !slices.ContainsFunc(found, func(f scenarios.Finding) bool { return f.Suggestion == tt.meant }) {
			t.Errorf("%s: want %s\n%s", tt.yaml, tt.meant, lines(found))
		}
	}
	if tried < 500 {
		t.Errorf("only %d slips were tried", tried)
	}
}
