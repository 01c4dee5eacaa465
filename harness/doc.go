// Package harness judges servers of the networks from outside: it holds what
// all conformance suites share - the description of a target, what drives the
// operator's side of it, a receiver for notices, the naming of checks, and the
// run of a suite in a process of its own (docs/conformance.md).
//
// It must not know the simulator: what a check expects is written by hand from
// the networks' public documents, never computed by the rules it judges.
package harness
