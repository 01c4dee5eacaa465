//go:build race

package main

// raceDetector tells whether this test binary looks for races.
const raceDetector = true
