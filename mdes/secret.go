package mdes

import "github.com/pantomime-dev/pantomime/token"

// Types with a private key in them print its public name instead, in every
// form fmt, encoding/json and log/slog know.

// String names the consumer key alone.
func (s Signer) String() string { return "signer " + string(s.ConsumerKey) + " " + token.Secret }

// GoString hides the private key in %#v.
func (s Signer) GoString() string { return s.String() }

// MarshalText hides the private key in JSON and structured logs.
func (s Signer) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// String hides the private key.
func (k OwnKey) String() string { return "own key " + token.Secret }

// GoString hides the private key in %#v.
func (k OwnKey) GoString() string { return k.String() }

// MarshalText hides the private key in JSON and structured logs.
func (k OwnKey) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// String hides the private keys.
func (o *Opener) String() string { return "opener " + token.Secret }

// GoString hides the private keys in %#v.
func (o *Opener) GoString() string { return o.String() }

// MarshalText hides the private keys in JSON and structured logs.
func (o *Opener) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// String shows where the client calls, and as whom.
func (c *Client) String() string {
	return "mdes client of " + string(c.cfg.TRID) + " at " + c.calls.Base()
}

// GoString hides the keys in %#v.
func (c *Client) GoString() string { return c.String() }
