package vts_test

import (
	"context"
	"testing"
	"time"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/harness/suites/vts"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator"
	"github.com/pantomime-dev/pantomime/simulator/clock"
	"github.com/pantomime-dev/pantomime/simulator/token"
)

// TestSimulator lets the suite judge our own simulator over real HTTP, on a
// manual clock.
func TestSimulator(t *testing.T) {
	receiver, err := harness.NewReceiver(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = receiver.Close() })
	config, err := harness.NewConfig(t.Context(), target(t, receiver.URL()), clock.Real(), 0)
	if err != nil {
		t.Fatal(err)
	}
	config.Notices = receiver
	t.Logf("cards from seed %d", config.Seed)

	gomega.RegisterFailHandler(ginkgo.Fail)
	vts.Register(config)
	suite, reporter := ginkgo.GinkgoConfiguration()
	reporter.Succinct, reporter.NoColor = true, true
	tree := ginkgo.PreviewSpecs(vts.Suite().Title, suite, reporter)
	for _, problem := range harness.TreeProblems(tree, keyChecks()...) {
		t.Error(problem)
	}
	if n := harness.CountLabel(tree, "bad-input"); n < 80 {
		t.Errorf("%d checks send what must be refused, want 80", n)
	}
	ginkgo.RunSpecs(t, vts.Suite().Title, suite, reporter)
}

// keyChecks are the ids of the checks of every documented key, in three ways.
func keyChecks() (ids []string) {
	for _, key := range token.KeyNames(token.Visa) {
		for _, way := range []string{"rule", "card", "next"} {
			ids = append(ids, "V-ERR-"+key+"-"+way)
		}
	}
	return ids
}

// target starts a simulator and describes it, by way of a target file.
func target(t *testing.T, notify string) harness.Target {
	t.Helper()
	scenario, findings, err := scenarios.Load("../../testdata/scenario.yaml")
	if err != nil || len(findings) > 0 {
		t.Fatal(err, findings)
	}
	sim, err := simulator.Start(simulator.Options{Scenario: scenario, Notify: notify})
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
	asked, err := harness.AskTarget(t.Context(), admin)
	if err != nil {
		t.Fatal(err)
	}
	asked.Notices = nil // the receiver is there already
	asked.Visa.Cards.Delayed = []harness.Number{"test/visa/12", "test/visa/13", "test/visa/14", "test/visa/15"}
	asked.Visa.Cards.Activation = control.Duration(4500 * time.Millisecond)
	text, err := asked.Encode()
	if err != nil {
		t.Fatal(err)
	}
	read, err := harness.ParseTarget("target.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	return read
}
