package mdes

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/wire"
)

// maxAnswer bounds what a client reads of an answer; card art is the largest.
const maxAnswer = 8 << 20

// ErrConfig says what a [Config] lacks.
var ErrConfig = errors.New("mdes client configuration")

// Config is what a token requestor needs to call MDES.
type Config struct {
	BaseURL      string // with /mdes, without the environment: https://api.mastercard.com/mdes
	Env          Environment
	TRID         token.TRID
	ResponseHost string // where notices may go; "" leaves it to the registration
	Signer       Signer
	Network      Sealer       // to the network's public key
	Own          *Opener      // with the private keys answers are sealed to
	HTTP         *http.Client // nil is http.DefaultClient
	Header       http.Header  // added to every request
	Rand         io.Reader    // request ids; nil is crypto/rand
}

// Client calls MDES as a token requestor does: it signs, encrypts, decrypts
// and tells application errors, gateway errors and unreadable answers apart.
// It is safe for concurrent use if Rand and Signer.Rand are.
type Client struct {
	cfg  Config
	base string
}

// NewClient checks the configuration.
func NewClient(cfg Config) (*Client, error) {
	u, err := url.Parse(cfg.BaseURL)
	switch {
	case err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https"):
		return nil, fmt.Errorf("%w: base URL %s is not http:// or https:// and a host", ErrConfig, quoted(cfg.BaseURL))
	case cfg.Signer.Key == nil || cfg.Signer.ConsumerKey == "" || cfg.Signer.Wall == nil:
		return nil, fmt.Errorf("%w: the signer needs consumer key, private key and clock", ErrConfig)
	case cfg.Network.Key == nil:
		return nil, fmt.Errorf("%w: the network's public key is missing", ErrConfig)
	case cfg.Own == nil:
		return nil, fmt.Errorf("%w: there is no own private key to open answers with", ErrConfig)
	}
	if _, err := token.ParseTRID(string(cfg.TRID)); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	if _, err := ParseEnvironment(string(cfg.Env)); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	if cfg.HTTP == nil {
		cfg.HTTP = http.DefaultClient
	}
	return &Client{cfg: cfg, base: strings.TrimSuffix(cfg.BaseURL, "/")}, nil
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
	req, err := http.NewRequestWithContext(ctx, route.Method, c.base+route.At(c.cfg.Env, id), bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrConfig, err)
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
// error is a *[CallError].
func (c *Client) Do(op token.Operation, req *http.Request, v any) error {
	failed := &CallError{Op: op}
	resp, err := c.cfg.HTTP.Do(req)
	if err != nil {
		failed.Err = err
		return failed
	}
	defer resp.Body.Close()
	failed.Status, failed.CorrelationID = resp.StatusCode, resp.Header.Get("correlation-id")
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	switch {
	case err != nil:
		failed.Err = err
		return failed
	case len(body) > maxAnswer:
		failed.Err = fmt.Errorf("the answer has more than %d bytes", maxAnswer)
		return failed
	}
	return failed.read(resp.Header.Get("Content-Type"), body, v)
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
