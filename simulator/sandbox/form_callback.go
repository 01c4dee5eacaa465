package sandbox

import (
	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/token"
)

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
	f.flags(&a.Final)
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
	list(f, &e.Variants, text)
	text(f, &e.Party)
	text(f, &e.Account)
	text(f, &e.Subject)
	unlessZero(f, &e.Payment, (*form).paymentState)
}

func (f *form) paymentState(p *token.PaymentState) {
	text(f, &p.ID)
	text(f, &p.Acquirer)
	text(f, &p.Reference)
	text(f, &p.Merchant)
	text(f, &p.Transaction)
	text(f, &p.Status)
	text(f, &p.Currency)
	signed(f, &p.Held)
	signed(f, &p.Captured)
	signed(f, &p.Refunded)
	text(f, &p.Entry)
	text(f, &p.Act)
	signed(f, &p.Amount)
	text(f, &p.Dispute)
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
