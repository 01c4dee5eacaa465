package journal

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/pantomime-dev/pantomime/token"
)

// DefaultCap is how many bytes a journal keeps unless told otherwise: some
// ten thousand exchanges.
const DefaultCap = 16 << 20

// Journal is one sandbox's record of exchanges. It is safe for concurrent use.
type Journal struct {
	cap int

	mu      sync.Mutex
	kept    pages         // guarded by mu, but for its masks
	dropped uint64        // guarded by mu
	changed chan struct{} // guarded by mu; closed at the next Add, nil while nobody waits
	met     map[Met]int   // guarded by mu; never dropped
}

// New makes a journal that keeps about capacity bytes, masked by masks.
func New(capacity int, masks *Masks) *Journal {
	return &Journal{cap: capacity, kept: pages{masks: masks}, met: map[Met]int{}}
}

// Mask makes a JSON text fit to be shown, as the journal does.
func (j *Journal) Mask(body []byte) string { return j.kept.masks.Mask(body) }

// Add masks and stores an exchange and returns its id. Nothing of the draft is
// kept.
func (j *Journal) Add(d *Draft) string {
	j.mu.Lock()
	defer j.mu.Unlock()
	n := j.kept.add(d)
	j.met[Met{Network: d.Network, Op: d.Op}]++
	if d.Problem != "" {
		j.met[Met{Network: d.Network, Problem: d.Problem}]++
	}
	if d.Fault != "" {
		j.met[Met{Network: d.Network, Fault: d.Fault}]++
	}
	for j.kept.bytes > j.cap {
		gone := j.kept.drop()
		if gone == 0 {
			break
		}
		j.dropped += uint64(gone)
	}
	if j.changed != nil {
		close(j.changed)
		j.changed = nil
	}
	return entryID(n)
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

// Dropped tells how many entries were given up because the journal was full.
func (j *Journal) Dropped() uint64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.dropped
}

// Get finds an entry.
func (j *Journal) Get(id string) (Entry, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.kept.get(idNumber(id))
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

// Query narrows a listing; zero members match anything.
type Query struct {
	After     string // entries after this id
	Network   token.Network
	Op        token.Operation
	Requestor string
	Token     token.Ref
	Problem   token.Key
	Refused   bool // only exchanges a check refused
	Limit     int  // the newest Limit entries; 0: all
}

// List returns entries, oldest first.
func (j *Journal) List(q Query) []Entry {
	j.mu.Lock()
	defer j.mu.Unlock()
	after, _ := strconv.ParseUint(strings.TrimPrefix(q.After, idPrefix), 10, 64)
	var out []Entry
	j.kept.backward(func(n uint64, e Entry) bool {
		if n <= after || (q.Limit > 0 && len(out) == q.Limit) {
			return false
		}
		if q.matches(&e) {
			out = append(out, e)
		}
		return true
	})
	slices.Reverse(out)
	return out
}

func (q Query) matches(e *Entry) bool {
	_, refused := e.Checks.Failed()
	return (q.Network == "" || q.Network == e.Network) &&
		(q.Op == "" || q.Op == e.Op) &&
		(q.Requestor == "" || q.Requestor == e.Requestor) &&
		(q.Problem == "" || q.Problem == e.Problem) &&
		(q.Token == "" || slices.Contains(e.Tokens, q.Token)) &&
		(!q.Refused || refused)
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
