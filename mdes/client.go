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

// Reply is one HTTP answer as it came.
type Reply struct {
	Status        int
	Header        http.Header
	Body          []byte
	CorrelationID string
}

// Do sends one signed request to a path below the base URL and returns
// whatever comes back; body may be anything. It is the way to send what the
// typed methods would not.
func (c *Client) Do(ctx context.Context, method, path string, body []byte) (*Reply, error) {
	var reader io.Reader
	if body != nil {
		reader = bytes.NewReader(body)
	}
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, reader)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	for name, values := range c.cfg.Header {
		req.Header[http.CanonicalHeaderKey(name)] = values
	}
	if host := req.Header.Get("Host"); host != "" {
		req.Host = host
	}
	setJSON(req.Header, body != nil)
	if err := c.cfg.Signer.Sign(req, body); err != nil {
		return nil, err
	}
	answer, err := c.cfg.HTTP.Do(req)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	read, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer+1))
	if err == nil && len(read) > maxAnswer {
		err = fmt.Errorf("the answer has more than %d bytes", maxAnswer)
	}
	reply := &Reply{Status: answer.StatusCode, Header: answer.Header, Body: read, CorrelationID: answer.Header.Get("correlation-id")}
	return reply, err
}

// call makes one operation and decodes a good answer into into.
func (c *Client) call(ctx context.Context, op token.Operation, path string, request, into any) error {
	var body []byte
	if request != nil {
		var err error
		if body, err = marshal(request); err != nil {
			return fmt.Errorf("%s: %w", op, err)
		}
	}
	reply, err := c.Do(ctx, Method(op), path, body)
	if err != nil {
		failed := &CallError{Op: op, Err: err}
		if reply != nil {
			failed.Status, failed.CorrelationID = reply.Status, reply.CorrelationID
		}
		return failed
	}
	return reply.decode(op, into)
}

// newRequestID makes a version 4 UUID.
func (c *Client) newRequestID() (LooseString, error) {
	var b [16]byte
	if _, err := io.ReadFull(randomness(c.cfg.Rand), b[:]); err != nil {
		return "", fmt.Errorf("request id: %w", err)
	}
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return LooseString(fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])), nil
}

// isJSON reports whether a Content-Type is JSON or absent.
func isJSON(contentType string) bool {
	if contentType == "" {
		return true
	}
	media, _, err := mime.ParseMediaType(contentType)
	return err == nil && (media == "application/json" || strings.HasSuffix(media, "+json"))
}
