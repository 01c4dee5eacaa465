// Package store keeps the log of changes of every sandbox. A sandbox's state
// is the fold of its log; one Append of one change a request is the only write.
//
// It knows nothing of what a change holds and never interprets one.
package store

import (
	"errors"
	"sync"
)

// ErrConflict says that somebody else appended first; the caller reads on and
// runs its pure step again.
var ErrConflict = errors.New("the log has moved on")

// Log is the log of changes of type C, by sandbox id.
type Log[C any] interface {
	// Append writes change as number expected+1. If the log is not at expected,
	// nothing is written and the error is ErrConflict.
	Append(sandbox string, expected uint64, change C) error
	// Read calls fn for each kept change after number from, oldest first.
	Read(sandbox string, from uint64, fn func(seq uint64, change C) error) error
	// Drop forgets a sandbox.
	Drop(sandbox string)
}

// Memory keeps changes as values and encodes nothing. The state in its
// sandbox is its snapshot, so by default it keeps no history at all.
type Memory[C any] struct {
	keep int

	mu   sync.Mutex
	logs map[string]*tail[C] // guarded by mu
}

type tail[C any] struct {
	seq     uint64
	changes []C // the last len(changes) up to seq
}

// NewMemory makes a log that keeps at least the last keep changes of each sandbox.
func NewMemory[C any](keep int) *Memory[C] {
	return &Memory[C]{keep: keep, logs: map[string]*tail[C]{}}
}

// Append implements [Log].
func (m *Memory[C]) Append(sandbox string, expected uint64, change C) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	t := m.logs[sandbox]
	if t == nil {
		t = &tail[C]{}
		m.logs[sandbox] = t
	}
	if t.seq != expected {
		return ErrConflict
	}
	t.seq++
	if m.keep == 0 {
		return nil
	}
	if len(t.changes) >= 2*m.keep {
		t.changes = append(make([]C, 0, 2*m.keep), t.changes[len(t.changes)-m.keep+1:]...)
	}
	t.changes = append(t.changes, change)
	return nil
}

// Read implements [Log].
func (m *Memory[C]) Read(sandbox string, from uint64, fn func(uint64, C) error) error {
	m.mu.Lock()
	t := m.logs[sandbox]
	if t == nil {
		m.mu.Unlock()
		return nil
	}
	changes, first := append([]C(nil), t.changes...), t.seq-uint64(len(t.changes))+1
	m.mu.Unlock()
	for i, change := range changes {
		if seq := first + uint64(i); seq > from {
			if err := fn(seq, change); err != nil {
				return err
			}
		}
	}
	return nil
}

// Drop implements [Log].
func (m *Memory[C]) Drop(sandbox string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.logs, sandbox)
}
