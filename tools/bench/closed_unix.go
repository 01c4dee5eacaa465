//go:build unix

package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"syscall"
	"time"
)

// fire sends shots in a closed loop until the time is over or, with a limit,
// that many were sent. It returns how many were answered and how long it took.
//
// It never sleeps: one loop asks every connection in turn whether its answer is
// there. A generator that sleeps must be woken, and the kernel charges the
// wake-up to the server whose write caused it. What that does to the figures
// is in docs/performance.md "Method": nothing to a ratio against a server
// that is spared it too, something to one against a loop without HTTP. The
// sockets are read by system calls, because package net would wait for them in
// a thread of its own, which would be woken.
func (g *gun) fire(ctx context.Context, d time.Duration, limit int) (int, time.Duration, error) {
	barrels, err := g.aim(ctx)
	defer func() {
		for _, b := range barrels {
			_ = syscall.Close(b.fd)
		}
	}()
	if err != nil {
		return 0, 0, err
	}
	answered, sent, began := 0, 0, g.b.wall.Now()
	load := func(b *barrel) error {
		if limit > 0 && sent == limit || limit == 0 && g.b.wall.Now().Sub(began) >= d {
			b.empty = true
			return nil
		}
		sent++
		return b.shoot(g.shots[int(g.next.Add(1)-1)%len(g.shots)])
	}
	for _, b := range barrels {
		if err := load(b); err != nil {
			return answered, 0, err
		}
	}
	for answered < sent && ctx.Err() == nil {
		for _, b := range barrels {
			there, err := b.answered()
			if there && err == nil {
				answered++
				err = load(b)
			}
			if err != nil {
				return answered, 0, err
			}
		}
	}
	return answered, g.b.wall.Now().Sub(began), ctx.Err()
}

// barrel is one connection of the closed loop.
type barrel struct {
	fd    int
	buf   []byte
	have  int
	empty bool // nothing was sent that is not answered
}

// aim dials every connection; on an error it returns what is to be closed.
func (g *gun) aim(ctx context.Context) (barrels []*barrel, err error) {
	for range g.connections {
		fd, err := dialRaw(ctx, g.address)
		if err != nil {
			return barrels, err
		}
		barrels = append(barrels, &barrel{fd: fd, buf: make([]byte, 64<<10)})
	}
	return barrels, nil
}

// dialRaw is a connection that the runtime does not watch.
func dialRaw(ctx context.Context, address string) (int, error) {
	c, err := dial(ctx, address)
	if err != nil {
		return 0, err
	}
	defer c.Close()
	tcp, ok := c.Conn.(*net.TCPConn)
	if !ok {
		return 0, errors.ErrUnsupported
	}
	watched, err := tcp.SyscallConn()
	if err != nil {
		return 0, err
	}
	var fd int
	var failed error
	if err := watched.Control(func(of uintptr) { fd, failed = syscall.Dup(int(of)) }); err != nil {
		return 0, err
	}
	return fd, failed // as little blocking as the one it is a copy of
}

// shoot sends a request. The buffer of a socket is empty by then, and larger.
func (b *barrel) shoot(s shot) error {
	for len(s) > 0 {
		n, err := syscall.Write(b.fd, s)
		if err != nil && !errors.Is(err, syscall.EAGAIN) {
			return err
		}
		s = s[max(n, 0):]
	}
	return nil
}

// answered takes an answer, if it is there whole.
func (b *barrel) answered() (bool, error) {
	if b.empty {
		return false, nil
	}
	n, err := syscall.Read(b.fd, b.buf[b.have:])
	switch {
	case errors.Is(err, syscall.EAGAIN):
		return false, nil
	case err != nil:
		return false, err
	case n == 0:
		return false, fmt.Errorf("%w: the server hung up", errAnswer)
	}
	b.have += n
	size, err := whole(b.buf[:b.have])
	if size == 0 || err != nil {
		return false, err
	}
	b.have = copy(b.buf, b.buf[size:b.have])
	return true, nil
}
