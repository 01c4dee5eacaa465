// Package sandbox is one isolated world and its step: cards, tokens, rules,
// clock, journal, callbacks and credentials that no other sandbox sees.
//
// The step is the one matching point. Nothing before it knows a rule, nothing
// after it changes state, and it does no I/O. No lock is held while a callback
// is on its way.
package sandbox

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"regexp"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/seed"
	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/simulator/journal"
	"github.com/pantomime-dev/pantomime/simulator/outcome"
	"github.com/pantomime-dev/pantomime/simulator/store"
	"github.com/pantomime-dev/pantomime/token"
)

// Default is the id of the sandbox that always exists.
const Default = "default"

// ErrID says that a text cannot be a sandbox id.
var ErrID = errors.New("sandbox id must be 1 to 40 of a-z, 0-9 and -, beginning with a letter or digit")

// ErrEnded says that the sandbox was reset or deleted while something was under
// way in it. Whoever asked looks for its sandbox again.
var ErrEnded = errors.New("the sandbox has ended")

var idForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)

// Options say what a sandbox is made of. Wall, Log, Sender and Logger are
// shared by all sandboxes of a process.
type Options struct {
	ID       string
	LogName  string // name of its log of changes; "": ID. A sandbox that begins anew needs a new one
	Seed     uint64
	Clock    *clock.Clock
	Scenario scenarios.Scenario
	Notify   string // target of the first requestor, on networks for which it names none

	Wall       clock.Wall
	Log        store.Log[Change]
	Sender     *callback.Sender
	Logger     *slog.Logger
	Keyrings   []Keyring      // of each face that requestors have credentials at
	JournalCap int            // bytes; 0: journal.DefaultCap
	Masks      *journal.Masks // what the journal shows of bodies; nil: all but card numbers
}

// Sandbox is one world. It is safe for concurrent use.
type Sandbox struct {
	world   world
	clock   *clock.Clock
	wall    clock.Wall
	journal *journal.Journal
	log     store.Log[Change]
	sender  *callback.Sender
	logger  *slog.Logger
	script  atomic.Pointer[script]         // written with mu held
	asks    atomic.Pointer[scenarios.Asks] // written with mu held

	mu    sync.Mutex
	state *state // guarded by mu
	seq   uint64 // guarded by mu; changes appended so far
	over  bool   // guarded by mu; see [Sandbox.End]

	products sync.Map // productKey → fixtures.Product; derived, so a race costs nothing
	gallery  *fixtures.Gallery

	wake      chan struct{}       // the runner shall look again
	driver    *semaphore.Weighted // held by whoever takes due items
	senders   *semaphore.Weighted // one unit per delivery under way
	advancing atomic.Bool
	tried     tried
	life      context.Context // ends with the sandbox; whoever waits in it waits no longer
	endLife   context.CancelFunc
	sendCtx   context.Context // ends when deliveries under way are cut
	sendStop  context.CancelFunc
	running   sync.WaitGroup
}

// maxSenders bounds the deliveries under way in one sandbox.
const maxSenders = 32

// New builds a sandbox; Start sets it going.
func New(o Options) (*Sandbox, error) {
	switch {
	case !idForm.MatchString(o.ID):
		return nil, fmt.Errorf("%q: %w", o.ID, ErrID)
	case token.Scrub(o.ID) != o.ID: // ids stand in URLs, logs and answers
		return nil, fmt.Errorf("%q: %w; it must not look like a card number", token.Scrub(o.ID), ErrID)
	}
	if err := o.Scenario.Err(); err != nil {
		return nil, err
	}
	root, err := seed.New(o.Seed)
	if err != nil {
		return nil, err
	}
	ids := root.Child("sandbox", o.ID)
	order, byName, err := requestors(o, ids)
	if err != nil {
		return nil, err
	}
	if o.JournalCap == 0 {
		o.JournalCap = journal.DefaultCap
	}
	s := &Sandbox{
		world: world{
			id: o.ID, logName: cmp.Or(o.LogName, o.ID), seed: o.Seed, ids: ids, requestors: byName, order: order,
		},
		clock: o.Clock, wall: o.Wall, journal: journal.New(o.JournalCap, o.Masks), log: o.Log, sender: o.Sender, logger: o.Logger.With("sandbox", o.ID),
		state:   newState(outcome.New(o.Scenario.Rules, scenarios.Magic())),
		gallery: fixtures.NewGallery(ids.Uint64("products")),
		wake:    make(chan struct{}, 1),
		driver:  semaphore.NewWeighted(1), senders: semaphore.NewWeighted(maxSenders),
	}
	if err := s.state.rules.FitFile(o.Scenario.Rules); err != nil {
		return nil, err
	}
	s.script.Store(newScript(o.Scenario))
	s.noteAsks()
	s.life, s.endLife = context.WithCancel(context.Background())
	s.sendCtx, s.sendStop = context.WithCancel(context.Background())
	return s, s.loadCards(o.Scenario.Cards)
}

// loadCards makes the scenario's cards known before anybody uses them, so that
// the issuer can act on them at once.
func (s *Sandbox) loadCards(cards []scenarios.Card) error {
	if len(cards) == 0 {
		return nil
	}
	return s.commit(func(x *step) error {
		for _, c := range cards {
			x.tx.PutCard(x.newCard(c))
		}
		return nil
	})
}

func requestors(o Options, ids seed.Source) (order []*Requestor, byName map[string]*Requestor, err error) {
	list := o.Scenario.Requestors
	if len(list) == 0 {
		list = []scenarios.Requestor{defaultRequestor()}
	}
	byName = map[string]*Requestor{}
	for i, r := range list {
		if i == 0 && o.Notify != "" {
			own := r.Notify
			r.Notify = map[token.Network]string{}
			for n := range networks {
				r.Notify[n] = o.Notify
			}
			maps.Copy(r.Notify, own)
		}
		made, err := newRequestor(r, o.Keyrings, ids)
		if err != nil {
			return nil, nil, err
		}
		order, byName[r.Name] = append(order, made), made
	}
	return order, byName, nil
}

// Do answers one request. It is the only way a request touches state. The error
// is ErrEnded or nil: a fault of our own is the result's problem.
func (s *Sandbox) Do(c Call) (Result, token.Plan, error) {
	var result Result
	var plan token.Plan
	err := s.commit(func(x *step) error {
		switch {
		case x.world.requestors[c.Requestor] == nil:
			return fmt.Errorf("requestor %q: %w", c.Requestor, ErrUnknown)
		case effects[c.Effect] == nil:
			return fmt.Errorf("effect %q: %w", c.Effect, ErrUnknown)
		}
		result, plan = x.call(c)
		return nil
	})
	switch {
	case errors.Is(err, ErrEnded):
		return Result{}, token.Plan{}, ErrEnded
	case err != nil:
		s.logger.Error("step failed", "operation", c.Op, "error", err)
		own := cmp.Or(networks[c.Op.Network()].ownFault, token.ServiceError)
		return Result{Problem: token.Refuse(own, err.Error()), Note: token.Note{At: s.clock.Now()}}, token.Plan{}, nil
	}
	return result, plan, nil
}

// Asks are what the rules of an operation want to know of a request: at most
// [token.MaxFacts], to be read before [Sandbox.Do].
func (s *Sandbox) Asks(op token.Operation) []token.Ask { return s.asks.Load().Of(op) }

// commit runs a step and makes its change part of the log and the state. An
// error of run leaves everything as it was; once the sandbox has ended the error
// is ErrEnded.
func (s *Sandbox) commit(run func(*step) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for !s.over {
		x := s.newStep()
		if err := run(x); err != nil {
			return err
		}
		x.change.Vault = x.tx.Delta()
		err := s.log.Append(s.world.logName, s.seq, x.change)
		if errors.Is(err, store.ErrConflict) && s.caughtUp() {
			continue
		}
		if err != nil {
			return fmt.Errorf("append: %w", err)
		}
		s.fold(x.change)
		return nil
	}
	return ErrEnded
}

// caughtUp folds what others appended and tells whether that was anything. It
// expects s.mu to be held.
func (s *Sandbox) caughtUp() bool {
	before := s.seq
	err := s.log.Read(s.world.logName, s.seq, func(_ uint64, c Change) error {
		s.fold(c)
		return nil
	})
	return err == nil && s.seq > before
}

// fold expects s.mu to be held. It wakes the runner when something falls due
// before all that the runner knows of; the rest it finds by itself.
func (s *Sandbox) fold(c Change) {
	before, _ := s.state.schedule.Peek()
	s.state.apply(c)
	s.seq++
	if c.Scenario != nil {
		s.script.Store(newScript(*c.Scenario))
	}
	if c.Scenario != nil || len(c.Rules.Added)+len(c.Rules.Removed)+len(c.Rules.Fired) > 0 {
		s.noteAsks()
	}
	if first, ok := s.state.schedule.Peek(); ok && first.Seq != before.Seq {
		s.poke()
	}
}

// noteAsks publishes what rules ask for. It expects s.mu to be held, or nobody to
// know the sandbox yet.
func (s *Sandbox) noteAsks() {
	asks := s.state.rules.Asks()
	s.asks.Store(&asks)
}

// poke tells the runner to look at the schedule again.
func (s *Sandbox) poke() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// ID is the sandbox's id.
func (s *Sandbox) ID() string { return s.world.id }

// LogName names the sandbox's log of changes.
func (s *Sandbox) LogName() string { return s.world.logName }

// Seed is what everything in the sandbox derives from.
func (s *Sandbox) Seed() uint64 { return s.world.seed }

// Journal is the sandbox's record of exchanges.
func (s *Sandbox) Journal() *journal.Journal { return s.journal }

// Now is the sandbox's time.
func (s *Sandbox) Now() time.Time { return s.clock.Now() }

// ClockMode tells how time passes here.
func (s *Sandbox) ClockMode() clock.Mode { return s.clock.Mode() }

// Requestor finds a token requestor by name.
func (s *Sandbox) Requestor(name string) (*Requestor, bool) {
	r, ok := s.world.requestors[name]
	return r, ok
}

// Requestors lists the token requestors in the order of the scenario.
func (s *Sandbox) Requestors() []*Requestor { return slices.Clone(s.world.order) }

// Auth says how strictly a requestor's signatures are judged.
func (s *Sandbox) Auth(requestor string) token.Auth {
	if r, ok := s.world.requestors[requestor]; ok {
		return r.Auth
	}
	return token.AuthVerify
}

// Trusting names the requestor to act for when no credential tells who calls:
// the only one of the sandbox, provided that its signatures are not judged
// anyway; "" for nobody.
func (s *Sandbox) Trusting() string {
	if len(s.world.order) != 1 || s.world.order[0].Auth == token.AuthVerify {
		return ""
	}
	return s.world.order[0].Name
}

// Derive is the sandbox's source of ids and secrets under a path, for faces.
func (s *Sandbox) Derive(path ...string) seed.Source { return s.world.ids.Child(path...) }
