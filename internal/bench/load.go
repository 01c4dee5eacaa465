package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// shot is one whole HTTP request as it goes over the wire, made ready before
// the clock runs.
type shot []byte

// errAnswer says that a server did not answer as it should.
var errAnswer = errors.New("answer")

// gun sends shots over a fixed number of kept-alive connections and reads each
// answer to its end. It does as little as possible itself.
type gun struct {
	b           *bench
	address     string
	shots       []shot
	connections int
	next        atomic.Int64
}

func (b *bench) gun(address string, shots []shot) *gun {
	return &gun{b: b, address: address, shots: shots, connections: b.size.Connections}
}

// fire sends shots in a closed loop until the time is over or, with a limit,
// that many were sent. It returns how many were answered and how long it took.
func (g *gun) fire(ctx context.Context, d time.Duration, limit int) (int, time.Duration, error) {
	var answered atomic.Int64
	first := g.next.Load()
	began := g.b.wall.Now()
	err := g.each(ctx, func(c *connection) error {
		for ctx.Err() == nil && (limit > 0 || g.b.wall.Now().Sub(began) < d) {
			n := g.next.Add(1) - 1
			if limit > 0 && n-first >= int64(limit) {
				g.next.Add(-1)
				return nil
			}
			if err := c.send(g.shots[int(n)%len(g.shots)]); err != nil {
				return err
			}
			answered.Add(1)
		}
		return ctx.Err()
	})
	return int(answered.Load()), g.b.wall.Now().Sub(began), err
}

// pace sends shots at fixed instants, whether or not earlier ones were answered
// (as long as connections are left), and returns how long after its instant
// each was answered.
func (g *gun) pace(ctx context.Context, d time.Duration, perSecond int) ([]time.Duration, error) {
	gap := time.Second / time.Duration(perSecond)
	total := int(d / gap)
	late := make([]time.Duration, total)
	var next atomic.Int64
	began := g.b.wall.Now().Add(10 * time.Millisecond)
	err := g.each(ctx, func(c *connection) error {
		for {
			n := int(next.Add(1)) - 1
			if n >= total {
				return nil
			}
			due := began.Add(time.Duration(n) * gap)
			if err := g.b.wall.Sleep(ctx, due.Sub(g.b.wall.Now())); err != nil {
				return err
			}
			if err := c.send(g.shots[n%len(g.shots)]); err != nil {
				return err
			}
			late[n] = g.b.wall.Now().Sub(due)
		}
	})
	return late, err
}

// each runs do on every connection at once.
func (g *gun) each(ctx context.Context, do func(*connection) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	failures := make(chan error, g.connections)
	var all sync.WaitGroup
	for range g.connections {
		all.Go(func() {
			c, err := dial(ctx, g.address)
			if err == nil {
				defer c.Close()
				err = do(c)
			}
			failures <- err
		})
	}
	all.Wait()
	close(failures)
	var joined error
	for err := range failures {
		joined = errors.Join(joined, err)
	}
	return joined
}

type connection struct {
	net.Conn
	r *bufio.Reader
}

func dial(ctx context.Context, address string) (*connection, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	return &connection{conn, bufio.NewReaderSize(conn, 16<<10)}, nil
}

var contentLength = []byte("content-length:")

// send sends a request and reads the answer, which must be a success of known
// length.
func (c *connection) send(s shot) error {
	_, err := c.exchange(s)
	return err
}

// exchange is send that also tells the length of the answer's body.
func (c *connection) exchange(s shot) (int, error) {
	if _, err := c.Write(s); err != nil {
		return 0, err
	}
	status, err := c.r.ReadSlice('\n')
	if err != nil {
		return 0, err
	}
	failed := len(status) < 12 || status[9] != '2'
	var what string
	if failed {
		what = string(bytes.TrimSpace(status))
	}
	length := 0
	for {
		line, err := c.r.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		line = bytes.TrimSpace(line)
		if len(line) == 0 {
			break
		}
		if len(line) > len(contentLength) && bytes.EqualFold(line[:len(contentLength)], contentLength) {
			length, err = strconv.Atoi(string(bytes.TrimSpace(line[len(contentLength):])))
			if err != nil {
				return 0, fmt.Errorf("%w: %w", errAnswer, err)
			}
		}
	}
	if failed {
		body, _ := c.r.Peek(min(length, 600))
		return 0, fmt.Errorf("%w: %s %s", errAnswer, what, body)
	}
	_, err = c.r.Discard(length)
	return length, err
}
