package harness_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/harness/suites"
	"github.com/pantomime-dev/pantomime/token"
)

// What the test binary does when it is started as somebody else.
const (
	roleSuite = "suite" // the process that runs a suite
	roleCrash = "crash" // one that dies before it has judged anything
	roleHook  = "hook"  // a target's hook command
)

func TestMain(m *testing.M) {
	switch os.Getenv("PANTOMIME_TEST_ROLE") {
	case roleSuite:
		if err := harness.Child(context.Background(), os.Stdin, append(suites.All(), tiny, timed, untidy)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
	case roleCrash:
		fmt.Fprintln(os.Stderr, "no idea what to do with 4622943120000600")
		os.Exit(7)
	case roleHook:
		os.Exit(hook())
	default:
		os.Exit(m.Run())
	}
}

// as makes the command line that starts this test binary in a role.
func as(t *testing.T, role string) []string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	// Under the race detector a process sleeps a second before it ends.
	return []string{"env", "GORACE=atexit_sleep_ms=0", "PANTOMIME_TEST_ROLE=" + role, self}
}

// hook does what a hook command would, in a way that tests can see.
func hook() int {
	var c harness.Command
	if err := json.NewDecoder(os.Stdin).Decode(&c); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	switch c.Do {
	case harness.DoSuspend:
		_ = os.WriteFile(os.Getenv("PANTOMIME_TEST_NOTE"), []byte(string(c.Token)+" "+c.Reason), 0o600)
		return 0
	case harness.DoAdvance:
		fmt.Fprintln(os.Stderr, "our clock is the world's")
		return 3
	}
	fmt.Fprintln(os.Stderr, "cannot be done to card 4622943120000600")
	return 1
}

// tiny is a suite with one check for each verdict.
var tiny = harness.Suite{Name: "tiny", Title: "one check for each verdict", Register: func(*harness.Config) {
	harness.Feature("tiny", "Verdicts", func() {
		harness.Check("T-PASS", harness.Documented, "passes", func(SpecContext) {})
		harness.Check("T-FAIL", harness.Observed, "fails", func(SpecContext) {
			GinkgoWriter.Println("what was sent and received")
			Expect(1).To(Equal(2), "one is not two")
		}, Label("bad"), harness.Rows("B339", "B340"))
		harness.Check("T-PANIC", harness.Assumed, "panics", func(SpecContext) { panic("out of cheese") }, Label("panics"))
		harness.Check("T-COULD-NOT", harness.Assumed, "lacks a driver", func(SpecContext) { harness.CouldNotRun("no %s", "driver") }, Label("driver"))
		harness.Check("T-NOT-APPLIED", harness.Assumed, "is about nothing", func(SpecContext) { harness.NotApplicable("nothing of the kind") }, Label("other"))
	})
}}

// untidy is a suite that fails when its checks are done.
var untidy = harness.Suite{Name: "untidy", Title: "what comes after all checks", Register: func(*harness.Config) {
	AfterSuite(func() { Fail("out of paper") })
	harness.Feature("untidy", "Verdicts", func() {
		harness.Check("T-BEFORE", harness.Documented, "passes", func(SpecContext) {})
	})
}}

// timed is a suite about targets whose clock cannot be moved.
var timed = harness.Suite{Name: "timed", Title: "waiting", Register: func(c *harness.Config) {
	harness.Feature("timed", "Waiting", func() {
		harness.Check("T-SHORT", harness.Documented, "waits for real", func(ctx SpecContext) {
			before := c.Wall.Now()
			c.Operator(token.Visa).Elapse(ctx, 20*time.Millisecond)
			Expect(c.Wall.Now().Sub(before)).To(BeNumerically(">=", 20*time.Millisecond))
		})
		harness.Check("T-LONG", harness.Documented, "does not wait for an hour", func(ctx SpecContext) {
			c.Operator(token.Visa).Elapse(ctx, time.Hour)
		})
		harness.Check("T-ADVANCE", harness.Documented, "does not pretend to have moved the clock", func(ctx SpecContext) {
			c.Operator(token.Visa).Advance(ctx, time.Millisecond)
		})
	})
}}
