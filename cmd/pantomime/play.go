package main

import (
	"cmp"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/pantomime-dev/pantomime/control"
	stories "github.com/pantomime-dev/pantomime/play"
	"github.com/pantomime-dev/pantomime/scenarios"
)

// played is the result of a play, for programs.
type played struct {
	OK       bool                  `json:"ok"`
	Name     string                `json:"name"`
	Steps    []playedStep          `json:"steps"`
	Verdicts []control.Expectation `json:"verdicts,omitempty"`
}

type playedStep struct {
	N     int    `json:"n"`
	Place string `json:"place"`
	What  string `json:"what"`
	Got   string `json:"got,omitempty"`
	Why   string `json:"why,omitempty"`
}

func newPerform(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use: "play FILE|NAME", Short: "Perform the play of a scenario and say whether it turns out as written", Args: words("a scenario file or a name of the library"),
		Long: "Starts a sandbox of its own with the scenario, performs its play section as a token requestor over HTTP, signed and\n" +
			"encrypted, and compares the end with its expect section. Exits with 1 at the first step that does not turn out as\n" +
			"written, and with 3 when the file has no play.",
	}
	f := formats(cmd, "text", "json", "yaml")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		s, findings, err := scenarios.Load(args...)
		switch {
		case err != nil:
			return usage("%w", err)
		case findings.Err() != nil:
			return usage("%w", findings.Err())
		case len(s.Play) == 0:
			return incomplete("%q has no play", cmp.Or(s.Name, args[0]))
		}
		report, err := stories.Run(cmd.Context(), s, func(step stories.Step) {
			if f.value == "text" {
				a.tellStep(step)
			}
		})
		if err != nil {
			return incomplete("%w", err)
		}
		return a.tellPlay(f, cmp.Or(s.Name, args[0]), report)
	}
	return cmd
}

func (a *app) tellStep(s stories.Step) {
	mark := "ok"
	if s.Why != "" {
		mark = "NO"
	}
	fmt.Fprintf(a.out, "%3d  %-2s  %-44s  %s\n", s.N, mark, s.What, s.Got)
	if s.Why != "" {
		fmt.Fprintf(a.out, "         %s: %s\n", s.At, s.Why)
	}
}

func (a *app) tellPlay(f *format, name string, r stories.Report) error {
	v := played{OK: r.OK(), Name: name, Verdicts: r.Verdicts}
	for _, s := range r.Steps {
		v.Steps = append(v.Steps, playedStep{N: s.N, Place: s.At.String(), What: s.What, Got: s.Got, Why: s.Why})
	}
	for _, e := range r.Verdicts {
		if f.value == "text" && !e.OK {
			fmt.Fprintf(a.out, "     NO  %s\n         %s: expected %s, found %s\n", e.What, e.Place, e.Expected, e.Found)
		}
	}
	if f.value != "text" {
		if err := a.print(f, v, nil); err != nil {
			return err
		}
	}
	if !v.OK {
		return failed("%q did not turn out as written", name)
	}
	return nil
}
