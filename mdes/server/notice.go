package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"

	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

// ErrNotice says that an event cannot become a notice: it is about no token, its
// requestor is gone, or the sandbox does not tell of such events.
var ErrNotice = errors.New("no notice")

// noticeBody is the body of a notice. Tokens, where it has any, are in the clear;
// Unknown is for the variant unknown-field.
type noticeBody struct {
	mdes.Notice
	Tokens  []entry `json:"tokens,omitempty"`
	Unknown string  `json:"notInTheSpecification,omitempty"`
}

// Render makes the notifyTokenUpdated of an event, unsigned and, unless the
// sandbox wants it in the clear, encrypted to the requestor's key
// (docs/wire/mdes.md "Notifications"). The requestId belongs to the event, so
// it stays over all attempts and duplicates; the encryption is new at each.
func (s *Server) Render(ev token.Event, try callback.Try) (callback.Request, error) {
	box, requestor, err := s.receiver(ev)
	if err != nil {
		return callback.Request{}, err
	}
	env := mdes.Environment(ev.Token.Env)
	all := batchOf(box, ev)
	body := noticeBody{Notice: mdes.Notice{
		ResponseHost: hosts[env], RequestID: mdes.LooseString(box.Derive("mastercard", "notice").UUID(ev.ID)),
	}}
	if ev.Has(token.VariantUnknownField) {
		body.Unknown = unknownField
	}
	form := switchesOf(box).Scalars
	content := scalarsAs(form, encode(map[string][]entry{"tokens": all}))
	if switchesOf(box).ClearNotices {
		body.Tokens = all
	} else if body.EncryptedPayload, err = s.sealNotice(box, requestor, ev, content); err != nil {
		return callback.Request{}, err
	}
	url, err := mdes.NoticeURL(try.Target, env)
	if err != nil {
		return callback.Request{}, err
	}
	built, err := mdes.NoticeRequest(context.Background(), url, body.Notice)
	if err != nil {
		return callback.Request{}, err
	}
	return callback.Request{
		Method: http.MethodPost, URL: url, Header: built.Header, Body: scalarsAs(form, encode(body)), Masked: masks.Mask(content),
	}, nil
}

// receiver finds whom an event is for, and refuses one without a receiver.
func (s *Server) receiver(ev token.Event) (*sandbox.Sandbox, *sandbox.Requestor, error) {
	if ev.Token.Ref == "" {
		return nil, nil, fmt.Errorf("%w: %s is about no token", ErrNotice, ev.Type)
	}
	box, err := s.Registry.Find(ev.Sandbox)
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrNotice, err)
	}
	requestor, ok := box.Requestor(ev.Requestor)
	if !ok {
		return nil, nil, fmt.Errorf("%w: no requestor %q", ErrNotice, ev.Requestor)
	}
	if ev.Type == token.TokenActivated && !switchesOf(box).ActivationNotices {
		return nil, nil, fmt.Errorf("%w: the switch activation-notices is off", ErrNotice)
	}
	return box, requestor, nil
}

// sealNotice encrypts in the field-level form whatever form requests have: that
// of notices is the only one known.
func (s *Server) sealNotice(box *sandbox.Sandbox, q *sandbox.Requestor, ev token.Event, content []byte) (*mdes.EncryptedPayload, error) {
	account, err := accountOf(box, q.Name)
	if err != nil {
		return nil, err
	}
	sealer, err := account.sealer(switchesOf(box), "")
	if err != nil {
		return nil, err
	}
	sealed, err := sealer.Seal(content)
	if err != nil {
		return nil, err
	}
	sealed = damage(box, ev, sealed)
	return &sealed, nil
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
	case token.TokenRedigitized:
		t.TokenInfo = infoOf(ev.Token, ev.Card)
		// A changed number, where the sandbox shows it, never in the clear
		// (docs/wire/mdes.md "Notifications").
		if s := switchesOf(box); s.NoticeTokenNumber && !s.ClearNotices {
			t.TokenInfo.TokenNumber = mdes.Sensitive(ev.Token.Number.Digits())
		}
	case token.CardMetadataUpdated:
		t.ProductConfig = productConfig(productOf(box, ev))
	}
	return t
}

var reasonForm = regexp.MustCompile(`^[A-Z][A-Z0-9_]{0,31}$`)

// reasonCode is the issuer's reason, if it can be on the wire: at most 32
// characters, and new values may appear. A reason in other words is OTHER.
func reasonCode(reason string) string {
	if reason == "" || reasonForm.MatchString(reason) {
		return reason
	}
	return "OTHER"
}
