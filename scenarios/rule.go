package scenarios

import (
	"errors"
	"iter"
	"slices"
	"strconv"

	"github.com/pantomime-dev/pantomime/token"
)

// maxCount bounds what is counted: firings, attempts, tokens, deliveries.
const maxCount = 1_000_000_000

type ruleDraft struct {
	spot
	name  word
	when  whenDraft
	times value[int]
	then  thenDraft

	broken bool // part of it was refused, so it is not what its author meant
}

var ruleKeys = table[ruleDraft]{
	{
		"name", false, aLine("a line of text, unique", 120), "how journal and listings call it; without it, `rule 1` and so on by its place",
		func(c cursor, d *ruleDraft) { d.name = c.line(120) },
	},
	{"when", false, aSet(whenKeys), "[what a request must be](#when); without it every request matches", func(c cursor, d *ruleDraft) {
		d.when.spot = c.spot()
		d.when.broken = c.findsIn(func() { whenKeys.read(c, &d.when) })
	}},
	{
		"times", false, oneOrMore, "how often the rule fires before it is used up; without it, always",
		func(c cursor, d *ruleDraft) { d.times = c.whole(1, maxCount) },
	},
	{
		"then", true, aSet(thenKeys), "[what the request meets](#then); `{}` lets it pass, which takes it away from the rules below",
		func(c cursor, d *ruleDraft) {
			d.then.spot = c.spot()
			d.then.broken = c.findsIn(func() { thenKeys.read(c, &d.then) })
		},
	},
}

func readRules(items iter.Seq[cursor]) (all []ruleDraft) {
	for c := range items {
		d := ruleDraft{spot: c.spot()}
		isRule := false
		d.broken = c.findsIn(func() { isRule = ruleKeys.read(c, &d) })
		if isRule {
			all = append(all, d)
		}
	}
	return all
}

// rules compiles all rules of the files, top to bottom.
func (c *compiler) rules() {
	for i, d := range drafts(c, func(d draft) []ruleDraft { return d.rules }) {
		if !d.name.set {
			d.name = word{d.spot, true, "rule " + strconv.Itoa(i+1)}
		}
		c.unique(c.names.rules, d.name)
		c.sc.Rules = append(c.sc.Rules, c.rule(d))
	}
}

// rule compiles one rule and compares it with those above it.
func (c *compiler) rule(d ruleDraft) Rule {
	r := Rule{Name: token.Scrub(d.name.v), At: d.at, Times: d.times.v}
	match := c.implied(d.then.err, c.when(d.when, &r.When), &r.When)
	if d.then.decision.set {
		c.decides(d, match.within, &r.When)
	}
	pays := func(op token.Operation) bool { return op.Traits().Pays }
	if !match.broken && (len(r.When.Operations) == 0 || slices.ContainsFunc(r.When.Operations, pays)) {
		match.also = token.DeclineReasonNames("")
	}
	c.declines(d.then.err, r.When.Operations)
	r.Then = c.then(d.then, match)
	c.overrides(d.then, r.When, match, &r.Then)
	c.unsealed(d.then, r.When)
	c.affords(d, r.When)
	if idle := c.factless(d.when, &r.When); !idle && !match.broken && !d.broken {
		c.shadow.add(c.report, d.spot, r)
	}
	return r
}

// affords refuses the first rule that makes the rules of an operation look at
// more of a request than they may. Those after it would only repeat that.
func (c *compiler) affords(d ruleDraft, w When) {
	if d.when.broken || c.overspent {
		return
	}
	err := c.budget.Fits(w)
	var over *Overspent
	if !errors.As(err, &over) {
		c.budget.Add(w)
		return
	}
	c.overspent = true
	at := d.when.spot
	for part, list := range map[token.RequestPart][]condition{
		token.PartHeader: d.when.header, token.PartQuery: d.when.query, token.PartBody: d.when.body,
	} {
		for _, one := range list {
			if over.On == (token.Ask{Part: part, Name: one.Name}) {
				at = one.spot
			}
		}
	}
	c.refuse(at, over.Why)
}

// decides limits a rule with a decision to provisioning, the only request that
// asks the issuer.
func (c *compiler) decides(d ruleDraft, within reach, when *When) {
	provision := token.OperationsNamed(string(token.VerbProvision), "")
	if len(d.when.operations) == 0 {
		when.Operations = slices.DeleteFunc(provision, func(op token.Operation) bool { return !within.has(op.Info().Network) })
		return
	}
	for _, op := range when.Operations {
		if op.Traits().Pays {
			c.refuse(d.then.decision.spot, "is the issuer's answer to provisioning; a payment is declined with error: do_not_honor or another reason")
			return
		}
		if !slices.Contains(provision, op) {
			c.refuse(d.then.decision.spot, "is the issuer's answer to provisioning; "+op.Info().Wire+" does not ask the issuer")
			return
		}
	}
}
