package acquirer

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/wire"
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
	calls wire.Caller
	cfg   Config
}

// NewClient checks the configuration. The error wraps [wire.ErrConfig].
func NewClient(cfg Config) (*Client, error) {
	calls, err := wire.NewCaller(cfg.BaseURL, cfg.HTTP, MaxBody)
	if err != nil {
		return nil, err
	}
	if cfg.Credential.Key == "" || cfg.Credential.Secret == "" {
		return nil, fmt.Errorf("%w: key and secret are needed", wire.ErrConfig)
	}
	return &Client{calls, cfg}, nil
}

// NewRequest builds a request; id fills the parameter of the operation's path. The
// body is encoded as JSON unless it is nil or already []byte.
func (c *Client) NewRequest(ctx context.Context, op token.Operation, id string, body any) (*http.Request, error) {
	route, ok := RouteOf(op)
	if !ok {
		return nil, fmt.Errorf("operation %q is not one of an acquirer", string(op))
	}
	raw, err := wire.Body(body, json.Marshal)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", op, err)
	}
	req, err := c.calls.Request(ctx, route.Method, strings.TrimPrefix(route.At(id), Prefix), raw)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", op, err)
	}
	if route.Body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Accept", "application/json")
	req.SetBasicAuth(c.cfg.Credential.Key, c.cfg.Credential.Secret)
	return req, nil
}

// Authorize asks for a payment. A declined one is a good answer; its outcome
// says so.
func (c *Client) Authorize(ctx context.Context, r AuthorizeRequest) (AuthorizeResponse, error) {
	var answer AuthorizeResponse
	req, err := c.NewRequest(ctx, token.Authorize, "", r)
	if err != nil {
		return answer, err
	}
	return answer, c.Do(req, &answer)
}

// Do sends a request and reads the answer into v. The error of what did not
// succeed is an [*Error].
func (c *Client) Do(req *http.Request, v any) error {
	answer, failure := c.calls.Ask(req, HeaderCorrelationID)
	failed := &Error{Failure: failure}
	if failed.Err != nil {
		return failed
	}
	return failed.read(answer, v)
}
