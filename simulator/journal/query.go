package journal

import (
	"slices"
	"strconv"
	"strings"

	"github.com/pantomime-dev/pantomime/token"
)

// Query narrows a listing; zero members match anything.
type Query struct {
	After     string // entries after this id
	Network   token.Network
	Ops       []token.Operation // any of them
	Requestor string
	Token     token.Ref
	Problem   token.Key
	Refused   bool // only exchanges a check refused
	Limit     int  // so many entries: after an id the next ones, else the newest; 0: all
}

// Found is what a query finds.
type Found struct {
	Entries []Entry // oldest first
	Total   int     // entries that match, those beyond the limit included
	Seen    string  // id of the newest entry that was looked at: none before it is missing
}

// Find returns entries, and unpacks no others.
func (j *Journal) Find(q Query) Found {
	after, _ := strconv.ParseUint(strings.TrimPrefix(q.After, idPrefix), 10, 64)
	var matching []uint64
	seen := after
	for more := true; more; {
		matching, seen, more = j.look(&q, matching, seen)
	}
	found := Found{Total: len(matching), Seen: entryID(seen)}
	switch beyond := len(matching) - q.Limit; {
	case q.Limit <= 0 || beyond <= 0:
	case q.After != "":
		matching = matching[:q.Limit]
	default:
		matching = matching[beyond:]
	}
	for _, n := range matching {
		if r, ok := j.at(n); ok {
			found.Entries = append(found.Entries, r.entry(n))
		}
	}
	return found
}

// List returns entries, oldest first.
func (j *Journal) List(q Query) []Entry { return j.Find(q).Entries }

// atATime is how many records are looked at while requests wait.
const atATime = 512

// look goes on behind the entry seen last, for some entries, and tells whether
// there are more.
func (j *Journal) look(q *Query, matching []uint64, seen uint64) (_ []uint64, last uint64, more bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	dropped := j.last - uint64(j.kept.count)
	seen = max(seen, dropped)
	for range atATime {
		if seen >= j.last {
			return matching, seen, false
		}
		if q.matches(j.kept.at(int(seen - dropped))) {
			matching = append(matching, seen+1)
		}
		seen++
	}
	return matching, seen, true
}

func (q *Query) matches(r *record) bool {
	return (q.Network == "" || q.Network == r.Network) &&
		(len(q.Ops) == 0 || slices.Contains(q.Ops, r.Op)) &&
		(q.Requestor == "" || q.Requestor == r.requestor) &&
		(q.Problem == "" || q.Problem == r.Problem) &&
		(q.Token == "" || slices.Contains(r.tokens, q.Token)) &&
		(!q.Refused || r.refused)
}
