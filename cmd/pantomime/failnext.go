package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/token"
)

func newFailNext(a *app) *cobra.Command {
	var n control.FailNext
	var network, ref, problem, fault, decision string
	var list, clearAll bool
	cmd := a.calls(&cobra.Command{
		Use: "fail-next OPERATION", Short: "Make the next requests of an operation fail",
		Long: "Makes the next requests of an operation meet an error, a fault on the wire, a decision of the issuer or a delay.\n" +
			"`pantomime list operations|errors|faults` names what there is.",
		Example: "  pantomime fail-next provision --error limit_exceeded --network mastercard\n" +
			"  pantomime fail-next cryptogram --card alice --fault hang --times 2\n" +
			"  pantomime fail-next --list",
		Args: func(cmd *cobra.Command, args []string) error {
			if list || clearAll {
				return words()(cmd, args)
			}
			return words("an operation such as provision")(cmd, args)
		},
	})
	flags := cmd.Flags()
	flags.StringVar(&problem, "error", "", "documented error key, or a raw reason of the wire")
	flags.StringVar(&fault, "fault", "", "fault on the wire")
	flags.StringVar(&decision, "decision", "", "the issuer's decision: approve, step-up or decline")
	flags.Var(span{d: &n.Delay}, "delay", "time to wait before answering")
	flags.Var(span{d: &n.RetryAfter, least: time.Second}, "retry-after", "value of the Retry-After header")
	flags.Var(whole[int]{&n.Status, 200, 599}, "status", "HTTP status instead of the error's own")
	n.Times = 1
	flags.Var(whole[int]{n: &n.Times, least: 1}, "times", "how many requests fail")
	flags.StringVar(&n.Card, "card", "", "only for this card, such as alice or test/visa/1")
	flags.StringVar(&ref, "token", "", "only for this token")
	flags.StringVar(&n.Requestor, "requestor", "", "only for this token requestor")
	flags.StringVar(&network, "network", "", "only at this network")
	flags.BoolVar(&list, "list", false, "list the failures still to come")
	flags.BoolVar(&clearAll, "clear", false, "take all failures still to come away")
	f := formats(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		c, err := a.client(patience)
		if err != nil {
			return err
		}
		switch {
		case list:
			return a.listFaults(cmd, c, f)
		case clearAll:
			return a.clearFaults(cmd, c, f)
		}
		n.Operation, n.Network, n.Token = args[0], token.Network(network), token.Ref(ref)
		n.Error, n.Fault, n.Decision = token.Key(problem), token.Fault(fault), token.Decision(decision)
		rule, err := c.FailNext(cmd.Context(), n)
		if err != nil {
			return err
		}
		return a.print(f, rule, func(w io.Writer) {
			tellFault(w, rule)
			for _, warning := range rule.Warnings {
				fmt.Fprintln(a.err, warning.Text)
			}
		})
	}
	return cmd
}

func (a *app) listFaults(cmd *cobra.Command, c *control.Client, f *format) error {
	all, err := control.All(func(p control.Page) (control.List[control.Rule], error) { return c.Faults(cmd.Context(), p) })
	if err != nil {
		return err
	}
	return a.print(f, all, func(w io.Writer) {
		for _, r := range all.Items {
			tellFault(w, r)
		}
		if all.Total == 0 {
			fmt.Fprintln(w, "none")
		}
	})
}

// clearFaults takes them away and says which they were, as it cannot be undone.
func (a *app) clearFaults(cmd *cobra.Command, c *control.Client, f *format) error {
	gone, err := c.ClearFaults(cmd.Context())
	if err != nil {
		return err
	}
	return a.print(f, gone, func(w io.Writer) {
		for _, r := range gone.Rules {
			fmt.Fprint(w, "cleared ")
			tellFault(w, r)
		}
		if gone.Removed == 0 {
			fmt.Fprintln(w, "none to clear")
		}
	})
}

func tellFault(w io.Writer, r control.Rule) {
	left := ""
	if r.Left != nil {
		left = ", " + plural(*r.Left, "time")
	}
	fmt.Fprintf(w, "%s: %s meets %s%s\n", r.ID, ruleWhen(r.When), ruleThen(r.Then), left)
}

// ruleWhen says in a phrase what a rule matches.
func ruleWhen(w control.When) string {
	var parts []string
	for _, op := range w.Operations {
		parts = append(parts, string(op))
	}
	text := strings.Join(parts, ", ")
	if text == "" {
		text = "any operation"
		if w.Network != "" {
			text += " of " + string(w.Network)
		}
	}
	for _, of := range []struct {
		word   string
		values []string
	}{{"card", w.Cards}, {"BIN", w.BINs}, {"token", texts(w.Tokens)}, {"requestor", w.Requestors}} {
		if len(of.values) > 0 {
			text += " with " + of.word + " " + strings.Join(of.values, " or ")
		}
	}
	if w.Attempt > 0 {
		text += fmt.Sprintf(" at attempt %d", w.Attempt)
	}
	return text
}

// ruleThen says in a phrase what a request meets.
func ruleThen(t control.Then) string {
	var parts []string
	add := func(word, value string) {
		if value != "" && value != "0s" && value != "0" {
			parts = append(parts, word+" "+value)
		}
	}
	add("error", string(t.Error))
	add("decision", string(t.Decision))
	add("fault", string(t.Fault))
	add("status", fmt.Sprint(t.Status))
	add("delay", t.Delay.String())
	add("Retry-After", t.RetryAfter.String())
	if len(parts) == 0 {
		return "no change"
	}
	return strings.Join(parts, ", ")
}

func texts[T ~string](in []T) []string {
	out := make([]string, len(in))
	for i, v := range in {
		out[i] = string(v)
	}
	return out
}
