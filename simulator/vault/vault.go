// Package vault holds one sandbox's cards, enrolments and tokens, and the
// life-cycle tables of both networks.
//
// It is pure: a transaction reads the vault and collects a [Delta]; applying
// the delta is the only way state changes. It must not know rules, callbacks,
// wire formats or the wall clock.
package vault

import (
	"time"
	"unique"

	"github.com/pantomime-dev/pantomime/token"
)

// Card is an account at an issuer. Its ID is the first number it had, which
// stays when the number is replaced.
type Card struct {
	ID      token.PAN
	Name    string // in the scenario, or ""
	PAN     token.PAN
	Network token.Network
	Expiry  token.Expiry
	Issuer  string // in the scenario, or ""
	PAR     token.PAR
	Product int // revision of the product configuration: art and contacts
	Closed  bool
}

// Enrolment is a card as one requestor's wallet account knows it: Visa's PAN
// enrolment, Mastercard's pan unique reference.
type Enrolment struct {
	Ref       token.CardRef
	Network   token.Network
	Requestor string
	Wallet    string // Visa's clientWalletAccountID; "" at Mastercard
	Card      token.PAN
	Issued    int // tokens made so far, deleted ones too
	Events    int // events reported so far
}

// Token is a network token. It is handed out by value.
type Token struct {
	Ref          token.Ref
	Network      token.Network
	Requestor    string
	TRID         token.TRID
	Enrolment    token.CardRef
	Card         token.PAN // the card's ID
	Number       token.TokenPAN
	Expiry       token.Expiry
	Presentation string
	Status       token.Status
	SuspendedBy  token.Suspenders
	Reason       string // why it is suspended, as somebody else than the requestor said
	StatusAt     time.Time
	StepUp       bool   // the issuer asked for ID&V; nothing activates it by itself
	ATC          uint16 // transaction counter, of the last cryptogram
	Events       int
	Env          string // Mastercard's URL segment at tokenize
	ReplyTo      string // URL where the request that made it wants its notices
}

// Expired reports whether the token's own expiry is before t.
func (t Token) Expired(at time.Time) bool { return t.Expiry.Passed(at) }

// Payable reports whether the token may get a cryptogram at the given time.
func (t Token) Payable(at time.Time) bool { return t.Status == token.Active && !t.Expired(at) }

// TaskStatus is the outcome of a Mastercard tokenize as getTaskStatus reports it.
type TaskStatus string

// The outcomes; tokenize is synchronous, so a task is never left pending.
const (
	TaskCompleted TaskStatus = "COMPLETED"
	TaskFailed    TaskStatus = "FAILED"
)

// Task is a tokenize request by the requestor's own id.
type Task struct {
	Requestor string
	ID        string
	Status    TaskStatus
}

// StepUp is how far the identification of a cardholder has come.
type StepUp struct {
	Token    token.Ref
	Method   string    // chosen method, "" before one is
	Selected int       // times a method was chosen
	Wrong    int       // wrong codes since
	Expires  time.Time // of the code
}

type taskKey struct{ requestor, id string }

// Vault is the state. The zero Vault is not usable; see [New]. It does no
// locking: the sandbox's lock guards it.
type Vault struct {
	cards      map[token.PAN]*cardRecord // by ID
	known      []*cardRecord             // in the order they became known
	named      map[string]*cardRecord    // by their names in the scenario
	byPAN      map[token.PAN]token.PAN   // replaced and current numbers of cards whose number changed
	enrolments map[token.CardRef]*enrolmentRecord
	tokens     map[token.Ref]*tokenRecord
	newest     *tokenRecord                    // the one made last, which leads to all others
	numbers    map[token.TokenPAN]*tokenRecord // every number ever issued
	tasks      map[taskKey]TaskStatus
	stepUps    map[token.Ref]StepUp
	made       map[token.Ref][]made // cryptograms that may be used, by token
}

// New makes an empty vault.
func New() *Vault {
	return &Vault{
		cards: map[token.PAN]*cardRecord{}, byPAN: map[token.PAN]token.PAN{}, enrolments: map[token.CardRef]*enrolmentRecord{},
		tokens: map[token.Ref]*tokenRecord{}, numbers: map[token.TokenPAN]*tokenRecord{},
		tasks: map[taskKey]TaskStatus{}, stepUps: map[token.Ref]StepUp{}, made: map[token.Ref][]made{},
		named: map[string]*cardRecord{},
	}
}

// Delta is what one transaction changes: whole values to put in place.
type Delta struct {
	Cards       []Card
	Enrolments  []Enrolment
	Tokens      []Token
	Tasks       []Task
	StepUps     []StepUp
	Cryptograms []Cryptogram
}

// Apply folds a delta into the vault.
func (v *Vault) Apply(d Delta) {
	for _, c := range d.Cards {
		if c.PAN != c.ID {
			v.byPAN[c.PAN] = c.ID
		}
		v.putCard(c)
	}
	for _, e := range d.Enrolments {
		v.enrolment(e.Ref, e.Card).pack(e)
	}
	for _, t := range d.Tokens {
		v.putToken(t)
	}
	for _, t := range d.Tasks {
		v.tasks[taskKey{t.Requestor, t.ID}] = t.Status
	}
	for _, u := range d.StepUps {
		v.stepUps[u.Token] = u
	}
	for _, c := range d.Cryptograms {
		v.keep(c)
	}
}

func (v *Vault) putCard(c Card) {
	r := v.card(c.ID)
	if !r.known {
		v.known = append(v.known, r)
	} else if old := r.alike.Value().name; v.named[old] == r {
		delete(v.named, old)
	}
	if r.pack(c); c.Name != "" {
		v.named[c.Name] = r
	}
}

func (v *Vault) putToken(t Token) {
	r, known := v.tokens[t.Ref]
	if !known {
		r = v.newToken(t)
	} else if r.lives() {
		r.enrolment.card.live--
	}
	if r.number != t.Number { // the old one stays taken
		r.number, v.numbers[t.Number] = t.Number, r
	}
	if r.pack(t); r.lives() {
		r.enrolment.card.live++
	}
}

// card finds a card's record, or makes one for a card that is not known.
func (v *Vault) card(id token.PAN) *cardRecord {
	r := v.cards[id]
	if r == nil {
		r = &cardRecord{id: id, pan: id}
		v.cards[id] = r
	}
	return r
}

func (v *Vault) enrolment(ref token.CardRef, card token.PAN) *enrolmentRecord {
	r := v.enrolments[ref]
	if r == nil {
		r = &enrolmentRecord{ref: ref, card: v.card(card), issued: -1}
		r.card.enrolments = append(r.card.enrolments, r)
		v.enrolments[ref] = r
	}
	return r
}

func (v *Vault) newToken(t Token) *tokenRecord {
	e := v.enrolment(t.Enrolment, t.Card)
	if !e.known() {
		e.alike = unique.Make(enrolmentTraits{network: t.Network, requestor: t.Requestor})
	}
	r := &tokenRecord{ref: t.Ref, number: t.Number, enrolment: e, before: v.newest}
	e.tokens, v.newest = append(e.tokens, r), r
	v.tokens[t.Ref], v.numbers[t.Number] = r, r
	return r
}
