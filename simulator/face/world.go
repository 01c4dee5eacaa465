package face

import (
	"context"
	"fmt"
	"time"

	"github.com/pantomime-dev/pantomime/simulator/journal"
	"github.com/pantomime-dev/pantomime/token"
)

// World is one of the isolated worlds that requests come to, as far as any face
// needs to know it. Callers are named.
type World interface {
	ID() string
	Now() time.Time // the world's own time
	Journal() *journal.Journal
	// Auth says how strictly a caller's signatures are judged.
	Auth(caller string) token.Auth
	// Trusting names the caller to act for when no credential says who calls; ""
	// for none.
	Trusting() string
	// Ready returns what a face keeps of a caller, made at the first call. It lives
	// as long as the world.
	Ready(caller, face string, prepare func() (any, error)) (any, error)
	// Asks lists what rules want to know of the requests of an operation.
	Asks(op token.Operation) []token.Ask
	// Quiet waits until the notices that are due have been answered, or until ctx
	// ends.
	Quiet(ctx context.Context) error
}

// Registry finds worlds.
type Registry[W World] interface {
	// Find returns a world by its id; "" is the default one.
	Find(id string) (W, error)
	// Owner finds whose credential at a face a name is.
	Owner(face, credential string) (world W, caller string, known bool)
}

// Ready is [World.Ready] for values of one type: a caller's keys made ready, and
// what else takes time to make for each request.
func Ready[A any](w World, caller, face string, prepare func() (A, error)) (ready A, err error) {
	kept, err := w.Ready(caller, face, func() (any, error) { return prepare() })
	if err != nil {
		return ready, err
	}
	ready, ok := kept.(A)
	if !ok {
		return ready, fmt.Errorf("caller %q at %s: a %T was kept", caller, face, kept)
	}
	return ready, nil
}
