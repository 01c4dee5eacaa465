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
	return &connection{conn, bufio.NewReaderSize(conn, 64<<10)}, nil
}

var contentLength = []byte("content-length:")

// send sends a request and reads the answer, which must be a success of known
// length.
func (c *connection) send(s shot) error {
	if _, err := c.Write(s); err != nil {
		return err
	}
	for want := 1; ; want = c.r.Buffered() + 1 {
		if _, err := c.r.Peek(want); err != nil {
			return err
		}
		seen, _ := c.r.Peek(c.r.Buffered())
		size, err := whole(seen)
		if err != nil {
			return err
		}
		if size > 0 {
			_, err = c.r.Discard(size)
			return err
		}
	}
}

// whole is how long the answer at the beginning of b is, 0 as long as it is not
// there whole. One that is no success is an error.
func whole(b []byte) (int, error) {
	end := bytes.Index(b, []byte("\r\n\r\n"))
	if end < 0 {
		return 0, nil
	}
	head := b[:end]
	length := 0
	for line := range bytes.SplitSeq(head, []byte("\r\n")) {
		if len(line) > len(contentLength) && bytes.EqualFold(line[:len(contentLength)], contentLength) {
			n, err := strconv.Atoi(string(bytes.TrimSpace(line[len(contentLength):])))
			if err != nil {
				return 0, fmt.Errorf("%w: %w", errAnswer, err)
			}
			length = n
		}
	}
	size := end + 4 + length
	switch {
	case len(b) < size:
		return 0, nil
	case len(head) < 12 || head[9] != '2':
		return 0, fmt.Errorf("%w: %.40s %.600s", errAnswer, head, b[end+4:size])
	}
	return size, nil
}
