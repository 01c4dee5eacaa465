package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/harness/suites"
	"github.com/pantomime-dev/pantomime/scenarios"
)

func newConform(a *app) *cobra.Command {
	return group("conform", "Judge a server by the networks' wire documents",
		"Runs the conformance checks of a network against any server that plays it, this one or another.\n"+
			"A target file says where it listens, who calls it and what plays its operator; see docs/conformance.md.",
		newConformServer(a), newConformTarget(a), newConformSuite())
}

// conformFlags are the flags of `conform server`.
type conformFlags struct {
	suite, target, junit, label string
	seed                        uint64
	list, verbose               bool
}

func newConformServer(a *app) *cobra.Command {
	var c conformFlags
	names := strings.Join(suites.Names(), ", ")
	cmd := &cobra.Command{
		Example: "  pantomime conform target > target.yaml\n" +
			"  pantomime conform server --suite vts --target target.yaml --junit vts.xml\n" +
			"  pantomime conform server --suite mdes --list --label 'must && encryption'",
		Use: "server", Short: "Run the checks of a network against a server", Args: words(),
		Long: "Runs the checks of a network against the server that a target file describes, prints what did not pass and\n" +
			"how many checks passed, failed or could not run.\n\n" +
			"Exit codes: 0 all passed; 1 a check failed; 2 the target file or a flag is wrong; 3 nothing ran, as when\n" +
			"no server answers at the target's address or it refuses the credentials, a check could not run for want of a control driver,\n" +
			"or the run was interrupted; 4 a fault of our own.",
	}
	flags := cmd.Flags()
	flags.StringVar(&c.suite, "suite", "", "which checks: "+names)
	flags.StringVar(&c.target, "target", "", "`FILE` that describes the server; pantomime conform target prints one")
	flags.StringVar(&c.junit, "junit", "", "file to write a JUnit report to")
	flags.StringVar(&c.label, "label", "", `only checks with these labels: "must && !notices", or an id`)
	flags.Var(seed(&c.seed), "seed", "where the run's card numbers begin, to repeat a run (default drawn)")
	flags.BoolVar(&c.list, "list", false, "list the checks; needs no target")
	flags.BoolVarP(&c.verbose, "verbose", "v", false, "show what Ginkgo prints, on standard error")
	f := formats(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return a.conform(cmd.Context(), f, c) }
	return cmd
}

func (a *app) conform(ctx context.Context, f *format, c conformFlags) error {
	if c.suite == "" {
		return usage("--suite is missing; accepted: %s", strings.Join(suites.Names(), ", "))
	}
	suite, err := harness.FindSuite(c.suite, suites.All())
	if err != nil {
		return usage("--suite: %w", err)
	}
	o := harness.Options{Suite: suite, Label: c.label, List: c.list, JUnit: c.junit, Seed: c.seed}
	if c.verbose {
		o.Log = a.err
	}
	if !c.list {
		if c.target == "" {
			return usage("--target is missing: a file that says where the server is; `pantomime conform target` prints one")
		}
		if o.Target, err = harness.LoadTarget(c.target); err != nil {
			return usage("%w", err)
		}
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	o.Child = []string{self, "conform", suiteCommand}
	return a.judge(ctx, f, o)
}

// judge runs the suite and turns its verdict into the exit code.
func (a *app) judge(ctx context.Context, f *format, o harness.Options) error {
	sum, err := harness.Run(ctx, o)
	var none *harness.NoCheckError
	switch {
	case errors.As(err, &none):
		return usage("--label: %w%s; --list lists the checks", err, meantLabels(none))
	case errors.Is(err, harness.ErrUsage), errors.Is(err, harness.ErrTarget):
		return usage("%w", err)
	case err != nil:
		return err
	case o.List:
		list := sum.List()
		return a.print(f, list, func(w io.Writer) { tellChecks(w, list) })
	case !f.forPeople():
		err = a.print(f, sum, nil)
	default:
		err = sum.WritePainted(a.out, a.paintVerdict)
	}
	if err != nil {
		return err
	}
	if code := sum.Exit(); code != exitGood {
		return &exit{code: code}
	}
	return nil
}

func tellChecks(w io.Writer, list []harness.Listed) {
	t := newTable(w, "CHECK", "LEVEL", "SOURCE", "FEATURE", "SAYS")
	for _, c := range list {
		t.row(c.ID, c.Level, c.Source, c.Feature, c.Says)
	}
	t.flush()
}

func (a *app) paintVerdict(v harness.Verdict, text string) string {
	switch v {
	case harness.Pass:
		return a.paint(good, text)
	case harness.Fail, harness.ErrorOfEngine:
		return a.paint(bad, text)
	}
	return a.paint(dim, text)
}

// meantLabels is what a filter that selects nothing may have meant.
func meantLabels(e *harness.NoCheckError) string {
	text := ""
	for _, word := range e.Unknown() {
		text += fmt.Sprintf("; %q is no label", word)
		if meant := scenarios.Nearest(word, e.Labels); meant != "" {
			text += "; did you mean " + meant + "?"
		}
	}
	return text
}

func newConformTarget(a *app) *cobra.Command {
	cmd := a.calls(&cobra.Command{
		Use: "target", Short: "Print a target file that describes a running Pantomime", Args: words(),
		Long: "Prints a target file for `conform server` that describes the sandbox of a running Pantomime, test keys included.\n" +
			"Notices are judged when the server was started with --notify and an address of this machine.",
	})
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		client, err := a.client(patience)
		if err != nil {
			return err
		}
		target, err := harness.AskTarget(cmd.Context(), client)
		if err != nil {
			return err
		}
		shown, err := a.shownToken()
		if err != nil {
			return err
		}
		target.Control.Token = control.Hidden(shown)
		text, err := target.Encode()
		if err != nil {
			return err
		}
		_, err = a.out.Write(text)
		return err
	}
	return cmd
}

// suiteCommand runs one suite in a process of its own, for `conform server`.
const suiteCommand = "run-suite"

func newConformSuite() *cobra.Command {
	return &cobra.Command{
		Use: suiteCommand, Hidden: true, Args: words(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return harness.Child(cmd.Context(), os.Stdin, suites.All())
		},
	}
}
