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

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/seed"
	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/simulator/journal"
	"github.com/pantomime-dev/pantomime/simulator/outcome"
	"github.com/pantomime-dev/pantomime/simulator/quota"
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

// ErrSuperseded is the ErrEnded of a sandbox that another owner goes on with.
var ErrSuperseded = fmt.Errorf("%w: another owner goes on with it", ErrEnded)

var idForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)

// Options say what a sandbox is made of. Wall, Log, Sender and Logger are
// shared by all sandboxes of a process.
type Options struct {
	ID       string
	LogName  string // name of its log of changes; "": ID. A sandbox that starts from the beginning needs a new one
	Seed     uint64
	Clock    *clock.Clock
	Scenario scenarios.Scenario
	Notify   string // target of the first requestor, on networks for which it names none

	// Hears is where an account of a requestor that the simulator plays hears a
	// network; nil for nowhere.
	Hears func(box, account string, n token.Network) string

	Wall       clock.Wall
	Log        store.Log[Change]
	Sender     *callback.Sender
	Logger     *slog.Logger
	Keyrings   []Keyring        // of each face that requestors have credentials at
	Proofs     []Proof          // of each network whose cryptograms can pay
	Journal    *journal.Journal // to go on writing; nil: a new one
	JournalCap int              // bytes of a new one; 0: journal.DefaultCap
	Masks      *journal.Masks   // what a new one shows of bodies; nil: all but card numbers
	Journals   *quota.Quota     // for the journals of all sandboxes; nil: no bound
	Notices    *quota.Quota     // for the notices of all sandboxes; nil: no bound
	Stories    *quota.Quota     // for the stories of all sandboxes; nil: no bound
	MaxObjects int              // cards, enrolments and tokens, of each; 0: DefaultMaxObjects
}

// Sandbox is one world. It is safe for concurrent use.
type Sandbox struct {
	world   world
	clock   *clock.Clock
	wall    clock.Wall
	journal *journal.Journal
	log     store.Log[Change]
	logger  *slog.Logger
	script  atomic.Pointer[script]         // written with mu held
	asks    atomic.Pointer[scenarios.Asks] // written with mu held
	epoch   uint64                         // of this owner; never changes

	mu         sync.Mutex
	state      *state                   // guarded by mu
	step       step                     // guarded by mu; the one under way, or the last
	unanswered map[string]chan struct{} // guarded by mu; by inquiry, each closed when the endpoint of the issuer is not asked any more
	inherited  map[string]Result        // guarded by mu; what became of requests that a former owner had under way
	over       error                    // guarded by mu; why it makes no more changes: an ErrEnded, nil while it lives

	products sync.Map // productKey → fixtures.Product; derived, so a race costs nothing. A sixth of a Visa provisioning (BenchmarkProvision)
	gallery  *fixtures.Gallery
	next     atomic.Pointer[Sandbox] // the owner after this one, in the same process

	quota   *quota.Holder   // of the notices of all sandboxes
	stories *quota.Holder   // of the stories of all sandboxes
	pages   int             // guarded by mu; of the story, when its length was last reported
	full    sync.Once       // the log says that the sandbox is full
	life    context.Context // ends with the sandbox; whoever waits in it waits no longer
	endLife context.CancelFunc
	runner  *runner
}

// New begins a sandbox with the first change of its log; Start sets it going.
func New(o Options) (*Sandbox, error) {
	switch {
	case !idForm.MatchString(o.ID):
		return nil, fmt.Errorf("%q: %w", o.ID, ErrID)
	case token.Scrub(o.ID) != o.ID: // ids are in URLs, logs and answers
		return nil, fmt.Errorf("%q: %w; it must not look like a card number", token.Scrub(o.ID), ErrID)
	}
	if err := o.Scenario.Err(); err != nil {
		return nil, err
	}
	s, err := build(o)
	if err != nil {
		return nil, err
	}
	s.clock, s.epoch = o.Clock, 1
	return s, s.commit(func(x *step) error {
		if err := x.state.rules.FitFile(o.Scenario.Rules); err != nil {
			return err
		}
		x.change.Begin = &Beginning{ID: o.ID, Seed: o.Seed, Mode: o.Clock.Mode(), Notify: o.Notify}
		x.change.Scenario = &o.Scenario
		for _, c := range o.Scenario.Cards { // known before anybody uses them, so that the issuer can act on them at once
			x.tx.PutCard(x.newCard(c))
		}
		return nil
	})
}

// build makes a sandbox before its first change, without a clock.
func build(o Options) (*Sandbox, error) {
	root, err := seed.New(o.Seed)
	if err != nil {
		return nil, err
	}
	ids := root.Child("sandbox", o.ID)
	order, byName, err := requestors(o, ids)
	if err != nil {
		return nil, err
	}
	if err := permitted(o); err != nil {
		return nil, err
	}
	if o.Journal == nil {
		o.Journal = journal.New(cmp.Or(o.JournalCap, journal.DefaultCap), o.Masks)
		o.Journal.Within(o.Journals, func() {
			o.Logger.Warn("the journal drops its oldest exchanges to stay within its limit", "sandbox", o.ID)
		})
	}
	s := &Sandbox{
		world: world{
			id: o.ID, logName: cmp.Or(o.LogName, o.ID), seed: o.Seed, ids: ids, requestors: byName, order: order,
			proofs: proofsOf(o.Proofs), maxObjects: cmp.Or(o.MaxObjects, DefaultMaxObjects),
		},
		wall: o.Wall, journal: o.Journal, log: o.Log, logger: o.Logger.With("sandbox", o.ID),
		state: newState(), unanswered: map[string]chan struct{}{}, gallery: fixtures.NewGallery(ids.Uint64("products")),
	}
	s.life, s.endLife = context.WithCancel(context.Background())
	s.runner = newRunner(s, o.Sender)
	s.quota, s.stories = o.Notices.Join(s.runner.free), o.Stories.Join(s.runner.freeStory)
	s.script.Store(newScript(o.Scenario))
	return s, nil
}

func requestors(o Options, ids seed.Source) (order []*Requestor, byName map[string]*Requestor, err error) {
	list := o.Scenario.Requestors
	if len(list) == 0 {
		list = []scenarios.Requestor{defaultRequestor()}
	}
	byName = map[string]*Requestor{}
	for i, r := range list {
		for _, a := range acquirersOf(o.Scenario) {
			r.Acquirers = append(r.Acquirers, a.Name)
		}
		if i == 0 && o.Notify != "" {
			own := r.Notify
			r.Notify = map[token.Network]string{}
			for n := range networks {
				r.Notify[n] = o.Notify
			}
			maps.Copy(r.Notify, own)
		}
		r.Notify = hears(o, r)
		for n, target := range r.Notify {
			if err := o.Sender.Permits(target); err != nil {
				return nil, nil, fmt.Errorf("notify of requestor %s at %s: %w", r.Name, n, err)
			}
		}
		made, err := newRequestor(r, o.Keyrings, ids)
		if err != nil {
			return nil, nil, err
		}
		order, byName[r.Name] = append(order, made), made
	}
	return order, byName, nil
}

// hears adds where a requestor's first account hears the networks, unless the
// scenario names another receiver.
func hears(o Options, r scenarios.Requestor) map[token.Network]string {
	at := slices.IndexFunc(o.Scenario.Accounts, func(a scenarios.MerchantAccount) bool { return a.Requestor == r.Name })
	if at < 0 || o.Hears == nil {
		return r.Notify
	}
	all := map[token.Network]string{}
	for n := range networks {
		all[n] = o.Hears(o.ID, o.Scenario.Accounts[at].Name, n)
	}
	maps.Copy(all, r.Notify)
	return all
}

// Do answers one request. It is the only way a request touches state. The error
// is an ErrEnded or nil: a fault of our own is the result's problem.
func (s *Sandbox) Do(c Call) (Result, token.Plan, error) {
	var result Result
	var plan token.Plan
	var asks *asking
	var full string
	c.Network = cmp.Or(c.Network, c.Op.Network())
	err := s.commit(func(x *step) error {
		switch {
		case x.world.requestors[c.Requestor] == nil:
			return fmt.Errorf("requestor %q: %w", c.Requestor, ErrUnknown)
		case effects[c.Effect] == nil:
			return fmt.Errorf("effect %q: %w", c.Effect, ErrUnknown)
		}
		result, plan = x.call(c)
		asks, full = x.asks, x.full
		return nil
	})
	if asks != nil && err == nil {
		result, full, err = s.ask(*asks, result.Note, &plan)
	}
	if full != "" {
		s.full.Do(func() {
			s.logger.Error("the sandbox is full: it makes no more of them until it is reset", "most", s.world.maxObjects, "of", full)
		})
	}
	switch {
	case errors.Is(err, ErrEnded):
		return Result{}, token.Plan{}, err
	case err != nil:
		s.logger.Error("step failed", "operation", c.Op, "error", err)
		own := cmp.Or(networks[c.Network].ownFault, token.ServiceError)
		return Result{Problem: token.Refuse(own, err.Error()), Note: token.Note{At: s.clock.Now()}}, token.Plan{}, nil
	}
	return result, plan, nil
}

// Misread counts a request that was refused by its form among the attempts at
// what it is about, and changes nothing else.
func (s *Sandbox) Misread(op token.Operation, requestor string, about Subject) {
	c := Call{Op: op, Requestor: requestor, Subject: about, Paying: &Paying{}} // what a payment says was not read
	err := s.commit(func(x *step) error {
		x.change.Rules.Attempt = outcome.AttemptKey(x.facts(c))
		return nil
	})
	if err != nil && !errors.Is(err, ErrEnded) { // in a sandbox that has ended nothing counts
		s.logger.Error("an attempt was not counted", "operation", op, "error", err)
	}
}

// Asks are what the rules of an operation want to know of a request: at most
// [token.MaxFacts], to be read before [Sandbox.Do].
func (s *Sandbox) Asks(op token.Operation) []token.Ask { return s.asks.Load().Of(op) }

// commit runs a step and makes its change part of the log and the state. An
// error of run leaves everything as it was. In a sandbox that is over nothing
// runs, and the error is an ErrEnded.
func (s *Sandbox) commit(run func(*step) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.over == nil {
		x := s.newStep()
		if err := run(x); err != nil {
			return err
		}
		x.change.Vault = x.tx.Delta()
		_, err := s.log.Append(s.world.logName, s.state.number, x.batch[:]...)
		if errors.Is(err, store.ErrConflict) && s.caughtUp() {
			continue
		}
		if err != nil {
			return fmt.Errorf("append: %w", err)
		}
		s.fold(*x.change)
		return nil
	}
	return s.over
}

// caughtUp folds what others appended and reports whether that was anything. From
// a change of the next owner on this one is over. It expects s.mu to be held.
func (s *Sandbox) caughtUp() bool {
	before := s.state.number
	err := s.log.Read(s.world.logName, before, func(c Change) error {
		if c.Epoch > s.epoch {
			s.end(ErrSuperseded)
			return s.over
		}
		s.fold(c)
		return nil
	})
	return s.over != nil || err == nil && s.state.number > before
}

// fold makes the next change part of the state. It expects s.mu to be held, or
// the sandbox to be unknown to all yet.
func (s *Sandbox) fold(c Change) {
	s.state.apply(c)
	if c.Scenario != nil {
		s.script.Store(newScript(*c.Scenario))
	}
	if c.Scenario != nil || len(c.Rules.Added)+len(c.Rules.Removed)+len(c.Rules.Fired) > 0 {
		asks := s.state.rules.Asks()
		s.asks.Store(&asks)
	}
	if len(c.Asked)+len(c.Answered) > 0 {
		s.awaits(c)
	}
	s.runner.note(c)
	if len(c.Deliveries)+len(c.Progress)+len(c.Forgotten) > 0 {
		s.quota.Holds(int64(s.state.deliveries.Bytes()))
	}
	if pages := len(s.state.story.pages); pages != s.pages {
		s.pages = pages
		s.stories.Holds(int64(s.state.story.count) * momentBytes)
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

// ClockMode says how time passes here.
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

// Trusting names the requestor to act for when no credential says who calls:
// the only one of the sandbox, provided that its signatures are not judged
// anyway; "" for none.
func (s *Sandbox) Trusting() string {
	if len(s.world.order) != 1 || s.world.order[0].Auth == token.AuthVerify {
		return ""
	}
	return s.world.order[0].Name
}

// Derive is the sandbox's source of ids and secrets under a path, for faces.
func (s *Sandbox) Derive(path ...string) seed.Source { return s.world.ids.Child(path...) }
