package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/token"
)

func newExplain(a *app) *cobra.Command {
	cmd := a.calls(&cobra.Command{
		Use: "explain ID|last", Short: "Say why a request was answered as it was",
		Long: "Says why a request was answered as it was: what was checked of signature, encryption and form, what was expected\n" +
			"and received, which rule applied and which only nearly did, and what the state was. `pantomime journal` lists the ids.\n" +
			"`explain token REF` says what happened to a token.",
		Args: words("the id of a request, such as r-17, its number, or last"),
	})
	f := formats(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		c, err := a.client(patience)
		if err != nil {
			return err
		}
		e, err := c.Explain(cmd.Context(), args[0])
		if err != nil {
			return err
		}
		return a.print(f, e, func(w io.Writer) { a.tellExplanation(w, e) })
	}
	cmd.AddCommand(newStory(a))
	return cmd
}

func (a *app) tellExplanation(w io.Writer, e control.Explanation) {
	who := "unknown caller"
	if e.Requestor != "" {
		who = e.Requestor
	}
	what := "no operation"
	if e.Operation != "" {
		what = string(e.Operation)
	}
	answer := "no answer"
	if e.Status != 0 {
		answer = fmt.Sprintf("HTTP %d", e.Status)
	}
	fmt.Fprintf(w, "%s  %s %s -> %s\n", a.paint(bold, e.ID), e.Method, e.Path, answer)
	fmt.Fprintf(w, "%s by %s at %s, sandbox %s\n\n", what, who, moment(e.At), e.Sandbox)
	fmt.Fprintf(w, "%s\n", a.paint(colourOf(e.Verdict), e.Summary))
	if len(e.Checks) > 0 {
		fmt.Fprintln(w)
	}
	width, key := 0, ""
	for _, c := range e.Checks {
		width = max(width, len(c.Name))
	}
	for _, c := range e.Checks {
		a.tellCheck(w, c, width, c.KeyID != key)
		key = c.KeyID
	}
	tellFacts(w, factsOf(e))
}

// factsOf are what there is to know in addition to the checks.
func factsOf(e control.Explanation) (facts [][2]string) {
	if e.Rule != nil {
		facts = append(facts, [2]string{"rule", fmt.Sprintf("%s, %q: %s meets %s; fired %s", e.Rule.ID, e.Rule.Name, ruleWhen(e.Rule.When), ruleThen(e.Rule.Then), plural(e.Rule.Fired, "time"))})
	} else if e.RuleName != "" {
		facts = append(facts, [2]string{"rule", fmt.Sprintf("%q, used up or removed since", e.RuleName)})
	}
	facts = append(facts, [2]string{"problem", strings.Trim(string(e.Problem)+": "+e.Detail, ": ")}, [2]string{"fault", string(e.Fault)})
	if e.Delay > 0 {
		facts = append(facts, [2]string{"delay", e.Delay.String()})
	}
	if e.Work != "" && (e.Fault != "" || e.Status == 0) {
		facts = append(facts, [2]string{"work", string(e.Work)})
	}
	for _, l := range e.Legs {
		facts = append(facts, [2]string{"leg", l.String()})
	}
	for _, l := range e.Together {
		facts = append(facts, [2]string{"together", strings.TrimSpace(fmt.Sprintf("%s %s of %s: HTTP %d %s", l.ID, l.Operation, l.Requestor, l.Status, l.Problem))})
		for _, says := range l.Says {
			facts = append(facts, [2]string{"", "  " + says})
		}
	}
	for _, l := range e.Before {
		facts = append(facts, [2]string{"before", fmt.Sprintf("%s at %s, token %s", storyLine(l), moment(l.At), l.Token)})
	}
	for _, n := range e.NearRules {
		facts = append(facts, [2]string{"near", fmt.Sprintf("%s, %q%s, did not apply", n.ID, n.Name, placed(n.At))})
		for _, c := range n.Missed {
			facts = append(facts, [2]string{"", fmt.Sprintf("  %s: expected %s, received %s", c.Name, c.Expected, c.Received)})
		}
	}
	return facts
}

func placed(at string) string {
	if at == "" {
		return ""
	}
	return " at " + at
}

func tellFacts(w io.Writer, facts [][2]string) {
	space := "\n"
	for _, fact := range facts {
		if fact[1] != "" {
			fmt.Fprintf(w, "%s%-9s%s\n", space, fact[0], fact[1])
			space = ""
		}
	}
}

func colourOf(v control.Verdict) string {
	if v == control.VerdictAnswered {
		return good
	}
	return bad
}

// tellCheck prints a check; one that refused reports all it knows.
func (a *app) tellCheck(w io.Writer, c token.Check, width int, withKey bool) {
	mark, name := a.paint(good, "ok  "), c.Name
	if !c.OK {
		mark = a.paint(bad, "FAIL")
	}
	if withKey && c.KeyID != "" {
		name = fmt.Sprintf("%-*s  %s", width, name, a.paint(dim, "key "+c.KeyID))
	}
	fmt.Fprintf(w, "  %s  %s\n", mark, name)
	if c.OK {
		if c.Hint != "" {
			fmt.Fprintf(w, "        %s\n", a.paint(dim, c.Hint))
		}
		return
	}
	for _, line := range [][2]string{{"expected", c.Expected}, {"received", c.Received}, {"difference", c.Difference}, {"hint", c.Hint}} {
		if line[1] != "" {
			fmt.Fprintf(w, "        %-11s %s\n", line[0], line[1])
		}
	}
}
