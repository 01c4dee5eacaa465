package sandbox

import (
	"github.com/pantomime-dev/pantomime/simulator/vault"
	"github.com/pantomime-dev/pantomime/token"
)

func (f *form) vault(d *vault.Delta) {
	list(f, &d.Cards, (*form).card)
	list(f, &d.Enrolments, (*form).enrolment)
	list(f, &d.Tokens, (*form).token)
	list(f, &d.Tasks, (*form).task)
	list(f, &d.StepUps, (*form).stepUp)
	list(f, &d.Cryptograms, (*form).cryptogram)
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
	text(f, &t.Reason)
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

func (f *form) cryptogram(c *vault.Cryptogram) {
	text(f, &c.Token)
	unsigned(f, &c.ATC)
	f.instant(&c.At)
	f.flags(&c.Spent)
}

func (f *form) expiry(e *token.Expiry) {
	signed(f, &e.Year)
	signed(f, &e.Month)
}
