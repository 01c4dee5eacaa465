package vts

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/wire"
)

// Config is what a token requestor knows: where the service is and who it is
// itself.
type Config struct {
	BaseURL       string       // "http://127.0.0.1:8480", a path prefix is allowed
	Signing       Credential   // makes x-pay-tokens
	Encryption    Credential   // seals and opens fields; zero means Signing
	FieldKey      *Key         // instead of Encryption, for RSA projects: seals requests
	AnswerKey     *Key         // opens answers; nil means the key that seals, which must open too
	ClientAppID   string       // filled into requests that leave it empty
	WalletAccount string       // clientWalletAccountID, filled in likewise
	HTTP          *http.Client // nil: time-out 60 s, redirects are not followed
	Wall          clock.Wall   // nil: the machine's clock
	Random        io.Reader    // nil: crypto/rand; must be safe for parallel use
}

// Client calls the operations of [Routes]. It may be used by several
// goroutines at once, repeats nothing by itself and keeps no state.
type Client struct {
	calls  wire.Caller
	signer *Signer
	key    *Key
	keys   Keys
	cfg    Config
}

// NewClient checks the configuration. The error wraps [wire.ErrConfig].
func NewClient(cfg Config) (*Client, error) {
	calls, err := wire.NewCaller(cfg.BaseURL, cfg.HTTP, MaxBody)
	if err != nil {
		return nil, err
	}
	signer, err := NewSigner(cfg.Signing)
	if err != nil {
		return nil, fmt.Errorf("%w: signing: %w", wire.ErrConfig, err)
	}
	key := cfg.FieldKey
	if key == nil {
		if cfg.Encryption == (Credential{}) {
			cfg.Encryption = cfg.Signing
		}
		if key, err = NewSharedKey(cfg.Encryption); err != nil {
			return nil, fmt.Errorf("%w: encryption: %w", wire.ErrConfig, err)
		}
	}
	if cfg.Wall == nil {
		cfg.Wall = clock.Real()
	}
	if cfg.Random == nil {
		cfg.Random = rand.Reader
	}
	cfg.Signing, cfg.Encryption = Credential{}, Credential{} // printing a client must not show them
	keys := Keys{key}
	if cfg.AnswerKey != nil {
		keys = Keys{cfg.AnswerKey, key}
	}
	return &Client{calls: calls, signer: signer, key: key, keys: keys, cfg: cfg}, nil
}

// Seal encrypts the JSON of v as the client's requests do.
func (c *Client) Seal(v any) (string, error) {
	return c.key.SealJSON(v, c.cfg.Wall.Now(), c.cfg.Random)
}

// Open decrypts a field of an answer into v.
func (c *Client) Open(compact string, v any) error {
	_, err := c.keys.OpenJSON(compact, v)
	return err
}

// TokenNumber opens the token's number, "" when the answer carries none.
func (c *Client) TokenNumber(info TokenInfo) (token.TokenPAN, error) {
	if info.EncTokenInfo == "" {
		return "", nil
	}
	var number TokenNumber
	err := c.Open(info.EncTokenInfo, &number)
	return token.TokenPAN(number.Token), err
}

// NewRequest builds and signs a request. id fills the parameter of the path,
// body is encoded as JSON unless it is nil or already []byte. The signature
// covers the path below the base URL, so a prefix there is not part of it.
// A [DeviceBindingRequest] adds its reason code to the query. Whoever changes
// the request afterwards breaks the signature.
func (c *Client) NewRequest(ctx context.Context, op token.Operation, id string, body any) (*http.Request, error) {
	route, ok := RouteOf(op)
	if !ok {
		return nil, fmt.Errorf("operation %q is not one of the token service", string(op))
	}
	raw, err := wire.Body(body, json.Marshal)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", op, err)
	}
	resource := route.At(id)
	query := "apiKey=" + url.QueryEscape(c.signer.id)
	if more, ok := body.(interface{ query() string }); ok {
		query += more.query()
	}
	req, err := c.calls.Request(ctx, route.Method, resource+"?"+query, raw)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", op, err)
	}
	requestID, err := wire.NewUUID(c.cfg.Random)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", op, err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	req.Header.Set(HeaderRequestID, requestID)
	message := Message{strings.TrimPrefix(resource, "/"), query, raw}
	req.Header.Set(HeaderPayToken, c.signer.Sign(c.cfg.Wall.Now(), message))
	return req, nil
}

// Do sends a request and reads the answer into v. The error of what did not
// succeed is an [*Error].
func (c *Client) Do(req *http.Request, v any) error {
	answer, failure := c.calls.Ask(req, HeaderCorrelationID)
	failed := &Error{Failure: failure, RequestID: req.Header.Get(HeaderRequestID)}
	if failed.Err != nil {
		return failed
	}
	return failed.read(answer, v)
}
