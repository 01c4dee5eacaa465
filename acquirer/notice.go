package acquirer

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Headers of a notice (docs/wire/acquirer.md "Notices").
const (
	HeaderNoticeKey = "X-Acquirer-Key"       // of the credential that signed it
	HeaderSignature = "X-Acquirer-Signature" // t=1772355600,v1=…
)

// NoticeWindow is how old a notice may be, or how far ahead, when it is judged.
const NoticeWindow = 5 * time.Minute

// Errors of judging a notice.
var (
	ErrNotice    = errors.New("not a notice of an acquirer")
	ErrSignature = errors.New("the notice's signature does not verify")
	ErrStale     = errors.New("the notice is too old, or of the future")
)

// Notice tells a merchant what happened to a payment, or to its dispute.
type Notice struct {
	ID        string        `json:"id"`   // the same over all attempts
	Type      string        `json:"type"` // dispute.opened
	CreatedAt string        `json:"createdAt"`
	Acquirer  string        `json:"acquirer"` // its name
	Payment   NoticePayment `json:"payment"`
	Entry     *NoticeEntry  `json:"entry,omitempty"` // the capture or refund that it is about
	Dispute   *DisputeInfo  `json:"dispute,omitempty"`
}

// NoticePayment is the payment as it was when that happened.
type NoticePayment struct {
	ID                   string `json:"id"`
	Reference            string `json:"reference,omitempty"`
	MerchantID           string `json:"merchantId"`
	NetworkTransactionID string `json:"networkTransactionId"`
	Status               string `json:"status"`
	Currency             string `json:"currency"`
	Authorized           int64  `json:"authorized"`
	Captured             int64  `json:"captured"`
	Refunded             int64  `json:"refunded"`
}

// NoticeEntry is a capture or a refund.
type NoticeEntry struct {
	ID     string `json:"id"`
	Type   string `json:"type"`
	Amount int64  `json:"amount"`
}

// NoticeRequest is a notice ready to be sent; its signature covers exactly these
// bytes.
type NoticeRequest struct {
	URL    string
	Header http.Header
	Body   []byte
}

// Request renders a notice for the receiver at base, signed at an instant. A member
// named unknown is added unless it is "".
func (n Notice) Request(base string, c Credential, at time.Time, unknown string) (NoticeRequest, error) {
	target, err := url.Parse(base)
	if err != nil || target.Host == "" {
		return NoticeRequest{}, fmt.Errorf("notice target %q: must be an absolute URL", base)
	}
	body, err := json.Marshal(n)
	if err != nil {
		return NoticeRequest{}, err
	}
	if unknown != "" {
		body = fmt.Appendf(body[:len(body)-1], ",%q:true}", unknown)
	}
	header := http.Header{}
	header.Set("Content-Type", "application/json")
	header.Set(HeaderNoticeKey, c.Key)
	stamp := strconv.FormatInt(at.Unix(), 10)
	header.Set(HeaderSignature, "t="+stamp+",v1="+sign(c.Secret, stamp, body))
	return NoticeRequest{target.JoinPath("payments").String(), header, body}, nil
}

// sign is HMAC-SHA256 over the time stamp, a full stop and the body, in hex.
func sign(secret, stamp string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = fmt.Fprintf(mac, "%s.%s", stamp, body)
	return hex.EncodeToString(mac.Sum(nil))
}

// JudgeNotice verifies a notice that came in at an instant, and reads it. The error
// is an ErrNotice, an ErrSignature or an ErrStale; nothing of it is to be believed
// then.
func JudgeNotice(c Credential, header http.Header, body []byte, now time.Time) (n Notice, _ error) {
	stamped, signature, _ := strings.Cut(header.Get(HeaderSignature), ",v1=")
	stamp := strings.TrimPrefix(stamped, "t=")
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || stamp == stamped {
		return n, fmt.Errorf("%w: %s must be t=SECONDS,v1=HEX", ErrNotice, HeaderSignature)
	}
	if header.Get(HeaderNoticeKey) != c.Key || !hmac.Equal([]byte(signature), []byte(sign(c.Secret, stamp, body))) {
		return n, ErrSignature
	}
	if age := now.Sub(time.Unix(seconds, 0)); age > NoticeWindow || age < -NoticeWindow {
		return n, ErrStale
	}
	if err := json.Unmarshal(body, &n); err != nil || n.ID == "" || n.Payment.ID == "" {
		return Notice{}, fmt.Errorf("%w: it names no payment", ErrNotice)
	}
	return n, nil
}
