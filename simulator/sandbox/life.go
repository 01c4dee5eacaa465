package sandbox

import (
	"context"
	"errors"
)

// Start sets the runner going: it applies what is due and sends notices, on a
// manual clock too, where things fall due only when a request or an advance
// makes them. Stop ends it.
func (s *Sandbox) Start() {
	s.running.Go(func() { s.run(s.life) })
}

// End closes the sandbox to everybody at once: whatever comes later, or waits in
// it, gets ErrEnded, and what was recorded is only read by those who hold it
// already. Deliveries under way go on until Stop.
func (s *Sandbox) End() {
	s.mu.Lock()
	s.over = true
	s.mu.Unlock()
	s.endLife()
}

// Ended is closed when the sandbox has ended.
func (s *Sandbox) Ended() <-chan struct{} { return s.life.Done() }

// Stop ends the runner and waits for notices under way until ctx ends; then
// they are cut. Then the sandbox has ended.
func (s *Sandbox) Stop(ctx context.Context) {
	s.endLife()
	if s.senders.Acquire(ctx, maxSenders) == nil {
		s.senders.Release(maxSenders)
	}
	s.sendStop()
	s.running.Wait()
	s.End()
}

// within is ctx, ended with the sandbox at the latest.
func (s *Sandbox) within(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(s.life, cancel)
	if s.life.Err() != nil {
		cancel() // now, and not soon
	}
	return ctx, func() {
		stop()
		cancel()
	}
}

// complain logs what the runner could not do, unless that is because the
// sandbox has ended.
func (s *Sandbox) complain(what string, err error, about ...any) {
	if err != nil && !errors.Is(err, ErrEnded) {
		s.logger.Error(what, append(about, "error", err)...)
	}
}
