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

// build of this program.
func (a *app) build() build { return build{a.version, runtime.Version(), runtime.GOOS, runtime.GOARCH} }

// String is the line of the command and of the flag.
func (b build) String() string {
	return fmt.Sprintf("pantomime %s (%s, %s/%s)", b.Version, b.Go, b.OS, b.Arch)
}

func newVersion(a *app) *cobra.Command {
	cmd := &cobra.Command{Use: "version", Short: "Say which version this is", Args: words()}
	f := formats(cmd)
	cmd.RunE = func(*cobra.Command, []string) error {
		return a.print(f, a.build(), func(w io.Writer) { fmt.Fprintln(w, a.build()) })
	}
	return cmd
}
