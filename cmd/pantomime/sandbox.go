package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/token"
)

func newSandbox(a *app) *cobra.Command {
	return group("sandbox", "Make, look at, reset and end sandboxes",
		"Makes, looks at, resets and ends sandboxes. Each is a world of its own: cards, tokens, rules, clock, journal and\n"+
			"credentials. The credentials alone lead a request there, so a client needs nothing but other keys.",
		newSandboxNew(a), newSandboxList(a), newSandboxShow(a), newSandboxReset(a), newSandboxRemove(a))
}

// newSandboxNew takes a scenario as `serve` does: a file, or a name of the library.
func newSandboxNew(a *app) *cobra.Command {
	var in control.NewSandbox
	var scenario, mode string
	var from uint64
	cmd := a.callsServer(&cobra.Command{Use: "new [ID]", Short: "Make a sandbox and print its credentials", Args: cobra.MaximumNArgs(1)})
	cmd.Flags().StringVar(&scenario, "scenario", "", "a scenario file, or the name of one in the library")
	cmd.Flags().StringVar(&mode, "clock", "", "system, manual or manual@TIME")
	cmd.Flags().Var(seed(&from), "seed", "what ids and credentials derive from (default the scenario's, else 1)")
	cmd.Flags().StringVar(&in.Notify, "notify", "", "where notices to the first token requestor go")
	f := formats(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) == 1 {
			in.ID = args[0]
		}
		if mode != "" {
			m, start, err := clock.ParseMode(mode)
			if err != nil {
				return usage("--%w", err)
			}
			in.Clock, in.Start = string(m), start
		}
		if from != 0 {
			in.Seed = &from
		}
		of, err := scenarioText(scenario)
		if err != nil {
			return err
		}
		in.Library, in.Scenario, in.File = of.Library, of.Scenario, of.File
		return a.make(cmd.Context(), f, func(ctx context.Context, c *control.Client) (control.MadeSandbox, error) {
			return c.CreateSandbox(ctx, in)
		})
	}
	return cmd
}

// longestScenario is what a scenario file has at most.
const longestScenario = 1 << 20

// scenarioText reads a file, or takes the word for a name of the library.
func scenarioText(name string) (in control.Reset, err error) {
	if name == "" {
		return in, nil
	}
	data, _, err := readAtMost(name, longestScenario)
	switch {
	case err == nil:
		return control.Reset{Scenario: string(data), File: name}, nil
	case os.IsNotExist(err) && !strings.ContainsAny(name, `/\.`):
		return control.Reset{Library: strings.TrimPrefix(name, "library:")}, nil
	}
	return in, usage("--scenario: %w", err)
}

// make calls for a sandbox of a scenario, if one is named, and prints it with
// what a client needs.
func (a *app) make(ctx context.Context, f *format, do func(context.Context, *control.Client) (control.MadeSandbox, error)) error {
	c, err := a.client(patience)
	if err != nil {
		return err
	}
	made, err := do(ctx, c)
	if err != nil {
		return err
	}
	return a.print(f, made, func(w io.Writer) {
		tellSandbox(w, made.Sandbox)
		fmt.Fprintf(w, "\nEverything a client needs: pantomime env --sandbox %s\n", made.Sandbox.ID)
		for _, warning := range made.Warnings {
			fmt.Fprintln(a.err, warning.Text)
		}
	})
}

func tellSandbox(w io.Writer, s control.Sandbox) {
	fmt.Fprintf(w, "sandbox     %s\nseed        %d\nclock       %s (%s)\nvisa        %s\nmastercard  %s\ncards       %d\ntokens      %d\n",
		s.ID, s.Seed, moment(s.Clock.Now), s.Clock.Mode, s.BaseURL[token.PartyVisa], s.BaseURL[token.PartyMastercard], s.Cards, s.Tokens)
	for _, r := range s.Requestors {
		fmt.Fprintf(w, "requestor   %s, API key %s\n", r.Name, r.APIKey)
	}
}

func newSandboxList(a *app) *cobra.Command {
	cmd := a.callsServer(&cobra.Command{Use: "ls", Short: "List the sandboxes", Args: words()})
	f := formats(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		c, err := a.client(patience)
		if err != nil {
			return err
		}
		list, err := control.All(func(p control.Page) (control.List[control.Sandbox], error) { return c.Sandboxes(cmd.Context(), p) })
		if err != nil {
			return err
		}
		return a.print(f, list, func(w io.Writer) {
			t := newTable(w, "ID", "CLOCK", "NOW", "CARDS", "TOKENS", "PENDING")
			for _, s := range list.Items {
				t.row(s.ID, s.Clock.Mode, s.Clock.Now.UTC().Format(time.RFC3339), fmt.Sprint(s.Cards), fmt.Sprint(s.Tokens), fmt.Sprint(s.Clock.Pending))
			}
			t.flush()
		})
	}
	return cmd
}

func newSandboxShow(a *app) *cobra.Command {
	cmd := a.callsServer(&cobra.Command{Use: "show ID", Short: "Show a sandbox", Args: words("a sandbox's id")})
	f := formats(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		c, err := a.client(patience)
		if err != nil {
			return err
		}
		s, err := c.Sandbox(cmd.Context(), args[0])
		if err != nil {
			return err
		}
		return a.print(f, s, func(w io.Writer) { tellSandbox(w, s) })
	}
	return cmd
}

func newSandboxReset(a *app) *cobra.Command {
	var scenario string
	cmd := a.callsServer(&cobra.Command{Use: "reset ID", Short: "Put a sandbox back to its beginning; its credentials stay", Args: words("a sandbox's id")})
	cmd.Flags().StringVar(&scenario, "scenario", "", "begin with this scenario: a file, or the name of one in the library")
	f := formats(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		of, err := scenarioText(scenario)
		if err != nil {
			return err
		}
		return a.make(cmd.Context(), f, func(ctx context.Context, c *control.Client) (control.MadeSandbox, error) {
			return c.ResetSandbox(ctx, args[0], of)
		})
	}
	return cmd
}

// gone is a sandbox that was ended, for programs.
type gone struct {
	Removed string `json:"removed"`
}

func newSandboxRemove(a *app) *cobra.Command {
	cmd := a.callsServer(&cobra.Command{Use: "rm ID", Short: "End a sandbox", Args: words("a sandbox's id")})
	f := formats(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		c, err := a.client(patience)
		if err != nil {
			return err
		}
		if err := c.RemoveSandbox(cmd.Context(), args[0]); err != nil {
			return err
		}
		return a.print(f, gone{args[0]}, func(w io.Writer) { fmt.Fprintf(w, "sandbox %s is gone\n", args[0]) })
	}
	return cmd
}
