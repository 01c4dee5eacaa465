package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/wire"
)

// The exit codes of every command.
const (
	exitGood       = 0
	exitFailed     = 1 // what was asked for failed: a refusal, a clock that is busy, bad health
	exitUsage      = 2 // the command line, a file or a setting is wrong
	exitIncomplete = 3 // nothing was run, or not all of it: no server, not settled in time
	exitFault      = 4 // a fault of our own
)

// exit is an error with its exit code.
type exit struct {
	code int
	err  error
	hint string // printed on a line of its own

	word  string // what of the command line the error is about, if that is known …
	meant string // … and what was probably meant
}

func (e *exit) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

func (e *exit) Unwrap() error { return e.err }

// usage makes an error about the command line or a setting.
func usage(format string, args ...any) error {
	return &exit{code: exitUsage, err: fmt.Errorf(format, args...)}
}

// unknown makes an error about a word of which the nearest choice is known.
func unknown(word string, choices []string, format string, args ...any) error {
	return &exit{code: exitUsage, err: fmt.Errorf(format, args...), word: word, meant: scenarios.Nearest(word, choices)}
}

// failed makes an error about what was asked for.
func failed(format string, args ...any) error {
	return &exit{code: exitFailed, err: fmt.Errorf(format, args...)}
}

// incomplete makes an error about what could not be finished.
func incomplete(format string, args ...any) error {
	return &exit{code: exitIncomplete, err: fmt.Errorf(format, args...)}
}

// exitOf finds the exit code of an error, and what may help.
func exitOf(err error) (code int, hint string) {
	var e *exit
	var problem *control.Problem
	switch {
	case errors.As(err, &e):
		return e.code, e.hint
	case errors.As(err, &problem) && problem.Code == control.CodeUnauthorized:
		return exitUsage, "The server shows the token when it starts; hand it on in " + tokenVariable + ", or its file by --" + tokenFlag + "."
	case errors.As(err, &problem):
		return exitOfProblem(problem), ""
	case errors.Is(err, control.ErrUnreachable):
		return exitIncomplete, "Is a server running? `pantomime serve` starts one; --admin or PANTOMIME_ADMIN says where it is."
	case errors.Is(err, wire.ErrConfig), errors.Is(err, control.ErrNotControl),
		errors.Is(err, scenarios.ErrScenario), errors.Is(err, scenarios.ErrNotFound):
		return exitUsage, ""
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return exitIncomplete, ""
	}
	return exitFault, ""
}

// exitOfProblem sorts refusals of the control door: what was asked for cannot
// be done now, or should not have been asked for.
func exitOfProblem(p *control.Problem) int {
	switch {
	case p.Status >= http.StatusInternalServerError:
		return exitFault
	case p.Status == http.StatusConflict:
		return exitFailed
	}
	return exitUsage
}
