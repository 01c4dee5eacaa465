package server

import (
	"crypto/sha256"
	"strconv"
	"sync"
	"time"
	"weak"

	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
)

// maxNonces is how many nonces of one requestor are remembered; beyond it the
// oldest are forgotten.
const maxNonces = 10_000

// nonces remember which signatures were used, where a sandbox switches that on
// (docs/wire/mdes.md "Not public"). A requestor of a sandbox that began anew is
// another one, so it starts with nothing.
type nonces struct {
	mu sync.Mutex
	by map[weak.Pointer[sandbox.Requestor]]*memory // guarded by mu
}

func newNonces() *nonces {
	return &nonces{by: map[weak.Pointer[sandbox.Requestor]]*memory{}}
}

// of finds a requestor's memory as it is at an instant, without what the window
// would refuse by now anyway; a window of 0 keeps it.
func (n *nonces) of(q *sandbox.Requestor, now time.Time, window time.Duration) *memory {
	n.mu.Lock()
	defer n.mu.Unlock()
	who := weak.Make(q)
	m, known := n.by[who]
	if !known {
		for gone := range n.by {
			if gone.Value() == nil {
				delete(n.by, gone)
			}
		}
		m = &memory{known: map[use]struct{}{}}
		n.by[who] = m
	}
	if window > 0 {
		m.forget(now.Add(-window).Unix())
	}
	return m
}

// use is one nonce with its timestamp, as a digest: what a stranger sends may
// be long.
type use [sha256.Size]byte

type memory struct {
	mu    sync.Mutex
	known map[use]struct{} // guarded by mu
	order []sighting       // guarded by mu; in the order they came
}

type sighting struct {
	use use
	at  int64 // oauth_timestamp
}

// again is the memory of a [mdes.Verifier]. The requestor has one consumer key,
// so the key makes no difference.
func (m *memory) again(_ mdes.ConsumerKey, timestamp int64, nonce string) bool {
	one := use(sha256.Sum256([]byte(strconv.FormatInt(timestamp, 10) + " " + nonce)))
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, before := m.known[one]; before {
		return true
	}
	if len(m.order) == maxNonces {
		m.drop()
	}
	m.known[one] = struct{}{}
	m.order = append(m.order, sighting{one, timestamp})
	return false
}

// forget drops what is older than an instant, as far as it stands at the head.
func (m *memory) forget(before int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for len(m.order) > 0 && m.order[0].at < before {
		m.drop()
	}
}

// drop expects m.mu to be held.
func (m *memory) drop() {
	delete(m.known, m.order[0].use)
	m.order = m.order[1:]
}
