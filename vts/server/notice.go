package server

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// ErrNotice says that an event cannot be reported.
var ErrNotice = errors.New("cannot render a notice")

// Render makes the notice of an event (docs/wire/vts.md "Notifications"). It is
// signed again at each attempt, with the key of the network's own calls and the
// wall's time, because receivers judge it by theirs; the date is the sandbox's.
// The x-request-id is derived, another one for each attempt. The error is
// ErrNotice, wrapped.
func (s *Server) Render(ev token.Event, try callback.Try) (callback.Request, error) {
	a, err := s.receiver(ev)
	if err != nil {
		return callback.Request{}, fmt.Errorf("%w: %w", ErrNotice, err)
	}
	notice, err := noticeOf(ev)
	if err != nil {
		return callback.Request{}, err
	}
	notice.APIKey, notice.RelationshipID = a.outbound.KeyID(), a.requestor.Relation
	signer, at := a.outbound, s.Wall.Now()
	if ev.Has(token.VariantWrongSignature) {
		signer = a.forger
	}
	if ev.Has(token.VariantStaleTime) {
		at = at.Add(-staleBy)
	}
	if !switchesOf(a.box).SignNotices {
		signer = nil
	}
	a.misstate(&notice, ev)
	id := a.ids.UUID("notice", try.Delivery, strconv.Itoa(try.N))
	made, err := a.signedOnce(notice, try.Target, signer, at, id)
	if err != nil {
		return callback.Request{}, fmt.Errorf("%w: %w", ErrNotice, err)
	}
	return callback.Request{
		Method: made.Method, URL: made.URL, Header: made.Header, Body: made.Body, Masked: masks.Mask(made.Body),
	}, nil
}

// signedOnce signs a notice with a token that was not sent before: two equal
// ones within a second would have the same, so the later one is of a second later.
func (a *account) signedOnce(n vts.Notice, target string, signer *vts.Signer, at time.Time, id string) (made vts.NoticeRequest, err error) {
	a.sent.Forget(at.Add(-vts.Window))
	for late := time.Duration(0); late < vts.Window; late += time.Second {
		made, err = n.Request(target, signer, at.Add(late), id)
		if payToken := made.Header.Get(vts.HeaderPayToken); err != nil || payToken == "" || !a.sent.Again(payToken, at.Add(late)) {
			break
		}
	}
	return made, err
}

// receiver finds the account that an event is for.
func (s *Server) receiver(ev token.Event) (*account, error) {
	box, err := s.Registry.Find(ev.Sandbox)
	if err != nil {
		return nil, err
	}
	return accountOf(box, ev.Requestor)
}

// noticeOf words an event. The wire says that something changed, not what; only
// a new token has an event type of its own.
func noticeOf(ev token.Event) (vts.Notice, error) {
	n := vts.Notice{Kind: vts.NoticeToken, ID: string(ev.Token.Ref), Date: vts.SecondsOf(ev.At)}
	switch ev.Type {
	case token.TokenProvisioned:
		n.EventType = vts.EventTokenCreated
	case token.TokenActivated, token.TokenSuspended, token.TokenResumed, token.TokenDeleted:
		n.EventType = vts.EventTokenStatusUpdated
		if ev.Type == token.TokenSuspended && ev.By != token.ByRequestor {
			n.StatusReason = ev.Reason
		}
	case token.PANExpiryUpdated, token.PANReplaced, token.CardMetadataUpdated, token.AccountClosed:
		n.Kind, n.ID = vts.NoticePAN, string(ev.Card.Ref)
	default:
		return n, fmt.Errorf("%w: the network has none for %q", ErrNotice, ev.Type)
	}
	if n.ID == "" {
		return n, fmt.Errorf("%w: %s names neither token nor card", ErrNotice, ev.Type)
	}
	return n, nil
}
