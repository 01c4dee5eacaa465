// Package mdes speaks the wire of Mastercard's Digital Enablement Service: its
// types, field rules, signatures, encryption and paths, and a client for the
// operations a token requestor calls. Client, server face, harness and any
// foreign program use the same code; docs/wire/mdes.md says what it rests on.
//
// It must not hold state, decide anything about a token or serve HTTP, and no
// error text of it may carry a card number, a key or a cryptogram.
package mdes
