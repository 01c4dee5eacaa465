package acquirer

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/wire"
)

// Errors of a client besides [Error].
var (
	ErrConfig  = errors.New("client configuration")
	ErrNotJSON = errors.New("answer is not the JSON object expected")
	ErrTooLong = errors.New("answer is longer than 1 MiB")
)

// Credential is how a merchant shows who it is: HTTP Basic, the key as the user
// name. It prints without its secret.
type Credential struct {
	Key    string
	Secret string
}

// String hides the secret.
func (c Credential) String() string { return c.Key + ":" + token.Secret }

// GoString hides the secret in %#v.
func (c Credential) GoString() string { return c.String() }

// Config is what a client is made of.
type Config struct {
	BaseURL    string // ends in /acquirer
	Credential Credential
	HTTP       *http.Client // nil: time-out 60 s, redirects are not followed
}

// Client calls the operations of [Routes]. It may be used by several
// goroutines at once, repeats nothing by itself and keeps no state.
type Client struct {
	base string
	cfg  Config
}

// NewClient checks the configuration. The error wraps [ErrConfig].
func NewClient(cfg Config) (*Client, error) {
	base, err := url.Parse(cfg.BaseURL)
	if err != nil || base.Host == "" || (base.Scheme != "http" && base.Scheme != "https") {
		return nil, fmt.Errorf("%w: base URL %q must begin with http:// or https:// and name a host", ErrConfig, cfg.BaseURL)
	}
	if cfg.Credential.Key == "" || cfg.Credential.Secret == "" {
		return nil, fmt.Errorf("%w: key and secret are needed", ErrConfig)
	}
	if cfg.HTTP == nil {
		cfg.HTTP = &http.Client{Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	}
	return &Client{base: strings.TrimSuffix(cfg.BaseURL, "/"), cfg: cfg}, nil
}

// NewRequest builds a request. The body is encoded as JSON unless it is nil or
// already []byte.
func (c *Client) NewRequest(ctx context.Context, op token.Operation, body any) (*http.Request, error) {
	route, ok := RouteOf(op)
	if !ok {
		return nil, fmt.Errorf("operation %q is not one of an acquirer", string(op))
	}
	raw, err := wire.Body(body, json.Marshal)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", op, err)
	}
	req, err := http.NewRequestWithContext(ctx, route.Method, c.base+strings.TrimPrefix(route.Path, Prefix), bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", op, err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	req.SetBasicAuth(c.cfg.Credential.Key, c.cfg.Credential.Secret)
	return req, nil
}

// Authorize asks for a payment. A declined one is a good answer; its outcome
// says so.
func (c *Client) Authorize(ctx context.Context, r AuthorizeRequest) (AuthorizeResponse, error) {
	var answer AuthorizeResponse
	req, err := c.NewRequest(ctx, token.Authorize, r)
	if err != nil {
		return answer, err
	}
	return answer, c.Do(req, &answer)
}

// Do sends a request and reads the answer into v. A refusal, or a success that
// is not a JSON object, is an [*Error]; a call that got no answer is the
// transport's error, wrapped.
func (c *Client) Do(req *http.Request, v any) error {
	resp, err := c.cfg.HTTP.Do(req)
	if err != nil {
		return fmt.Errorf("%s %s: %w", req.Method, req.URL.Path, err)
	}
	defer resp.Body.Close()
	failure := &Error{Method: req.Method, Path: req.URL.Path, Status: resp.StatusCode}
	body, err := io.ReadAll(io.LimitReader(resp.Body, MaxBody+1))
	switch {
	case err != nil:
		return fmt.Errorf("%s %s: read answer: %w", req.Method, req.URL.Path, err)
	case len(body) > MaxBody:
		failure.Err = ErrTooLong
		return failure
	case resp.StatusCode/100 != 2:
		var refusal ErrorBody
		if json.Unmarshal(body, &refusal) != nil || refusal.Error.Code == "" {
			failure.Err = ErrNotJSON
		}
		failure.ErrorInfo = refusal.Error
		return failure
	}
	if err := json.Unmarshal(body, v); err != nil {
		failure.Err = ErrNotJSON
		return failure
	}
	return nil
}

// Error is an answer that refuses, or a success nobody can read.
type Error struct {
	Method, Path string
	Status       int // HTTP
	ErrorInfo
	Err error // [ErrNotJSON] or [ErrTooLong], if that is the matter
}

// Error tells operation, status and cause in one line.
func (e *Error) Error() string {
	text := fmt.Sprintf("%s %s: HTTP %d", e.Method, e.Path, e.Status)
	if e.Code != "" {
		text += " " + e.Code + ": " + e.Message
	}
	if len(e.Fields) > 0 {
		text += " [" + strings.Join(e.Fields, ", ") + "]"
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap gives Err.
func (e *Error) Unwrap() error { return e.Err }
