//go:build race

package harness_test

// raceDetector tells whether this test binary looks for races.
const raceDetector = true
