package sandbox

import (
	"encoding/hex"
	"hash/fnv"
	"time"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/seed"
	"github.com/pantomime-dev/pantomime/simulator/authorization"
	"github.com/pantomime-dev/pantomime/simulator/outcome"
	"github.com/pantomime-dev/pantomime/simulator/vault"
	"github.com/pantomime-dev/pantomime/token"
)

// step is one run of the pure step: it reads the state at an instant and
// collects a change. It does no I/O, never sleeps and holds no key.
type step struct {
	world  *world
	script *script
	state  *state
	tx     *vault.Tx
	now    time.Time
	change *Change
	batch  [1]Change          // where change is, as the log takes it
	before bool               // notices of this request leave before its answer
	notify scenarios.Variants // what is wrong with the notices that this request causes

	decision token.Decision // what a rule says in the issuer's place, or ""
	legs     []token.Leg    // what other parties hear of a request
	origin   Origin         // what brings the change about
	chain    chain          // what the timeline did before
	declines token.Key      // why a rule declines a payment in the issuer's place, or ""
	full     string         // what there were too many of to make one more, or ""
	seq      uint32         // of the request among those about its entity

	dry     bool        // nothing of it is kept
	spent   uint16      // number of the cryptogram that it spent, 0 for none
	asks    *asking     // of a first step: its issuer is asked outside
	resumes *Pending    // of a second step: what it goes on with,
	heard   token.Heard // and what came of the inquiry
}

// world is what of a sandbox never changes while it lives. What a scenario sets
// and a better version of its file may change is in [script].
type world struct {
	id         string
	logName    string
	seed       uint64
	ids        seed.Source
	requestors map[string]*Requestor
	order      []*Requestor // as the scenario lists them
	proofs     map[token.Network]Proof
	maxObjects int // cards, enrolments and tokens, of each
}

// newStep begins a step, in the same memory as the one before. It expects s.mu to be
// held. Nothing of a step is kept but its change.
func (s *Sandbox) newStep() *step {
	now := s.clock.Now()
	x := &s.step
	*x = step{world: &s.world, script: s.script.Load(), state: s.state, tx: s.state.vault.Begin(s.world.ids, now), now: now}
	x.batch[0] = Change{Number: s.state.number + 1, Epoch: s.epoch, At: now, Offset: s.clock.Offset(), Seq: s.state.seq}
	x.change = &x.batch[0]
	return x
}

// undo makes the step one that has changed nothing yet.
func (x *step) undo() {
	x.tx = x.state.vault.Begin(x.world.ids, x.now)
	*x.change = Change{
		Number: x.change.Number, Epoch: x.change.Epoch, At: x.change.At, Offset: x.change.Offset, Seq: x.state.seq,
	}
}

// call answers one request: match, count, decide, change, schedule.
func (x *step) call(c Call) (Result, token.Plan) {
	facts := x.facts(c)
	attempt := outcome.AttemptKey(facts)
	x.change.Rules.Attempt = attempt
	note := token.Note{At: x.now, Attempt: x.state.rules.Attempts(attempt) + 1, Change: x.change.Number, Work: token.WorkNotDone}
	x.origin = Origin{Kind: token.OriginRequest, Operation: c.Op}
	note.Entity, note.EntitySeq = x.entity(facts)
	x.seq = note.EntitySeq

	if c.Refused != nil {
		return Result{Note: note, Problem: x.refusedTask(c)}, token.Plan{}
	}
	rule, matched := x.state.rules.Match(facts, note.Attempt)
	var plan token.Plan
	if matched {
		plan = planOf(rule)
		x.notify, x.before, x.decision = rule.Then.Notify, rule.Then.Notify.BeforeResponse, rule.Then.Decision
		note.Rule, note.RuleID = rule.Name, rule.ID.String()
	}
	result := x.perform(c, rule)
	if x.asks != nil {
		result = Result{}
	} else if result.Problem == nil && x.commits(rule) {
		note.Work = token.WorkDone
	}
	if _, known := x.tx.Token(facts.Token); known && result.Problem != nil {
		note.Tokens = []token.Ref{facts.Token}
	}
	note.Legs = x.legs
	result.note(note)
	if matched {
		x.fire(rule, c, result, &plan)
	}
	plan.NoticesFirst = x.before
	return result, plan
}

// perform does what the operation asks, unless the rule has another word; the
// zero rule has none.
func (x *step) perform(c Call, rule outcome.Rule) (result Result) {
	switch {
	case rule.Then.Error != "" && c.Op.Traits().Pays:
		x.declines = rule.Then.Error
		result, result.Problem = effects[c.Effect](x, c)
	case rule.Then.Error != "":
		result.Problem = token.Refuse(rule.Then.Error, "rule "+rule.Name)
		x.failTask(c, result.Problem)
	case x.commits(rule):
		result, result.Problem = effects[c.Effect](x, c)
	case !rule.Then.Fault.Replaces():
		dry := *x
		dry.change, dry.dry = &dry.batch[0], true
		dry.tx = x.state.vault.Begin(x.world.ids, x.now)
		result, result.Problem = effects[c.Effect](&dry, c)
	}
	return result
}

// fire counts a rule that met its request. One whose fault found nothing to
// damage is not used: the answer leaves as it is.
func (x *step) fire(rule outcome.Rule, c Call, r Result, plan *token.Plan) {
	if plan.Fault.Unseals() && !sealed(c, r) {
		plan.Fault = ""
		return
	}
	x.change.Rules.Fired = append(x.change.Rules.Fired, rule.ID)
}

// sealed reports whether the answer carries cipher text. Some networks withhold
// a token's number as long as its cardholder is not identified.
func sealed(c Call, r Result) bool {
	switch {
	case c.Brief, r.Problem != nil, r.Decision == token.Decline, !c.Op.Traits().Sealed:
		return false
	}
	return !networks[c.Network].waits || !r.Token.StepUp
}

// commits reports whether state changes: always, unless a fault replaces
// the step; a rule's commit overrides.
func (x *step) commits(r outcome.Rule) bool {
	if r.Then.Commit != nil {
		return *r.Then.Commit
	}
	return !r.Then.Fault.Replaces()
}

// facts gathers what rules may look at, resolving handles to their card.
func (x *step) facts(c Call) outcome.Facts {
	f := outcome.Facts{
		Op: c.Op, Network: c.Network, Requestor: c.Requestor, Token: c.Token, Card: c.Card.PAN, PAN: c.Card.PAN, Request: c.Facts,
	}
	if f.Accounts = x.script.of[c.Requestor]; c.Account != "" {
		f.Accounts = []string{c.Account}
	}
	if len(c.Tokens) > 0 && f.Token == "" {
		f.Token = c.Tokens[0]
	}
	card := c.Card.PAN
	if t, ok := x.tx.TokenByNumber(c.FromToken); ok && c.FromToken != "" {
		card, f.Token = t.Card, t.Ref
	}
	if c.Paying != nil || c.Subject.Payment != "" {
		card = x.bought(c, &f, card)
	}
	if t, ok := x.tx.Token(f.Token); ok && card == "" {
		card = t.Card
	}
	if e, ok := x.tx.Enrolment(c.Enrolment); ok && card == "" {
		card = e.Card
	}
	if known, ok := x.tx.Card(card); ok && card != "" {
		f.Card, f.PAN = known.ID, known.PAN
	}
	return f
}

// bought adds to the facts which payment a request is about, and reports its card. Of
// a request that was misread only the payment is known.
func (x *step) bought(c Call, f *outcome.Facts, card token.PAN) token.PAN {
	if c.Paying == nil {
		c.Paying = &Paying{}
	}
	a, known := x.state.payments.Get(c.Subject.Payment)
	if !known {
		f.Purchase = purchase(c.Merchant, c.Amount.Currency, c.Amount.Value)
		return card
	}
	f.Token, f.Network, f.Purchase = a.Token, a.Network, purchase(a.Merchant, a.Currency, c.Asking.Amount)
	return a.Card
}

// purchase is what rules may look at of a payment.
func purchase(m authorization.Merchant, currency string, amount int64) *outcome.Purchase {
	return &outcome.Purchase{Merchant: m.ID, Category: m.Category, Country: m.Country, Currency: currency, Amount: amount}
}

// entity names and counts the requestor's card, for the canonical journal.
func (x *step) entity(f outcome.Facts) (string, uint32) {
	subject := string(f.Card)
	if subject == "" {
		subject = string(f.Token)
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(f.Requestor + "\x00" + subject))
	key := h.Sum64() | 1
	x.change.Entity = key
	return x.world.entity(f.Requestor, subject), x.state.entities[key] + 1
}

// entity names a requestor's card or token without its number.
func (w *world) entity(requestor, subject string) string {
	id := w.ids.Bytes("entity", requestor, subject)
	return hex.EncodeToString(id[:6])
}
