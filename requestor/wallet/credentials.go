package wallet

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"

	acq "github.com/pantomime-dev/pantomime/acquirer"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// ErrKey says that a text holds no usable key or certificate.
var ErrKey = errors.New("not a usable key")

// Credentials are those of one token requestor, as texts. They print without
// their secrets.
type Credentials struct {
	TRID       map[token.Network]token.TRID
	Visa       VisaCredentials
	Mastercard MastercardCredentials
	Acquirer   acq.Credential
}

// VisaCredentials are pairs of API key and shared secret.
type VisaCredentials struct {
	Signing    vts.Credential // signs requests
	Encryption vts.Credential // seals and opens fields
	Outbound   vts.Credential // the network signs its notices with it
	RSA        *VisaRSA       // nil: fields are sealed under Encryption
}

// VisaRSA are the keys of RSA field encryption.
type VisaRSA struct {
	NetworkID   string // kid of what is sealed to the network
	Network     string // the network's certificate, PEM
	RequestorID string // kid of what is sealed to the requestor
	Requestor   PEM    // the requestor's private key
}

// MastercardCredentials are the requestor's keys and the network's certificate.
type MastercardCredentials struct {
	ConsumerKey string
	Signing     PEM    // private key that signs requests
	Network     string // certificate that requests are encrypted to, PEM
	Own         PEM    // private key that opens answers and notices
	Certificate string // of Own, PEM
}

// PEM is the text of a private key, PKCS #8. It prints as a secret, in JSON and
// structured logs too.
type PEM string

// String hides the key.
func (PEM) String() string { return token.Secret }

// GoString hides the key in %#v.
func (PEM) GoString() string { return token.Secret }

// MarshalText hides the key in JSON.
func (PEM) MarshalText() ([]byte, error) { return []byte(token.Secret), nil }

// privateKey reads an RSA key; what says which one it is.
func privateKey(what string, text PEM) (*rsa.PrivateKey, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, fmt.Errorf("%s: %w: no PEM", what, ErrKey)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %w", what, ErrKey, err)
	}
	key, ok := parsed.(*rsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("%s: %w: not RSA", what, ErrKey)
	}
	return key, nil
}

// certificate reads one; what says which.
func certificate(what, text string) (*x509.Certificate, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, fmt.Errorf("%s: %w: no PEM", what, ErrKey)
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %w", what, ErrKey, err)
	}
	return cert, nil
}

// keys are the network's key, which seals fields, and the requestor's, which
// opens answers.
func (r VisaRSA) keys() (field, answer *vts.Key, err error) {
	cert, err := certificate("network certificate", r.Network)
	if err != nil {
		return nil, nil, err
	}
	public, ok := cert.PublicKey.(*rsa.PublicKey)
	if !ok {
		return nil, nil, fmt.Errorf("network certificate: %w: not RSA", ErrKey)
	}
	private, err := privateKey("requestor key", r.Requestor)
	if err != nil {
		return nil, nil, err
	}
	if field, err = vts.NewRSAKey(r.NetworkID, public, nil); err != nil {
		return nil, nil, err
	}
	answer, err = vts.NewRSAKey(r.RequestorID, &private.PublicKey, private)
	return field, answer, err
}

// opener opens answers and notices of Mastercard's.
func (m MastercardCredentials) opener() (*mdes.Opener, error) {
	own, err := privateKey("own key", m.Own)
	if err != nil {
		return nil, err
	}
	cert, err := certificate("own certificate", m.Certificate)
	if err != nil {
		return nil, err
	}
	return mdes.NewOpener(mdes.OwnKey{Key: own, Certificates: []*x509.Certificate{cert}})
}
