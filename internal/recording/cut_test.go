package recording

import (
	"bytes"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/internal/sweep"
	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/simulator/store"
)

// A sandbox is the fold of its log: cut after every single change, with the log
// written out, read in and folded into a fresh sandbox that goes on, each play
// leaves what it leaves uncut. The journal is not in the log and is carried
// over. How often a notice was sent is no such thing: what was on its way when
// its sender left leaves once more.
func TestSweep_CutAfterEveryChange(t *testing.T) {
	sweep.Mark(t)
	v := variant{seed: 1, sandbox: "default"}
	want := load(t, v)
	var mu sync.Mutex
	var sizes []int // guarded by mu
	start, cuts := time.Now(), 0
	t.Run("all", func(t *testing.T) {
		for _, name := range subjects() {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				c := newCutter(t)
				v := v
				v.cutter = c
				got := record(t, v, name)
				got["explain"] = strings.ReplaceAll(got["explain"], unheard, unreachable)
				for _, section := range []string{"journal", "explain", "verify", "tokens", "answers"} {
					if want[name][section] != got[section] {
						compare(t, name, sections{section: want[name][section]}, sections{section: got[section]})
					}
				}
				mu.Lock()
				defer mu.Unlock()
				cuts, sizes = cuts+c.cuts, append(sizes, c.sizes...)
			})
		}
	})
	slices.Sort(sizes)
	if cuts < 5*len(subjects()) || sizes[len(sizes)-1] > 4<<10 {
		t.Errorf("%d cuts; the longest change has %d bytes", cuts, sizes[len(sizes)-1])
	}
	t.Logf("%d cuts in %s; %d changes, the middle one of %d bytes, the longest of %d",
		cuts, time.Since(start).Round(time.Millisecond), len(sizes), sizes[len(sizes)/2], sizes[len(sizes)-1])
}

// What explain says of an issuer's endpoint that nobody plays, and of one that was asked
// by an owner who is gone: both are as if it had said nothing.
const (
	unreachable = "dial tcp 127.0.0.1:1: connect: connection refused"
	unheard     = "nobody waited for its answer any longer"
)

// cutter is a log that is written out, read in again and opened by another
// owner after every change of the one before.
type cutter struct {
	t *testing.T

	mu      sync.Mutex
	log     *store.Encoded[sandbox.Change] // guarded by mu
	factory *sandbox.Factory               // guarded by mu; nil when no owner shall follow
	name    string                         // guarded by mu; of the sandbox's log, "" before it is known
	cuts    int                            // guarded by mu
	sizes   []int                          // guarded by mu; of changes that hold no body that was sent, in bytes
	epoch   uint64                         // guarded by mu; of the last change
	taken   chan struct{}                  // guarded by mu; closed when the next owner has taken over
	begun   map[attempt]bool               // guarded by mu

	opening sync.WaitGroup
}

func newCutter(t *testing.T) *cutter {
	c := &cutter{t: t, taken: make(chan struct{}), begun: map[attempt]bool{}}
	c.log = c.engine()
	return c
}

func (c *cutter) engine() *store.Encoded[sandbox.Change] {
	log, err := store.NewEncoded(sandbox.Codec{}, [32]byte{1}, slog.New(slog.DiscardHandler))
	if err != nil {
		c.t.Fatal(err)
	}
	return log
}

// begin cuts after the first change, and from then on.
func (c *cutter) begin(f *sandbox.Factory, box *sandbox.Sandbox) {
	c.mu.Lock()
	c.factory, c.name, c.epoch = f, box.LogName(), 1
	c.mu.Unlock()
	if _, err := f.Reopen(sandbox.Default); err != nil {
		c.t.Fatal(err)
	}
}

// end lets the last owner stay.
func (c *cutter) end() {
	c.mu.Lock()
	c.factory = nil
	c.mu.Unlock()
	c.opening.Wait()
}

// Append implements [store.Log]. It returns when the next owner has taken over.
func (c *cutter) Append(log string, expect uint64, changes ...sandbox.Change) (uint64, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	head, err := c.log.Append(log, expect, changes...)
	if err != nil || log != c.name {
		return head, err
	}
	last := changes[len(changes)-1]
	if last.Epoch > c.epoch { // what an owner begins with is no step of the play
		c.epoch = last.Epoch
		close(c.taken)
		c.taken = make(chan struct{})
		return head, nil
	}
	c.measure(last)
	if c.factory == nil || c.repeats(last) {
		return head, nil
	}
	c.rewrite(log)
	c.cuts++
	taken, factory := c.taken, c.factory
	c.opening.Go(func() {
		if _, err := factory.Reopen(sandbox.Default); err != nil {
			c.t.Error(err)
		}
	})
	c.mu.Unlock()
	<-taken
	c.mu.Lock()
	return head, nil
}

// measure keeps the size of a change. It expects c.mu to be held.
func (c *cutter) measure(change sandbox.Change) {
	raw, err := sandbox.Codec{}.Encode(change)
	if err != nil {
		c.t.Error(err)
	}
	if !slices.ContainsFunc(change.Progress, func(p callback.Progress) bool { return p.Attempt != nil }) {
		c.sizes = append(c.sizes, len(raw))
	}
}

// repeats reports whether a change only says that a notice leaves once more, after
// a cut while it was on its way. A cut there again would never let it arrive. It
// expects c.mu to be held.
func (c *cutter) repeats(change sandbox.Change) bool {
	all := len(change.Progress) > 0
	for _, p := range change.Progress {
		begun := attempt{p.ID, p.Seq}
		all = all && p.State == callback.Sending && c.begun[begun]
		if p.State == callback.Sending {
			c.begun[begun] = true
		}
	}
	return all
}

// attempt names an attempt to deliver a notice.
type attempt struct {
	delivery string
	seq      uint64
}

// rewrite writes the log out and reads it in. It expects c.mu to be held.
func (c *cutter) rewrite(log string) {
	var file bytes.Buffer
	if err := c.log.Export(log, &file); err != nil {
		c.t.Error(err)
	}
	next := c.engine()
	if err := next.Import(log, &file); err != nil {
		c.t.Error(err)
	}
	c.log = next
}

// Read implements [store.Log].
func (c *cutter) Read(log string, from uint64, fn func(sandbox.Change) error) error {
	c.mu.Lock()
	engine := c.log
	c.mu.Unlock()
	return engine.Read(log, from, fn)
}

// Head implements [store.Log].
func (c *cutter) Head(log string) (uint64, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.log.Head(log)
}

// Drop implements [store.Log].
func (c *cutter) Drop(string) {}
