package sandbox

import (
	"fmt"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/seed"
)

// Ring is the [Keyring] of a face whose keys are of type K, and what the control
// door shows of them. A face has one.
type Ring[K any] struct {
	Face string // the face's name
	// Make derives a requestor's keys from ids alone, by paths that must not
	// change: users keep what they were given. See [Keyring] for the names.
	Make func(settings scenarios.Requestor, ids seed.Source) (keys K, names []string, err error)
	// Show makes the JSON in which the control door hands the keys out.
	Show func(keys K) (any, error)
	// Key is the key that a client names in every request, and the member by which
	// lists of requestors tell it; nil where they tell none.
	Key func(keys K) (member, value string)
}

// Of are a requestor's keys, zero where it has none at this face.
func (r Ring[K]) Of(q *Requestor) K {
	keys, _ := q.Keys(r.Face).(K)
	return keys
}

// Name is the face's.
func (r Ring[K]) Name() string { return r.Face }

// Credentials are a requestor's keys and their names.
func (r Ring[K]) Credentials(settings scenarios.Requestor, ids seed.Source) (any, []string, error) {
	return r.Make(settings, ids)
}

// Shown is all of a requestor's keys as a value that JSON can be made of.
func (r Ring[K]) Shown(keys any) (any, error) {
	k, ok := keys.(K)
	if !ok {
		return nil, fmt.Errorf("%T are no keys of %s", keys, r.Face)
	}
	return r.Show(k)
}

// Usual is the key that a client names in every request, "" for none.
func (r Ring[K]) Usual(keys any) (member, value string) {
	if k, ok := keys.(K); ok && r.Key != nil {
		return r.Key(k)
	}
	return "", ""
}
