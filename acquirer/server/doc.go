// Package server is the acquirer on the network door: it takes payments in the
// form of [github.com/pantomime-dev/pantomime/acquirer] and has the sandbox's
// step authorize them. It knows the number that the merchant sent, and never the
// card behind a token.
package server
