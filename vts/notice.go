package vts

import (
	"crypto/hmac"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/pantomime-dev/pantomime/token"
)

// NoticeKind says which of the two notices to a token requestor this is; it
// is the last segment of the path (docs/wire/vts.md "Notifications").
type NoticeKind string

// The kinds that a card-on-file requestor receives.
const (
	NoticeToken NoticeKind = "provisionedToken"
	NoticePAN   NoticeKind = "panMetadata"
)

// Event types of a token notice. A change of the card comes as a PAN notice,
// which has none.
const (
	EventTokenCreated       = "TOKEN_CREATED"
	EventTokenStatusUpdated = "TOKEN_STATUS_UPDATED"
)

// Errors of a received notice.
var (
	ErrNotice       = errors.New("not a notice of the token service")
	ErrNoticeAPIKey = errors.New("notice carries another API key")
)

// CheckNoticeAPIKey names the check of the key in a notice's query.
const CheckNoticeAPIKey = "notice apiKey"

// Notice says that something happened, not what: the receiver reads the token
// or the card again and compares.
type Notice struct {
	Kind           NoticeKind
	EventType      string // token notices only
	APIKey         string // of the receiver, in the query
	ID             string // vProvisionedTokenID or vPanEnrollmentID
	Date           Seconds
	RelationshipID string // token notices only; names the merchant
	StatusReason   string // token notices only; why the token was suspended, if somebody else did and said
	Unknown        string // name of a member that no document knows, to try out receivers; "" for none
}

type tokenNotice struct {
	VProvisionedTokenID string  `json:"vProvisionedTokenID"`
	Date                Seconds `json:"date"`
	RelationshipID      string  `json:"relationshipID,omitempty"`

	TokenInfo *noticeInfo `json:"tokenInfo,omitempty"`
}

type noticeInfo struct {
	StatusReason string `json:"statusReason,omitempty"`
}

type panNotice struct {
	VPanEnrollmentID string  `json:"vPanEnrollmentID"`
	Date             Seconds `json:"date"`
}

// NoticeRequest is a notice ready to be sent; its signature covers exactly
// these bytes.
type NoticeRequest struct {
	Method string
	URL    string // base, kind and query
	Header http.Header
	Body   []byte
}

// Request renders a notice for the receiver at base. signer makes the
// x-pay-token over the receiver's own path, stamped with at; nil sends it
// unsigned. requestID becomes x-request-id and should be new per attempt.
func (n Notice) Request(base string, signer *Signer, at time.Time, requestID string) (NoticeRequest, error) {
	target, err := url.Parse(base)
	if err != nil || target.Host == "" {
		return NoticeRequest{}, fmt.Errorf("notice target %q: must be an absolute URL", base)
	}
	body, err := n.extended()
	if err != nil {
		return NoticeRequest{}, err
	}
	target = target.JoinPath(string(n.Kind))
	target.RawQuery, target.Fragment = n.query(), ""
	header := http.Header{}
	header.Set("Content-Type", "application/json")
	header.Set(HeaderRequestID, requestID)
	if signer != nil {
		resource := strings.TrimPrefix(target.EscapedPath(), "/")
		header.Set(HeaderPayToken, signer.Sign(at, Message{resource, target.RawQuery, body}))
	}
	return NoticeRequest{http.MethodPost, target.String(), header, body}, nil
}

func (n Notice) query() string {
	key := "apiKey=" + url.QueryEscape(n.APIKey)
	if n.Kind == NoticeToken {
		return "eventType=" + url.QueryEscape(n.EventType) + "&" + key
	}
	return key
}

// extended is the body with the unknown member, if there shall be one.
func (n Notice) extended() ([]byte, error) {
	body, err := n.body()
	if err != nil || n.Unknown == "" {
		return body, err
	}
	name, err := json.Marshal(n.Unknown)
	return slices.Concat(body[:len(body)-1], []byte(","), name, []byte(`:true}`)), err
}

func (n Notice) body() ([]byte, error) {
	switch n.Kind {
	case NoticeToken:
		t := tokenNotice{VProvisionedTokenID: n.ID, Date: n.Date, RelationshipID: n.RelationshipID}
		if n.StatusReason != "" {
			t.TokenInfo = &noticeInfo{n.StatusReason}
		}
		return json.Marshal(t)
	case NoticePAN:
		return json.Marshal(panNotice{n.ID, n.Date})
	}
	return nil, fmt.Errorf("%w: kind %q", ErrNotice, string(n.Kind))
}

// ParseNotice reads a notice from the path and the raw query it came to and
// from its body, without judging who sent it. The error is [ErrNotice].
func ParseNotice(resourcePath, rawQuery string, body []byte) (Notice, error) {
	kind := NoticeKind(path.Base(resourcePath))
	if !slices.Contains([]NoticeKind{NoticeToken, NoticePAN}, kind) {
		return Notice{}, fmt.Errorf("%w: the path must end in provisionedToken or panMetadata", ErrNotice)
	}
	n := Notice{Kind: kind}
	n.APIKey, _ = APIKey(rawQuery)
	if err := n.read(body); err != nil {
		return Notice{}, fmt.Errorf("%w: %w", ErrNotice, err)
	}
	if kind == NoticeToken {
		values, _ := url.ParseQuery(rawQuery)
		if n.EventType = values.Get("eventType"); n.EventType == "" {
			return Notice{}, fmt.Errorf("%w: eventType is missing in the query", ErrNotice)
		}
	}
	if n.ID == "" {
		return Notice{}, fmt.Errorf("%w: the body names no token and no card", ErrNotice)
	}
	return n, nil
}

func (n *Notice) read(body []byte) error {
	if n.Kind == NoticePAN {
		var p panNotice
		err := Decode(body, &p)
		n.ID, n.Date = p.VPanEnrollmentID, p.Date
		return err
	}
	var t tokenNotice
	err := Decode(body, &t)
	n.ID, n.Date, n.RelationshipID = t.VProvisionedTokenID, t.Date, t.RelationshipID
	if t.TokenInfo != nil {
		n.StatusReason = t.TokenInfo.StatusReason
	}
	return err
}

// VerifyNotice judges a notice as its receiver: API key, then x-pay-token, then
// content. body is what was read from the request. The error wraps
// [ErrNoticeAPIKey], [ErrPayToken] or [ErrNotice]; the checks say more.
func VerifyNotice(r *http.Request, body []byte, signer *Signer, now time.Time) (Notice, token.Checks, error) {
	resource, query := Target(r)
	var checks token.Checks
	if key, _ := APIKey(query); !hmac.Equal([]byte(key), []byte(signer.id)) {
		checks.Fail(token.Check{
			Name: CheckNoticeAPIKey, Expected: "apiKey=" + signer.id + " in the query",
			Received: quoted(key), KeyID: signer.id,
		})
		return Notice{}, checks, ErrNoticeAPIKey
	}
	checks.Pass(CheckNoticeAPIKey, signer.id)
	signed, err := signer.Verify(Received{
		Header: r.Header.Values(HeaderPayToken), Paths: []string{resource},
		Query: query, Body: body, Now: now,
	})
	checks = append(checks, signed...)
	if err != nil {
		return Notice{}, checks, err
	}
	n, err := ParseNotice(resource, query, body)
	return n, checks, err
}
