package sweep

import (
	"os"
	"testing"
)

// longVariable asks for the long form of tests that come in two lengths.
const longVariable = "PANTOMIME_LONG"

// Rounds says how often a test shall try what it tries: few times among the
// ordinary tests, many times under make long.
func Rounds(t testing.TB, few, many int) int {
	t.Helper()
	if os.Getenv(longVariable) == "" {
		return few
	}
	t.Logf("the long form: %d rounds", many)
	return many
}
