// Package vts speaks the wire of the Visa Token Service as a card-on-file
// token requestor meets it: the messages, the x-pay-token signature, the
// encrypted fields, the notices, and a client for the operations.
//
// It holds no server, no state and no rule about what a network decides, so
// that the simulator, the harness and any foreign Go program share one codec.
// What it rests on, and how sure each fact is, is in docs/wire/vts.md.
package vts
