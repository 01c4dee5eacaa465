package control

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
)

const (
	shownPlans    = 20
	settleTimeout = 30 * time.Second
	maxSettle     = 5 * time.Minute
	lastYear      = 2099 // expiry dates of two digits end there
)

func (c *call) clock() (any, error) { return viewClock(c.box), nil }

func viewClock(box *sandbox.Sandbox) control.Clock {
	v := control.Clock{Mode: string(box.ClockMode()), Now: box.Now().UTC(), Pending: box.Pending()}
	names := cardNames(box)
	planned, all := box.Planned(shownPlans)
	v.Actions = all
	for _, p := range planned {
		one := control.Planned{Due: p.Due.UTC(), Do: p.Action.Do, By: p.Action.By, Token: p.Token, Cause: p.Cause}
		if p.Card != "" {
			one.Card = names(p.Card).Best()
		} else if t, ok := box.Token(p.Token); ok {
			one.Card = names(t.Token.Card).Best()
		}
		v.Planned = append(v.Planned, one)
	}
	if d, ok := box.NextNotice(); ok {
		v.NextNotice = &control.NextNotice{
			Due: d.Due.UTC(), ID: d.ID, Event: d.Event.Type, Requestor: d.Event.Requestor, Attempt: len(d.Attempts) + 1,
		}
	}
	for _, p := range box.Asked() {
		v.Asked = append(v.Asked, control.Asked{ID: p.ID, Issuer: p.Issuer, Operation: p.Op, Requestor: p.Requestor, At: p.At.UTC()})
	}
	return v
}

// advance moves the clock and waits until what falls due has settled. It goes
// on when the caller hangs up: time that moved cannot be taken back.
func (c *call) advance() (any, error) {
	var a control.Advance
	if err := c.decode(&a); err != nil {
		return nil, err
	}
	switch {
	case a.By == nil && a.To == nil:
		return nil, missing("by", "give either by, a duration, or to, a moment", "by", "to")
	case a.By != nil && a.To != nil:
		return nil, conflicting("to", "by and to exclude each other: give one of them")
	}
	by, err := span("by", a.By, 0, time.Duration(control.MaxAdvance))
	if err != nil {
		return nil, err
	}
	now := c.box.Now()
	target := now.Add(by)
	if a.To != nil {
		target = a.To.UTC()
	}
	field := "by"
	if a.To != nil {
		field = "to"
	}
	switch {
	case target.Before(now):
		return nil, fmt.Errorf("%w: it is at %s", clock.ErrBackwards, now.UTC().Format(time.RFC3339))
	case target.Year() > lastYear:
		return nil, badValue(field, target.Format(time.RFC3339), fmt.Sprintf("is after the year %d", lastYear))
	}
	timeout, err := span("timeout", a.Timeout, settleTimeout, maxSettle)
	switch {
	case err != nil:
		return nil, err
	case timeout <= 0:
		return nil, badValue("timeout", a.Timeout.String(), "leaves no time at all; must be longer than 0s")
	}
	got, err := c.advanceTo(target, timeout)
	switch {
	case errors.Is(err, sandbox.ErrEnded): // the clock that was to move is gone; no other is moved in its place
		return nil, problem(http.StatusNotFound, control.CodeNoSandbox, "the sandbox was reset or deleted while its clock advanced")
	case err != nil:
		return nil, err
	}
	return control.Settlement{
		From: got.From.UTC(), Now: got.Now.UTC(), Settled: got.Settled, Why: got.Why, Actions: got.Actions, Sent: got.Sent, Left: got.Left,
	}, nil
}

// advanceTo goes on when another owner takes the sandbox over meanwhile: its
// clock is where the former one left it.
func (c *call) advanceTo(target time.Time, timeout time.Duration) (sandbox.Settlement, error) {
	ctx := context.WithoutCancel(c.ctx)
	got, err := c.box.AdvanceTo(ctx, target, timeout)
	for errors.Is(err, sandbox.ErrSuperseded) {
		next, lost := c.s.Registry.Find(c.box.ID())
		if lost != nil {
			return got, sandbox.ErrEnded
		}
		before := got
		got, err = next.AdvanceTo(ctx, target, timeout)
		got.From, got.Actions, got.Sent = before.From, got.Actions+before.Actions, got.Sent+before.Sent
	}
	return got, err
}
