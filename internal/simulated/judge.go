package simulated

import (
	"testing"
	"time"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/token"
)

// badInputs is how many checks of a suite, at least, send what must be refused.
const badInputs = 80

// Judge lets a suite judge the simulator over real HTTP, on a manual clock, in
// this process; Ginkgo allows that once. The ids of the checks about documented
// keys begin with keys, "V-ERR-".
func Judge(t *testing.T, suite harness.Suite, keys string) {
	t.Helper()
	receiver, err := harness.NewReceiver(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = receiver.Close() })
	target := reread(t, delayed(Target(t, pantomime.Options{Scenario: Scenario(t), Notify: receiver.URL()})))
	target.Notices = nil // the receiver is there already
	config, err := harness.NewConfig(t.Context(), target, clock.Real(), 0)
	if err != nil {
		t.Fatal(err)
	}
	config.Notices = receiver
	t.Logf("cards from seed %d", config.Seed)

	gomega.RegisterFailHandler(ginkgo.Fail)
	suite.Register(config)
	settings, reporter := ginkgo.GinkgoConfiguration()
	reporter.Succinct, reporter.NoColor = true, true
	tree := ginkgo.PreviewSpecs(suite.Title, settings, reporter)
	for _, problem := range harness.TreeProblems(tree, keyChecks(suite.Network, keys)...) {
		t.Error(problem)
	}
	if n := harness.CountLabel(tree, "bad-input"); n < badInputs {
		t.Errorf("%d checks send what must be refused, want %d", n, badInputs)
	}
	ginkgo.RunSpecs(t, suite.Title, settings, reporter)
}

// keyChecks are the ids of the checks of every documented key, in three ways.
func keyChecks(network token.Network, prefix string) (ids []string) {
	for _, key := range token.KeyNames(network) {
		for _, way := range []string{"rule", "card", "next"} {
			ids = append(ids, prefix+key+"-"+way)
		}
	}
	return ids
}

// delayed adds the cards whose issuer, in the scenario, activates late.
func delayed(target harness.Target) harness.Target {
	late := control.Duration(4500 * time.Millisecond)
	target.Visa.Cards.Delayed = []harness.Number{"test/visa/12", "test/visa/13", "test/visa/14", "test/visa/15"}
	target.Visa.Cards.Activation = late
	target.Mastercard.Cards.Delayed = []harness.Number{
		"test/mastercard/20", "test/mastercard/21", "test/mastercard/22", "test/mastercard/23",
	}
	target.Mastercard.Cards.Activation = late
	return target
}

// reread sends a target the way of everybody's: through a target file.
func reread(t testing.TB, target harness.Target) harness.Target {
	t.Helper()
	text, err := target.Encode()
	if err != nil {
		t.Fatal(err)
	}
	read, err := harness.ParseTarget("target.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	return read
}
