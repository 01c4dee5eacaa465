// Package acquirer is the wire of the payment leg: how a merchant, or its
// payment service provider, asks an acquirer to authorize a payment by card or by
// network token and cryptogram. It has the messages, their field rules and a
// client.
//
// The wire is Pantomime's own (docs/wire/acquirer.md): real acquirers have one
// each, and none is imitated here. It has no server and no state with it.
package acquirer
