package control

import (
	"fmt"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/simulator/journal"
	"github.com/pantomime-dev/pantomime/simulator/outcome"
	"github.com/pantomime-dev/pantomime/token"
)

// explain says why an exchange ended as it did, from what was recorded while
// it was judged.
func (c *call) explain() (any, error) {
	e, err := c.entry()
	if err != nil {
		return nil, err
	}
	v := control.Explanation{
		ID: e.ID, Sandbox: e.Sandbox, Network: e.Network, Operation: e.Op, Requestor: e.Requestor, At: e.At.UTC(),
		Method: e.Request.Method, Path: e.Request.Path, Status: e.Response.Status,
		Checks: e.Checks, Rule: c.findRule(e.RuleID), RuleName: e.Rule,
		Problem: e.Problem, Detail: e.Detail, Fault: e.Fault, Delay: control.Duration(e.Delay),
		Work: e.Work, Legs: e.Legs, Together: c.together(e), Before: c.before(e), NearRules: c.nearRules(e),
	}
	v.Verdict, v.Summary = verdict(e)
	return v, nil
}

// findRule looks a rule up by its id; one that was used up or removed is gone.
func (c *call) findRule(id string) *control.Rule {
	if id == "" {
		return nil
	}
	r, ok := c.box.Rule(id)
	if !ok {
		return nil
	}
	v := c.viewRule(r)
	return &v
}

// layers are the layers of rules in the order they are asked.
var layers = []outcome.Layer{outcome.FailNext, outcome.Posted, outcome.File, outcome.Magic}

// verdict says how an exchange ended, in a word and in a sentence.
func verdict(e journal.Entry) (control.Verdict, string) {
	failed, refused := e.Checks.Failed()
	byRule := ""
	if e.Rule != "" {
		byRule = fmt.Sprintf(" by the rule %q", e.Rule)
	}
	switch {
	case e.Fault != "":
		return control.VerdictFault, fmt.Sprintf("the fault %s struck the answer%s%s", e.Fault, byRule, worked(e))
	case e.Response.Status == 0:
		return control.VerdictFault, "the client left before its answer did" + worked(e)
	case refused && e.Response.Status >= 400 || refused && e.Problem != "":
		return control.VerdictCheck, "refused: the check " + failed.Name + " does not hold" + usualCause(failed)
	case e.Problem != "" && e.Rule != "":
		return control.VerdictRule, fmt.Sprintf("answered with %s%s", e.Problem, byRule)
	case e.Problem != "":
		return control.VerdictRefused, fmt.Sprintf("refused with %s%s", e.Problem, colon(e.Detail))
	case e.Decision == token.Decline:
		return control.VerdictDeclined, "the issuer declined" + byRule
	case refused:
		return control.VerdictAnswered, "answered, although the check " + failed.Name + " does not hold" + usualCause(failed)
	case e.Delay > 0:
		return control.VerdictAnswered, fmt.Sprintf("answered after a delay of %s%s", control.Duration(e.Delay), byRule)
	}
	return control.VerdictAnswered, "answered as asked" + byRule
}

// worked says of a request whose answer was damaged, or never left, what became
// of what it asked for.
func worked(e journal.Entry) string {
	text := ""
	if e.Response.Status == 0 {
		text = "; no answer left"
	}
	if e.Work != "" {
		text += "; the work was " + string(e.Work)
	}
	return text
}

// usualCause adds the hint of a check or, without one, what it expected.
func usualCause(c token.Check) string {
	if c.Hint == "" && c.Expected != "" {
		return ": expected " + c.Expected
	}
	return colon(c.Hint)
}

func colon(text string) string {
	if text == "" {
		return ""
	}
	return ": " + text
}
