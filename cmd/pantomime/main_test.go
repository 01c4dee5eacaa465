package main

import (
	"errors"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"pantomime": main})
}

// TestScripts runs each command line of testdata/script as a process of its
// own, against a server that the script has for itself.
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
	o := simulator.Options{Version: "v-test"}
	if text, err := os.ReadFile(env.WorkDir + "/server.yaml"); err == nil {
		sc, findings := scenarios.Parse("server.yaml", text)
		if err := findings.Err(); err != nil {
			return err
		}
		o.Scenario = sc
	}
	sim, err := simulator.Start(o)
	if err != nil {
		return err
	}
	env.Defer(func() { _ = stop(sim) })
	env.Setenv("PANTOMIME_ADMIN", sim.AdminURL())
	env.Setenv("NETWORK", sim.NetworkURL())
	return nil
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
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}
