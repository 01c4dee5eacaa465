package server

import (
	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/simulator/journal"
)

// Secrets are what the journal does not show of this face's requests and answers
// as it is (docs/wire/acquirer.md "Authorize").
func Secrets() journal.Secrets { return face.Secrets("Authorization", nil) }
