// Package play performs the plays of scenario files: it is a token requestor
// that calls both networks over HTTP, signs, encrypts, receives notices, and
// compares what comes back with what the file says.
//
// It drives a simulator of its own or one that it is given, by the two doors
// alone: requests go out of a wallet, and what a cardholder, an issuer or an
// operator does goes through the control door.
package play

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/scenarios"
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
	Verdicts []control.Expectation // the expect section, compared at the end
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

// Target is where a play is performed: one sandbox of a running simulator,
// which runs the scenario.
type Target struct {
	Admin *control.Client // of the control door, in the sandbox
	URL   string          // of the network door; "" is where the sandbox says that it is
	Wall  clock.Wall      // what requests are signed at, and steps that wait go by
	Waits bool            // an advance lets wall time pass; the sandbox is on the system clock

	TimeLine *TimeLine     // nil for none; else each step waits for the notices that it brings about
	Inbox    *wallet.Inbox // that reports the time line of notices, judged by the keys of all requestors; nil for none
}

// Run performs a scenario's play on a simulator of its own, telling each step
// as it is done, and the lines of the time line if somebody wants them; notices
// go to loopback and to the addresses in allow. It stops at the first step that does not turn out as expected. The error is
// about what kept the play from being performed.
func Run(ctx context.Context, s scenarios.Scenario, allow []netip.Prefix, tell func(Step), lines func(Line)) (report Report, err error) {
	on := Target{Wall: clock.Real()}
	receive := wallet.InboxOptions{TakeAll: true}
	if lines != nil {
		on.TimeLine = NewTimeLine(lines)
		receive.Tell = on.TimeLine.Notice
	}
	if on.Inbox, err = wallet.OpenInbox(receive); err != nil {
		return report, fmt.Errorf("receiver of notices: %w", err)
	}
	defer on.Inbox.Close()
	sim, err := pantomime.Start(pantomime.Options{Scenario: s, Notify: on.Inbox.URL(), CallbackAllow: allow, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return report, err
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		_ = sim.Stop(ctx)
	}()
	hc := &http.Client{Transport: &http.Transport{}}
	defer hc.CloseIdleConnections()
	on.URL = sim.NetworkURL()
	if on.Admin, err = control.New(sim.AdminURL(), hc, sim.AdminToken()); err != nil {
		return report, err
	}
	return Perform(ctx, on, s, tell)
}

// Perform is [Run] on a simulator that runs already and goes on running.
func Perform(ctx context.Context, on Target, s scenarios.Scenario, tell func(Step)) (report Report, err error) {
	p, err := newPlayer(ctx, on, s)
	if err != nil {
		return report, err
	}
	for n, step := range s.Play {
		done, err := p.step(ctx, n, step)
		if err != nil && done.Why != "" {
			return report, err // somebody stopped the play in this step
		}
		report.Steps = append(report.Steps, done)
		tell(done)
		if done.Why != "" || err != nil {
			return report, err
		}
	}
	// What the last step set off shall have arrived before it is counted.
	if err := p.settle(ctx); err != nil {
		return report, err
	}
	found, err := on.Admin.Verify(ctx)
	report.Verdicts = found.Verdicts
	return report, err
}

// player performs steps and remembers what later ones need.
type player struct {
	on      Target
	script  scenarios.Scenario
	env     control.Env
	wallets map[walletKey]*wallet.Wallet
	calls   int
	handles handles
	world   world
	began   time.Time // sandbox time
}

// newPlayer asks the control door for what a token requestor is given.
func newPlayer(ctx context.Context, on Target, s scenarios.Scenario) (*player, error) {
	env, err := on.Admin.Env(ctx)
	if err != nil {
		return nil, err
	}
	if on.URL != "" {
		env.BaseURL = control.BaseURLs(on.URL)
	}
	p := &player{on: on, script: s, env: env, wallets: map[walletKey]*wallet.Wallet{}, handles: handles{}}
	if p.world, err = newWorld(ctx, on.Admin, s, env); err != nil || on.TimeLine == nil {
		return p, err
	}
	return p, p.follow(ctx)
}

// step performs a step, with a time line if there is one.
func (p *player) step(ctx context.Context, n int, s scenarios.Step) (Step, error) {
	if p.on.TimeLine != nil {
		return p.timed(ctx, n, s)
	}
	done, _ := p.perform(ctx, n, s)
	return done, ctx.Err()
}

// perform does a step. The answer is that of its last call.
func (p *player) perform(ctx context.Context, n int, s scenarios.Step) (done Step, came answer) {
	done = Step{N: n + 1, At: s.At, What: p.title(s)}
	switch s.Kind {
	case scenarios.StepAdvance:
		now, err := p.advance(ctx, s.Advance)
		if err != nil {
			done.Why = why(err)
		}
		done.Got = now.Format(time.RFC3339)
	case scenarios.StepAct:
		if err := p.act(ctx, s); err != nil {
			done.Why = why(err)
		}
	default:
		for range max(1, s.Times) {
			came = p.call(ctx, s)
			done.Got = came.String()
			if done.Why = judge(s, came); done.Why != "" {
				return done, came
			}
		}
	}
	if done.Why == "" && s.Expect.Status != "" {
		done.Why = p.status(ctx, s)
	}
	return done, came
}

// status compares the newest token of each card with what is expected: after a
// call the one at its requestor, else at any.
func (p *player) status(ctx context.Context, s scenarios.Step) string {
	requestor := ""
	if s.Kind == scenarios.StepCall {
		var err error
		if _, requestor, err = p.wallet(s.Requestor, ""); err != nil {
			return why(err)
		}
	}
	for _, pan := range s.Cards {
		id, err := p.world.identify(ctx, pan)
		if err == nil {
			err = p.world.see(ctx, id)
		}
		if err != nil {
			return why(err)
		}
		t, ok := p.world.newest(requestor, id)
		switch {
		case !ok:
			return fmt.Sprintf("there is no token; expected one that is %s", s.Expect.Status)
		case t.Status != s.Expect.Status:
			return fmt.Sprintf("the token is %s; expected %s", t.Status, s.Expect.Status)
		}
	}
	return ""
}

// title is a step in the words of its file.
func (p *player) title(s scenarios.Step) string {
	what := string(s.Kind) + " " + s.Said
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
