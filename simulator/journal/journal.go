package journal

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/pantomime-dev/pantomime/simulator/token"
)

// DefaultCap is how many bytes a journal keeps unless told otherwise.
const DefaultCap = 64 << 20

// Journal is one sandbox's record of exchanges. It is safe for concurrent use.
type Journal struct {
	cap int

	mu      sync.Mutex
	entries []*Entry      // guarded by mu; oldest first, numbered without a gap
	next    uint64        // guarded by mu; number of the newest
	bytes   int           // guarded by mu
	dropped uint64        // guarded by mu
	changed chan struct{} // guarded by mu; closed at the next Add, nil while nobody waits
	met     map[Met]int   // guarded by mu; never dropped
}

// New makes a journal that keeps about capacity bytes.
func New(capacity int) *Journal {
	return &Journal{cap: capacity, met: map[Met]int{}}
}

// Add stores an entry, which must be masked already, and returns its id. The
// entry must not be changed afterwards.
func (j *Journal) Add(e *Entry) string {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.next++
	e.ID = idPrefix + strconv.FormatUint(j.next, 10)
	j.entries = append(j.entries, e)
	j.bytes += e.size()
	j.met[Met{Network: e.Network, Op: e.Op}]++
	if e.Problem != "" {
		j.met[Met{Network: e.Network, Problem: e.Problem}]++
	}
	if e.Fault != "" {
		j.met[Met{Network: e.Network, Fault: e.Fault}]++
	}
	for j.bytes > j.cap && len(j.entries) > 1 {
		old := j.entries[0]
		j.entries[0] = nil
		j.entries = j.entries[1:]
		j.bytes -= old.size()
		j.dropped++
	}
	if j.changed != nil {
		close(j.changed)
		j.changed = nil
	}
	return e.ID
}

const idPrefix = "r-"

// idNumber reads the number out of an id; 0 for what is no id.
func idNumber(id string) uint64 {
	digits, ok := strings.CutPrefix(id, idPrefix)
	n, err := strconv.ParseUint(digits, 10, 64)
	if !ok || err != nil || idPrefix+strconv.FormatUint(n, 10) != id {
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

// Dropped tells how many entries were given up for lack of room.
func (j *Journal) Dropped() uint64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.dropped
}

// Get finds an entry.
func (j *Journal) Get(id string) (Entry, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	n, first := idNumber(id), j.next-uint64(len(j.entries))+1
	if n < first || n > j.next || n == 0 {
		return Entry{}, false
	}
	return *j.entries[n-first], true
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
	after, _ := strconv.ParseUint(strings.TrimPrefix(q.After, "r-"), 10, 64)
	var out []Entry
	for _, e := range slices.Backward(j.entries) {
		n, _ := strconv.ParseUint(strings.TrimPrefix(e.ID, "r-"), 10, 64)
		if n <= after || (q.Limit > 0 && len(out) == q.Limit) {
			break
		}
		if q.matches(e) {
			out = append(out, *e)
		}
	}
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
