package scenarios

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/internal/yamldoc"
	"github.com/pantomime-dev/pantomime/token"
)

// keyUse notes which keys of the language occur in a scenario: "then.fault",
// by the heading of the table that explains them.
type keyUse map[string]bool

// walk follows a value and the form it is to have. Names that an author chose
// are no keys; what is below them is.
func (u keyUse) walk(n *yamldoc.Node, f *form, section string) {
	for _, one := range slices.Concat([]*form{f}, f.AnyOf, f.OneOf) {
		for _, item := range n.Items {
			if one.Items != nil {
				u.walk(item, one.Items, section)
			}
		}
		for _, field := range n.Fields {
			if below, ok := one.Additional.(*form); ok {
				u.walk(field.Value, below, section)
			}
			for _, m := range one.Properties {
				if m.name == field.Key.Text {
					u[section+"."+m.name] = true
					u.walk(field.Value, m.form, sectionOf(section, m.name))
				}
			}
		}
	}
}

// sectionOf is the heading of the table of what is below a key.
func sectionOf(section, key string) string {
	switch key {
	case "header", "query", "expect-body":
		return "conditions"
	case "body":
		if section == "when" {
			return "conditions"
		}
	case "visa", "mastercard":
		if section == "networks" {
			return section + " " + key
		}
	case "tokens", "callbacks":
		if section == "expect" {
			return section + " " + key
		}
	}
	return key
}

// Each key is in an example of the reference, where the decoder reads it as
// that key. The examples are performed, one by one, by the tests of
// play.
func TestDocs_EveryKeyStandsInAPerformedExample(t *testing.T) {
	text, err := os.ReadFile(referenceFile)
	if err != nil {
		t.Fatal(err)
	}
	used := keyUse{}
	for _, block := range fence.FindAllSubmatch(text, -1) {
		root, err := yamldoc.Parse(referenceFile, block[1])
		if err != nil {
			t.Fatal(err)
		}
		sc, found := Parse(referenceFile, block[1])
		if _, expects := root.Get("expect"); len(found) > 0 || len(sc.Play) == 0 || !expects {
			t.Errorf("an example is not performed: it needs a play, an expect and no finding\n%s\n%v", block[1], found)
			continue
		}
		used.walk(root, fileKeys.form(), "The file")
	}
	for heading, rows := range reference() {
		for _, row := range rows {
			if row.shape != "" && !used[heading+"."+row.key] {
				t.Errorf("no performed example has the key %s of %q", row.key, heading)
			}
			delete(used, heading+"."+row.key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(used)) {
		// A requestor's ids and targets are given by network in the row of the key itself.
		if part, network, _ := strings.Cut(key, "."); !slices.Contains(token.Networks(), token.Network(network)) || part != "trid" && part != "notify" {
			t.Errorf("%s is a key that no table of the reference explains", key)
		}
	}
}
