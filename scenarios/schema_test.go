package scenarios_test

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/pantomime-dev/pantomime/internal/yamldoc"
	"github.com/pantomime-dev/pantomime/scenarios"
)

// schema compiles the schema with a library that is not ours.
func schema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	text, err := scenarios.Schema()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("scenario.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("scenario.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// value is what an editor reads: plain values have the types of YAML 1.2's core
// schema.
func value(t testing.TB, n *yamldoc.Node) any {
	t.Helper()
	switch n.Kind {
	case yamldoc.Map:
		m := map[string]any{}
		for _, f := range n.Fields {
			m[f.Key.Text] = value(t, f.Value)
		}
		return m
	case yamldoc.List:
		items := []any{}
		for _, item := range n.Items {
			items = append(items, value(t, item))
		}
		return items
	}
	switch {
	case n.Quoted:
		return n.Text
	case n.IsNull():
		return nil
	case regexp.MustCompile(`^(true|True|TRUE)$`).MatchString(n.Text):
		return true
	case regexp.MustCompile(`^(false|False|FALSE)$`).MatchString(n.Text):
		return false
	case regexp.MustCompile(`^[-+]?([0-9]+|0x[0-9a-fA-F]+|0o[0-7]+|(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?)$`).MatchString(n.Text):
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(strings.TrimLeft(n.Text, "+0")))
		if err != nil {
			return 0
		}
		return v
	}
	return n.Text
}

func TestSchema_TakesEveryGoodScenario(t *testing.T) {
	s := schema(t)
	texts := map[string]string{"magic cards": scenarios.MagicYAML(), "the design's example": lateThenSuspended}
	for _, story := range scenarios.Library() {
		texts[story.File] = string(story.Data)
	}
	files, err := filepath.Glob("../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, block := range regexp.MustCompile("(?s)\n```yaml\n(version:.*?\n)```").FindAllSubmatch(text, -1) {
			name, _, _ := strings.Cut(strings.TrimPrefix(string(block[1]), "version: 1\nname: "), "\n")
			texts[name] = string(block[1])
		}
	}
	for name, text := range texts {
		root, err := yamldoc.Parse("f.yaml", []byte(text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if err := s.Validate(value(t, root)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// beyondSchema are the refusals that a schema cannot tell: they compare values
// with each other, with names or with the calendar, or judge how text is
// written.
var beyondSchema = []string{
	"a BIN of another network",
	"a TRID of two requestors",
	"a batch at Visa",
	"a batch of both networks",
	"a batch of cryptograms",
	"a batch that somebody else acts on",
	"a broken expression",
	"a call for an unknown card",
	"a call of an unknown requestor",
	"a payment through an unknown acquirer",
	"a provisioning through an acquirer",
	"a call that the card's network does not have",
	"an unknown card",
	"a card number in place of a name",
	"a card of another network",
	"a card of no network",
	"a card that may be somebody's",
	"attempts that end before the second",
	"attempts without a pause",
	"more attempts than anybody wants",
	"a decision about a cryptogram expected",
	"a decision behind a fault that replaces it",
	"a decision for an operation that asks no issuer",
	"a delay that hangs anyway",
	"a delay that is too long",
	"a fraction of a second to retry after",
	"a variant of the other network's notices",
	"a name that another rule has by its place",
	"a name that is a date",
	"a name that is true",
	"a new number for any card",
	"a new number of another network",
	"a new number of no network",
	"a new number that is the old one",
	"a new number that may be somebody's",
	"a notice before no response",
	"a notice before the answer of a provisioning",
	"a notice early and late",
	"a notice never sent twice",
	"a number for a suspension",
	"a number of sixteen digits",
	"a number of the other network for a card",
	"a number with a leading zero",
	"a number with a zero at its end",
	"a product next to a raw body",
	"a product field of the other network",
	"a product in an error",
	"a product that no answer shows",
	"a raw body next to an override",
	"a raw body that a fault replaces",
	"a raw body that is never sent",
	"a raw body that is not JSON to begin with",
	"a raw body with somebody's card",

	"a raw reason in the other network's form",
	"a relationship without quotes",
	"an unknown requestor",
	"an account that is not there",
	"a requestor that is not there",
	"too much patience",
	"enabled without need",
	"a retry after an answer that is never sent",
	"a retry after nothing",
	"a retry after success",
	"an amount that nothing is",
	"a rule name given twice",
	"a signature of the network without one",
	"a start of a clock without a mode",
	"a start of a system clock",
	"a status that is never sent",
	"a status without an error",
	"a time-out of nothing",
	"a time-out that is too long",
	"a token re-digitized again at once",
	"a token reference without quotes",
	"a token's new number for a re-digitization",
	"a token's new number for a suspension",
	"a value that may be somebody's card",
	"a window that is too wide",
	"a word that could be a flag",
	"an account for an operation about a token",
	"an act with a signature of the other network",
	"an advance and the status of no card",
	"an entry that sets itself off",
	"an error and a decision expected",
	"an error behind a fault that replaces it",
	"an error of the other network expected",
	"an error of the other network, by card",
	"an error of the other network, by operation",
	"an error with a decision",
	"an expectation of an unknown card",
	"an expiry for a suspension",
	"an expiry for an act that has none",
	"an expiry without quotes",
	"an expression that only others have",
	"an expression that repeats too much",
	"an unknown issuer",
	"a decision next to an endpoint",
	"a limit without an endpoint",
	"an endpoint off loopback",
	"funds next to an endpoint",
	"late without an endpoint",
	"payments next to an endpoint",
	"rates next to an endpoint",
	"too long a limit",
	"an octal seed",
	"an override that a fault replaces",
	"an override with a binary number",
	"an override with a date",
	"an override with a hexadecimal number of letters",
	"an override with a hexadecimal number",
	"an override with a long number",
	"an override with a moment",
	"an override with a number next to nothing",
	"an override with a number past all numbers",
	"an override with a tilde",
	"an override with an octal number",
	"an override with an unclear word",
	"an override with another octal number",
	"an override with somebody's card",
	"an override without a value",
	"another key for an answer without cipher text",
	"broken cipher text of a card without a token",
	"broken cipher text of a token that is withheld",
	"broken cipher text of an answer without any",
	"broken cipher text of an error",
	"cipher text of the network without any",
	"commit of a refusal",
	"commit without a fault",
	"expressions that repeat too much together",
	"variants of notices of an error",
	"variants of notices of undone work",
	"variants of notices of work that a rule undoes",
	"variants of notices that nothing brings about",
	"more patience than a test has",
	"more values than a request is read for",
	"no answer and a body expected",
	"no answer and a status expected",
	"one header in two spellings",
	"one number for two cards",
	"somebody's card in a request",
	"the built-in requestor next to declared ones",
	"the host as a header",
	"two conditions on one name",
}

func TestSchema_RefusesWhatTheDecoderRefuses(t *testing.T) {
	s := schema(t)
	taken := map[string]bool{}
	for _, tc := range slices.Concat(
		refusesInTheWholeFile(), refusesPeopleAndCards(), refusesInRules(), refusesInThen(), refusesInTimelineAndExpect(),
		refusesInConditions(), refusesInOverrides(), refusesInSwitches(), refusesInPlays(), refusesInAccounts(),
	) {
		root, err := yamldoc.Parse("f.yaml", []byte("version: 1\n"+tc.yaml+"\n"))
		if err != nil {
			continue // not YAML as the language wants it; no matter for a schema
		}
		if s.Validate(value(t, root)) == nil {
			taken[tc.name] = true
		}
	}
	for _, name := range beyondSchema {
		if !taken[name] {
			t.Errorf("%q is refused by the schema, too: take it off the list", name)
		}
		delete(taken, name)
	}
	for _, name := range slices.Sorted(maps.Keys(taken)) {
		t.Errorf("the schema takes %q", name)
	}
}

// [H2] Each key says what it means, and values that are left out say what counts.
func TestSchema_DescribesEveryKey(t *testing.T) {
	text, err := scenarios.Schema()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if id, _ := doc.(map[string]any)["$id"].(string); !strings.HasSuffix(id, "scenario-1.schema.json") {
		t.Errorf("the schema is called %q", id)
	}
	found := map[string]int{}
	var walk func(at string, v any)
	walk = func(at string, v any) {
		m, object := v.(map[string]any)
		if !object {
			return
		}
		for _, word := range []string{"default", "examples"} {
			if _, ok := m[word]; ok {
				found[word]++
			}
		}
		keys, _ := m["properties"].(map[string]any)
		for key, below := range keys {
			about, described := below.(map[string]any) // true is described elsewhere
			if said, _ := about["description"].(string); said == "" && described {
				t.Errorf("%s.%s has no description", at, key)
			}
			walk(at+"."+key, below)
		}
		for _, word := range []string{"items", "additionalProperties", "not"} {
			walk(at, m[word])
		}
		for _, word := range []string{"anyOf", "oneOf"} {
			all, _ := m[word].([]any)
			for _, one := range all {
				walk(at, one)
			}
		}
	}
	walk("", doc)
	if found["default"] < 40 || found["examples"] < 20 {
		t.Errorf("defaults and examples: %v", found)
	}
}

// [C4] The schema offers no key and no word that check refuses wherever it is,
// and the other way round.
func TestSchema_AgreesWithCheck(t *testing.T) {
	s := schema(t)
	agree := func(name, text string) {
		t.Helper()
		root, err := yamldoc.Parse("f.yaml", []byte("version: 1\n"+text+"\n"))
		if err != nil {
			t.Fatal(name, err)
		}
		_, found := scenarios.Parse("f.yaml", []byte("version: 1\n"+text+"\n"))
		refused := false
		for _, f := range found {
			refused = refused || strings.Contains(f.Message, "not a key here") || strings.Contains(f.Message, "must be text")
		}
		if offered := s.Validate(value(t, root)) == nil; offered == refused {
			t.Errorf("%s: the schema takes it: %t, check refuses it: %t\n%s", name, offered, refused, lines(found))
		}
	}
	for _, v := range scenarios.NoticeVariants() {
		set := "notify: { " + v.Name + ": " + map[bool]string{true: "true", false: "1s"}[v.Value == "true or false"] + " }"
		if v.Name == "duplicate" {
			set = "notify: { duplicate: 1 }"
		}
		agree(v.Name+" of a rule", "rules: [ { when: { operation: suspend }, then: { "+set+" } } ]")
		agree(v.Name+" of the timeline", "timeline: [ { on: token.suspended, do: resume, "+set+" } ]")
		agree(v.Name+" of an act", twoCards+"play: [ { call: provision, card: bob }, { act: suspend, card: bob, "+set+" } ]")
	}
	for _, word := range []string{"n", "y", "N", "Y", "nay", "a b"} {
		agree("name "+word, "name: "+word)
		agree("rule "+word, "rules: [ { name: "+word+", then: {} } ]")
		agree("description "+word, "description: "+word)
	}
}
