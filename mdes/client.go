package mdes

import (
	"context"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/wire"
)

// maxAnswer bounds what a client reads of an answer; card art is the largest.
const maxAnswer = 8 << 20

// Config is what a token requestor needs to call MDES.
type Config struct {
	BaseURL      string // with /mdes, without the environment: https://api.mastercard.com/mdes
	Env          Environment
	TRID         token.TRID
	ResponseHost string // where notices may go; "" leaves it to the registration
	Signer       Signer
	Network      Sealer       // to the network's public key
	Own          *Opener      // with the private keys answers are sealed to
	HTTP         *http.Client // nil: time-out 60 s, redirects are not followed
	Header       http.Header  // added to every request
	Rand         io.Reader    // request ids; nil is crypto/rand
}

// Client calls MDES as a token requestor does: it signs, encrypts, decrypts
// and distinguishes application errors, gateway errors and unreadable answers.
// It is safe for concurrent use if Rand and Signer.Rand are.
type Client struct {
	calls wire.Caller
	cfg   Config
}

// NewClient checks the configuration. The error wraps [wire.ErrConfig].
func NewClient(cfg Config) (*Client, error) {
	calls, err := wire.NewCaller(cfg.BaseURL, cfg.HTTP, maxAnswer)
	switch {
	case err != nil:
		return nil, err
	case cfg.Signer.Key == nil || cfg.Signer.ConsumerKey == "" || cfg.Signer.Wall == nil:
		return nil, fmt.Errorf("%w: the signer needs consumer key, private key and clock", wire.ErrConfig)
	case cfg.Network.Key == nil:
		return nil, fmt.Errorf("%w: the network's public key is missing", wire.ErrConfig)
	case cfg.Own == nil:
		return nil, fmt.Errorf("%w: there is no own private key to open answers with", wire.ErrConfig)
	}
	if _, err := token.ParseTRID(string(cfg.TRID)); err != nil {
		return nil, fmt.Errorf("%w: %w", wire.ErrConfig, err)
	}
	if _, err := ParseEnvironment(string(cfg.Env)); err != nil {
		return nil, fmt.Errorf("%w: %w", wire.ErrConfig, err)
	}
	return &Client{calls, cfg}, nil
}

// NewRequest builds and signs a request. id names the asset of getAsset, body is
// encoded as JSON unless it is nil or already []byte, which may be anything:
// it is the way to send what the typed methods would not. Whoever changes the
// request afterwards breaks the signature.
func (c *Client) NewRequest(ctx context.Context, op token.Operation, id string, body any) (*http.Request, error) {
	route, ok := RouteOf(op)
	if !ok {
		return nil, fmt.Errorf("operation %q is not one of MDES", string(op))
	}
	raw, err := wire.Body(body, marshal)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", op, err)
	}
	req, err := c.calls.Request(ctx, route.Method, route.At(c.cfg.Env, id), raw)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", wire.ErrConfig, err)
	}
	for name, values := range c.cfg.Header {
		req.Header[http.CanonicalHeaderKey(name)] = values
	}
	if host := req.Header.Get("Host"); host != "" {
		req.Host = host
	}
	setJSON(req.Header, raw != nil)
	if err := c.cfg.Signer.Sign(req, raw); err != nil {
		return nil, fmt.Errorf("%s: %w", op, err)
	}
	return req, nil
}

// Do sends a request of an operation and decodes a good answer into v. The
// error is a *[Error].
func (c *Client) Do(op token.Operation, req *http.Request, v any) error {
	answer, failure := c.calls.Ask(req, HeaderCorrelationID)
	failed := &Error{Failure: failure}
	if failed.Call = string(op); failed.Err != nil {
		return failed
	}
	return failed.read(answer, v)
}

// call makes one operation and decodes a good answer into v; id is that of an
// asset.
func (c *Client) call(ctx context.Context, op token.Operation, id string, request, v any) error {
	req, err := c.NewRequest(ctx, op, id, request)
	if err != nil {
		return err
	}
	return c.Do(op, req, v)
}

// Seal encrypts the JSON of v as the client's requests do.
func (c *Client) Seal(v any) (EncryptedPayload, error) { return c.cfg.Network.SealJSON(v) }

// Open decrypts a field of an answer into v.
func (c *Client) Open(p EncryptedPayload, v any) error { return c.cfg.Own.OpenJSON(p, v) }

// isJSON reports whether a Content-Type is JSON or absent.
func isJSON(contentType string) bool {
	if contentType == "" {
		return true
	}
	media, _, err := mime.ParseMediaType(contentType)
	return err == nil && (media == "application/json" || strings.HasSuffix(media, "+json"))
}
