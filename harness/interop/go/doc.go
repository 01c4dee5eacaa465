// Package interop walks the Mastercard network with the Go libraries that
// Mastercard publishes, against the program itself. It is a module of its own,
// so that nothing of ours depends on them, and imports nothing of ours.
//
// Its tests build the program, or take the one that $PANTOMIME names.
package interop
