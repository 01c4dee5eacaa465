package vts

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/pantomime-dev/pantomime/token"
)

// The forms of x-pay-token (docs/wire/vts.md "Authentication").
const (
	FormXV2 = "xv2" // HMAC-SHA256, the current form
	FormX   = "x"   // plain SHA-256, an older form
)

// Window is how far a timestamp may differ from the server's time, either way.
const Window = 480 * time.Second

// The names of the checks that Verify records.
const (
	CheckPayToken  = "x-pay-token header"
	CheckVersion   = "x-pay-token version"
	CheckTimestamp = "x-pay-token timestamp"
	CheckHash      = "x-pay-token hash"
)

// ErrPayToken says that an x-pay-token does not hold; the checks say why.
var ErrPayToken = errors.New("x-pay-token does not hold")

// Message is what an x-pay-token covers besides its timestamp. Method and host
// are not part of it.
type Message struct {
	Path  string // raw, without the leading slash: "vts/panEnrollments"
	Query string // raw, without the question mark, in the order sent
	Body  []byte // exact bytes; empty for a call without a body
}

// Signer makes and verifies x-pay-tokens with one credential. It may be used
// by several goroutines at once.
type Signer struct {
	id     string
	secret []byte
	passed token.Checks // what a good token's checks look like; read only
}

// NewSigner prepares a credential. The error is [ErrCredential].
func NewSigner(c Credential) (*Signer, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	s := &Signer{id: c.APIKey, secret: []byte(c.Secret)}
	for _, name := range []string{CheckPayToken, CheckVersion, CheckTimestamp, CheckHash} {
		s.passed.Pass(name, c.APIKey)
	}
	return s, nil
}

// KeyID is the API key.
func (s *Signer) KeyID() string { return s.id }

// String hides the secret.
func (s *Signer) String() string { return s.id + ":" + token.Secret }

// GoString hides the secret in %#v.
func (s *Signer) GoString() string { return s.String() }

// Sign makes the header value in the current form, stamped with whole seconds.
func (s *Signer) Sign(at time.Time, m Message) string {
	ts := strconv.FormatInt(at.Unix(), 10)
	sum := s.hash(ts, m)
	return FormXV2 + ":" + ts + ":" + string(sum[:])
}

// SignX makes the header value in the older form.
func (s *Signer) SignX(at time.Time, m Message) string {
	ts := strconv.FormatInt(at.Unix(), 10)
	return FormX + ":" + ts + ":" + plainHash(s.secret, ts, m)
}

// hash is the lower-case hex HMAC of timestamp, path, query and body.
func (s *Signer) hash(ts string, m Message) (sum [64]byte) {
	mac := hmac.New(sha256.New, s.secret)
	var short [128]byte // on the stack: one of 8 allocations, a hundredth of the time (BenchmarkSigner_Verify)
	mac.Write(append(append(append(short[:0], ts...), m.Path...), m.Query...))
	mac.Write(m.Body)
	hex.Encode(sum[:], mac.Sum(short[:0]))
	return sum
}

func plainHash(secret []byte, ts string, m Message) string {
	h := sha256.New()
	for _, part := range [][]byte{secret, []byte(ts), []byte(m.Path), []byte(m.Query), m.Body} {
		h.Write(part)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Received is a request whose x-pay-token is to be judged.
type Received struct {
	Header []string      // every value of the header
	Paths  []string      // resource paths to accept: as received, then without our sandbox prefix
	Query  string        // raw
	Body   []byte        // exact bytes
	Now    time.Time     // wall time
	Window time.Duration // zero means [Window]
	AllowX bool          // take the older form too
	Others []*Signer     // other keys of the same requestor, tried for a hint only
	Own    *Signer       // the network's own key in its calls to the requestor, likewise; nil: none
}

// Verify judges a request. The checks are complete for a good token and end
// with the one that refused for a bad one, in which case the error is
// [ErrPayToken]. They hold no secret and no hash that would have been right.
func (s *Signer) Verify(r Received) (token.Checks, error) {
	t, refused := parse(r.Header, r.AllowX)
	passed := 0
	switch {
	case refused.Name == CheckVersion:
		passed = 1
	case refused.Name != "":
	default:
		passed, refused = s.judge(t, r)
	}
	if refused.Name == "" {
		return slices.Clip(s.passed), nil // shared; whoever appends gets a copy
	}
	checks := append(token.Checks(nil), s.passed[:passed]...)
	refused.KeyID = s.id
	checks.Fail(refused)
	return checks, ErrPayToken
}

// judge compares clock and hash; passed counts the checks that held.
func (s *Signer) judge(t PayToken, r Received) (passed int, refused token.Check) {
	if refused := skew(t, r.Now, r.Window); refused.Name != "" {
		return 2, refused
	}
	for _, path := range r.Paths {
		if s.matches(t, Message{path, r.Query, r.Body}) {
			return 4, token.Check{}
		}
	}
	return 3, s.explainHash(t, r)
}

// matches compares in constant time; the case of the hash counts.
func (s *Signer) matches(t PayToken, m Message) bool {
	if t.Form == FormX {
		return hmac.Equal([]byte(plainHash(s.secret, t.Timestamp, m)), []byte(t.Hash))
	}
	sum := s.hash(t.Timestamp, m)
	return hmac.Equal(sum[:], []byte(t.Hash))
}
