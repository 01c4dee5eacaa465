package mdes

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/pantomime-dev/pantomime/clock"
)

// ConsumerKey names a signing key: a client id and a key id joined by "!", 97
// characters in all (docs/wire/mdes.md "Authentication"). It is no secret.
type ConsumerKey string

// ClientID is the part before the first "!".
func (c ConsumerKey) ClientID() string {
	id, _, _ := strings.Cut(string(c), "!")
	return id
}

// KeyID is the part after the first "!", or "".
func (c ConsumerKey) KeyID() string {
	_, id, _ := strings.Cut(string(c), "!")
	return id
}

// ErrSigner says that a [Signer] lacks its consumer key, private key or clock,
// or that the URL to sign is not absolute.
var ErrSigner = errors.New("signer")

// Signer signs requests as Mastercard's client libraries do: OAuth 1.0a,
// RSA-SHA256, body hash, oauth_* values encoded once
// (docs/wire/mdes.md "Authentication").
type Signer struct {
	ConsumerKey ConsumerKey
	Key         *rsa.PrivateKey
	Wall        clock.Wall // oauth_timestamp
	Rand        io.Reader  // oauth_nonce; nil is crypto/rand
}

// Sign sets the Authorization header. Body must be the exact bytes req will
// send, nil for none. A Host that differs from the URL's is signed in its place.
func (s Signer) Sign(req *http.Request, body []byte) error {
	u := *req.URL
	if req.Host != "" {
		u.Host = req.Host
	}
	header, err := s.Header(req.Method, &u, body)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", header)
	return nil
}

// Header makes the value of an Authorization header for an absolute URL.
func (s Signer) Header(method string, u *url.URL, body []byte) (string, error) {
	switch {
	case s.Key == nil:
		return "", fmt.Errorf("%w: no private key", ErrSigner)
	case s.ConsumerKey == "":
		return "", fmt.Errorf("%w: no consumer key", ErrSigner)
	case s.Wall == nil:
		return "", fmt.Errorf("%w: no clock", ErrSigner)
	case u.Scheme == "" || u.Host == "":
		return "", fmt.Errorf("%w: URL %q is not absolute", ErrSigner, u.Redacted())
	}
	nonce, err := newNonce(s.Rand)
	if err != nil {
		return "", err
	}
	params := oauthParams{
		{key: "oauth_body_hash", value: bodyHash(body)},
		{key: "oauth_consumer_key", value: string(s.ConsumerKey)},
		{key: "oauth_nonce", value: nonce},
		{key: "oauth_signature_method", value: methodRSASHA256},
		{key: "oauth_timestamp", value: strconv.FormatInt(s.Wall.Now().Unix(), 10)},
		{key: "oauth_version", value: "1.0"},
	}
	digest := sha256.Sum256([]byte(baseString(FormMastercard, method, u, params)))
	signature, err := rsa.SignPKCS1v15(nil, s.Key, crypto.SHA256, digest[:])
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrSigner, err)
	}
	return writeAuthorization(params, signature), nil
}

// writeAuthorization percent-encodes the signature alone, as Mastercard's Go
// and Node libraries do.
func writeAuthorization(params oauthParams, signature []byte) string {
	var b strings.Builder
	b.WriteString("OAuth ")
	for _, p := range params {
		b.WriteString(p.key + `="` + p.value + `",`)
	}
	b.WriteString(`oauth_signature="` + percentEncode(base64.StdEncoding.EncodeToString(signature)) + `"`)
	return b.String()
}

// bodyHash is the standard base64 of the SHA-256 of the body; an empty body
// has a hash too.
func bodyHash(body []byte) string {
	text := hashText(body)
	return string(text[:])
}

// hashTextSize is how long that is.
const hashTextSize = 44

func hashText(body []byte) (text [hashTextSize]byte) {
	sum := sha256.Sum256(body)
	base64.StdEncoding.Encode(text[:], sum[:])
	return text
}

// newNonce draws 16 letters and digits.
func newNonce(source io.Reader) (string, error) {
	const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	var b [16]byte
	if _, err := io.ReadFull(randomness(source), b[:]); err != nil {
		return "", fmt.Errorf("nonce: %w", err)
	}
	for i := range b {
		b[i] = letters[int(b[i])%len(letters)]
	}
	return string(b[:]), nil
}

func randomness(source io.Reader) io.Reader {
	if source == nil {
		return rand.Reader
	}
	return source
}
