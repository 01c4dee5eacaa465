package sandbox

import (
	"github.com/pantomime-dev/pantomime/simulator/authorization"
)

func (f *form) pending(p *Pending) {
	text(f, &p.ID)
	f.instant(&p.At)
	text(f, &p.Issuer)
	text(f, &p.Late)
	text(f, &p.Op)
	text(f, &p.Network)
	text(f, &p.Effect)
	text(f, &p.Requestor)
	f.subject(&p.Subject)
	f.making(&p.Making)
	f.charge(&p.Charge)
	signed(f, &p.Asking.Amount)
	text(f, &p.Asking.Currency)
	f.flags(&p.Asking.Final)
	text(f, &p.Acquirer)
	text(f, &p.Once.Key)
	text(f, &p.Once.Digest)
	unsigned(f, &p.ATC)
	unsigned(f, &p.Seq)
	unlessZero(f, &p.Notify, (*form).variants)
	f.flags(&p.Before)
}

func (f *form) subject(s *Subject) {
	text(f, &s.Card.PAN)
	unlessZero(f, &s.Card.Expiry, (*form).expiry)
	text(f, &s.Card.Code)
	text(f, &s.Enrolment)
	text(f, &s.Token)
	list(f, &s.Tokens, text)
	text(f, &s.Payment)
	text(f, &s.FromToken)
}

func (f *form) making(m *Making) {
	text(f, &m.Wallet)
	text(f, &m.Presentation)
	text(f, &m.TaskID)
	f.flags(&m.Pushed)
	text(f, &m.Env)
	text(f, &m.ReplyTo)
}

func (f *form) charge(c *Charge) {
	f.amount(&c.Amount)
	text(f, &c.Merchant.ID)
	text(f, &c.Merchant.Category)
	text(f, &c.Merchant.Country)
	text(f, &c.Merchant.Descriptor)
	unlessZero(f, &c.Expiry, (*form).expiry)
	text(f, &c.Cryptogram)
	text(f, &c.ECI)
	text(f, &c.Reference)
	f.flags(&c.Partial)
	text(f, &c.Previous)
}

func (f *form) amount(a *authorization.Amount) {
	signed(f, &a.Value)
	text(f, &a.Currency)
}
