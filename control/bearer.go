package control

import (
	"errors"
	"strings"
)

// shortestToken is how long a bearer token must be to be no guess.
const shortestToken = 16

// ErrToken says that a text cannot be the bearer token of the control door.
var ErrToken = errors.New("bearer token must be at least 16 visible ASCII characters")

// CheckToken judges a bearer token that somebody chose.
func CheckToken(text string) error {
	visible := func(r rune) bool { return r > ' ' && r <= '~' }
	if len(text) < shortestToken || strings.TrimFunc(text, visible) != "" {
		return ErrToken
	}
	return nil
}
