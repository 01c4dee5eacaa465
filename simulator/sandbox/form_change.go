package sandbox

import (
	"reflect"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/simulator/vault"
	"github.com/pantomime-dev/pantomime/token"
)

// changeVersion is the form of changes that is written and read. It goes up with
// any change of what follows it.
const changeVersion = 1

// MaxChange is how long a change may be as bytes. What a control door takes in
// one request, and a scenario of fifty files of the largest size, stay below.
const MaxChange = 60 << 20

// Codec writes changes as bytes and reads them. What it writes holds card
// numbers, token numbers, codes and scenario files in the clear; it is for a log
// that seals them.
type Codec struct{}

// Place tells a change's number and epoch.
func (Codec) Place(c Change) (number, epoch uint64) { return c.Number, c.Epoch }

// Encode writes a change. The error is an ErrForm: the change is too long, or
// holds a scenario that a program made, which has no text.
func (Codec) Encode(c Change) ([]byte, error) {
	f := &form{bytes: make([]byte, 0, 512)}
	f.change(&c)
	if len(f.bytes) > MaxChange {
		f.fail("%d bytes; at most %d are accepted", len(f.bytes), MaxChange)
	}
	return f.bytes, f.err
}

// Decode reads a change. The error is an ErrForm.
func (Codec) Decode(raw []byte) (Change, error) {
	f := &form{reading: true, bytes: raw}
	if len(raw) > MaxChange {
		f.fail("%d bytes; at most %d are accepted", len(raw), MaxChange)
	}
	var c Change
	f.change(&c)
	if f.err == nil && len(f.bytes) > 0 {
		f.fail("%d bytes follow its end", len(f.bytes))
	}
	if f.err != nil {
		return Change{}, f.err
	}
	return c, nil
}

func (f *form) change(c *Change) {
	version := uint8(changeVersion)
	if unsigned(f, &version); version != changeVersion {
		f.fail("version %d; this program reads version %d", version, changeVersion)
	}
	unsigned(f, &c.Number)
	unsigned(f, &c.Epoch)
	f.instant(&c.At)
	signed(f, &c.Offset)
	given(f, &c.Begin, (*form).beginning)
	given(f, &c.Scenario, (*form).scenario)
	f.vault(&c.Vault)
	f.rules(&c.Rules)
	list(f, &c.Deliveries, (*form).delivery)
	list(f, &c.Progress, (*form).progress)
	list(f, &c.Planned, (*form).planned)
	list(f, &c.Dropped, unsigned)
	list(f, &c.Timeline, signed)
	f.key(&c.Entity)
	unsigned(f, &c.Seq)
}

func (f *form) beginning(b *Beginning) {
	text(f, &b.ID)
	unsigned(f, &b.Seed)
	text(f, &b.Mode)
	text(f, &b.Notify)
}

// scenario walks a scenario by the text it was compiled from. Reading compiles
// it again.
func (f *form) scenario(s *scenarios.Scenario) {
	if !f.reading && len(s.Text.Sources) == 0 && !reflect.ValueOf(*s).IsZero() {
		f.fail("the scenario %q was made by a program and has no text", s.Name)
		return
	}
	f.flags(&s.Text.AllowAnyPAN)
	list(f, &s.Text.Sources, (*form).source)
	if !f.reading || f.err != nil {
		return
	}
	again, findings := s.Text.Compile()
	if err := findings.Err(); err != nil {
		f.fail("its scenario: %v", err)
		return
	}
	*s = again
}

func (f *form) source(s *scenarios.Source) {
	text(f, &s.File)
	text(f, &s.Data)
}

func (f *form) planned(p *Planned) {
	f.instant(&p.Due)
	unsigned(f, &p.Seq)
	text(f, &p.Token)
	text(f, &p.Card)
	text(f, &p.Cause)
	if f.reading {
		p.Action = new(scenarios.Action)
	}
	usual := *p.Action == activationAction
	f.flags(&usual)
	if usual {
		p.Action = &activationAction // a million of them share one
		return
	}
	f.action(p.Action)
}

func (f *form) action(a *scenarios.Action) {
	text(f, &a.Do)
	text(f, &a.By)
	text(f, &a.Reason)
	unlessZero(f, &a.Expiry, (*form).expiry)
	text(f, &a.PAN)
	f.flags(&a.NewNumber)
	unlessZero(f, &a.Notify, (*form).variants)
}

func (f *form) variants(v *scenarios.Variants) {
	signed(f, &v.Duplicate)
	signed(f, &v.Late)
	f.flags(
		&v.Never, &v.Reorder, &v.BeforeResponse, &v.StaleTime, &v.WrongSignature, &v.UnknownKey, &v.CutCiphertext, &v.UnknownField,
		&v.UnknownToken, &v.HugeBatch,
	)
}

func (f *form) expiry(e *token.Expiry) {
	signed(f, &e.Year)
	signed(f, &e.Month)
}

func (f *form) vault(d *vault.Delta) {
	list(f, &d.Cards, (*form).card)
	list(f, &d.Enrolments, (*form).enrolment)
	list(f, &d.Tokens, (*form).token)
	list(f, &d.Tasks, (*form).task)
	list(f, &d.StepUps, (*form).stepUp)
}

func (f *form) card(c *vault.Card) {
	text(f, &c.ID)
	text(f, &c.Name)
	text(f, &c.PAN)
	text(f, &c.Network)
	unlessZero(f, &c.Expiry, (*form).expiry)
	text(f, &c.Issuer)
	text(f, &c.PAR)
	signed(f, &c.Product)
	f.flags(&c.Closed)
}

func (f *form) enrolment(e *vault.Enrolment) {
	text(f, &e.Ref)
	text(f, &e.Network)
	text(f, &e.Requestor)
	text(f, &e.Wallet)
	text(f, &e.Card)
	signed(f, &e.Issued)
	signed(f, &e.Events)
}

func (f *form) token(t *vault.Token) {
	text(f, &t.Ref)
	text(f, &t.Network)
	text(f, &t.Requestor)
	text(f, &t.TRID)
	text(f, &t.Enrolment)
	text(f, &t.Card)
	text(f, &t.Number)
	unlessZero(f, &t.Expiry, (*form).expiry)
	text(f, &t.Presentation)
	text(f, &t.Status)
	list(f, (*[]token.Suspender)(&t.SuspendedBy), text)
	f.instant(&t.StatusAt)
	f.flags(&t.StepUp)
	unsigned(f, &t.ATC)
	signed(f, &t.Events)
	text(f, &t.Env)
	text(f, &t.ReplyTo)
}

func (f *form) task(t *vault.Task) {
	text(f, &t.Requestor)
	text(f, &t.ID)
	text(f, &t.Status)
}

func (f *form) stepUp(u *vault.StepUp) {
	text(f, &u.Token)
	text(f, &u.Method)
	signed(f, &u.Selected)
	signed(f, &u.Wrong)
	f.instant(&u.Expires)
}

func (f *form) delivery(d *callback.Delivery) {
	text(f, &d.ID)
	given(f, &d.Event, (*form).event)
	if d.Event == nil {
		f.fail("a delivery of nothing")
		return
	}
	text(f, &d.Target)
	text(f, &d.State)
	f.instant(&d.Due)
	unsigned(f, &d.Seq)
	list(f, &d.Attempts, (*form).attempt)
	signed(f, &d.Tries)
}

func (f *form) progress(p *callback.Progress) {
	text(f, &p.ID)
	text(f, &p.State)
	f.instant(&p.Due)
	unsigned(f, &p.Seq)
	text(f, &p.Target)
	signed(f, &p.Tries)
	given(f, &p.Attempt, (*form).attempt)
}

func (f *form) attempt(a *callback.Attempt) {
	signed(f, &a.N)
	f.instant(&a.At)
	text(f, &a.URL)
	signed(f, &a.Status)
	text(f, &a.Error)
	signed(f, &a.Took)
	f.instant(&a.Next)
	text(f, &a.Body)
}

func (f *form) event(e *token.Event) {
	text(f, &e.ID)
	text(f, &e.Type)
	text(f, &e.Network)
	text(f, &e.Sandbox)
	text(f, &e.Requestor)
	f.instant(&e.At)
	text(f, &e.By)
	text(f, &e.Reason)
	f.tokenState(&e.Token)
	f.accountState(&e.Card)
	list(f, &e.Hostile, text)
}

func (f *form) tokenState(s *token.TokenState) {
	text(f, &s.Ref)
	text(f, &s.TRID)
	text(f, &s.Status)
	list(f, (*[]token.Suspender)(&s.SuspendedBy), text)
	f.instant(&s.StatusAt)
	text(f, &s.Last4)
	unlessZero(f, &s.Expiry, (*form).expiry)
	text(f, &s.Number)
	text(f, &s.Env)
	text(f, &s.ReplyTo)
}

func (f *form) accountState(s *token.AccountState) {
	text(f, &s.Ref)
	text(f, &s.First6)
	text(f, &s.Last4)
	unlessZero(f, &s.Expiry, (*form).expiry)
	text(f, &s.Issuer)
	signed(f, &s.Revision)
}
