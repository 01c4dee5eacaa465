package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/token"
)

// followWait is how long one question for new entries may wait.
const followWait = 20 * time.Second

func newJournal(a *app) *cobra.Command {
	var q control.ExchangeQuery
	var network, ref, problem string
	var follow, canonical bool
	cmd := a.calls(&cobra.Command{
		Use: "journal", Short: "List what was asked and answered on the network door", Args: words(),
		Long: "Lists requests and answers, masked: no card number, key or cryptogram is in it. With --follow it goes on until\n" +
			"it is stopped; -o json then prints one object a line.",
	})
	flags := cmd.Flags()
	flags.BoolVarP(&follow, "follow", "f", false, "go on and print requests as they come")
	flags.BoolVar(&q.Refused, "refused", false, "only what a check of signature, encryption or form refused")
	flags.StringVar(&network, "network", "", "only this network")
	flags.StringVar(&q.Operation, "operation", "", "only this operation")
	flags.StringVar(&q.Requestor, "requestor", "", "only this token requestor")
	flags.StringVar(&ref, "token", "", "only this token")
	flags.StringVar(&problem, "problem", "", "only this error key")
	flags.StringVar(&q.After, "after", "", "only what came after this id")
	flags.Var(whole[int]{&q.Limit, 1, 1000}, "limit", "how many, at most 1000 (default 100)")
	flags.BoolVar(&canonical, "canonical", false, "the canonical journal: the same for the same story, in any order of requests")
	f := formats(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		q.Network, q.Token, q.Problem = token.Network(network), token.Ref(ref), token.Key(problem)
		c, err := a.client(patience + followWait)
		switch {
		case err != nil:
			return err
		case canonical && follow:
			return usage("--canonical and --follow exclude each other")
		case canonical:
			return a.canonicalJournal(cmd, c, f)
		case follow && f.value == formYAML:
			return usage("--follow prints text or json")
		case follow:
			return a.follow(cmd, c, q, f)
		}
		list, err := c.Requests(cmd.Context(), q)
		if err != nil {
			return err
		}
		return a.print(f, list, func(w io.Writer) { tellJournal(w, list) })
	}
	return cmd
}

func (a *app) canonicalJournal(cmd *cobra.Command, c *control.Client, f *format) error {
	list, err := c.Journal(cmd.Context())
	if err != nil {
		return err
	}
	return a.print(f, list, func(w io.Writer) {
		t := newTable(w, "ENTITY", "SEQ", "OPERATION", "REQUESTOR", "HTTP", "OUTCOME")
		for _, e := range list.Items {
			t.row(e.Entity, strconv.Itoa(int(e.Seq)), string(e.Operation), e.Requestor, statusText(e.Status), string(e.Problem))
		}
		t.flush()
	})
}

var journalColumns = grid{
	{name: "ID", width: 6},
	{name: "TIME", width: 24, tight: len(time.DateTime)},
	{name: "REQUESTOR", width: 10, from: roomy},
	{name: "OPERATION", width: 28, tight: 27},
	{name: "HTTP", width: 4},
	{name: "OUTCOME"},
}

func tellJournal(w io.Writer, list control.List[control.Exchange]) {
	journalColumns.heading(w)
	for _, e := range list.Items {
		journalRow(w, e)
	}
	if n := list.Total - len(list.Items); n > 0 {
		fmt.Fprintf(w, "%d more; see --limit and --after\n", n)
	}
	if list.Dropped > 0 {
		fmt.Fprintf(w, "%d older ones were dropped for lack of space\n", list.Dropped)
	}
}

func journalRow(w io.Writer, e control.Exchange) {
	what := string(e.Operation)
	if what == "" {
		what = e.Request.Method + " " + e.Request.Path
	}
	journalColumns.row(w, e.ID, shortMoment(w, e.At), e.Requestor, what, statusText(e.Response.Status), journalOutcome(e))
}

// statusText is an HTTP status, or a dash where no answer left.
func statusText(status int) string {
	if status == 0 {
		return "-"
	}
	return strconv.Itoa(status)
}

// journalOutcome is the one thing most worth knowing of an exchange.
func journalOutcome(e control.Exchange) string {
	failed, refused := e.Checks.Failed()
	rule := ""
	if e.Rule != "" {
		rule = fmt.Sprintf(" (rule %q)", e.Rule)
	}
	worked := ""
	if e.Work != "" {
		worked = ", work " + string(e.Work)
	}
	switch {
	case e.Fault != "":
		return "fault " + string(e.Fault) + worked + rule
	case e.Response.Status == 0:
		return "the client left" + worked + rule
	case refused:
		return "check failed: " + failed.Name
	case e.Problem != "":
		return string(e.Problem) + rule
	case e.Decision != "" && e.Decision != token.Approve:
		return "decision " + string(e.Decision) + rule
	}
	return "ok" + rule
}

// follow prints what is there and then waits for more until it is stopped.
func (a *app) follow(cmd *cobra.Command, c *control.Client, q control.ExchangeQuery, f *format) error {
	if f.forPeople() {
		journalColumns.heading(a.out)
	}
	lines := json.NewEncoder(a.out)
	lines.SetEscapeHTML(false)
	begun := false // something was listed, so what is asked for was right
	for {
		list, err := c.Requests(cmd.Context(), q)
		var p *control.Problem
		switch {
		case errors.As(err, &p) && p.Field == "after" && begun: // the sandbox was reset, and counts from the start
			q.After = "r-0"
			continue
		case errors.Is(cmd.Context().Err(), context.Canceled):
			return nil // being stopped is how this ends
		case err != nil:
			return err
		}
		for _, e := range list.Items {
			if f.forPeople() {
				journalRow(a.out, e)
			} else if err := lines.Encode(e); err != nil {
				return err
			}
		}
		if last := list.Items; len(last) > 0 {
			q.After = last[len(last)-1].ID
		} else if q.After == "" {
			q.After = "r-0"
		}
		q.Wait, begun = control.Duration(followWait), true
	}
}
