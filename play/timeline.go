package play

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/scenarios"
)

// Line is one line of a time line: what one party sent to another.
type Line struct {
	When     time.Duration // since the play began, by the sandbox's clock
	From, To string        // a requestor by its name, a network, who acts, the operator, the clock; "" is not known
	What     string        // "ask for a cryptogram"
	Outcome  string        // "refused: notAllowed"
	Why      string        // of a step that is not as expected: its place in the file, and the cause; else ""
}

// TimeLine reports a play line by line: of each step when it is done, then of
// the notices that it brought about. A notice that arrives while nothing is
// performed is reported at once.
type TimeLine struct {
	tell func(Line)

	mu     sync.Mutex                // also held while a line is reported
	about  func(wallet.Notice) *Line // guarded by mu; begins the line of a notice, nil before there is a play
	during bool                      // guarded by mu; a step is under way, and what arrives waits for its end
	wait   []Line                    // guarded by mu
}

// NewTimeLine makes a time line that reports its lines to a function, one at a
// time.
func NewTimeLine(tell func(Line)) *TimeLine { return &TimeLine{tell: tell} }

// Notice takes in a notice that arrived and was judged, see
// [wallet.InboxOptions].
func (t *TimeLine) Notice(n wallet.Notice) {
	t.mu.Lock()
	about := t.about
	t.mu.Unlock()
	line := new(Line)
	if about != nil {
		line = about(n) // asks the control door, so not under the lock
	}
	line.From, line.What, line.Outcome = string(n.Network), strings.TrimSpace("notice "+n.Says), n.How
	if n.Err != nil {
		line.Outcome = "does not verify: " + n.Err.Error()
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.during {
		t.wait = append(t.wait, *line)
		return
	}
	t.tell(*line)
}

// follow makes it the time line of a play.
func (t *TimeLine) follow(about func(wallet.Notice) *Line) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.about = about
}

// begin keeps notices back, as a step is under way.
func (t *TimeLine) begin() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.during = true
}

// step reports the step under way.
func (t *TimeLine) step(l Line) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.tell(l)
}

// end reports the notices that were kept back.
func (t *TimeLine) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, line := range t.wait {
		t.tell(line)
	}
	t.wait, t.during = nil, false
}

// follow begins the time line of the play, whose notices all wallets judge.
func (p *player) follow(ctx context.Context) error {
	c, err := p.on.Admin.Clock(ctx)
	if err != nil {
		return err
	}
	p.began = c.Now
	p.on.TimeLine.follow(p.notice(ctx))
	if p.on.Inbox == nil {
		return nil
	}
	for _, who := range p.env.Requestors {
		w, _, err := p.wallet(who.Requestor, "")
		if err != nil {
			return err
		}
		p.on.Inbox.Trust(w)
	}
	return nil
}

// timed performs a step and gives the time line what there is to tell of it:
// the step, then the notices that it brought about.
func (p *player) timed(ctx context.Context, n int, s scenarios.Step) (Step, error) {
	t := p.on.TimeLine
	t.begin()
	defer t.end()
	line := Line{When: p.elapsed(ctx)}
	done, came := p.perform(ctx, n, s)
	if ctx.Err() != nil {
		return done, ctx.Err()
	}
	p.word(ctx, s, came, &line)
	if done.Why != "" {
		line.Why = done.At.String() + ": " + done.Why
	}
	t.step(line)
	return done, p.settle(ctx)
}

// elapsed says how far the sandbox's clock has come since the play began;
// where it cannot be known any more, nothing.
func (p *player) elapsed(ctx context.Context) time.Duration {
	c, err := p.on.Admin.Clock(ctx)
	if err != nil {
		return 0
	}
	return c.Now.Sub(p.began)
}

// notice begins the line of a notice: it arrived now, at the requestor whose
// keys it fits.
func (p *player) notice(ctx context.Context) func(wallet.Notice) *Line {
	return func(n wallet.Notice) *Line {
		line := &Line{When: p.elapsed(ctx)}
		for _, who := range p.env.Requestors {
			if n.TRID != "" && who.TRID[n.Network] == n.TRID || len(p.env.Requestors) == 1 {
				line.To = who.Requestor
			}
		}
		return line
	}
}
