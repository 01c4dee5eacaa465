package scenarios

import (
	"cmp"
	"slices"
	"time"

	"github.com/pantomime-dev/pantomime/token"
)

// StepKind says what a step of a play does.
type StepKind string

// The kinds of steps.
const (
	StepCall    StepKind = "call"    // a request to a network
	StepAct     StepKind = "act"     // an action of the issuer or another party
	StepAdvance StepKind = "advance" // the clock moves and everything due is settled
)

var stepKinds = []StepKind{StepCall, StepAct, StepAdvance}

// Account says what a request names the account by.
type Account string

// The ways to name an account.
const (
	AccountCard      Account = "card"      // the card's number; so does ""
	AccountReference Account = "reference" // vPanEnrollmentID, panUniqueReference
	AccountToken     Account = "token"     // Visa: a token's number with panSource TOKEN; Mastercard: a tokenUniqueReference
)

// The outcomes of a call that no network names.
const (
	NoAnswer   token.Key = "no-answer"  // the connection ended, or the time was up, before an answer
	Unreadable token.Key = "unreadable" // no JSON, cut short, or not to be decrypted
)

// Step is one step of a play. Which members count depends on Kind.
type Step struct {
	At        Position
	Kind      StepKind
	Call      token.Operation   // StepCall: one operation of the card's network
	Act       Action            // StepAct
	Said      string            // the operation, the act or the duration as the file writes it
	Advance   time.Duration     // StepAdvance; 0 settles what is due now
	Cards     []token.PAN       // the card; several only in a Mastercard batch. StepAdvance: none, or one for Expect.Status
	Requestor string            // StepCall: who calls; "" is the first
	Acquirer  string            // StepCall of a payment: through whom; "" is the first
	Account   Account           // StepCall of provisioning and searchTokens; "" is the card
	Times     int               // StepCall: how often, at least 1; Expect holds for each
	Timeout   time.Duration     // StepCall: wall time to wait for the answer; 0: ten seconds
	Header    map[string]string // StepCall: further headers, by canonical name
	Body      []byte            // StepCall: JSON merge patch (RFC 7396) over the request's body before encryption
	Expect    Outcome
}

// Outcome is what a step leads to. Without Error and without an HTTP status of
// 400 or more, a call must succeed.
type Outcome struct {
	Error    token.Key      // documented key, raw wire reason, NoAnswer or Unreadable
	HTTP     int            // status of the answer; 0: any that fits
	Decision token.Decision // of a provisioning; "" any
	Body     []Match        // conditions on the answer's body, decrypted
	Status   token.Status   // of the card's newest token afterwards, of a call's requestor; "" any
}

// kind is which of the three a step is; "" when it was refused for being none
// or several.
func (c *compiler) kind(d stepDraft) StepKind {
	var kinds []string
	for _, k := range stepKinds {
		if _, ok := d.given[string(k)]; ok {
			kinds = append(kinds, string(k))
		}
	}
	switch len(kinds) {
	case 1:
		return StepKind(kinds[0])
	case 0:
		c.refuse(d.spot, "does nothing; give one of call, act and advance")
	default:
		c.refuse(d.given[kinds[1]], "cannot be combined with "+kinds[0]+"; one step does one thing")
	}
	return ""
}

// belongs reports to which kinds of step a key belongs that is not for all.
var belongs = map[string][]StepKind{
	"requestor": {StepCall}, "acquirer": {StepCall}, "account": {StepCall}, "header": {StepCall}, "body": {StepCall}, "times": {StepCall}, "timeout": {StepCall},
	"expect-error": {StepCall}, "expect-http": {StepCall}, "expect-decision": {StepCall}, "expect-body": {StepCall},
	"by": {StepAct}, "reason": {StepAct}, "expiry": {StepAct}, "pan": {StepAct}, "new-number": {StepAct}, "notify": {StepAct},
}

// play compiles the steps of all files.
func (c *compiler) play() {
	for _, d := range drafts(c, func(d draft) []stepDraft { return d.play }) {
		kind := c.kind(d)
		if kind == "" {
			continue
		}
		for _, key := range playKeys.keys() {
			at, given := d.given[key]
			if kinds, limited := belongs[key]; given && limited && !slices.Contains(kinds, kind) {
				c.refuse(at, "belongs to "+string(kinds[0])+", not to "+string(kind))
			}
		}
		c.sc.Play = append(c.sc.Play, c.step(kind, d))
	}
}

func (c *compiler) step(kind StepKind, d stepDraft) Step {
	s := Step{
		At: d.at, Kind: kind, Said: cmp.Or(d.call.text, d.act.text, d.advance.text), Advance: d.advance.v, Requestor: c.requestor(d.requestor), Times: max(1, d.times.v), Timeout: d.timeout.v,
		Account: Account(d.account.v), Body: d.body.json,
		Expect: Outcome{HTTP: d.expect.http.v, Status: token.Status(d.expect.status.v), Decision: token.Decision(d.expect.decision.v), Body: c.matches(d.expect.body)},
	}
	for _, text := range d.body.texts {
		c.guarded(text)
	}
	within := c.stepCards(kind, d, &s)
	for _, h := range d.header {
		if s.Header == nil {
			s.Header = map[string]string{}
		}
		c.guarded(h.value)
		s.Header[h.Name] = *h.Equals
	}
	switch kind {
	case StepCall:
		s.Call = c.operation(d, within)
		s.Expect.Error = c.outcome(d.expect, s.Call, within)
		c.account(d, &s)
		s.Acquirer = c.through(d.acquirer, s.Call)
	case StepAct:
		s.Act = c.action(d, within)
	case StepAdvance:
	}
	return s
}

// stepCards resolves the cards of a step and reports at which network they are.
func (c *compiler) stepCards(kind StepKind, d stepDraft, s *Step) reach {
	var within reach
	for _, w := range d.cards {
		if card, ok := c.card(w); ok {
			s.Cards = append(s.Cards, card.pan)
			within |= reachFor(card.network)
		}
	}
	if len(d.cards) == 0 && d.given["card"] == (spot{}) {
		switch {
		case kind != StepAdvance:
			c.refuse(d.spot, "needs the key card (a card name, or a list of them)")
		case d.expect.status.set:
			c.refuse(d.expect.status.spot, "needs a card, whose token it is")
		}
	}
	if len(d.cards) > 1 {
		c.batch(kind, d, within)
	}
	return within
}

// batch judges a list of cards: each is to be at the one network whose call takes
// several tokens.
func (c *compiler) batch(kind StepKind, d stepDraft, within reach) {
	var takes reach
	for _, op := range token.OperationsNamed(d.call.v, "") {
		if op.Traits().Batch {
			takes |= reachFor(op.Network())
		}
	}
	switch {
	case kind != StepCall || within&takes == 0:
		c.refuse(d.given["card"], "must be one card; a list is a batch, for Mastercard's suspend, unsuspend and delete")
	case within != takes:
		c.refuse(d.given["card"], "must be cards of "+takes.String()+" only")
	case len(d.cards) > maxBatch:
		c.refuse(d.given["card"], "has more than 20 cards")
	}
}

// operation resolves a call at the card's network.
func (c *compiler) operation(d stepDraft, within reach) token.Operation {
	at := within.networks()
	if !d.call.set || len(at) != 1 {
		return ""
	}
	ops := token.OperationsNamed(d.call.v, at[0])
	switch {
	case len(ops) == 0:
		c.refuse(d.call.spot, "is no operation of "+within.String()+", where the card is")
		return ""
	case ops[0] == token.VisaProvision && d.call.v == string(token.VerbProvision) && Account(d.account.v) != AccountReference:
		return token.VisaProvisionWithPAN
	}
	return ops[0]
}

// account refuses a way to name the account that the operation does not have.
func (c *compiler) account(d stepDraft, s *Step) {
	if s.Call != "" && d.expect.decision.set && s.Call.Info().Verb != token.VerbProvision {
		c.refuse(d.expect.decision.spot, "is the issuer's answer to provisioning; "+s.Call.Info().Wire+" does not ask the issuer")
	}
	named := []token.Operation{token.VisaEnroll, token.MCSearchTokens}
	if !d.account.set || s.Call == "" || s.Call.Info().Verb == token.VerbProvision || slices.Contains(named, s.Call) {
		return
	}
	if s.Call.Traits().Pays && Account(d.account.v) != AccountReference {
		return
	}
	c.refuse(d.account.spot, "belongs to provision, enrollPan, searchTokens and, without reference, authorize; not to "+s.Call.Info().Wire)
}

// through refuses an acquirer that the scenario does not have, and one that a call does
// not ask.
func (c *compiler) through(w word, op token.Operation) string {
	known := c.names.acquirers
	if len(known) == 0 {
		known = map[string]spot{}
		for _, usual := range DefaultAcquirers() {
			known[usual.Name] = spot{}
		}
	}
	if _, ok := known[w.v]; w.set && !ok {
		unknown(c, w, "acquirer", known)
	} else if w.set && op != "" && op.Party() != token.PartyAcquirer {
		c.refuse(w.spot, "belongs to payments and what is done with them, not to "+op.Info().Wire)
	}
	return w.v
}

// outcome checks how a call is to fail.
func (c *compiler) outcome(d outcomeDraft, op token.Operation, within reach) token.Key {
	key := token.Key(d.err.v)
	broken := key == NoAnswer || key == Unreadable
	switch {
	case !d.err.set:
		return ""
	case d.decision.set:
		c.refuse(d.err.spot, "excludes expect-decision: a refused request never reaches the issuer")
	case broken && d.body != nil:
		c.refuse(d.err.spot, "excludes expect-body: there is no body to read")
	case key == NoAnswer && d.http.set:
		c.refuse(d.err.spot, "excludes expect-http: there is no status without an answer")
	}
	if broken || within == 0 {
		return key
	}
	if op.Traits().Pays {
		c.declines(d.err, []token.Operation{op}, outcomes...)
		return key
	}
	return c.errorKey(d.err, match{within: within, whose: "the card", also: outcomes})
}

// outcomes are those of a call that are no errors.
var outcomes = []string{string(NoAnswer), string(Unreadable)}

// action compiles what a party does.
func (c *compiler) action(d stepDraft, within reach) Action {
	e := entryDraft{spot: d.spot, do: d.act, expiry: d.expiry, pan: d.pan, newNumber: d.newNumber, notify: d.notify}
	if len(d.cards) > 0 {
		e.card = d.cards[0]
	}
	c.misplaced(e)
	return Action{
		Do: d.act.v, By: partyOf(d.by.v), Reason: d.reason.v, Expiry: d.expiry.v, PAN: c.newPAN(e), NewNumber: d.newNumber.v,
		Notify: c.notify(d.notify, within),
	}
}
