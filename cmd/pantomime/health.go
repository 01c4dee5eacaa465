package main

import (
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/pantomime-dev/pantomime/control"
)

func newHealth(a *app) *cobra.Command {
	timeout := control.Duration(2 * time.Second)
	cmd := a.calls(&cobra.Command{
		Use: "health", Short: "Ask a running server how it is", Args: words(),
		Long: "Exits with 0 when the server answers well and with 1 when it does not or is not there;\nmade for HEALTHCHECK and scripts that wait.",
	})
	_ = cmd.Flags().MarkHidden("sandbox")
	cmd.Flags().Var(patient(&timeout), "timeout", "how long to wait for the answer")
	f := formats(cmd, "text", "json", "yaml")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		c, err := a.client(time.Duration(timeout))
		if err != nil {
			return err
		}
		h, err := c.Health(cmd.Context())
		if err != nil {
			return failed("%w", err)
		}
		if h.Status != "ok" {
			return failed("the server says it is %q", h.Status)
		}
		return a.print(f, h, func(w io.Writer) { fmt.Fprintf(w, "%s, version %s\n", h.Status, h.Version) })
	}
	return cmd
}
