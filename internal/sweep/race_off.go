//go:build !race

package sweep

// raceDetector reports whether this test binary looks for races.
const raceDetector = false
