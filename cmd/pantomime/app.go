package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/token"
)

// app is the world as commands see it, so that a test can replace it.
type app struct {
	out, err io.Writer
	env      func(string) string
	wall     clock.Wall
	version  string
	colour   bool
	invoked  string // how the user called this program; "": by its name

	door door // flags of commands that call a running server
}

// run carries out one command line and returns its exit code.
func run(ctx context.Context, a *app, args []string) (code int) {
	defer func() {
		if p := recover(); p != nil {
			fmt.Fprintf(a.err, "pantomime: a fault of our own: %s\n%s", token.Scrub(fmt.Sprint(p)), debug.Stack())
			code = exitFault
		}
	}()
	root := newRoot(a)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitGood
	}
	code, hint := exitOf(err)
	if text := err.Error(); text != "" {
		fmt.Fprintf(a.err, "pantomime: %s\n", token.Scrub(text))
	}
	if code == exitUsage {
		refused := &exit{}
		_ = errors.As(err, &refused)
		if meant := mend(root, args, refused); meant != "" {
			fmt.Fprintf(a.err, "%s\n", token.Scrub(meant))
		}
	}
	if hint != "" {
		fmt.Fprintf(a.err, "%s\n", token.Scrub(hint))
	}
	return code
}

// colourful tells whether to colour what goes to a file: a terminal only, and
// not against the user's will (https://no-color.org).
func colourful(f *os.File, env func(string) string) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && env("NO_COLOR") == "" && env("TERM") != "dumb"
}

// Colours by meaning.
const (
	good = "\x1b[32m"
	bad  = "\x1b[31m"
	dim  = "\x1b[2m"
	bold = "\x1b[1m"
)

// paint colours a text on a terminal.
func (a *app) paint(colour, text string) string {
	if !a.colour || strings.TrimSpace(text) == "" {
		return text
	}
	return colour + text + "\x1b[0m"
}
