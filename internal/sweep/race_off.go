//go:build !race

package sweep

// raceDetector tells whether this test binary looks for races.
const raceDetector = false
