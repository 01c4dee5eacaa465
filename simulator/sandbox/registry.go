package sandbox

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Errors of addressing.
var (
	ErrNoSandbox = errors.New("no such sandbox")
	ErrExists    = errors.New("sandbox exists already")
	ErrDefault   = errors.New("the default sandbox cannot be deleted; reset it instead")
	ErrTooMany   = errors.New("too many sandboxes")
)

// credential is a name that a face gave, by which a request finds who sent it.
type credential struct{ face, name string }

// owner is where a credential leads.
type owner struct {
	sandbox   *Sandbox
	requestor *Requestor
}

// Registry knows every sandbox and which credential belongs to which.
type Registry struct {
	mu     sync.RWMutex
	byID   map[string]*Sandbox  // guarded by mu
	owners map[credential]owner // guarded by mu
}

// NewRegistry makes an empty registry.
func NewRegistry() *Registry {
	return &Registry{byID: map[string]*Sandbox{}, owners: map[credential]owner{}}
}

// Add makes a sandbox reachable.
func (r *Registry) Add(s *Sandbox) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.byID[s.ID()] != nil {
		return fmt.Errorf("%q: %w", s.ID(), ErrExists)
	}
	r.add(s)
	return nil
}

// Replace puts a sandbox in the place of the one with its id, in one step, and
// returns the former one, which has ended then.
func (r *Registry) Replace(s *Sandbox) (*Sandbox, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	old := r.byID[s.ID()]
	if old == nil {
		return nil, fmt.Errorf("%q: %w", s.ID(), ErrNoSandbox)
	}
	r.remove(old)
	r.add(s)
	if old != s { // the same one only has other credentials now
		old.End()
	}
	return old, nil
}

// add expects r.mu to be held.
func (r *Registry) add(s *Sandbox) {
	r.byID[s.ID()] = s
	for _, q := range s.Requestors() {
		for face, at := range q.at {
			for _, name := range at.names {
				r.owners[credential{face, name}] = owner{s, q}
			}
		}
	}
}

// Remove makes a sandbox unreachable and returns it; it has ended then.
func (r *Registry) Remove(id string) (*Sandbox, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.byID[id]
	if s == nil {
		return nil, fmt.Errorf("%q: %w", id, ErrNoSandbox)
	}
	r.remove(s)
	s.End()
	return s, nil
}

// remove expects r.mu to be held. A name that leads to another sandbox by now
// stays.
func (r *Registry) remove(s *Sandbox) {
	delete(r.byID, s.ID())
	for _, q := range s.Requestors() {
		for face, at := range q.at {
			for _, name := range at.names {
				if c := (credential{face, name}); r.owners[c].sandbox == s {
					delete(r.owners, c)
				}
			}
		}
	}
}

// Find returns a sandbox by id; "" is the default one.
func (r *Registry) Find(id string) (*Sandbox, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if s := r.byID[cmp.Or(id, Default)]; s != nil {
		return s, nil
	}
	return nil, fmt.Errorf("%q: %w", id, ErrNoSandbox)
}

// Owner finds whose credential at a face a name is: the sandbox and the name of
// its requestor.
func (r *Registry) Owner(face, name string) (s *Sandbox, requestor string, known bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	o, known := r.owners[credential{face, name}]
	if !known {
		return nil, "", false
	}
	return o.sandbox, o.requestor.Name, true
}

// All lists the sandboxes by id.
func (r *Registry) All() []*Sandbox {
	r.mu.RLock()
	defer r.mu.RUnlock()
	out := make([]*Sandbox, 0, len(r.byID))
	for _, s := range r.byID {
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b *Sandbox) int { return strings.Compare(a.ID(), b.ID()) })
	return out
}
