package journal

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/pantomime-dev/pantomime/simulator/quota"
	"github.com/pantomime-dev/pantomime/token"
)

// DefaultCap is how many bytes a journal keeps unless told otherwise: some
// ten thousand exchanges.
const DefaultCap = 16 << 20

// Journal is one sandbox's record of exchanges. It is safe for concurrent use:
// masking, packing and unpacking happen outside its lock.
type Journal struct {
	cap   int
	masks *Masks
	quota *quota.Holder // of the journals of all sandboxes
	tell  func()        // that the oldest entries are dropped: at first, and whenever a new entry exceeds the bound

	mu      sync.Mutex
	kept    kept          // guarded by mu; numbered without a gap
	bytes   int           // guarded by mu; of all that is kept
	last    uint64        // guarded by mu; number of the newest entry
	changed chan struct{} // guarded by mu; closed at the next Add, nil while nobody waits
	met     map[Met]int   // guarded by mu; never dropped
	told    bool          // guarded by mu; tell was called
}

// New makes a journal that keeps about capacity bytes, masked by masks.
func New(capacity int, masks *Masks) *Journal {
	return &Journal{cap: capacity, masks: masks, met: map[Met]int{}}
}

// Mask makes a JSON text fit to be shown, as the journal does.
func (j *Journal) Mask(body []byte) string { return j.masks.Mask(body) }

// Credentials are the request headers that are only shown to be there.
func (j *Journal) Credentials() []string {
	if j.masks == nil {
		return nil
	}
	return j.masks.headers
}

// Add masks and stores an exchange and returns its id. Of the draft it keeps the
// list of tokens. The newest entry stays, whatever its size.
func (j *Journal) Add(d *Draft) string {
	p := scratch.Get().(*packer)
	defer scratch.Put(p)
	id, bytes, first := j.add(d, j.masks.record(p, d))
	if first {
		j.tell()
	}
	j.quota.Holds(bytes)
	return id
}

// add stores a record, and tells how much is kept now and whether these are the
// first entries that were dropped.
func (j *Journal) add(d *Draft, r record) (id string, bytes int64, first bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.last++
	j.bytes += j.kept.add(r)
	first = j.dropTo(j.cap) && j.tell != nil && !j.told
	j.told = j.told || first
	j.met[Met{Network: d.Network, Op: d.Op}]++
	if d.Problem != "" {
		j.met[Met{Network: d.Network, Problem: d.Problem}]++
	}
	if d.Fault != "" {
		j.met[Met{Network: d.Network, Fault: d.Fault}]++
	}
	if j.changed != nil {
		close(j.changed)
		j.changed = nil
	}
	return entryID(j.last), int64(j.bytes), first
}

const idPrefix = "r-"

func entryID(n uint64) string { return idPrefix + strconv.FormatUint(n, 10) }

// idNumber reads the number out of an id; 0 for what is no id.
func idNumber(id string) uint64 {
	digits, ok := strings.CutPrefix(id, idPrefix)
	n, err := strconv.ParseUint(digits, 10, 64)
	if !ok || err != nil || entryID(n) != id {
		return 0
	}
	return n
}

// Met is one thing a run may have met: an operation, a problem or a fault of a
// network; one of the three is set.
type Met struct {
	Network token.Network
	Op      token.Operation
	Problem token.Key
	Fault   token.Fault
}

// Met tells how often something was met since the sandbox began, entries that
// were dropped meanwhile included.
func (j *Journal) Met(m Met) int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.met[m]
}

// Knows tells whether an id was given to an entry, which may be dropped by now.
func (j *Journal) Knows(id string) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	n := idNumber(id)
	return n > 0 && n <= j.last
}

// Dropped tells how many entries were given up because the journal was full.
func (j *Journal) Dropped() uint64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.last - uint64(j.kept.count)
}

// Get finds an entry.
func (j *Journal) Get(id string) (Entry, bool) {
	n := idNumber(id)
	r, ok := j.at(n)
	if !ok {
		return Entry{}, false
	}
	return r.entry(n), true
}

// at is a copy of the record of a number.
func (j *Journal) at(n uint64) (record, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	dropped := j.last - uint64(j.kept.count)
	if n <= dropped || n > j.last {
		return record{}, false
	}
	r := *j.kept.at(int(n - dropped - 1))
	r.packed = bytes.Clone(r.packed)
	return r, true
}

// Changed returns a channel that is closed when the next entry arrives.
func (j *Journal) Changed() <-chan struct{} {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.changed == nil {
		j.changed = make(chan struct{})
	}
	return j.changed
}

// Canonical is an exchange without anything that may differ between two runs
// of the same story: no wall time, nonce, signature or ciphertext.
type Canonical struct {
	Entity    string          `json:"entity"`
	Seq       uint32          `json:"seq"`
	Op        token.Operation `json:"operation"`
	Requestor string          `json:"requestor"`
	Request   string          `json:"request,omitempty"`
	Sent      []Part          `json:"sent,omitempty"`
	Status    int             `json:"status"`
	Response  string          `json:"response,omitempty"`
	Got       []Part          `json:"got,omitempty"`
	Rule      string          `json:"rule,omitempty"`
	Problem   token.Key       `json:"problem,omitempty"`
}

// Canonical lists the exchanges that reached the step, sorted by entity and
// by sequence within it.
func (j *Journal) Canonical() []Canonical {
	var out []Canonical
	for _, e := range j.List(Query{}) {
		if e.Entity == "" {
			continue
		}
		out = append(out, Canonical{
			Entity: e.Entity, Seq: e.EntitySeq, Op: e.Op, Requestor: e.Requestor,
			Request: e.Request.Body, Sent: e.Request.Clear, Status: e.Response.Status,
			Response: e.Response.Body, Got: e.Response.Clear, Rule: e.Rule, Problem: e.Problem,
		})
	}
	slices.SortFunc(out, func(a, b Canonical) int {
		return cmp.Or(cmp.Compare(a.Entity, b.Entity), cmp.Compare(a.Seq, b.Seq))
	})
	return out
}
