// Package door is what all HTTP faces share: capturing a request as it was
// received, addressing, the one place that writes answers, faults on the
// socket, and the journal entry.
//
// It knows no network's wire format and no rule; faces return values, and the
// door writes them.
package door

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/pantomime-dev/pantomime/simulator/journal"
	"github.com/pantomime-dev/pantomime/simulator/token"
)

// MaxBody is how much of a request body is read: 1 MiB.
const MaxBody = 1 << 20

// maxUnauthenticated is how much of a body is journaled when nobody vouches
// for it.
const maxUnauthenticated = 4 << 10

// Exchange is one request on its way through a face. Signatures are verified
// against it as it was received, before any rewriting.
type Exchange struct {
	Method   string
	Scheme   string // as the client saw it: "https" with TLS or X-Forwarded-Proto
	Host     string
	RawPath  string // escaped, as received, with its leading slash
	Path     string // the same without a /s/{id} prefix
	RawQuery string
	Header   http.Header
	Body     []byte // at most MaxBody bytes
	TooLarge bool   // the body was longer; Body is cut
	Wall     time.Time
	Sandbox  string // explicit address, or ""

	// Journal is set by the face once the request is placed; without it
	// nothing is recorded.
	Journal       *journal.Journal
	Authenticated bool
	Entry         *journal.Entry

	params  gin.Params
	ctx     context.Context
	opened  []openedPart // clear text of encrypted fields, for rules; never stored
	decoded any          // Body with opened in place, once a rule has asked
}

type openedPart struct {
	field string
	clear []byte
}

// Param returns a path parameter.
func (x *Exchange) Param(name string) string { return x.params.ByName(name) }

// Context ends when the client goes away.
func (x *Exchange) Context() context.Context { return x.ctx }

// JSON reports whether the request says that its body is JSON.
func (x *Exchange) JSON() bool {
	kind, _, _ := strings.Cut(x.Header.Get("Content-Type"), ";")
	return strings.EqualFold(strings.TrimSpace(kind), "application/json")
}

// ResourcePaths lists the paths a client may have signed: as received and,
// when that differs, without the sandbox prefix.
func (x *Exchange) ResourcePaths() []string {
	if x.RawPath == x.Path {
		return []string{x.RawPath}
	}
	return []string{x.RawPath, x.Path}
}

// capture reads a request within limits.
func capture(c *gin.Context, wall time.Time) (*Exchange, error) {
	r := c.Request
	at := addressOf(r)
	x := &Exchange{
		Method: r.Method, Scheme: scheme(r), Host: r.Host, RawPath: at.raw, Path: r.URL.EscapedPath(),
		RawQuery: r.URL.RawQuery, Header: r.Header, Wall: wall, Sandbox: at.sandbox,
		params: c.Params, ctx: r.Context(),
	}
	x.Entry = &journal.Entry{Wall: wall, Trace: traceID(r.Header.Get("traceparent"))}
	body, err := readBody(r)
	if len(body) > MaxBody {
		body, x.TooLarge = body[:MaxBody], true
	}
	x.Body = body
	var tooBig *http.MaxBytesError
	if err != nil && !errors.As(err, &tooBig) {
		return x, err
	}
	return x, nil
}

// maxTrusted is how long a body may say it is and get the room at once.
const maxTrusted = 64 << 10

// readBody reads a body, or one byte more of it than is allowed.
func readBody(r *http.Request) ([]byte, error) {
	if r.ContentLength <= 0 || r.ContentLength > maxTrusted {
		return io.ReadAll(io.LimitReader(r.Body, MaxBody+1))
	}
	body := make([]byte, r.ContentLength)
	n, err := io.ReadFull(r.Body, body)
	return body[:n], err
}

func scheme(r *http.Request) string {
	if p := r.Header.Get("X-Forwarded-Proto"); p == "https" || p == "http" {
		return p
	}
	if r.TLS != nil {
		return "https"
	}
	return "http"
}

// traceID takes the trace id out of a W3C traceparent, or returns "".
func traceID(header string) string {
	if header == "" {
		return ""
	}
	parts := strings.Split(header, "-")
	if len(parts) != 4 || len(parts[1]) != 32 || strings.Trim(parts[1], "0123456789abcdef") != "" {
		return ""
	}
	return parts[1]
}

// shownHeaders are the request headers worth keeping, by their canonical names;
// credentials among them are replaced.
var shownHeaders = [...]struct {
	name   string
	secret bool
}{
	{"Content-Type", false},
	{"Accept", false},
	{"User-Agent", false},
	{"X-Request-Id", false},
	{"X-Pay-Token", true},
	{"Authorization", true},
}

// describe fills in the request half of the journal entry, masked.
func (x *Exchange) describe() {
	header := make(map[string]string, len(shownHeaders))
	for _, h := range shownHeaders {
		if v := x.Header[h.name]; len(v) == 0 || v[0] == "" {
			continue
		} else if h.secret {
			header[h.name] = token.Secret
		} else {
			header[h.name] = strings.Clone(token.Scrub(v[0])) // or it would keep the whole head in memory
		}
	}
	body := x.Body
	if !x.Authenticated && len(body) > maxUnauthenticated {
		body = body[:maxUnauthenticated]
	}
	x.Entry.Request = journal.Message{
		Method: x.Method, Path: token.Scrub(x.RawPath), Query: token.Scrub(x.RawQuery), Header: header,
		Body: journal.Mask(body), Clear: x.Entry.Request.Clear, Size: len(x.Body),
	}
}

// Sent notes the clear text of an encrypted request field: masked for the
// journal, as it is for rules that look into the body. field is its dotted path.
func (x *Exchange) Sent(field string, clear []byte) {
	x.opened = append(x.opened, openedPart{field, clear})
	x.Entry.Request.Clear = append(x.Entry.Request.Clear, journal.Part{Field: field, Body: journal.Mask(clear)})
}

// Answered notes the clear text of an encrypted answer field for the journal.
func (x *Exchange) Answered(field string, clear []byte) {
	x.Entry.Response.Clear = append(x.Entry.Response.Clear, journal.Part{Field: field, Body: journal.Mask(clear)})
}
