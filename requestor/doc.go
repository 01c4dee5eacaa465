// Package requestor is a token requestor at work: it keeps merchants' payment
// methods, has tokens made for them by both networks over real HTTP, hears the
// networks' notices, decides whether a payment is made with the token or with the
// card, and pays.
//
// It is what every dialect is built on. A dialect is a face with its own words; it
// gets its sandbox as a [World], opens an account of it with [At] and asks that
// for what its wire says. The networks are reached through the same doors and by
// the same clients as anybody's, so a fault of a scenario is felt as it is on the
// wire: this package must see neither vault nor sandbox, since a requestor that
// could look into a network would prove nothing.
//
// What it keeps are records of the world, texts to the engine, and what it does in
// the background is an event on the world's queue of notices. An answer that was
// lost on its way leaves a finding, and is found out before anything is asked
// again, so that no second token stays unnoticed; see [Finding].
package requestor
