package door

import "github.com/pantomime-dev/pantomime/token"

// Guarded is a failed check, of the face's own name, of a card number that may be
// somebody's.
func Guarded(name, number string) token.Check {
	return token.Check{
		Name: name, Expected: "a number published for tests", Received: token.Mask(number),
		Hint: "it may be somebody's card, which must never come here; use one of `pantomime list cards`, " +
			"or start the server with --allow-any-pan if it is surely not a real card",
	}
}
