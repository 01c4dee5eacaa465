package main

import (
	"fmt"
	"io"
	"runtime"

	"github.com/spf13/cobra"
)

// build says what runs.
type build struct {
	Version string `json:"version"`
	Go      string `json:"go"`
	OS      string `json:"os"`
	Arch    string `json:"arch"`
}

func newVersion(a *app) *cobra.Command {
	cmd := &cobra.Command{Use: "version", Short: "Say which version this is", Args: words()}
	f := formats(cmd, "text", "json", "yaml")
	cmd.RunE = func(*cobra.Command, []string) error {
		b := build{a.version, runtime.Version(), runtime.GOOS, runtime.GOARCH}
		return a.print(f, b, func(w io.Writer) {
			fmt.Fprintf(w, "pantomime %s (%s, %s/%s)\n", b.Version, b.Go, b.OS, b.Arch)
		})
	}
	return cmd
}
