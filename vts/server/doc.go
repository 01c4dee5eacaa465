// Package server is the Visa face of the simulator: it answers the token
// service's operations on the network door, judges signatures,
// opens and seals encrypted fields, and renders notices.
//
// It decides nothing about cards or tokens: each request becomes one call of
// the sandbox's step, and one table turns what the step found into the wire's
// words. It writes no socket and keeps no state but prepared keys.
package server
