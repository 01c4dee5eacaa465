package journal

import (
	"encoding/binary"
	"time"

	"github.com/pantomime-dev/pantomime/token"
)

// unpacker reads what a [packer] wrote.
type unpacker []byte

func (u *unpacker) number() uint64 {
	n, size := binary.Uvarint(*u)
	*u = (*u)[size:]
	return n
}

func (u *unpacker) take(n uint64) string {
	s := string((*u)[:n])
	*u = (*u)[n:]
	return s
}

func (u *unpacker) text() string { return u.take(u.number()) }

func (u *unpacker) masked() string {
	n := binary.LittleEndian.Uint32(*u)
	*u = (*u)[4:]
	return u.take(uint64(n))
}

func (u *unpacker) instant() time.Time {
	if n := u.number(); n != 0 {
		return time.Unix(0, int64(n)).UTC()
	}
	return time.Time{}
}

func (u *unpacker) entry() Entry {
	e := Entry{About: u.about(), Request: u.message(), Response: u.message()}
	for range u.number() {
		e.Facts = append(e.Facts, u.fact())
	}
	return e
}

func (u *unpacker) about() (a About) {
	a.Sandbox, a.Network, a.Op = u.text(), token.Network(u.text()), token.Operation(u.text())
	a.Requestor, a.Trace, a.Entity, a.Rule, a.RuleID = u.text(), u.text(), u.text(), u.text(), u.text()
	a.Decision, a.Problem, a.Detail, a.Fault = token.Decision(u.text()), token.Key(u.text()), u.text(), token.Fault(u.text())
	a.At, a.Wall = u.instant(), u.instant()
	a.Took, a.Delay = time.Duration(u.number()), time.Duration(u.number())
	a.EntitySeq = uint32(u.number())
	for range u.number() {
		a.Tokens = append(a.Tokens, token.Ref(u.text()))
	}
	a.Attempt, a.Change, a.Work = int(u.number()), u.number(), token.Work(u.text())
	for range u.number() {
		a.Legs = append(a.Legs, token.Leg{From: u.text(), To: u.text(), Event: token.EventType(u.text()), Token: token.Ref(u.text())})
	}
	for range u.number() {
		a.Checks = append(a.Checks, u.check())
	}
	return a
}

func (u *unpacker) fact() (f Fact) {
	form := u.number()
	f.Present, f.Cut, f.Hidden = form&1 != 0, form&2 != 0, form&4 != 0
	f.Part, f.Name, f.Value = token.RequestPart(u.text()), u.text(), u.text()
	return f
}

func (u *unpacker) check() token.Check {
	form := u.number()
	c := token.Check{OK: form&checkHeld != 0, Name: u.text(), KeyID: u.text()}
	if form&checkLong != 0 {
		c.Expected, c.Received, c.Difference, c.Hint = u.text(), u.text(), u.text(), u.text()
	}
	return c
}

func (u *unpacker) message() (m Message) {
	m.Method, m.Path, m.Query = u.text(), u.text(), u.text()
	for n := u.number(); n > 0; n-- {
		if m.Header == nil {
			m.Header = make(map[string]string, n)
		}
		name := u.text()
		m.Header[name] = u.text()
	}
	m.Status, m.Size = int(u.number()), int(u.number())
	m.Body = u.masked()
	for range u.number() {
		m.Clear = append(m.Clear, Part{Field: u.text(), Body: u.masked()})
	}
	return m
}
