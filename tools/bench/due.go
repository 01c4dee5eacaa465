package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

// dueSettings ask for callbacks that fall due evenly over a time.
type dueSettings struct {
	Count  int
	Within time.Duration
}

// lateness is how long after their instant callbacks were handed over.
type lateness struct {
	P50, P99, Max time.Duration
	Lost          int // never, or twice
	CPU           time.Duration
}

// ledger notes when each callback should come and when it came.
type ledger struct {
	wall clock.Wall
	due  []time.Time
	came []atomic.Int64 // nanoseconds after due, plus one; 0 for not yet
	more atomic.Int64   // came again

	filled time.Duration // how long it took to make the tokens
}

func newLedger(wall clock.Wall, n int) *ledger {
	return &ledger{wall: wall, due: make([]time.Time, n), came: make([]atomic.Int64, n)}
}

// arrived notes the i-th.
func (l *ledger) arrived(i int) {
	if !l.came[i].CompareAndSwap(0, max(0, int64(l.wall.Now().Sub(l.due[i])))+1) {
		l.more.Add(1)
	}
}

func (l *ledger) sum() lateness {
	got := make([]time.Duration, 0, len(l.came))
	lost := int(l.more.Load())
	for i := range l.came {
		if late := l.came[i].Load(); late > 0 {
			got = append(got, time.Duration(late-1))
		} else {
			lost++
		}
	}
	return lateness{P50: percentile(got, 50), P99: percentile(got, 99), Max: percentile(got, 100), Lost: lost}
}

// fill gives the sandbox a token for each callback.
func (l *ledger) fill(box *sandbox.Sandbox) ([]token.Ref, error) {
	refs, began := make([]token.Ref, len(l.due)), l.wall.Now()
	err := fill(box, len(refs), func(i int, ref token.Ref) { refs[i] = ref })
	l.filled = l.wall.Now().Sub(began)
	return refs, err
}

// schedule suspends every token now and has its notice fall due at its instant.
// The instants begin when everything is scheduled: that takes about as long as
// it took to make the tokens, so three times that is waited.
func (l *ledger) schedule(box *sandbox.Sandbox, refs []token.Ref, within time.Duration) error {
	began := l.wall.Now().Add(3*l.filled + time.Second)
	for i, ref := range refs {
		l.due[i] = began.Add(within * time.Duration(i) / time.Duration(len(refs)))
		err := box.Act(scenarios.Action{
			Do: "suspend", Reason: strconv.Itoa(i), Notify: scenarios.Variants{Late: l.due[i].Sub(box.Now())},
		}, sandbox.Target{Token: ref})
		if err != nil {
			return err
		}
	}
	if l.wall.Now().After(began) {
		return errors.New("scheduling took longer than planned, the first callbacks were late from the start")
	}
	return nil
}

// settled waits until nothing is pending any more.
func (l *ledger) settled(box *sandbox.Sandbox) {
	for box.Pending() > 0 {
		_ = l.wall.Sleep(context.Background(), 20*time.Millisecond)
	}
}

// errTaken ends a delivery once it was handed over.
var errTaken = errors.New("taken")

// Render takes the place of a face: that a delivery is to be rendered means
// that a sender has it.
func (l *ledger) Render(ev token.Event, _ callback.Try) (callback.Request, error) {
	i, err := strconv.Atoi(ev.Reason)
	if err == nil {
		l.arrived(i)
	}
	return callback.Request{}, errors.Join(errTaken, err)
}

// dueRole has a sandbox hand over many callbacks, to a sender that drops them.
func dueRole(settings json.RawMessage) (role, error) {
	var s dueSettings
	if err := json.Unmarshal(settings, &s); err != nil {
		return role{}, err
	}
	l := newLedger(clock.Real(), s.Count)
	sender := callback.NewSender(callback.Options{Wall: l.wall, Renderers: map[string]callback.Renderer{"visa": l}})
	box, err := newBox(sender, "http://127.0.0.1:9/")
	if err != nil {
		return role{}, err
	}
	refs, err := l.fill(box)
	if err != nil {
		return role{}, err
	}
	box.Start()
	if err := l.schedule(box, refs, s.Within); err != nil {
		return role{}, err
	}
	before, err := processorTime()
	if err != nil {
		return role{}, err
	}
	l.settled(box)
	after, err := processorTime()
	got := l.sum()
	got.CPU = after - before
	return role{ready: got, end: func() { box.Stop(context.Background()) }}, err
}

// due measures how promptly callbacks leave when many fall due.
func (b *bench) due(ctx context.Context) ([]Row, error) {
	var rows []Row
	for _, within := range b.size.DueWithin {
		var got lateness
		c, err := b.startOn(ctx, allCores(), "due", dueSettings{b.size.Due, within}, &got)
		if err != nil {
			return nil, err
		}
		c.stop()
		row := Row{
			Goal: "P6", Limit: 5,
			Measured: fmt.Sprintf("%d callbacks due within %s: p99 until a sender has it", b.size.Due, within),
			Ratio:    milliseconds(got.P99), Unit: "ms", Ours: got.shown(b.size.Due),
		}
		rows = append(rows, row.noneLost(got))
	}
	return rows, nil
}

func (l lateness) shown(n int) string {
	return fmt.Sprintf("p50 %.1f ms, max %.1f ms, %d lost, %.1f µs CPU each", milliseconds(l.P50), milliseconds(l.Max), l.Lost, microseconds(l.CPU)/float64(n))
}

// noneLost makes a row fail whatever its lateness if a callback was lost.
func (r Row) noneLost(l lateness) Row {
	if l.Lost > 0 {
		r.Measured, r.Ratio = r.Measured+" (LOST SOME)", 1e9
	}
	return r
}
