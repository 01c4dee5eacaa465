package scenarios

import "github.com/pantomime-dev/pantomime/internal/yamldoc"

// ParseRules reads rules that are added to a running scenario with the zero
// [Loader]; see [Loader.ParseRules].
func ParseRules(file string, data []byte, within Scenario) ([]Rule, Findings) {
	return Loader{}.ParseRules(file, data, within)
}

// ParseRules reads one rule or a list of rules, as YAML or JSON, in the form of
// the `rules:` section. Names of cards and requestors are those of within. If
// any finding is an error there are no rules.
func (l Loader) ParseRules(file string, data []byte, within Scenario) ([]Rule, Findings) {
	r := &report{}
	root := parse(file, data, r)
	if root == nil {
		return nil, r.found
	}
	c := cursor{report: r, file: file, node: root, path: "rules"}
	items := []cursor{c}
	if root.Kind != yamldoc.Map {
		items = c.items(false)
	}
	compiler := newCompiler(l, r, []draft{{rules: readRules(items)}})
	compiler.know(within)
	compiler.rules()
	r.found.sort([]string{file})
	if len(r.found.Errors()) > 0 {
		return nil, r.found
	}
	return compiler.sc.Rules, r.found
}

// know takes over the names of a scenario compiled before.
func (c *compiler) know(sc Scenario) {
	for _, r := range sc.Requestors {
		c.names.requestors[r.Name] = spot{}
	}
	for _, card := range sc.Cards {
		c.names.cards[card.Name] = knownCard{pan: card.PAN, network: card.Network}
	}
}
