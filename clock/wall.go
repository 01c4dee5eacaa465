package clock

import (
	"context"
	"sync"
	"time"
)

// Wall is real time, passed in so that tests decide what it says.
type Wall interface {
	Now() time.Time
	// Sleep waits for d or until ctx ends, and says which.
	Sleep(ctx context.Context, d time.Duration) error
}

// Real is the machine's clock.
func Real() Wall { return realWall{} }

type realWall struct{}

func (realWall) Now() time.Time { return time.Now() }

func (realWall) Sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Fixed is a wall for tests: it shows one instant until it is moved, and
// its Sleep returns at once.
type Fixed struct {
	mu sync.Mutex
	t  time.Time // guarded by mu
}

// NewFixed starts at t.
func NewFixed(t time.Time) *Fixed { return &Fixed{t: t} }

// Now reports the instant.
func (f *Fixed) Now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.t
}

// Add moves the instant by d, backwards too.
func (f *Fixed) Add(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.t = f.t.Add(d)
}

// Sleep does not wait.
func (f *Fixed) Sleep(ctx context.Context, _ time.Duration) error { return ctx.Err() }
