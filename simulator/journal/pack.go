package journal

import (
	"encoding/binary"
	"time"

	"github.com/pantomime-dev/pantomime/token"
)

// An entry is kept as bytes: one piece of memory that the collector need not
// look into, where a value of [Entry] has some forty. Each field is written in
// the order of the functions below, numbers as varints, texts with their length
// in front. The form is never stored elsewhere.

// packer writes entries behind one another.
type packer struct {
	buf   []byte
	masks *Masks
}

func (p *packer) number(n uint64) { p.buf = binary.AppendUvarint(p.buf, n) }

func (p *packer) text(s string) {
	p.number(uint64(len(s)))
	p.buf = append(p.buf, s...)
}

// masked writes a text fit to be stored. Its length is known afterwards only, so
// there are four bytes for it.
func (p *packer) masked(raw []byte) {
	at := len(p.buf)
	p.buf = p.masks.appendMasked(append(p.buf, 0, 0, 0, 0), raw)
	binary.LittleEndian.PutUint32(p.buf[at:], uint32(len(p.buf)-at-4))
}

// instant writes a time; 0 is none.
func (p *packer) instant(t time.Time) {
	if t.IsZero() {
		p.number(0)
		return
	}
	p.number(uint64(t.UnixNano()))
}

func (p *packer) draft(d *Draft) {
	p.about(&d.About)
	p.raw(&d.Request)
	p.raw(&d.Response)
	p.number(uint64(len(d.Facts)))
	for i := range d.Facts {
		p.fact(&d.Facts[i])
	}
}

func (p *packer) about(a *About) {
	for _, s := range [...]string{
		a.Sandbox, string(a.Network), string(a.Op), a.Requestor, token.Scrub(a.Trace), a.Entity, a.Rule, a.RuleID,
		string(a.Decision), string(a.Problem), a.Detail, string(a.Fault),
	} {
		p.text(s)
	}
	p.instant(a.At)
	p.instant(a.Wall)
	p.number(uint64(a.Took))
	p.number(uint64(a.Delay))
	p.number(uint64(a.EntitySeq))
	p.number(uint64(len(a.Tokens)))
	for _, ref := range a.Tokens {
		p.text(token.Scrub(string(ref))) // as the client sent it, which may be anything
	}
	p.number(uint64(a.Attempt))
	p.number(a.Change)
	p.text(string(a.Work))
	p.number(uint64(len(a.Legs)))
	for _, l := range a.Legs {
		for _, s := range [...]string{l.From, l.To, string(l.Event), string(l.Token)} {
			p.text(s)
		}
	}
	p.number(uint64(len(a.Checks)))
	for i := range a.Checks {
		p.check(&a.Checks[i])
	}
}

func (p *packer) fact(f *token.Fact) {
	shown := p.masks.fact(f)
	form := uint64(0)
	for i, is := range [...]bool{f.Present, f.Cut, shown != f.Value} {
		if is {
			form |= 1 << i
		}
	}
	p.number(form)
	p.text(string(f.Part))
	p.text(token.Scrub(f.Name))
	p.text(shown)
}

// check writes a check; most held, and have nothing but a name and a key.
func (p *packer) check(c *token.Check) {
	short := c.OK && c.Expected == "" && c.Received == "" && c.Difference == "" && c.Hint == ""
	switch {
	case short:
		p.number(checkHeld)
	case c.OK:
		p.number(checkLong | checkHeld)
	default:
		p.number(checkLong)
	}
	p.text(c.Name)
	p.text(c.KeyID)
	if !short {
		for _, s := range [...]string{c.Expected, c.Received, c.Difference, c.Hint} {
			p.text(s)
		}
	}
}

// What the number in front of a check says.
const (
	checkHeld = 1 << iota
	checkLong // it has all its texts
)

func (p *packer) raw(m *Raw) {
	p.text(token.Scrub(m.Method))
	p.text(token.Scrub(m.Path))
	p.text(token.Scrub(m.Query))
	p.number(uint64(len(m.Header)))
	for _, f := range m.Header {
		p.text(f.Name)
		if f.Secret {
			p.text(token.Secret)
		} else {
			p.text(token.Scrub(f.Value))
		}
	}
	p.number(uint64(m.Status))
	p.number(uint64(m.Size))
	p.masked(m.Body)
	p.number(uint64(len(m.Clear)))
	for _, part := range m.Clear {
		p.text(part.Field)
		p.masked(part.Body)
	}
}
