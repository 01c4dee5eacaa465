package main

import (
	"bytes"
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

// watchPause is between two looks at notices: the control door reports
// exchanges as they come, of notices when it is asked.
const watchPause = 500 * time.Millisecond

func newCallbacks(a *app) *cobra.Command {
	var q control.CallbackQuery
	var event, ref string
	var follow bool
	cmd := a.calls(&cobra.Command{
		Use: "callbacks", Short: "List notices to token requestors and how they fared", Args: noSuchCommand,
		Long: "Lists notices to token requestors in the order they were scheduled: delivered, on their way, failed, unrouted\n" +
			"because the requestor has no target, or withheld because a scenario said never. With --follow it goes on until it\n" +
			"is stopped and prints a notice again when something happened to it; -o json then prints one object a line.\n" +
			"`pantomime resend ID` sends one again.",
	})
	flags := cmd.Flags()
	flags.BoolVarP(&follow, "follow", "f", false, "go on and print notices as they come and change")
	flags.StringVar(&q.State, "state", "", "only in this state: scheduled, held, sending, delivered, failed, unrouted or withheld")
	flags.StringVar(&event, "event", "", "only of this event")
	flags.StringVar(&q.Requestor, "requestor", "", "only to this token requestor")
	flags.StringVar(&ref, "token", "", "only about this token")
	flags.Var(whole[int]{&q.Limit, 1, 1000}, "limit", "how many, at most 1000 (default 100)")
	f := formats(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		q.Event, q.Token = token.EventType(event), token.Ref(ref)
		c, err := a.client(patience)
		switch {
		case err != nil:
			return err
		case follow && f.value == formYAML:
			return usage("--follow prints text or json")
		case follow:
			return a.followCallbacks(cmd, c, q, f)
		}
		list, err := c.Callbacks(cmd.Context(), q)
		if err != nil {
			return err
		}
		return a.print(f, list, func(w io.Writer) { tellCallbacks(w, list) })
	}
	cmd.AddCommand(newCallbacksShow(a))
	return cmd
}

var callbackColumns = grid{
	{name: "ID", width: 32, tight: shortLength},
	{name: "DUE", width: 24, tight: len(time.DateTime)},
	{name: "REQUESTOR", width: 10, from: roomy},
	{name: "EVENT", width: 21},
	{name: "CARD", width: 16, from: wide},
	{name: "STATE", width: 9},
	{name: "ATTEMPTS", width: 8},
	{name: "TARGET", from: wide},
}

func tellCallbacks(w io.Writer, list control.List[control.Callback]) {
	callbackColumns.heading(w)
	for _, n := range list.Items {
		callbackRow(w, n)
	}
	if older := list.Total - len(list.Items); older > 0 {
		fmt.Fprintf(w, "%s; see --limit\n", plural(older, "older one"))
	}
}

func callbackRow(w io.Writer, n control.Callback) {
	callbackColumns.row(w, shortID(w, n.ID), shortMoment(w, n.Due), n.Event.Requestor, string(n.Event.Type), maskedCard(n.Event.Card), n.State, strconv.Itoa(len(n.Attempts)), n.Target)
}

// maskedCard shows a card's number as far as a notice knows it.
func maskedCard(c token.AccountState) string {
	if c.First6 == "" {
		return ""
	}
	return c.First6 + "******" + c.Last4
}

// followCallbacks prints what is there, then what is new or changed, until it
// is stopped.
func (a *app) followCallbacks(cmd *cobra.Command, c *control.Client, q control.CallbackQuery, f *format) error {
	if f.forPeople() {
		callbackColumns.heading(a.out)
	}
	lines := json.NewEncoder(a.out)
	lines.SetEscapeHTML(false)
	seen := map[string]string{}
	for {
		list, err := c.Callbacks(cmd.Context(), q)
		switch {
		case errors.Is(cmd.Context().Err(), context.Canceled):
			return nil // being stopped is how this ends
		case err != nil:
			return err
		}
		for _, n := range list.Items {
			now := fmt.Sprint(n.State, n.Due, len(n.Attempts))
			if seen[n.ID] == now {
				continue
			}
			seen[n.ID] = now
			if f.forPeople() {
				callbackRow(a.out, n)
			} else if err := lines.Encode(n); err != nil {
				return err
			}
		}
		_ = a.wall.Sleep(cmd.Context(), watchPause) // the next question says why it ended
	}
}

func newCallbacksShow(a *app) *cobra.Command {
	cmd := a.calls(&cobra.Command{
		Use: "show ID|last", Short: "Show a notice with each attempt to deliver it", Args: words("the id of a notice"),
		Long: "Shows a notice and the log of its attempts: when, with which answer or error, how long it took, when the next one is\n" +
			"due, and what was sent, decrypted and masked.",
	})
	f := formats(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		c, err := a.client(patience)
		if err != nil {
			return err
		}
		n, err := c.Callback(cmd.Context(), args[0])
		if err != nil {
			return err
		}
		return a.print(f, n, func(w io.Writer) { a.tellCallback(w, n) })
	}
	return cmd
}

func (a *app) tellCallback(w io.Writer, n control.Callback) {
	fmt.Fprintf(w, "%s  %s at %s, sandbox %s\n", a.paint(bold, n.ID), n.Event.Type, n.Event.Network, n.Event.Sandbox)
	fmt.Fprintf(w, "to %s: %s\n\n", n.Event.Requestor, noticeState(n))
	for _, fact := range [][2]string{
		{"happened", moment(n.Event.At)},
		{"due", moment(n.Due)},
		{"by", string(n.Event.By)},
		{"reason", n.Event.Reason},
		{"token", string(n.Event.Token.Ref)},
		{"card", maskedCard(n.Event.Card)},
		{"target", n.Target},
	} {
		if fact[1] != "" {
			fmt.Fprintf(w, "%-9s%s\n", fact[0], fact[1])
		}
	}
	if len(n.Attempts) == 0 {
		return
	}
	fmt.Fprintln(w)
	t := newTable(w, "ATTEMPT", "TIME", "HTTP", "TOOK", "NEXT", "ERROR")
	for _, one := range n.Attempts {
		t.row(strconv.Itoa(one.N), moment(one.At), answerStatus(one), one.Took.String(), nextAttempt(one), one.Error)
	}
	t.flush()
	tellBodies(w, n.Attempts)
}

func answerStatus(one control.Attempt) string {
	if one.Status == 0 {
		return ""
	}
	return strconv.Itoa(one.Status)
}

func nextAttempt(one control.Attempt) string {
	if one.Next.IsZero() {
		return ""
	}
	return moment(one.Next)
}

// tellBodies prints what was sent, once when all attempts sent the same.
func tellBodies(w io.Writer, attempts []control.Attempt) {
	before := ""
	for _, one := range attempts {
		if one.Body == "" || one.Body == before {
			continue
		}
		before = one.Body
		var text bytes.Buffer
		if json.Indent(&text, []byte(one.Body), "", "  ") != nil {
			text.Reset()
			text.WriteString(one.Body)
		}
		fmt.Fprintf(w, "\nattempt %d sent to %s\n%s\n", one.N, one.URL, text.String())
	}
}
