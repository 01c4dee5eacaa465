package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/token"
)

func newStory(a *app) *cobra.Command {
	cmd := a.calls(&cobra.Command{
		Use: "token [REF|last]", Short: "Show what happened to a token, by whom and why", Args: cobra.MaximumNArgs(1),
		Long: "Shows the story of a token: what was asked about it and answered, when it was made, activated, suspended and so on,\n" +
			"by whom and by which line of the scenario, and the notices of that. The token is named by its reference, which\n" +
			"`call provision` prints, or a beginning of it; last is the one that changed last.",
	})
	card := cmd.Flags().String("card", "", "the newest token of this card")
	f := formats(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if (len(args) == 0) == (*card == "") {
			return usage("%s needs the reference of a token or --card", cmd.CommandPath())
		}
		c, err := a.client(patience)
		if err != nil {
			return err
		}
		ref := token.Ref(strings.Join(args, ""))
		if *card != "" {
			if ref, err = newestOf(cmd.Context(), c, *card); err != nil {
				return err
			}
		}
		s, err := c.Story(cmd.Context(), ref)
		if err != nil {
			return err
		}
		return a.print(f, s, func(w io.Writer) { a.tellStory(w, s) })
	}
	return cmd
}

// newestOf is the token of a card that changed last.
func newestOf(ctx context.Context, c *control.Client, card string) (token.Ref, error) {
	list, err := c.Tokens(ctx, control.TokenQuery{Card: card, Limit: 1})
	switch {
	case err != nil:
		return "", err
	case len(list.Items) == 0:
		return "", failed("card %s has no token", token.Scrub(card))
	}
	return list.Items[0].Ref, nil
}

func (a *app) tellStory(w io.Writer, s control.Story) {
	t := s.Token
	fmt.Fprintf(w, "%s  %s of card %s, requestor %s\n", a.paint(bold, string(t.Ref)), t.Network, t.Card.Best(), t.Requestor)
	fmt.Fprintf(w, "%s since %s%s, %s\n\n", t.Status, moment(t.StatusAt), suspenders(t.SuspendedBy), plural(int(t.ATC), "cryptogram"))
	for _, l := range s.Lines {
		fmt.Fprintf(w, "%s  %s\n", moment(l.At), storyLine(l))
		for _, n := range l.Notices {
			fmt.Fprintf(w, "%22snotice %s %s, %s\n", "", n.ID, n.State, plural(n.Attempts, "attempt"))
		}
	}
	if s.Dropped > 0 {
		fmt.Fprintf(w, "%s of the sandbox, perhaps of this token, were dropped for lack of space\n", plural(int(s.Dropped), "older line"))
	}
}

func suspenders(by token.Suspenders) string {
	if len(by) == 0 {
		return ""
	}
	names := make([]string, len(by))
	for i, s := range by {
		names[i] = string(s)
	}
	return " by " + strings.Join(names, ", ")
}

// storyLine is an event with its cause, or a request with its answer.
func storyLine(l control.StoryLine) string {
	if l.Request != "" {
		return l.Request + " " + string(l.Operation) + " by " + l.Requestor + ": " + storyAnswer(l)
	}
	text := string(l.Event)
	if l.By != "" {
		text += " by " + string(l.By)
	}
	if l.Reason != "" {
		text += ", " + l.Reason
	}
	return text + causeText(l.Cause)
}

func storyAnswer(l control.StoryLine) string {
	answer := "no answer left"
	if l.Status != 0 {
		answer = fmt.Sprintf("HTTP %d", l.Status)
	}
	if l.Problem != "" {
		answer += ", " + string(l.Problem)
	}
	if l.Detail != "" {
		answer += " (" + l.Detail + ")"
	}
	if l.Fault != "" {
		answer += ", fault " + string(l.Fault) + ", work " + string(l.Work)
	}
	if l.Rule != "" {
		answer += fmt.Sprintf(", rule %q", l.Rule)
	}
	return answer
}

// causeText says what brought an event about.
func causeText(c *control.Cause) string {
	if c == nil {
		return ""
	}
	switch c.Kind {
	case token.OriginRequest:
		return ", asked by " + string(c.Operation)
	case token.OriginOperator:
		return ", at the control door"
	case token.OriginActivation:
		return ", as the activation was due"
	}
	return ", by the timeline at " + c.Place
}
