package main

import (
	"context"
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
	var wait control.Duration
	cmd.Flags().Var(patient(&timeout), "timeout", "how long to wait for the answer")
	cmd.Flags().Var(patient(&wait), "wait", "how long to ask again, until the server answers well")
	f := formats(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		c, err := a.client(time.Duration(timeout))
		if err != nil {
			return err
		}
		h, err := a.healthy(cmd.Context(), c, time.Duration(wait))
		if err != nil {
			return err
		}
		return a.print(f, h, func(w io.Writer) { fmt.Fprintf(w, "%s, version %s\n", h.Status, h.Version) })
	}
	return cmd
}

// askAgain is how long to wait between two questions.
const askAgain = 100 * time.Millisecond

// healthy asks until the server answers well, at least once, and for so long.
func (a *app) healthy(ctx context.Context, c *control.Client, wait time.Duration) (h control.Health, err error) {
	for until := a.wall.Now().Add(wait); ; {
		h, err = c.Health(ctx)
		switch {
		case err == nil && h.Status == "ok":
			return h, nil
		case err == nil:
			err = failed("the server says it is %q", h.Status)
		default:
			err = failed("%w", err)
		}
		if !a.wall.Now().Before(until) || a.wall.Sleep(ctx, askAgain) != nil {
			return h, err
		}
	}
}
