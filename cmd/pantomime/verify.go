package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/pantomime-dev/pantomime/control"
)

func newVerify(a *app) *cobra.Command {
	cmd := a.calls(&cobra.Command{
		Use: "verify", Short: "Report whether what the scenario expects holds", Args: words(),
		Long: "Compares the sandbox with the expect section of its scenario, and with failures set by fail-next: one that no request\n" +
			"met does not hold. Exit code 1 when something does not hold, 3 when there is nothing to compare.",
	})
	f := formats(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		c, err := a.client(patience)
		if err != nil {
			return err
		}
		v, err := c.Verify(cmd.Context())
		if err != nil {
			return err
		}
		if err := a.print(f, v, func(w io.Writer) { a.tellVerification(w, v) }); err != nil {
			return err
		}
		switch {
		case v.Checked == 0:
			return incomplete("%s", v.Reason)
		case !v.OK:
			return failed("not everything is as expected")
		}
		return nil
	}
	return cmd
}

func (a *app) tellVerification(w io.Writer, v control.Verification) {
	if v.Checked == 0 {
		return
	}
	t := newTable(w, "HOLDS", "WHAT", "EXPECTED", "FOUND", "PLACE")
	for _, e := range v.Verdicts {
		holds := a.paint(good, "yes")
		if !e.OK {
			holds = a.paint(bad, "NO")
		}
		t.row(holds, e.What, e.Expected, e.Found, e.Place)
	}
	t.flush()
}

func newCoverage(a *app) *cobra.Command {
	var missed bool
	cmd := a.calls(&cobra.Command{Use: "coverage", Short: "Show which documented errors, operations and faults were met", Args: words()})
	cmd.Flags().BoolVar(&missed, "missed", false, "only what was never met")
	f := formats(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		c, err := a.client(patience)
		if err != nil {
			return err
		}
		v, err := c.Coverage(cmd.Context())
		if err != nil {
			return err
		}
		return a.print(f, v, func(w io.Writer) {
			t := newTable(w, "KIND", "NETWORK", "NAME", "TIMES")
			for _, group := range []struct {
				kind string
				met  []control.Met
			}{{"error", v.Errors}, {"operation", v.Operations}, {"fault", v.Faults}} {
				for _, m := range group.met {
					if !missed || m.Times == 0 {
						t.row(group.kind, string(m.Network), m.Name, fmt.Sprint(m.Times))
					}
				}
			}
			t.flush()
		})
	}
	return cmd
}
