package sandbox

import (
	"fmt"
	"sync"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/seed"
)

// Keyring gives token requestors their credentials at one face. What they are
// is the face's business: here they are carried and found again by name.
type Keyring interface {
	// Name is the face's.
	Name() string
	// Credentials are a requestor's keys, derived from ids alone, and the names
	// by which a request finds the requestor again. The error says why a
	// requestor cannot have any.
	Credentials(settings scenarios.Requestor, ids seed.Source) (keys any, names []string, err error)
}

// credentials are what a requestor has at one face.
type credentials struct {
	keys  any
	names []string
}

// equip gives a requestor its credentials at each face.
func (r *Requestor) equip(rings []Keyring, settings scenarios.Requestor, ids seed.Source) error {
	r.at = make(map[string]credentials, len(rings))
	for _, ring := range rings {
		keys, names, err := ring.Credentials(settings, ids)
		if err != nil {
			return fmt.Errorf("requestor %q at %s: %w", r.Name, ring.Name(), err)
		}
		r.at[ring.Name()] = credentials{keys, names}
	}
	return nil
}

// Keys are the requestor's credentials as a face made them, nil at a face that
// has none.
func (r *Requestor) Keys(face string) any { return r.at[face].keys }

// cache keeps what faces made of a requestor's credentials, by face.
type cache struct {
	mu   sync.Mutex
	made map[string]any // guarded by mu
}

// Ready returns what a face keeps of a requestor and makes it at the first call.
// It lives as long as the sandbox.
func (s *Sandbox) Ready(requestor, face string, prepare func() (any, error)) (any, error) {
	r, ok := s.Requestor(requestor)
	if !ok {
		return nil, fmt.Errorf("requestor %q: %w", requestor, ErrUnknown)
	}
	r.ready.mu.Lock()
	defer r.ready.mu.Unlock()
	if made, ok := r.ready.made[face]; ok {
		return made, nil
	}
	made, err := prepare()
	if err != nil {
		return nil, err
	}
	if r.ready.made == nil {
		r.ready.made = map[string]any{}
	}
	r.ready.made[face] = made
	return made, nil
}
