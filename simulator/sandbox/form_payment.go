package sandbox

import "github.com/pantomime-dev/pantomime/simulator/authorization"

func (f *form) payments(d *authorization.Delta) {
	list(f, &d.Put, (*form).authorization)
	list(f, &d.Remembered, (*form).remembered)
}

func (f *form) authorization(a *authorization.Authorization) {
	text(f, &a.ID)
	text(f, &a.Code)
	text(f, &a.Transaction)
	text(f, &a.Acquirer)
	text(f, &a.Requestor)
	text(f, &a.Reference)
	text(f, &a.Network)
	text(f, &a.Card)
	text(f, &a.Token)
	text(f, &a.Means)
	text(f, &a.Last4)
	text(f, &a.Merchant.ID)
	text(f, &a.Merchant.Category)
	text(f, &a.Merchant.Country)
	text(f, &a.Merchant.Descriptor)
	text(f, &a.Currency)
	signed(f, &a.Asked)
	signed(f, &a.Held)
	signed(f, &a.Captured)
	signed(f, &a.Refunded)
	signed(f, &a.Lost)
	text(f, &a.End)
	f.instant(&a.At)
	f.instant(&a.Until)
	unsigned(f, &a.Timer)
	signed(f, &a.Acts)
	list(f, &a.Entries, (*form).entry)
	unlessZero(f, &a.Dispute, (*form).dispute)
}

func (f *form) entry(e *authorization.Entry) {
	text(f, &e.ID)
	text(f, &e.Act)
	signed(f, &e.Amount)
	f.instant(&e.At)
	f.instant(&e.Cleared)
	f.instant(&e.Settled)
}

func (f *form) dispute(d *authorization.Dispute) {
	text(f, &d.ID)
	text(f, &d.State)
	signed(f, &d.Amount)
	text(f, &d.Reason)
	f.instant(&d.At)
	f.instant(&d.Ended)
}

func (f *form) remembered(r *authorization.Remembered) {
	text(f, &r.Requestor)
	text(f, &r.Acquirer)
	text(f, &r.Key)
	text(f, &r.Digest)
	f.instant(&r.At)
	f.authorization(&r.Authorization)
	f.entry(&r.Entry)
	text(f, &r.Why)
	text(f, &r.Detail)
}
