// Package control is the admin API of a running Pantomime as any Go program
// sees it: the shapes of requests and answers, and a client with one method a
// call (docs/control.md).
//
// It must not carry the engine with it, and of a card or token number it knows
// the masked form only. Keys and secrets are in [Env] and nowhere else.
package control
