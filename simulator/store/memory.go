package store

import "sync"

// Memory keeps changes as values and encodes nothing. The state in its
// sandbox is its snapshot, so by default it keeps no history at all.
type Memory[C any] struct {
	keep int

	mu   sync.Mutex
	logs map[string]*tail[C] // guarded by mu
}

type tail[C any] struct {
	head    uint64
	changes []C // the last len(changes) up to head
}

// NewMemory makes a log that keeps at least the last keep changes of each sandbox.
func NewMemory[C any](keep int) *Memory[C] {
	return &Memory[C]{keep: keep, logs: map[string]*tail[C]{}}
}

// Append implements [Log].
func (m *Memory[C]) Append(log string, expect uint64, changes ...C) (uint64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	t := m.logs[log]
	if t == nil {
		t = &tail[C]{}
		m.logs[log] = t
	}
	if t.head != expect {
		return t.head, ErrConflict
	}
	t.head += uint64(len(changes))
	if m.keep == 0 {
		return t.head, nil
	}
	t.changes = append(t.changes, changes...)
	if len(t.changes) > 2*m.keep { // seldom, so that a copy costs little a change
		t.changes = append(make([]C, 0, 2*m.keep+len(changes)), t.changes[len(t.changes)-m.keep:]...)
	}
	return t.head, nil
}

// Read implements [Log].
func (m *Memory[C]) Read(log string, from uint64, fn func(C) error) error {
	for _, change := range m.after(log, from) {
		if err := fn(change); err != nil {
			return err
		}
	}
	return nil
}

// after copies the kept changes after a number.
func (m *Memory[C]) after(log string, from uint64) []C {
	m.mu.Lock()
	defer m.mu.Unlock()
	t := m.logs[log]
	if t == nil || from >= t.head {
		return nil
	}
	wanted := min(t.head-from, uint64(len(t.changes)))
	return append([]C(nil), t.changes[uint64(len(t.changes))-wanted:]...)
}

// Head implements [Log].
func (m *Memory[C]) Head(log string) (uint64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if t := m.logs[log]; t != nil {
		return t.head, nil
	}
	return 0, nil
}

// Drop implements [Log].
func (m *Memory[C]) Drop(log string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.logs, log)
}
