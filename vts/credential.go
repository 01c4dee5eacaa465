package vts

import (
	"errors"
	"log/slog"

	"github.com/pantomime-dev/pantomime/token"
)

// ErrCredential says that an API key or its shared secret is missing.
var ErrCredential = errors.New("credential needs an API key and a shared secret")

// Credential is an API key with its shared secret. One pair may serve for
// signing, for field encryption or for both; clients of both kinds exist
// (docs/wire/vts.md "Authentication"). It prints without the secret.
type Credential struct {
	APIKey string
	Secret string `json:"-"` // used as UTF-8 text, never decoded
}

func (c Credential) check() error {
	if c.APIKey == "" || c.Secret == "" {
		return ErrCredential
	}
	return nil
}

// String hides the secret.
func (c Credential) String() string { return c.APIKey + ":" + token.Secret }

// GoString hides the secret in %#v.
func (c Credential) GoString() string { return c.String() }

// LogValue hides the secret in structured logs.
func (c Credential) LogValue() slog.Value { return slog.StringValue(c.String()) }
