package wire

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Errors of every client, besides refusals.
var (
	ErrConfig  = errors.New("client configuration")
	ErrNotJSON = errors.New("answer is not the JSON object expected")
	ErrTooLong = errors.New("answer is too long")
)

// Caller is the frame of every client: where it calls, by what, and how much it
// reads of an answer. What it sends and how it understands an answer is the
// client's. It may be used by several goroutines at once and repeats nothing.
type Caller struct {
	base string
	http *http.Client
	most int
}

// NewCaller checks a base URL, which may have a path and nothing behind it. A nil
// client has a time-out of 60 s and follows no redirect; of an answer at most so
// many bytes are read. The error wraps [ErrConfig].
func NewCaller(baseURL string, client *http.Client, most int) (Caller, error) {
	u, err := url.Parse(baseURL)
	switch {
	case err != nil: // nothing of it is shown: it may hold a password
		return Caller{}, fmt.Errorf("%w: base URL must begin with http:// or https:// and name a host", ErrConfig)
	case u.Scheme != "http" && u.Scheme != "https", u.Host == "":
		return Caller{}, fmt.Errorf("%w: base URL %q must begin with http:// or https:// and name a host", ErrConfig, u.Redacted())
	case u.RawQuery != "" || u.Fragment != "" || u.User != nil:
		return Caller{}, fmt.Errorf("%w: base URL %q must have no query, fragment or user", ErrConfig, u.Redacted())
	}
	if client == nil {
		client = HTTPClient(time.Minute)
	}
	return Caller{base: strings.TrimSuffix(u.Scheme+"://"+u.Host+u.EscapedPath(), "/"), http: client, most: most}, nil
}

// HTTPClient hands a redirect to its caller, because a signature would not fit
// elsewhere and a secret must be sent nowhere else. A time-out of 0 is none.
func HTTPClient(timeout time.Duration) *http.Client {
	return &http.Client{Timeout: timeout, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// Base is the base URL, without a slash at its end.
func (c Caller) Base() string { return c.base }

// Request begins a request; path has its query.
func (c Caller) Request(ctx context.Context, method, path string, body []byte) (*http.Request, error) {
	return http.NewRequestWithContext(ctx, method, c.base+path, bytes.NewReader(body))
}

// Answer is what came back. Without a status nothing did.
type Answer struct {
	Status int // HTTP
	Header http.Header
	Body   []byte
}

// OK reports whether the status is one of success.
func (a Answer) OK() bool { return a.Status/100 == 2 }

// Do sends a request and reads the answer to its end. The error is [ErrTooLong],
// wrapped, or the transport's without the URL, which may hold an API key.
func (c Caller) Do(req *http.Request) (Answer, error) {
	resp, err := c.http.Do(req)
	if err != nil {
		var wrapped *url.Error
		if errors.As(err, &wrapped) {
			err = wrapped.Err
		}
		return Answer{}, err
	}
	defer resp.Body.Close()
	answer := Answer{Status: resp.StatusCode, Header: resp.Header}
	answer.Body, err = io.ReadAll(io.LimitReader(resp.Body, int64(c.most)+1))
	switch {
	case err != nil:
		return answer, fmt.Errorf("read answer: %w", err)
	case len(answer.Body) > c.most:
		return answer, fmt.Errorf("%w: it has more than %d bytes", ErrTooLong, c.most)
	}
	return answer, nil
}

// Ask sends a request as [Caller.Do] does. What the client's error says of it is
// filled in, Err among it where there is no answer to read; correlation names the
// header by which support finds the answer again.
func (c Caller) Ask(req *http.Request, correlation string) (Answer, Failure) {
	answer, err := c.Do(req)
	return answer, Failure{
		Call: req.Method + " " + req.URL.Path, Status: answer.Status, CorrelationID: answer.Header.Get(correlation), Err: err,
	}
}

// Failure is what the errors of all clients tell of a call that did not succeed.
type Failure struct {
	Call          string // what was asked: "PUT /vts/provisionedTokens/…/suspend"
	Status        int    // HTTP, 0 without an answer
	CorrelationID string // of the answer, for support
	Err           error  // why there is no answer to read; nil for a refusal in words
}

// CallError is the error of any client: a [Failure], and what the answer says if it
// says anything.
type CallError interface {
	error
	Failed() Failure
	Says() (reason, message string)
}

// Failed is the failure itself.
func (f *Failure) Failed() Failure { return *f }

// Unwrap gives Err.
func (f *Failure) Unwrap() error { return f.Err }

// Tell words a failure in one line; refusal is what the answer says, "" for
// nothing readable.
func (f *Failure) Tell(refusal string) string {
	text := f.Call
	if f.Status != 0 {
		text += fmt.Sprintf(": HTTP %d", f.Status)
	}
	if refusal != "" {
		text += " " + refusal
	}
	if f.Err != nil {
		text += ": " + f.Err.Error()
	}
	if f.CorrelationID != "" {
		text += " (correlation id " + f.CorrelationID + ")"
	}
	return text
}
