package control

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/outcome"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

// rules lists the rules of all layers in the order they are asked.
func (c *call) rules() (any, error) {
	var known []string
	for _, layer := range layers {
		known = append(known, layer.String())
	}
	name, err := choice(c, "layer", known)
	switch {
	case err != nil:
		return nil, err
	case name == "":
		return c.rulesOf(layers)
	}
	return c.rulesOf([]outcome.Layer{layers[slices.Index(known, name)]})
}

// rulesOf lists the rules of some layers, a piece at a time.
func (c *call) rulesOf(asked []outcome.Layer) (any, error) {
	p, err := c.page(2)
	if err != nil {
		return nil, err
	}
	after, err := ruleAt(p, c.query.Get("cursor"))
	if err != nil {
		return nil, err
	}
	total, first := 0, firsts[sandbox.RuleView]{most: p.limit, order: asAsked}
	for _, layer := range asked {
		for r := range c.box.Rules(layer) {
			if total++; after == nil || asAsked(*after, r) < 0 {
				first.add(r)
			}
		}
	}
	found := first.list()
	return listed(c.views(found), total, first.more, func() string {
		last := found[len(found)-1].ID
		return cursor(last.Layer.String(), strconv.FormatUint(uint64(last.N), 10))
	}), nil
}

// ruleAt is the place of a rule in a listing that a cursor names; nil for none.
func ruleAt(p page, text string) (*sandbox.RuleView, error) {
	if p.cursor == nil {
		return nil, nil
	}
	for _, layer := range layers {
		if n, err := strconv.ParseUint(p.cursor[1], 10, 32); layer.String() == p.cursor[0] && err == nil {
			return &sandbox.RuleView{Rule: outcome.Rule{ID: outcome.ID{Layer: layer, N: uint32(n)}}}, nil
		}
	}
	return nil, badCursor(text)
}

// asAsked is the order in which rules are asked: layer by layer, posted ones the
// newest first.
func asAsked(a, b sandbox.RuleView) int {
	later := cmp.Compare(a.ID.N, b.ID.N)
	if a.ID.Layer == outcome.Posted {
		later = -later
	}
	return cmp.Or(cmp.Compare(a.ID.Layer, b.ID.Layer), later)
}

// postRules puts rules in front of the scenario. They are asked in the order
// they were written, before those posted earlier.
func (c *call) postRules() (any, error) {
	if len(c.body) == 0 {
		return nil, missing("body", "post one rule or a list of rules, as in the rules section of a scenario file")
	}
	file, err := c.file()
	if err != nil {
		return nil, err
	}
	rules, findings := scenarios.Loader{}.ParseRulesContext(c.ctx, file, c.body, c.names())
	if len(findings) == 0 && len(rules) == 0 {
		return nil, missing("body", "the list holds no rule; post one rule or a list of them")
	}
	if n := len(findings.Errors()); n > 0 {
		p := problem(http.StatusBadRequest, control.CodeRule, keep(n, "the rules from being added"))
		p.Findings = viewFindings(findings)
		return nil, p
	}
	for i := range rules {
		if rules[i].Name == "rule "+strconv.Itoa(i+1) {
			rules[i].Name = "" // made up while reading; the id is better
		}
	}
	slices.Reverse(rules) // the newest is asked first
	added, err := c.box.AddRules(outcome.Posted, rules...)
	if err != nil {
		return nil, err
	}
	v := control.Posted{Rules: make([]control.Rule, 0, len(rules)), Warnings: viewFindings(findings)}
	for _, r := range slices.Backward(added) {
		v.Rules = append(v.Rules, c.viewRule(sandbox.RuleView{Rule: r}))
	}
	return v, nil
}

// names are what posted rules may refer to.
func (c *call) names() scenarios.Scenario {
	var within scenarios.Scenario
	for _, r := range c.box.Requestors() {
		within.Requestors = append(within.Requestors, scenarios.Requestor{Name: r.Name, TRID: r.TRID})
	}
	within.Accounts = c.box.Accounts()
	for _, card := range c.box.NamedCards() {
		within.Cards = append(within.Cards, scenarios.Card{Name: card.Name, Network: card.Network, PAN: card.ID})
	}
	return within
}

// keep says what so many findings prevent.
func keep(n int, what string) string {
	if n == 1 {
		return "1 finding keeps " + what
	}
	return fmt.Sprintf("%d findings keep %s", n, what)
}

func viewFindings(in scenarios.Findings) []control.Finding {
	var out []control.Finding
	for _, f := range in {
		out = append(out, control.Finding{
			File: f.At.File, Line: f.At.Line, Column: f.At.Column, Severity: string(f.Severity), Path: f.Path, Message: f.Message, Accepted: f.Accepted, Text: f.String(),
		})
	}
	return out
}

// removed answers a deletion.
type removed struct {
	Removed int `json:"removed"`
}

func (c *call) clearRules() (any, error) { return c.clear(outcome.Posted) }

func (c *call) clear(layer outcome.Layer) (any, error) {
	gone, err := c.box.ClearRules(layer)
	if err != nil {
		return nil, err
	}
	return control.Cleared{Removed: len(gone), Rules: c.views(gone)}, nil
}

func (c *call) removeRule() (any, error) {
	id := c.param("id")
	if rule := c.findRule(id); rule != nil && rule.Layer != outcome.FailNext.String() && rule.Layer != outcome.Posted.String() {
		return nil, problem(http.StatusConflict, control.CodeNotAllowed, "the rule "+short(id)+" is part of the "+rule.Layer+" layer; only rules added at run time can be taken away")
	}
	if err := c.box.RemoveRule(id); err != nil {
		return nil, notFound("no rule added at run time has the id " + short(id))
	}
	return removed{1}, nil
}

func (c *call) views(rules []sandbox.RuleView) []control.Rule {
	names := cardNames(c.box)
	out := make([]control.Rule, 0, len(rules)) // [] in JSON, not null
	for _, r := range rules {
		out = append(out, c.ruleView(r, names))
	}
	return out
}

func (c *call) viewRule(r sandbox.RuleView) control.Rule { return c.ruleView(r, cardNames(c.box)) }

func (c *call) ruleView(r sandbox.RuleView, names func(token.PAN) control.CardRef) control.Rule {
	v := control.Rule{
		ID: r.ID.String(), Layer: r.ID.Layer.String(), Name: r.Name, Times: r.Times, Fired: r.Fired,
		When: control.When{
			Operations: r.When.Operations, Network: r.When.Network, BINs: r.When.BINs,
			Tokens: r.When.Tokens, Requestors: r.When.Requestors, Accounts: r.When.Accounts, Attempt: r.When.Attempt,
			Header: viewMatches(r.When.Header), Query: viewMatches(r.When.Query), Body: viewMatches(r.When.Body),
		},
		Then: viewThen(r.Then, c.box.Journal().Mask),
	}
	if p := r.When.Purchase; p != nil {
		v.When.Purchase = &control.Purchase{
			Merchants: p.Merchants, Categories: p.Categories, Countries: p.Countries, Currencies: p.Currencies, From: p.Least, To: p.Most,
		}
	}
	if r.At.File != "" && r.ID.Layer != outcome.FailNext {
		v.At = r.At.String()
	}
	for _, pan := range r.When.Cards {
		v.When.Cards = append(v.When.Cards, names(pan).Best())
	}
	if r.Times > 0 {
		left := max(0, r.Times-r.Fired)
		v.Left = &left
	}
	return v
}

func viewMatches(in []scenarios.Match) []control.Match {
	var out []control.Match
	for _, m := range in {
		v := control.Match{Name: token.Scrub(m.Name), Present: m.Present}
		if m.Equals != nil {
			text := token.Scrub(*m.Equals)
			v.Equals = &text
		}
		if m.Pattern != nil {
			v.Matches = token.Scrub(m.Pattern.String())
		}
		out = append(out, v)
	}
	return out
}

func viewThen(t scenarios.Then, mask func([]byte) string) control.Then {
	v := control.Then{
		Decision: t.Decision, Error: t.Error, Status: t.Status, Delay: control.Duration(t.Delay),
		Fault: t.Fault, Commit: t.Commit, RetryAfter: control.Duration(t.RetryAfter), Metadata: t.Metadata,
		Notify: viewVariants(t.Notify),
	}
	if t.Body != nil {
		text := mask([]byte(*t.Body))
		v.Body = &text
	}
	if len(t.Respond) > 0 {
		v.Respond = json.RawMessage(mask(t.Respond))
	}
	return v
}
