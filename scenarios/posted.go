package scenarios

import (
	"context"
	"slices"

	"github.com/pantomime-dev/pantomime/internal/yamldoc"
)

// ParseRules reads rules that are added to a running scenario with the zero
// [Loader]; see [Loader.ParseRulesContext].
func ParseRules(file string, data []byte, within Scenario) ([]Rule, Findings) {
	return Loader{}.ParseRulesContext(context.Background(), file, data, within)
}

// ParseRulesContext reads one rule or a list of rules, as YAML or JSON, in the form of
// the `rules:` section. Names of cards, requestors and accounts are those of within. If
// any finding is an error there are no rules. The work stops when ctx ends.
func (l Loader) ParseRulesContext(ctx context.Context, file string, data []byte, within Scenario) ([]Rule, Findings) {
	r := &report{left: ctx.Err}
	root := parse(file, data, r)
	if root == nil {
		return nil, r.found
	}
	c := cursor{report: r, file: file, node: root, path: "rules"}
	items := c.items(false)
	if root.Kind == yamldoc.Map {
		items = slices.Values([]cursor{c})
	}
	compiler := newCompiler(l, r, []draft{{rules: readRules(items)}})
	compiler.know(within)
	compiler.rules()
	r.close(file)
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
	for _, a := range sc.Accounts {
		c.names.accounts[a.Name], c.names.behind[a.Name] = spot{}, a.Requestor
	}
	for _, card := range sc.Cards {
		c.names.cards[card.Name] = knownCard{pan: card.PAN, network: card.Network}
	}
}
