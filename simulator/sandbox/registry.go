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
	ErrMismatch  = errors.New("address and credential name different sandboxes")
	ErrExists    = errors.New("sandbox exists already")
	ErrDefault   = errors.New("the default sandbox cannot be deleted; reset it instead")
	ErrTooMany   = errors.New("too many sandboxes")
)

// Address is where a credential leads.
type Address struct {
	Sandbox   *Sandbox
	Requestor *Requestor
}

// Registry knows every sandbox and which credential belongs to which.
type Registry struct {
	mu        sync.RWMutex
	byID      map[string]*Sandbox // guarded by mu
	visa      map[string]Address  // guarded by mu; by API key, as it is and in lower case
	consumer  map[string]Address  // guarded by mu; by OAuth consumer key
	clientIDs map[string]int      // guarded by mu; consumer keys by their client id
}

// NewRegistry makes an empty registry.
func NewRegistry() *Registry {
	return &Registry{
		byID: map[string]*Sandbox{}, visa: map[string]Address{}, consumer: map[string]Address{}, clientIDs: map[string]int{},
	}
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
		for _, key := range q.Visa.Pairs() {
			r.visa[key.APIKey], r.visa[strings.ToLower(key.APIKey)] = Address{s, q}, Address{s, q}
		}
		r.consumer[q.Mastercard.ConsumerKey] = Address{s, q}
		r.clientIDs[clientID(q.Mastercard.ConsumerKey)]++
	}
}

func clientID(consumerKey string) string {
	id, _, _ := strings.Cut(consumerKey, "!")
	return id
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

// remove expects r.mu to be held.
func (r *Registry) remove(s *Sandbox) {
	delete(r.byID, s.ID())
	for _, q := range s.Requestors() {
		for _, key := range q.Visa.Pairs() {
			delete(r.visa, key.APIKey)
			delete(r.visa, strings.ToLower(key.APIKey))
		}
		delete(r.consumer, q.Mastercard.ConsumerKey)
		if id := clientID(q.Mastercard.ConsumerKey); r.clientIDs[id] > 1 {
			r.clientIDs[id]--
		} else {
			delete(r.clientIDs, id)
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

// ByAPIKey finds who a Visa API key belongs to; case does not matter.
func (r *Registry) ByAPIKey(key string) (Address, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	a, ok := r.visa[key] // the usual case, without making a text
	if !ok {
		a, ok = r.visa[strings.ToLower(key)]
	}
	return a, ok
}

// ByConsumerKey finds who an OAuth consumer key belongs to.
func (r *Registry) ByConsumerKey(key string) (Address, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	a, ok := r.consumer[key]
	return a, ok
}

// KnownClientID tells whether any consumer key begins with this client id.
func (r *Registry) KnownClientID(id string) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.clientIDs[id] > 0
}

// Place decides which sandbox a request belongs to: the explicit address, else
// the credential's, else the default one. An unknown explicit address is
// ErrNoSandbox; one that is not the credential's is ErrMismatch, beside the
// explicitly named sandbox.
func (r *Registry) Place(explicit string, credential Address) (*Sandbox, error) {
	if explicit == "" && credential.Sandbox != nil {
		return credential.Sandbox, nil
	}
	s, err := r.Find(explicit)
	if err != nil {
		return nil, err
	}
	if credential.Sandbox != nil && credential.Sandbox.ID() != s.ID() {
		return s, fmt.Errorf("addressed %q, the credential belongs to %q: %w", s.ID(), credential.Sandbox.ID(), ErrMismatch)
	}
	return s, nil
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
