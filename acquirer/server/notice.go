package server

import (
	"errors"
	"fmt"

	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/token"
)

// ErrNotice says that an acquirer sends no notices.
var ErrNotice = errors.New("an acquirer sends no notices")

// Render refuses: events are reported by the face of their network.
func (*Server) Render(ev token.Event, _ callback.Try) (callback.Request, error) {
	return callback.Request{}, fmt.Errorf("%w: %s", ErrNotice, ev.Type)
}
