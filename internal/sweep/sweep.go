// Package sweep marks the long sweeps among the tests. Only tests import it.
package sweep

import "testing"

// Mark marks a test that runs whole suites or plays many times; its name begins
// with TestSweep. The race detector makes it three times as long and sees nothing
// there that other tests of the package do not show it: with it the test is
// skipped, and make test runs everything called TestSweep once more without it.
func Mark(t testing.TB) {
	t.Helper()
	if raceDetector {
		t.Skip("a long sweep: make test runs it without the race detector")
	}
}
