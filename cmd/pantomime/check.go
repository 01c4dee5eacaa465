package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pantomime-dev/pantomime/scenarios"
)

// checked is the result of a check, for programs.
type checked struct {
	OK         bool                `json:"ok"`
	Name       string              `json:"name,omitempty"`
	Requestors int                 `json:"requestors"`
	Cards      int                 `json:"cards"`
	Rules      int                 `json:"rules"`
	Timeline   int                 `json:"timeline"`
	Errors     int                 `json:"errors"`
	Warnings   int                 `json:"warnings"`
	Findings   []scenarios.Finding `json:"findings"`
}

func newCheck(a *app) *cobra.Command {
	var strict, anyPAN bool
	var allow []string
	cmd := &cobra.Command{
		Use: "check FILE|DIR|NAME...", Short: "Say all that is wrong with scenario files",
		Long: "Reads scenario files as `serve --scenario` would, several as one scenario, and says everything that is wrong\n" +
			"with them, each finding with file, line and column. NAME is a scenario of the library.\n" +
			"Exits with 2 when there is an error; with --strict a warning is one.",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage("check needs a file, a folder or the name of a library scenario")
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&strict, "strict", false, "count warnings as errors")
	cmd.Flags().BoolVar(&anyPAN, "allow-any-pan", false, "take card numbers that may be somebody's")
	allowing(cmd, &allow)
	f := formats(cmd)
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		targets, err := targetsOf(allow)
		if err != nil {
			return err
		}
		sc, findings, err := scenarios.Loader{AllowAnyPAN: anyPAN, Targets: targets}.Load(args...)
		if err != nil {
			return usage("%w", err)
		}
		c := checked{
			Name: sc.Name, Requestors: len(sc.Requestors), Cards: len(sc.Cards), Rules: len(sc.Rules), Timeline: len(sc.Timeline),
			Errors: len(findings.Errors()), Warnings: len(findings.Warnings()), Findings: append([]scenarios.Finding{}, findings...),
		}
		c.OK = c.Errors == 0 && (!strict || c.Warnings == 0)
		if err := a.print(f, c, func(w io.Writer) { a.tellChecked(w, c) }); err != nil {
			return err
		}
		if !c.OK {
			return &exit{code: exitUsage}
		}
		return nil
	}
	return cmd
}

func (a *app) tellChecked(w io.Writer, c checked) {
	for _, finding := range c.Findings {
		colour := bad
		if finding.Severity == scenarios.SeverityWarning {
			colour = bold
		}
		place, rest, _ := strings.Cut(finding.String(), ": ")
		fmt.Fprintf(w, "%s: %s\n", a.paint(colour, place), rest)
	}
	counts := fmt.Sprintf("%s, %s", plural(c.Errors, "error"), plural(c.Warnings, "warning"))
	if !c.OK {
		fmt.Fprintln(w, counts)
		return
	}
	fmt.Fprintf(w, "%s: %s, %s, %s, %s; %s\n", a.paint(good, "ok"), plural(c.Requestors, "requestor"), plural(c.Cards, "card"),
		plural(c.Rules, "rule"), plural(c.Timeline, "timeline entry", "timeline entries"), counts)
}

// plural counts things: one of them, or many.
func plural(n int, one string, many ...string) string {
	word := one
	switch {
	case n == 1:
	case len(many) > 0:
		word = many[0]
	default:
		word += "s"
	}
	return fmt.Sprintf("%d %s", n, word)
}
