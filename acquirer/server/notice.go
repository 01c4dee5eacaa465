package server

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/pantomime-dev/pantomime/acquirer"
	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/simulator/journal"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

// ErrNotice says that an event cannot be reported.
var ErrNotice = errors.New("cannot render a notice")

// masks hide in the log of attempts what the journal hides.
var masks = journal.NewMasks(Secrets())

// Render makes the notice of what happened to a payment (docs/wire/acquirer.md
// "Notices"). It is signed again at each attempt, with the secret of the requestor
// at the acquirer and the wall's time, because receivers judge it by theirs. The
// error is ErrNotice, wrapped: events of tokens are reported by their network.
func (s *Server) Render(ev token.Event, try callback.Try) (callback.Request, error) {
	if !ev.Type.OfPayment() {
		return callback.Request{}, fmt.Errorf("%w: the acquirer has none for %q", ErrNotice, ev.Type)
	}
	box, err := s.Registry.Find(ev.Sandbox)
	if err != nil {
		return callback.Request{}, fmt.Errorf("%w: %w", ErrNotice, err)
	}
	own, err := accountAt(box, ev)
	if err != nil {
		return callback.Request{}, fmt.Errorf("%w: %w", ErrNotice, err)
	}
	notice, at, unknown := noticeOf(ev), s.Wall.Now(), ""
	if ev.Has(token.VariantStaleTime) {
		at = at.Add(-staleBy)
	}
	misstate(&notice, box, ev)
	if ev.Has(token.VariantUnknownField) {
		unknown = "undocumentedMember"
	}
	made, err := notice.Request(try.Target, misused(own, box, ev), at, unknown)
	if err != nil {
		return callback.Request{}, fmt.Errorf("%w: %w", ErrNotice, err)
	}
	return callback.Request{Method: http.MethodPost, URL: made.URL, Header: made.Header, Body: made.Body, Masked: masks.Mask(made.Body)}, nil
}

// accountAt finds the credential whose secret signs.
func accountAt(box *sandbox.Sandbox, ev token.Event) (acquirer.Credential, error) {
	q, ok := box.Requestor(ev.Requestor)
	if !ok {
		return acquirer.Credential{}, fmt.Errorf("no requestor %q", ev.Requestor)
	}
	for _, one := range KeysOf(q) {
		if one.Acquirer == ev.Payment.Acquirer {
			return one.Credential, nil
		}
	}
	return acquirer.Credential{}, fmt.Errorf("no acquirer %q", ev.Payment.Acquirer)
}

// noticeOf words an event.
func noticeOf(ev token.Event) acquirer.Notice {
	p := ev.Payment
	n := acquirer.Notice{
		ID: ev.ID, Type: string(ev.Type), CreatedAt: instant(ev.At), Acquirer: p.Acquirer,
		Payment: acquirer.NoticePayment{
			ID: p.ID, Reference: p.Reference, MerchantID: p.Merchant, NetworkTransactionID: p.Transaction, Status: p.Status,
			Currency: p.Currency, Authorized: p.Held, Captured: p.Captured, Refunded: p.Refunded,
		},
	}
	switch {
	case p.Dispute != "":
		n.Dispute = &acquirer.DisputeInfo{ID: p.Dispute, Status: p.Act, Amount: p.Amount, Reason: ev.Reason, CreatedAt: instant(ev.At)}
	case p.Entry != "":
		n.Entry = &acquirer.NoticeEntry{ID: p.Entry, Type: p.Act, Amount: p.Amount}
	}
	return n
}
