package mdes

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// Notice is the body of notifyTokenUpdated as it travels. Tokens in clear, at
// the top, is a variant of requestors that did not opt for encryption
// (docs/wire/mdes.md "Notifications").
type Notice struct {
	ResponseHost           string            `json:"responseHost,omitempty"`
	RequestID              LooseString       `json:"requestId"`
	EncryptedPayload       *EncryptedPayload `json:"encryptedPayload,omitempty"`
	RedigitizationRequired *LooseBool        `json:"redigitizationRequired,omitempty"` // 1.3.3; not for server tokens
	Tokens                 []Token           `json:"tokens,omitempty"`
}

// NoticeTokens is the clear text of a notice's encryptedPayload.
type NoticeTokens struct {
	Tokens []Token `json:"tokens"`
}

// NoticeReply acknowledges a notice; ResponseID is the notice's requestId.
type NoticeReply struct {
	ResponseHost string `json:"responseHost,omitempty"`
	ResponseID   string `json:"responseId,omitempty"`
}

// NoticeContent is what a notice says once it is open.
type NoticeContent struct {
	RequestID    string
	ResponseHost string // the network's
	Tokens       []Token
	Encrypted    bool // whether it came encrypted
}

// ErrNotice says that a body is no notice: not JSON, or neither encrypted nor
// with tokens. A payload that does not open is a *[CryptographyError].
var ErrNotice = errors.New("notice")

// OpenNotice reads the body of a notice on the token requestor's side. Names
// are matched whatever their letter case: requestID has been seen.
func OpenNotice(o *Opener, body []byte) (NoticeContent, error) {
	if len(body) > maxBody {
		return NoticeContent{}, fmt.Errorf("%w: %d bytes, at most %d are read", ErrNotice, len(body), maxBody)
	}
	var n Notice
	if err := json.Unmarshal(body, &n); err != nil {
		return NoticeContent{}, fmt.Errorf("%w: not the JSON of a notice", ErrNotice)
	}
	content := NoticeContent{RequestID: string(n.RequestID), ResponseHost: n.ResponseHost, Tokens: n.Tokens}
	if n.EncryptedPayload == nil {
		if len(n.Tokens) == 0 {
			return NoticeContent{}, fmt.Errorf("%w: neither encryptedPayload nor tokens", ErrNotice)
		}
		return content, nil
	}
	var clearText NoticeTokens
	if err := o.OpenJSON(*n.EncryptedPayload, &clearText); err != nil {
		return NoticeContent{}, err
	}
	content.Tokens, content.Encrypted = clearText.Tokens, true
	return content, nil
}

// NoticeRequest builds the POST that carries a notice to a token requestor. It
// is not signed: trust is TLS and the encryption
// (docs/wire/mdes.md "Notifications").
func NoticeRequest(ctx context.Context, target string, n Notice) (*http.Request, error) {
	body, err := marshal(n)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotice, err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotice, err)
	}
	setJSON(req.Header, true)
	return req, nil
}

// NoticeURL joins where notices go: below a registered base URL or, where base
// has no scheme, below https:// and a responseHost.
func NoticeURL(base string, env Environment) (string, error) {
	if !strings.Contains(base, "://") {
		if !isHostAndRoot(base) {
			return "", fmt.Errorf("%w: responseHost %s is not host[:port][/contextRoot]", ErrNotice, quoted(base))
		}
		base = "https://" + base
	}
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return "", fmt.Errorf("%w: base URL %s is not http:// or https:// and a host", ErrNotice, quoted(base))
	}
	return strings.TrimSuffix(u.Scheme+"://"+u.Host+u.EscapedPath(), "/") + env.NoticePath(), nil
}

func setJSON(h http.Header, withBody bool) {
	h.Set("Accept", "application/json")
	if withBody {
		h.Set("Content-Type", "application/json")
	}
}
