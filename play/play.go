// Package play performs the plays of scenario files: it is a token requestor
// that calls both networks over HTTP, signs, encrypts, receives notices, and
// compares what comes back with what the file says.
//
// It drives a simulator of its own or one that it is given, and nothing of the
// simulator depends on it.
package play

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/simulator/vault"
	"github.com/pantomime-dev/pantomime/token"
)

// Step is a step that was performed.
type Step struct {
	N    int                // from 1
	At   scenarios.Position // in the file
	What string             // "call provision of alice"
	Got  string             // "200 INACTIVE", "403 notAllowed"
	Why  string             // why it is not as expected, "" when it is
}

// Report is what a play came to.
type Report struct {
	Steps    []Step
	Verdicts []sandbox.Verdict // the expect section, compared at the end
}

// OK reports whether every step and every expectation turned out as the file says.
func (r Report) OK() bool {
	for _, s := range r.Steps {
		if s.Why != "" {
			return false
		}
	}
	for _, v := range r.Verdicts {
		if !v.OK {
			return false
		}
	}
	return true
}

// advanceTime is how long receivers may take in one advance, wall time.
const advanceTime = 30 * time.Second

// Stage is where a play is performed: one sandbox of a running simulator.
type Stage struct {
	Base string     // URL of the network door; credentials tell which sandbox is meant
	Box  Box        // the one that runs the scenario, and whose credentials are shown
	Wall clock.Wall // what requests are signed at
}

// Box is what a play asks of its sandbox.
type Box interface {
	Requestor(name string) (*sandbox.Requestor, bool)
	Cards() []vault.Card
	Newest(requestor string, pan token.PAN) (vault.Token, bool)
	ProductOf(c vault.Card) fixtures.Product
	Switches() *scenarios.Switches
	Act(a scenarios.Action, t sandbox.Target) error
	Advance(ctx context.Context, d, timeout time.Duration) (sandbox.Settlement, error)
	Quiet(ctx context.Context) error
	Verify() []sandbox.Verdict
}

// Run performs a scenario's play on a simulator of its own, telling each step
// as it is done. It stops at the first step that does not turn out as
// expected. The error is about what kept the play from being performed.
func Run(ctx context.Context, s scenarios.Scenario, tell func(Step)) (report Report, err error) {
	inbox, err := receive()
	if err != nil {
		return report, err
	}
	defer inbox.Close()
	sim, err := pantomime.Start(pantomime.Options{
		Scenario: s, Notify: "http://" + inbox.Addr, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return report, err
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		_ = sim.Stop(ctx)
	}()
	return Perform(ctx, Stage{Base: sim.NetworkURL(), Box: sim.Sandbox(), Wall: clock.Real()}, s, tell)
}

// Perform is [Run] on a simulator that runs already and goes on running.
func Perform(ctx context.Context, on Stage, s scenarios.Scenario, tell func(Step)) (report Report, err error) {
	p := &player{box: on.Box, base: on.Base, wall: on.Wall, script: s, handles: handles{}}
	for n, step := range s.Play {
		done := p.perform(ctx, step)
		done.N, done.At = n+1, step.At
		report.Steps = append(report.Steps, done)
		tell(done)
		if done.Why != "" || ctx.Err() != nil {
			return report, ctx.Err()
		}
	}
	// What the last step set off shall have arrived before it is counted.
	quiet, cancel := context.WithTimeout(ctx, advanceTime)
	defer cancel()
	if err := p.box.Quiet(quiet); err != nil {
		return report, fmt.Errorf("notices of the last step: %w", err)
	}
	report.Verdicts = p.box.Verify()
	return report, nil
}

// receive listens for notices and takes them all.
func receive() (*http.Server, error) {
	at, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	srv := &http.Server{Addr: at.Addr().String(), ReadHeaderTimeout: 5 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, http.MaxBytesReader(w, r.Body, 1<<20))
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, "{}")
	})}
	go func() { _ = srv.Serve(at) }()
	return srv, nil
}

// player performs steps and remembers what later ones need.
type player struct {
	box     Box
	base    string
	wall    clock.Wall
	script  scenarios.Scenario
	calls   int
	handles handles
}

func (p *player) perform(ctx context.Context, s scenarios.Step) Step {
	done := Step{What: p.title(s)}
	switch s.Kind {
	case scenarios.StepAdvance:
		set, err := p.box.Advance(ctx, s.Advance, advanceTime)
		switch {
		case err != nil:
			done.Why = err.Error()
		case !set.Settled:
			done.Why = set.Why
		}
		done.Got = set.Now.Format(time.RFC3339)
	case scenarios.StepAct:
		if err := p.box.Act(s.Act, sandbox.Target{Card: string(s.Cards[0])}); err != nil {
			done.Why = err.Error()
		}
	default:
		for range max(1, s.Times) {
			got := p.call(ctx, s)
			done.Got = got.String()
			if done.Why = judge(s, got); done.Why != "" {
				return done
			}
		}
	}
	if done.Why == "" && s.Expect.Status != "" {
		done.Why = p.status(s)
	}
	return done
}

// status compares the newest token of each card with what is expected.
func (p *player) status(s scenarios.Step) string {
	for _, pan := range s.Cards {
		t, ok := p.box.Newest("", pan)
		switch {
		case !ok:
			return fmt.Sprintf("there is no token; expected one that is %s", s.Expect.Status)
		case t.Status != s.Expect.Status:
			return fmt.Sprintf("the token is %s; expected %s", t.Status, s.Expect.Status)
		}
	}
	return ""
}

func (p *player) title(s scenarios.Step) string {
	what := string(s.Kind)
	switch s.Kind {
	case scenarios.StepAdvance:
		what += " " + s.Advance.String()
	case scenarios.StepAct:
		what += " " + s.Act.Do
	default:
		what += " " + s.Call.Info().Wire
	}
	for _, pan := range s.Cards {
		what += " " + p.name(pan)
	}
	return what
}

func (p *player) name(pan token.PAN) string {
	for _, c := range p.script.Cards {
		if c.PAN == pan {
			return c.Name
		}
	}
	return pan.String()
}
