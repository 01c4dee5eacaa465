package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

func newResend(a *app) *cobra.Command {
	cmd := a.calls(&cobra.Command{
		Use: "resend ID|last", Short: "Send a notice again, now",
		Long: "Sends a notice again, with a fresh round of retries. `pantomime callbacks` lists the ids.",
		Args: words("the id of a notice; `pantomime callbacks` lists them"),
	})
	f := formats(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		c, err := a.client(patience)
		if err != nil {
			return err
		}
		n, err := c.Resend(cmd.Context(), args[0])
		if err != nil {
			return err
		}
		return a.print(f, n, func(w io.Writer) {
			fmt.Fprintf(w, "notice %s of %s to %s: %s, after %s\n", n.ID, n.Event.Type, n.Event.Requestor, noticeState(n), plural(len(n.Attempts), "attempt"))
		})
	}
	return cmd
}
