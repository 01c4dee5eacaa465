package sandbox

import (
	"reflect"

	"github.com/pantomime-dev/pantomime/scenarios"
)

// changeVersion is the form of changes that is written and read. It goes up with
// any change of what follows it.
const changeVersion = 9

// MaxChange is how long a change may be as bytes. What a control door takes in
// one request, and a scenario of fifty files of the largest size (1 MiB), stay below.
const MaxChange = 60 << 20

// Codec writes changes as bytes and reads them. What it writes holds card
// numbers, token numbers, codes and scenario files in the clear; it is for a log
// that seals them.
type Codec struct{}

// Place reports a change's number and epoch.
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
	f.payments(&c.Payments)
	list(f, &c.Deliveries, (*form).delivery)
	list(f, &c.Progress, (*form).progress)
	list(f, &c.Forgotten, text)
	list(f, &c.Records, (*form).record)
	list(f, &c.Planned, (*form).planned)
	list(f, &c.Dropped, unsigned)
	list(f, &c.Timeline, signed)
	list(f, &c.Deeds, (*form).deed)
	signed(f, &c.Untold)
	f.key(&c.Entity)
	unsigned(f, &c.Seq)
	list(f, &c.Asked, (*form).pending)
	list(f, &c.Answered, text)
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

func (f *form) record(r *Record) {
	text(f, &r.Key)
	given := r.Value != nil
	f.flags(&given)
	text(f, &r.Value)
	if f.reading && given && r.Value == nil {
		r.Value = []byte{}
	}
}

func (f *form) planned(p *Planned) {
	f.instant(&p.Due)
	unsigned(f, &p.Seq)
	text(f, &p.Token)
	text(f, &p.Card)
	text(f, &p.Payment)
	text(f, &p.Entry)
	text(f, &p.Cause)
	text(f, &p.Place)
	signed(f, &p.Round)
	f.instant(&p.Since)
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

func (f *form) deed(d *Deed) {
	text(f, &d.Token)
	text(f, &d.Card)
	text(f, &d.Event)
	text(f, &d.EventID)
	text(f, &d.By)
	text(f, &d.Reason)
	text(f, &d.Kind)
	text(f, &d.Operation)
	text(f, &d.Place)
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
