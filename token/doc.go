// Package token holds the words every other part speaks: card numbers,
// token references, life-cycle states, operations, events, faults, decisions
// and the documented problems of both card networks.
//
// It imports nothing of ours, keeps no state and does no I/O. Values that may
// carry a card number or a cryptogram print masked; see [Mask].
package token
