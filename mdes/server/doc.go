// Package server is the Mastercard face of the simulator: it answers the
// operations of Digital Enablement on the network door, judges OAuth
// signatures, opens and seals payloads, and renders notices.
//
// It decides nothing about cards or tokens: each request becomes one call of
// the sandbox's step, and one table turns what the step found into the wire's
// words. It writes no socket and keeps no state.
package server
