package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"

	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/simulator/journal"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/simulator/token"
)

// ErrNotice says that an event cannot become a notice: it is about no token,
// or its requestor is gone.
var ErrNotice = errors.New("no notice")

// Render makes the notifyTokenUpdated of an event, encrypted to the
// requestor's key and unsigned (docs/wire/mdes.md "Notifications"). The
// requestId belongs to the delivery, so it stays over all attempts; the
// encryption is new at each.
func (s *Server) Render(ev token.Event, try callback.Try) (callback.Request, error) {
	if ev.Token.Ref == "" {
		return callback.Request{}, fmt.Errorf("%w: %s is about no token", ErrNotice, ev.Type)
	}
	box, err := s.registry.Find(ev.Sandbox)
	if err != nil {
		return callback.Request{}, fmt.Errorf("%w: %w", ErrNotice, err)
	}
	requestor, ok := box.Requestor(ev.Requestor)
	if !ok {
		return callback.Request{}, fmt.Errorf("%w: no requestor %q", ErrNotice, ev.Requestor)
	}
	sealer, err := sealerTo(requestor)
	if err != nil {
		return callback.Request{}, err
	}
	env := mdes.Environment(ev.Token.Env)
	content := mdes.NoticeTokens{Tokens: []mdes.Token{noticeToken(box, ev)}}
	notice, err := mdes.SealNotice(sealer, mdes.NoticeContent{
		RequestID:    box.Derive("mastercard", "notice").UUID(try.Delivery),
		ResponseHost: hosts[env], Tokens: content.Tokens,
	})
	if err != nil {
		return callback.Request{}, err
	}
	url, err := mdes.NoticeURL(try.Target, env)
	if err != nil {
		return callback.Request{}, err
	}
	built, err := mdes.NoticeRequest(context.Background(), url, notice)
	if err != nil {
		return callback.Request{}, err
	}
	return callback.Request{
		Method: http.MethodPost, URL: url, Header: built.Header, Body: encode(notice), Masked: journal.Mask(encode(content)),
	}, nil
}

// noticeToken says what the event changed, and nothing that stayed: an
// optional object is there only when something in it is new.
func noticeToken(box *sandbox.Sandbox, ev token.Event) mdes.Token {
	t := standingOf(ev.Token)
	t.TokenRequestorID = string(ev.Token.TRID)
	t.EventReasonCode = reasonCode(ev.Reason)
	switch ev.Type {
	case token.PANExpiryUpdated, token.PANReplaced:
		t.TokenInfo = infoOf(ev.Token, ev.Card)
	case token.CardMetadataUpdated:
		t.ProductConfig = productConfig(box.Product(token.Mastercard, ev.Card.Issuer, ev.Card.Revision))
	}
	return t
}

var reasonForm = regexp.MustCompile(`^[A-Z][A-Z0-9_]{0,31}$`)

// reasonCode is the issuer's reason, if it can stand on the wire: at most 32
// characters, and new values may appear. A reason in other words is OTHER.
func reasonCode(reason string) string {
	if reason == "" || reasonForm.MatchString(reason) {
		return reason
	}
	return "OTHER"
}
