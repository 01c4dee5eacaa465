package vault

import (
	"iter"
	"time"

	"github.com/pantomime-dev/pantomime/seed"
	"github.com/pantomime-dev/pantomime/token"
)

// Tx is one transaction: it sees the vault plus its own changes. Nothing is
// changed until the delta is applied.
type Tx struct {
	vault *Vault
	ids   seed.Source
	now   time.Time
	delta Delta
}

// Begin opens a transaction at an instant of sandbox time; ids derive from ids.
func (v *Vault) Begin(ids seed.Source, now time.Time) *Tx {
	return &Tx{vault: v, ids: ids, now: now}
}

// Delta is what the transaction has changed so far.
func (x *Tx) Delta() Delta { return x.delta }

// Card finds a card by any number it has or had, or by its ID.
func (x *Tx) Card(pan token.PAN) (Card, bool) {
	for i := range x.delta.Cards {
		if c := x.delta.Cards[i]; c.PAN == pan || c.ID == pan {
			return c, true
		}
	}
	if id, moved := x.vault.byPAN[pan]; moved {
		pan = id
	}
	if r := x.vault.cards[pan]; r != nil && r.known {
		return r.value(), true
	}
	return Card{}, false
}

// PutCard stores a card, new or changed.
func (x *Tx) PutCard(c Card) {
	for i := range x.delta.Cards {
		if x.delta.Cards[i].ID == c.ID {
			x.delta.Cards[i] = c
			return
		}
	}
	x.delta.Cards = append(x.delta.Cards, c)
}

// Enrolment finds an enrolment by its handle.
func (x *Tx) Enrolment(ref token.CardRef) (Enrolment, bool) {
	for i := range x.delta.Enrolments {
		if x.delta.Enrolments[i].Ref == ref {
			return x.delta.Enrolments[i], true
		}
	}
	if r := x.vault.enrolments[ref]; r != nil && r.known() {
		return r.value(), true
	}
	return Enrolment{}, false
}

// PutEnrolment stores an enrolment, new or changed.
func (x *Tx) PutEnrolment(e Enrolment) {
	for i := range x.delta.Enrolments {
		if x.delta.Enrolments[i].Ref == e.Ref {
			x.delta.Enrolments[i] = e
			return
		}
	}
	x.delta.Enrolments = append(x.delta.Enrolments, e)
}

// Token finds a token by its handle.
func (x *Tx) Token(ref token.Ref) (Token, bool) {
	for i := range x.delta.Tokens {
		if x.delta.Tokens[i].Ref == ref {
			return x.delta.Tokens[i], true
		}
	}
	if r := x.vault.tokens[ref]; r != nil {
		return r.value(), true
	}
	return Token{}, false
}

// PutToken stores a token, new or changed.
func (x *Tx) PutToken(t Token) {
	for i := range x.delta.Tokens {
		if x.delta.Tokens[i].Ref == t.Ref {
			x.delta.Tokens[i] = t
			return
		}
	}
	x.delta.Tokens = append(x.delta.Tokens, t)
}

// Tokens walks the tokens of an enrolment that existed before the
// transaction, in the order they were made, as the transaction sees them.
func (x *Tx) Tokens(ref token.CardRef) iter.Seq[Token] {
	return func(yield func(Token) bool) {
		e := x.vault.enrolments[ref]
		if e == nil {
			return
		}
		for _, r := range e.tokens {
			if t, ok := x.Token(r.ref); ok && !yield(t) {
				return
			}
		}
	}
}

// EnrolmentsOf walks the enrolments of a card, oldest first.
func (x *Tx) EnrolmentsOf(card token.PAN) iter.Seq[Enrolment] {
	return func(yield func(Enrolment) bool) {
		c := x.vault.cards[card]
		if c == nil {
			return
		}
		for _, r := range c.enrolments {
			if e, ok := x.Enrolment(r.ref); ok && !yield(e) {
				return
			}
		}
	}
}

// NumberTaken reports whether a token number was ever issued.
func (x *Tx) NumberTaken(n token.TokenPAN) bool {
	if _, taken := x.vault.numbers[n]; taken {
		return true
	}
	for i := range x.delta.Tokens {
		if x.delta.Tokens[i].Number == n {
			return true
		}
	}
	return false
}

// Task finds a requestor's task.
func (x *Tx) Task(requestor, id string) (Task, bool) {
	status, ok := x.vault.tasks[taskKey{requestor, id}]
	return Task{requestor, id, status}, ok
}

// PutTask stores a task's outcome.
func (x *Tx) PutTask(t Task) { x.delta.Tasks = append(x.delta.Tasks, t) }

// StepUp says how far a token's identification has come.
func (x *Tx) StepUp(ref token.Ref) StepUp {
	for _, u := range x.delta.StepUps {
		if u.Token == ref {
			return u
		}
	}
	u := x.vault.stepUps[ref]
	u.Token = ref
	return u
}

// PutStepUp stores how far it has come.
func (x *Tx) PutStepUp(u StepUp) { x.delta.StepUps = append(x.delta.StepUps, u) }

// TokenByNumber finds a token by the number it has, whoever it belongs to. A
// number that it had before finds nothing.
func (x *Tx) TokenByNumber(n token.TokenPAN) (Token, bool) {
	r, ok := x.vault.numbers[n]
	if !ok {
		return Token{}, false
	}
	t, ok := x.Token(r.ref)
	if t.Number != n {
		return Token{}, false
	}
	return t, ok
}
