package main

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/token"
)

func newClock(a *app) *cobra.Command {
	return group("clock", "Read or move a sandbox's clock",
		"Reads or moves a sandbox's clock. Moving it makes everything happen that falls due on the way, in order,\n"+
			"and waits until the receivers of notices have answered.",
		newClockNow(a), newClockAdvance(a), newClockTo(a))
}

func newClockNow(a *app) *cobra.Command {
	cmd := a.calls(&cobra.Command{Use: "now", Short: "Show the time and what happens next", Args: words()})
	f := formats(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		c, err := a.client(patience)
		if err != nil {
			return err
		}
		now, err := c.Clock(cmd.Context())
		if err != nil {
			return err
		}
		return a.print(f, now, func(w io.Writer) { tellClock(w, now) })
	}
	return cmd
}

func tellClock(w io.Writer, c control.Clock) {
	fmt.Fprintf(w, "%s (%s), %s pending, %s planned\n", moment(c.Now), c.Mode, plural(c.Pending, "notice"), plural(c.Actions, "action"))
	if n := c.NextNotice; n != nil {
		fmt.Fprintf(w, "next notice at %s: %s to %s, attempt %d\n", moment(n.Due), n.Event, n.Requestor, n.Attempt)
	}
	for _, q := range c.Asked {
		fmt.Fprintf(w, "issuer %s is asked since %s: %s by %s, inquiry %s\n", q.Issuer, moment(q.At), q.Operation, q.Requestor, q.ID)
	}
	if len(c.Planned) == 0 {
		return
	}
	t := newTable(w, "DUE", "DO", "CARD", "TOKEN", "CAUSE")
	for _, p := range c.Planned {
		t.row(shortMoment(w, p.Due), p.Do, p.Card, shortID(w, string(p.Token)), p.Cause)
	}
	t.flush()
}

// negative is what "-5m" looks like to a parser of flags.
var negative = regexp.MustCompile(`^[0-9.]`)

func newClockAdvance(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use: "advance DURATION", Short: "Move the clock on by a duration, such as 4500ms, 36h or 30d", Args: words("a duration such as 30d"),
	}
	cmd.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		var unknown *pflag.NotExistError
		if errors.As(err, &unknown) && negative.MatchString(unknown.GetSpecifiedShortnames()) {
			return forwardOnly("-" + unknown.GetSpecifiedShortnames())
		}
		return cmd.Root().FlagErrorFunc()(cmd, err)
	})
	return a.moves(cmd, func(text string) (control.Advance, error) {
		by, err := control.ParseDuration(text)
		switch {
		case errors.Is(err, token.ErrDurationNegative):
			return control.Advance{}, forwardOnly(text)
		case errors.Is(err, token.ErrDurationRange), by > control.MaxAdvance:
			return control.Advance{}, usage("duration %q: is too long; at most %s", text, control.MaxAdvance)
		case err != nil:
			return control.Advance{}, usage("duration %q: %w", text, err)
		}
		return control.Advance{By: &by}, nil
	})
}

func forwardOnly(duration string) error {
	return usage("duration %q: a clock goes forward only; `pantomime sandbox reset` starts from the beginning", duration)
}

func newClockTo(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use: "to TIME", Short: "Move the clock on to a moment, such as 2026-04-01T00:00:00Z", Args: words("a moment such as 2026-04-01T00:00:00Z"),
	}
	return a.moves(cmd, func(text string) (control.Advance, error) {
		to, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return control.Advance{}, usage("moment %q: must be RFC 3339 with its zone, such as 2026-04-01T00:00:00Z", text)
		}
		return control.Advance{To: &to}, nil
	})
}

// moves finishes a command that moves the clock as its one argument says.
func (a *app) moves(cmd *cobra.Command, read func(string) (control.Advance, error)) *cobra.Command {
	wait := control.Duration(30 * time.Second)
	a.calls(cmd).Flags().Var(patient(&wait), "timeout", "how long to wait for the receivers of notices, real time")
	f := formats(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		move, err := read(args[0])
		if err != nil {
			return err
		}
		move.Timeout = &wait
		c, err := a.client(time.Duration(wait) + patience)
		if err != nil {
			return err
		}
		s, err := c.Advance(cmd.Context(), move)
		if err != nil {
			return err
		}
		if err := a.print(f, s, func(w io.Writer) { tellSettlement(w, s) }); err != nil {
			return err
		}
		if !s.Settled {
			return incomplete("not settled: %s", s.Why)
		}
		return nil
	}
	return cmd
}

func tellSettlement(w io.Writer, s control.Settlement) {
	fmt.Fprintf(w, "%s -> %s: %s, %s", moment(s.From), moment(s.Now), plural(s.Actions, "action"), plural(s.Sent, "delivery attempt"))
	if s.Left > 0 {
		fmt.Fprintf(w, ", %s still pending", plural(s.Left, "notice"))
	}
	fmt.Fprintln(w)
}
