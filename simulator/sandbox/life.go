package sandbox

import "context"

// Start sets the runner going: it applies what is due and sends notices, on a
// manual clock too, where things fall due only when a request or an advance
// makes them. Stop ends it.
func (s *Sandbox) Start() { s.runner.start() }

// End closes the sandbox to everybody at once: whatever comes later, or waits in
// it, gets ErrEnded, and what was recorded is only read by those who hold it
// already. Deliveries in progress go on until Stop.
func (s *Sandbox) End() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.end(ErrEnded)
}

// end expects s.mu to be held.
func (s *Sandbox) end(why error) {
	if s.over == nil {
		s.over = why
	}
	s.endLife()
}

// Ended is closed when the sandbox has ended.
func (s *Sandbox) Ended() <-chan struct{} { return s.life.Done() }

// Left counts the notices that were due when a sandbox stopped and that no receiver
// took.
type Left struct {
	Due        int // they did not leave
	Unanswered int // they were on their way and got no answer in time
}

// All is how many there are.
func (l Left) All() int { return l.Due + l.Unanswered }

// drain lets what is due leave until begin ends, then stops: what is in progress
// then has until end to be answered.
func (s *Sandbox) drain(begin, end context.Context) Left {
	_ = s.Idle(begin)
	return s.Stop(end)
}

// Stop ends the runner, so that no other notice leaves, and waits for those under
// way until ctx ends; then they are cut. Then the sandbox has ended.
func (s *Sandbox) Stop(ctx context.Context) Left {
	s.endLife()
	_ = s.answered(ctx) // whoever asked outside asks no longer, and decides without
	left := s.runner.stop(ctx)
	s.quota.Leave()
	s.stories.Leave()
	s.End()
	return left
}

// ended says why the sandbox is over; nil while it lives.
func (s *Sandbox) ended() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over == nil && s.life.Err() != nil {
		return ErrEnded
	}
	return s.over
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
