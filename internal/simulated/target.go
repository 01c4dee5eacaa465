// Package simulated lets tests judge our own simulator: it starts one, describes
// it as a target like any other, and lets a suite judge it.
//
// It is for tests only. The harness itself must not import it, or it would bring
// the simulator into every program that judges somebody else's server.
package simulated

import (
	"context"
	_ "embed"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/scenarios"
)

//go:embed scenario.yaml
var scenario []byte

// Scenario is what the simulator plays unless a test is about another scenario.
func Scenario(t testing.TB) scenarios.Scenario {
	t.Helper()
	read, findings := scenarios.Parse("scenario.yaml", scenario)
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	return read
}

// Target starts a simulator, which the end of the test stops, and describes it.
func Target(t testing.TB, o pantomime.Options) harness.Target {
	t.Helper()
	sim, err := pantomime.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stop, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 5*time.Second)
		defer cancel()
		if err := sim.Stop(stop); err != nil {
			t.Error(err)
		}
	})
	admin, err := control.New(sim.AdminURL(), nil, "")
	if err != nil {
		t.Fatal(err)
	}
	target, err := harness.AskTarget(t.Context(), admin)
	if err != nil {
		t.Fatal(err)
	}
	return target
}
