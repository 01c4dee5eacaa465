package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/scenarios"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"pantomime": main})
}

// TestScripts runs the command lines of testdata/script against a server that
// the script has for itself. Commands that read no file run in this process,
// because starting one takes most of the time under the race detector; the
// others, in the folder of the script, are processes.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup:               serveFor,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"exits": exits},
	})
}

// serveFor starts the server of a script, with the scenario server.yaml of the
// script if it holds one, and tells the script where it is.
func serveFor(env *testscript.Env) error {
	o := pantomime.Options{Version: "v-test"}
	if text, err := os.ReadFile(env.WorkDir + "/server.yaml"); err == nil {
		sc, findings := scenarios.Parse("server.yaml", text)
		if err := findings.Err(); err != nil {
			return err
		}
		o.Scenario = sc
	}
	sim, err := pantomime.Start(o)
	if err != nil {
		return err
	}
	env.Defer(func() { _ = stop(sim) })
	env.Setenv("PANTOMIME_ADMIN", sim.AdminURL())
	env.Setenv("NETWORK", sim.NetworkURL())
	return nil
}

// here are the commands that read and write no file.
var here = []string{
	"call", "clock", "trigger", "resend", "fail-next", "explain", "journal", "callbacks", "list", "health", "version", "completion", "coverage", "verify",
}

// exits runs a command and checks its exit code: "exits 2 pantomime check".
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var exit *exec.ExitError
	if args[1] == "pantomime" && len(args) > 2 && slices.Contains(here, args[2]) {
		a := &app{out: ts.Stdout(), err: ts.Stderr(), env: ts.Getenv, wall: clock.Real(), version: version}
		got = run(context.Background(), a, args[2:])
	} else if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}
