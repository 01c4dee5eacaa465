package sandbox

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/token"
)

// errUnanswered says why an advance ended before it moved the clock.
var errUnanswered = errors.New("the endpoint of an issuer has not answered yet")

// forgotten is what is heard of an endpoint when its sandbox went to another owner
// or stopped meanwhile.
var forgotten = token.Heard{State: token.InquiryFailed, Why: "nobody waited for its answer any longer"}

// ask asks the endpoint of an issuer in wall time, without a lock, and carries out
// the second step with what it said. The plan is what the first step's rule wants; full
// is what the sandbox has no space for.
func (s *Sandbox) ask(a asking, first token.Note, plan *token.Plan) (r Result, full string, err error) {
	heard := s.runner.sender.Ask(s.life, a.endpoint.URL, a.inquiry, s.EndpointSecret(a.Issuer), a.endpoint.Within)
	early := false
	err = s.commit(func(x *step) error {
		r = x.conclude(a.Pending, heard)
		early, full = x.before, x.full
		return nil
	})
	if next := s.next.Load(); errors.Is(err, ErrSuperseded) && next != nil {
		r, err = next.concluded(a.ID)
	}
	if err != nil {
		s.forget(a.ID)
		return Result{}, full, err
	}
	if plan.Fault.Unseals() && !sealed(a.call(), r) {
		plan.Fault = ""
	}
	plan.NoticesFirst = early
	first.Change, first.Work, first.Legs = r.Change, r.Work, r.Legs
	if r.Problem != nil && a.Token != "" {
		first.Tokens = []token.Ref{a.Token}
	}
	r.note(first)
	return r, full, nil
}

// forget lets nothing wait any longer for a request whose second step failed.
func (s *Sandbox) forget(id string) {
	err := s.commit(func(x *step) error {
		x.change.Answered = append(x.change.Answered, id)
		return nil
	})
	if err != nil && !errors.Is(err, ErrEnded) {
		s.logger.Error("a request waits for its issuer for good", "inquiry", id, "error", err)
	}
}

// concluded is what a new owner made of a request that a former one had under way.
func (s *Sandbox) concluded(id string) (Result, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.inherited[id]
	if !ok {
		return Result{}, ErrSuperseded
	}
	delete(s.inherited, id)
	return r, nil
}

// inherit decides what a former owner's requests wait for: nobody knows what their
// issuers' endpoints said, so it is as if they had said nothing.
func (x *step) inherit() map[string]Result {
	decided := map[string]Result{}
	for _, p := range x.state.asked {
		decided[p.ID] = x.conclude(p, forgotten)
	}
	return decided
}

// answered waits for the endpoints of issuers that are asked now, or until ctx ends.
// It does not wait for those asked meanwhile: under load there is no moment without any.
func (s *Sandbox) answered(ctx context.Context) error {
	s.mu.Lock()
	var waits []chan struct{}
	if s.over == nil {
		waits = slices.Collect(maps.Values(s.unanswered))
	}
	s.mu.Unlock()
	for _, wait := range waits {
		select {
		case <-wait:
		case <-ctx.Done():
			return errUnanswered
		}
	}
	return nil
}

// awaits keeps the channels that whoever waits in answered looks at. It expects s.mu
// to be held.
func (s *Sandbox) awaits(c Change) {
	for _, p := range c.Asked {
		s.unanswered[p.ID] = make(chan struct{})
	}
	for _, id := range c.Answered {
		if wait, waits := s.unanswered[id]; waits {
			close(wait)
			delete(s.unanswered, id)
		}
	}
}

// Asked lists the requests that wait for the endpoint of an issuer, in the order in
// which they came.
func (s *Sandbox) Asked() []Pending {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.state.asked)
}

// Endpoint is where an issuer is asked that is played outside.
type Endpoint struct {
	Issuer string
	scenarios.Endpoint
	Secret string // by which inquiries are signed
}

// Endpoints lists those of the scenario.
func (s *Sandbox) Endpoints() (all []Endpoint) {
	for _, i := range s.script.Load().issuers {
		if i.Endpoint.URL != "" {
			all = append(all, Endpoint{i.Name, i.Endpoint, s.EndpointSecret(i.Name)})
		}
	}
	slices.SortFunc(all, func(a, b Endpoint) int { return cmp.Compare(a.Issuer, b.Issuer) })
	return all
}

// EndpointSecret signs what an issuer's endpoint is asked. It derives by a path that
// must not change: users keep what they were given.
func (s *Sandbox) EndpointSecret(issuer string) string {
	return s.world.ids.Text(40, "issuer", issuer, "secret")
}

// permitted refuses endpoints that the rules for targets forbid.
func permitted(o Options) error {
	for _, i := range o.Scenario.Issuers {
		if i.Endpoint.URL == "" {
			continue
		}
		if err := o.Sender.Permits(i.Endpoint.URL); err != nil {
			return fmt.Errorf("decide of issuer %s: %w", i.Name, err)
		}
	}
	return nil
}
