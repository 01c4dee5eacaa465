package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/pantomime-dev/pantomime/wire"
)

// Errors of a client besides [*Problem] and those of [wire.Caller].
var (
	ErrUnreachable = errors.New("no answer")            // no server answered
	ErrNotControl  = errors.New("not the control door") // somebody else answered
)

// maxAnswer is how much of an answer is read: a journal may be long.
const maxAnswer = 128 << 20

// root is where the API begins.
const root = "/__admin/v1"

// Client calls the control door of a running Pantomime. It may be used by
// several goroutines at once and repeats nothing by itself.
type Client struct {
	calls   wire.Caller
	token   string
	sandbox string
}

// New makes a client for the control door at baseURL, "http://127.0.0.1:8481".
// A nil client has no time-out of its own, since to move a clock may take long,
// and follows no redirect; token is the bearer token of a control door that is
// reachable from elsewhere, else "". The error wraps [wire.ErrConfig].
func New(baseURL string, client *http.Client, token string) (*Client, error) {
	if client == nil {
		client = wire.HTTPClient(0)
	}
	calls, err := wire.NewCaller(baseURL, client, maxAnswer)
	if err != nil {
		return nil, fmt.Errorf("control door: %w", err)
	}
	return &Client{calls: calls, token: token}, nil
}

// In returns a client of the same door for another sandbox; "" is the default one.
func (c *Client) In(sandbox string) *Client {
	other := *c
	other.sandbox = sandbox
	return &other
}

// BaseURL is where the client calls.
func (c *Client) BaseURL() string { return c.calls.Base() }

// request is one call.
type request struct {
	method, path string
	query        url.Values
	body         []byte
	contentType  string // application/json when empty
}

// send calls the door and reads the answer into v, which may be nil. The error
// is a [*Problem], or wraps [ErrUnreachable] or [ErrNotControl].
func (c *Client) send(ctx context.Context, r request, v any) error {
	req, err := c.newRequest(ctx, r)
	if err != nil {
		return err
	}
	answer, err := c.calls.Do(req)
	switch {
	case errors.Is(err, wire.ErrTooLong):
		return fmt.Errorf("%s: %w", c.BaseURL(), err)
	case err != nil:
		return fmt.Errorf("%w from %s: %w", ErrUnreachable, c.BaseURL(), err)
	}
	kind, _, _ := strings.Cut(answer.Header.Get("Content-Type"), ";")
	switch {
	case kind == ProblemType:
		return c.problem(answer)
	case !answer.OK() || kind != "application/json":
		return fmt.Errorf("%w: %s answered HTTP %d with %q", ErrNotControl, c.BaseURL(), answer.Status, kind)
	case v == nil:
		return nil
	}
	if err := json.Unmarshal(answer.Body, v); err != nil {
		return fmt.Errorf("%w: %s answered JSON of another shape: %w", ErrNotControl, c.BaseURL(), err)
	}
	return nil
}

func (c *Client) newRequest(ctx context.Context, r request) (*http.Request, error) {
	if c.sandbox != "" && strings.HasPrefix(r.path, root) {
		if r.query == nil {
			r.query = url.Values{}
		}
		r.query.Set("sandbox", c.sandbox)
	}
	target := r.path
	if len(r.query) > 0 {
		target += "?" + r.query.Encode()
	}
	req, err := c.calls.Request(ctx, r.method, target, r.body)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", wire.ErrConfig, err)
	}
	if len(r.body) > 0 {
		req.Header.Set("Content-Type", "application/json")
	}
	if r.contentType != "" {
		req.Header.Set("Content-Type", r.contentType)
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	return req, nil
}

func (c *Client) problem(answer wire.Answer) error {
	p := new(Problem)
	if err := json.Unmarshal(answer.Body, p); err != nil || p.Code == "" {
		return fmt.Errorf("%w: %s answered HTTP %d with a problem that cannot be read", ErrNotControl, c.BaseURL(), answer.Status)
	}
	return p
}

// get reads v from a path.
func get[T any](ctx context.Context, c *Client, path string, query url.Values) (T, error) {
	var v T
	err := c.send(ctx, request{method: http.MethodGet, path: path, query: query}, &v)
	return v, err
}

// post sends body as JSON, nil for none, and reads the answer.
func post[T any](ctx context.Context, c *Client, path string, body any) (T, error) {
	var v T
	r := request{method: http.MethodPost, path: path}
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			return v, fmt.Errorf("encode %s: %w", path, err)
		}
		r.body = data
	}
	err := c.send(ctx, r, &v)
	return v, err
}

// remove deletes what a path names.
func (c *Client) remove(ctx context.Context, path string) error {
	return c.send(ctx, request{method: http.MethodDelete, path: path}, nil)
}

// set puts a value into a query unless it is empty.
func set[T ~string](q url.Values, name string, value T) {
	if value != "" {
		q.Set(name, string(value))
	}
}
