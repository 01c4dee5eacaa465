package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"strings"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/control"
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
		if meant := mend(root, args, refusedWord(err)); meant != "" {
			fmt.Fprintf(a.err, "%s\n", token.Scrub(meant))
		}
	}
	if hint != "" {
		fmt.Fprintf(a.err, "%s\n", token.Scrub(hint))
	}
	return code
}

// refusedWord is the word of the command line that an error is about, with what
// was probably meant, as far as the command or the server knows.
func refusedWord(err error) *exit {
	refused, problem := &exit{}, &control.Problem{}
	if !errors.As(err, &refused) && errors.As(err, &problem) {
		refused = &exit{word: problem.Value, meant: problem.Suggestion}
	}
	return refused
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
