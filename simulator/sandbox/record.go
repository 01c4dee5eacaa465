package sandbox

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/token"
)

// What token requestors that the simulator plays keep in a sandbox: texts under
// keys, of which the engine knows no more. They are state like any other, so they
// travel in the changes.

const (
	maxRecord  = 64 << 10  // bytes of one, with its key
	maxRecords = 256 << 20 // bytes of all records of a sandbox
)

// Errors of records.
var (
	ErrRecordChanged = errors.New("somebody else has changed the record")
	ErrRecordSpace   = errors.New("there is no space for the record")
)

// Record is one that a step writes.
type Record struct {
	Key   string
	Value []byte // nil takes the record away
}

// kept is a record in the state.
type kept struct {
	value  []byte // never changed
	number uint64 // of the change that wrote it
}

// records are those of a sandbox. The sandbox's lock guards them.
type records struct {
	all     map[string]kept
	folders map[string]map[string]bool // keys by what they begin with, up to their last slash
	bytes   int
}

func newRecords() records {
	return records{all: map[string]kept{}, folders: map[string]map[string]bool{}}
}

// folder is what a key begins with, its last slash included.
func folder(key string) string { return key[:strings.LastIndexByte(key, '/')+1] }

// put folds a record that a change holds.
func (r *records) put(rec Record, number uint64) {
	if old, ok := r.all[rec.Key]; ok {
		r.bytes -= len(rec.Key) + len(old.value)
		delete(r.all, rec.Key)
	}
	in := folder(rec.Key)
	if rec.Value == nil {
		if delete(r.folders[in], rec.Key); len(r.folders[in]) == 0 {
			delete(r.folders, in)
		}
		return
	}
	if r.all[rec.Key] = (kept{rec.Value, number}); r.folders[in] == nil {
		r.folders[in] = map[string]bool{}
	}
	r.folders[in][rec.Key] = true
	r.bytes += len(rec.Key) + len(rec.Value)
}

// Record finds what is kept under a key, and the number of the change that wrote
// it; nil and 0 for nothing. The bytes must not be changed.
func (s *Sandbox) Record(key string) (value []byte, number uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.state.records.all[key]
	return k.value, k.number
}

// RecordKeys lists the keys that begin with a text and have no further slash,
// sorted. The text ends with a slash.
func (s *Sandbox) RecordKeys(folder string) []string {
	s.mu.Lock()
	keys := slices.Collect(maps.Keys(s.state.records.folders[folder]))
	s.mu.Unlock()
	slices.Sort(keys)
	return keys
}

// PutRecord keeps a value under a key if the number of the change that wrote the
// one before it is expect, 0 for none; nil takes it away. It returns the number of
// the change. The error is an ErrRecordChanged, an ErrRecordSpace or an ErrEnded.
func (s *Sandbox) PutRecord(key string, value []byte, expect uint64) (number uint64, err error) {
	err = s.commit(func(x *step) error {
		now := &x.state.records
		old := now.all[key]
		switch size := len(key) + len(value); {
		case old.number != expect:
			return fmt.Errorf("%w: %s", ErrRecordChanged, key)
		case size > maxRecord:
			return fmt.Errorf("%w: it has %d bytes, and at most %d are kept", ErrRecordSpace, size, maxRecord)
		case now.bytes-len(old.value)+size > maxRecords:
			return fmt.Errorf("%w: all records of a sandbox have at most %d bytes", ErrRecordSpace, maxRecords)
		}
		x.change.Records = append(x.change.Records, Record{key, value})
		number = x.change.Number
		return nil
	})
	return number, err
}

// Send puts an event of a token requestor into the queue of notices: something to
// tell, or work for the requestor itself (see [token.Event.Party]). It is due
// after a time on the sandbox's clock. An event that is queued already is not
// queued again.
func (s *Sandbox) Send(ev token.Event, target string, after time.Duration) error {
	return s.commit(func(x *step) error {
		ev.Sandbox, ev.At = x.world.id, x.now
		id := x.world.ids.Hex(32, "delivery", ev.ID)
		if _, known := x.state.deliveries.Get(id); known {
			return nil
		}
		d := callback.New(id, &ev, target)
		d.Due, d.Seq = x.now.Add(after), x.nextSeq()
		x.change.Deliveries = append(x.change.Deliveries, d)
		return nil
	})
}
