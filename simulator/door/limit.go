package door

import (
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pantomime-dev/pantomime/clock"
)

// WriteLimit is how long a client may take to read a piece of its answer. One
// that asks and never reads is dropped then.
const WriteLimit = 10 * time.Second

const (
	hurriedLimit = time.Second // once the door closes
	maxPiece     = 64 << 10    // bytes that the limit is for: who reads slowly has read them by then
)

// Limited is a listener whose connections have a limit on each write.
type Limited struct {
	net.Listener
	limit atomic.Int64 // a time.Duration

	mu    sync.Mutex
	conns map[*limitedConn]bool // guarded by mu; that are open
}

// Limit gives each write of a listener's connections so long.
func Limit(l net.Listener, limit time.Duration) *Limited {
	out := &Limited{Listener: l, conns: map[*limitedConn]bool{}}
	out.limit.Store(int64(limit))
	return out
}

// Accept waits for the next connection.
func (l *Limited) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	c := &limitedConn{Conn: conn, door: l}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.conns[c] = true
	return c, nil
}

// Hurry gives clients one second for what they have not read yet, and for each
// piece from now on. A stop need not wait any longer for them.
func (l *Limited) Hurry() {
	l.limit.Store(int64(hurriedLimit))
	l.mu.Lock()
	defer l.mu.Unlock()
	for c := range l.conns {
		_ = c.begin()
	}
}

// limitedConn is a connection whose every write has a deadline of its own.
type limitedConn struct {
	net.Conn
	door *Limited
	mu   sync.Mutex // held while the deadline is set, so that the later limit stays
}

func (c *limitedConn) begin() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.SetWriteDeadline(clock.Real().Now().Add(time.Duration(c.door.limit.Load())))
}

// Write sends piece after piece, each within the limit.
func (c *limitedConn) Write(p []byte) (n int, err error) {
	for first := true; first || n < len(p); first = false {
		if err := c.begin(); err != nil {
			return n, err
		}
		sent, err := c.Conn.Write(p[n:min(len(p), n+maxPiece)])
		n += sent
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// Close ends the connection.
func (c *limitedConn) Close() error {
	c.door.mu.Lock()
	delete(c.door.conns, c)
	c.door.mu.Unlock()
	return c.Conn.Close()
}

// NetConn is the connection below, for faults on the socket.
func (c *limitedConn) NetConn() net.Conn { return c.Conn }
