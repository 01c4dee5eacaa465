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
	Stopped  bool                  `json:"stopped,omitempty"` // by its user; the steps below had not been played
	Left     []leftStep            `json:"left,omitempty"`
}

type leftStep struct {
	N     int    `json:"n"`
	Place string `json:"place"`
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
	f := formats(cmd)
	verbose := cmd.Flags().BoolP("verbose", "v", false, "print the time line: who sent what to whom and when, notices among it")
	var allow []string
	allowing(cmd, &allow)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		targets, err := targetsOf(allow)
		if err != nil {
			return err
		}
		s, findings, err := scenarios.Loader{Targets: targets}.Load(args...)
		switch {
		case err != nil:
			return usage("%w", err)
		case findings.Err() != nil:
			return usage("%w", findings.Err())
		case len(s.Play) == 0:
			return incomplete("%q has no play", cmp.Or(s.Name, args[0]))
		}
		tell, lines := func(stories.Step) {}, (func(stories.Line))(nil)
		switch {
		case *verbose && !f.forPeople():
			return usage("-v prints a time line, which has no form for -o %s", f.value)
		case *verbose:
			lines = a.lines()
		case f.forPeople():
			tell = a.tellStep
		}
		report, err := stories.Run(cmd.Context(), s, targets.Allowed, tell, lines)
		switch {
		case cmd.Context().Err() != nil:
			return a.tellStopped(f, s, cmp.Or(s.Name, args[0]), report)
		case err != nil:
			return incomplete("%w", err)
		}
		return a.tellPlay(f, cmp.Or(s.Name, args[0]), report)
	}
	return cmd
}

func (a *app) tellStep(s stories.Step) {
	mark := a.paint(good, "ok")
	if s.Why != "" {
		mark = a.paint(bad, "NO")
	}
	fmt.Fprintf(a.out, "%3d  %s  %-44s  %s\n", s.N, mark, s.What, s.Got)
	if s.Why != "" {
		fmt.Fprintf(a.out, "         %s: %s\n", s.At, s.Why)
	}
}

// tellVerdicts says which expectations do not hold.
func (a *app) tellVerdicts(r stories.Report) {
	for _, e := range r.Verdicts {
		if !e.OK {
			fmt.Fprintf(a.out, "     %s  %s\n         %s: expected %s, found %s\n", a.paint(bad, "NO"), e.What, e.Place, e.Expected, e.Found)
		}
	}
}

// tellStopped says which steps were played when somebody stopped the play, and
// which were not. The one under way is among those.
func (a *app) tellStopped(f *format, s scenarios.Scenario, name string, r stories.Report) error {
	v := played{Name: name, Stopped: true}
	for _, done := range r.Steps {
		if done.Why == "" {
			v.Steps = append(v.Steps, shownStep(done))
		}
	}
	for n := len(v.Steps); n < len(s.Play); n++ {
		v.Left = append(v.Left, leftStep{N: n + 1, Place: s.Play[n].At.String()})
	}
	if !f.forPeople() {
		if err := a.print(f, v, nil); err != nil {
			return err
		}
	}
	from := ""
	if len(v.Left) > 0 {
		from = ", from " + v.Left[0].Place + " on"
	}
	return incomplete("%q was stopped: %d of %d steps were played, %d were not%s", name, len(v.Steps), len(s.Play), len(v.Left), from)
}

func shownStep(s stories.Step) playedStep {
	return playedStep{N: s.N, Place: s.At.String(), What: s.What, Got: s.Got, Why: s.Why}
}

func (a *app) tellPlay(f *format, name string, r stories.Report) error {
	v := played{OK: r.OK(), Name: name, Verdicts: r.Verdicts}
	for _, s := range r.Steps {
		v.Steps = append(v.Steps, shownStep(s))
	}
	if f.forPeople() {
		a.tellVerdicts(r)
	} else if err := a.print(f, v, nil); err != nil {
		return err
	}
	if !v.OK {
		return failed("%q did not turn out as written", name)
	}
	return nil
}
