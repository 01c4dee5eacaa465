// Package clock is the only place that asks for the time. It offers the wall
// clock, injected wherever a connection is held open or a client's timestamp
// is judged, and the clock of one sandbox, which can be stopped and moved.
//
// It must not know what happens at an instant; the sandbox decides that.
package clock

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"
)

// Mode says how a sandbox's time passes.
type Mode string

// The modes.
const (
	System Mode = "system" // wall time plus an offset that only grows
	Manual Mode = "manual" // moves only when it is advanced
)

// ErrBackwards is returned when a clock would be set to an earlier instant.
var ErrBackwards = errors.New("a sandbox clock never goes back")

// Clock is the time of one sandbox. Life cycle, expiry, callback schedule and
// retry read it; nothing that holds a connection open does.
type Clock struct {
	mode Mode
	wall Wall

	mu     sync.Mutex
	offset time.Duration // guarded by mu; System only
	at     time.Time     // guarded by mu; Manual only
}

// NewSystem starts a clock that runs with the wall.
func NewSystem(wall Wall) *Clock { return &Clock{mode: System, wall: wall} }

// NewManual starts a clock that is at start until it is set.
func NewManual(wall Wall, start time.Time) *Clock {
	return &Clock{mode: Manual, wall: wall, at: start.UTC()}
}

// Restore makes a clock go on where one was left: its time was at, and offset
// what it was ahead of the wall. It never reports an earlier time than that.
func Restore(wall Wall, mode Mode, at time.Time, offset time.Duration) *Clock {
	c := &Clock{mode: mode, wall: wall, offset: offset, at: at.UTC()}
	_ = c.Set(at) // a wall may have been set back; no error, as a manual clock is there
	return c
}

// Mode says how this clock passes.
func (c *Clock) Mode() Mode { return c.mode }

// Offset is how far a system clock is ahead of the wall; 0 for a manual one.
func (c *Clock) Offset() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.offset
}

// Now is the sandbox's time, in UTC.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

// now expects c.mu to be held.
func (c *Clock) now() time.Time {
	if c.mode == Manual {
		return c.at
	}
	return c.wall.Now().Add(c.offset).UTC()
}

// Set moves the clock to t. A system clock keeps running from there. An
// earlier instant is [ErrBackwards]; for a system clock that has meanwhile
// passed t there is nothing to do.
func (c *Clock) Set(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	gap := t.Sub(c.now())
	switch {
	case c.mode == System && gap > 0:
		c.offset += gap
	case c.mode == Manual && gap < 0:
		return ErrBackwards
	case c.mode == Manual:
		c.at = t.UTC()
	}
	return nil
}

// Wait blocks until the sandbox's time has reached t, wake receives, or ctx
// ends. A manual clock waits for wake or ctx alone: whoever moves it sends the
// wake. The result is nil unless ctx ended.
func (c *Clock) Wait(ctx context.Context, t time.Time, wake <-chan struct{}) error {
	var due <-chan time.Time
	if c.mode == System && !t.IsZero() {
		timer := time.NewTimer(max(0, t.Sub(c.Now())))
		defer timer.Stop()
		due = timer.C
	}
	select {
	case <-due:
		return nil
	case <-wake:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// ParseMode reads "system", "manual" or "manual@TIME" with TIME in RFC 3339,
// as the command line takes it.
func ParseMode(s string) (Mode, time.Time, error) {
	name, at, stamped := strings.Cut(s, "@")
	switch {
	case name == string(System) && !stamped:
		return System, time.Time{}, nil
	case name == string(Manual) && !stamped:
		return Manual, time.Time{}, nil
	case name == string(Manual):
		t, err := time.Parse(time.RFC3339, at)
		if err != nil {
			return "", time.Time{}, fmt.Errorf("clock %q: the time after @ must be RFC 3339, like 2026-03-01T09:00:00Z", s)
		}
		return Manual, t.UTC(), nil
	}
	return "", time.Time{}, fmt.Errorf("clock %q: accepted are system, manual, manual@TIME", s)
}
