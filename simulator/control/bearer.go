package control

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
)

// DrawToken makes a bearer token that cannot be guessed. It is not derived from
// the seed, which everybody may know.
func DrawToken() (string, error) {
	var random [32]byte
	if _, err := rand.Read(random[:]); err != nil {
		return "", fmt.Errorf("bearer token: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(random[:]), nil
}
