package control

import (
	"log/slog"

	"github.com/pantomime-dev/pantomime/token"
)

// Hidden is a secret or a private key. JSON carries it, because handing it out
// is what [Env] is for; %v, %#v and slog do not show it.
type Hidden string

// String hides the value.
func (h Hidden) String() string {
	if h == "" {
		return ""
	}
	return token.Secret
}

// GoString hides the value in %#v.
func (h Hidden) GoString() string { return h.String() }

// LogValue hides the value in structured logs.
func (h Hidden) LogValue() slog.Value { return slog.StringValue(h.String()) }

// Env is everything a client needs to talk to both networks and the acquirer of a sandbox. All
// keys in it are our own test keys; it is the one answer that holds secrets.
type Env struct {
	Sandbox    string        `json:"sandbox"`
	BaseURL    BaseURL       `json:"baseUrl"`
	Requestors []Credentials `json:"requestors"`
	Cards      []Card        `json:"cards"`
	Issuers    []Endpoint    `json:"issuers,omitempty"` // those that are asked outside
}

// Endpoint is where an issuer is asked, and the secret by which it knows who asks.
type Endpoint struct {
	Issuer string `json:"issuer"`
	Decide string `json:"decide"`
	Secret Hidden `json:"secret"`
}

// Credentials are one token requestor's.
type Credentials struct {
	Requestor  string                       `json:"requestor"`
	TRID       map[token.Network]token.TRID `json:"trid"`
	Visa       VisaCredentials              `json:"visa"`
	Mastercard MastercardCredentials        `json:"mastercard"`
	Acquirer   AcquirerCredentials          `json:"acquirer"`
}

// AcquirerCredentials are what a merchant pays with through the acquirers, by HTTP
// Basic: at the first one and, by name, at the others.
type AcquirerCredentials struct {
	AcquirerCredential
	Others []AcquirerCredential `json:"others,omitempty"`
}

// At finds the credential at an acquirer by its name.
func (c AcquirerCredentials) At(name string) (AcquirerCredential, bool) {
	for _, one := range append([]AcquirerCredential{c.AcquirerCredential}, c.Others...) {
		if one.Acquirer == name {
			return one, true
		}
	}
	return AcquirerCredential{}, false
}

// AcquirerCredential is that at one acquirer.
type AcquirerCredential struct {
	Acquirer string `json:"acquirer"` // its name
	Key      string `json:"key"`
	Secret   Hidden `json:"secret"`
}

// VisaCredentials are pairs of API key and shared secret.
type VisaCredentials struct {
	Signing    APIKey `json:"signing"`    // the client signs its requests with it
	Encryption APIKey `json:"encryption"` // fields are sealed with it, both ways
	Outbound   APIKey `json:"outbound"`   // the network signs its notices with it
	// Further pairs are live next to Signing and Encryption, as while keys are
	// rolled over.
	Further []FurtherKey `json:"further,omitempty"`
	// RSA is there when the scenario gives the requestor RSA field encryption.
	RSA *VisaRSA `json:"rsa,omitempty"`
}

// FurtherKey is a pair with what it is for: sign, encrypt or both.
type FurtherKey struct {
	Use string `json:"use"`
	APIKey
}

// VisaRSA are the keys of RSA field encryption; the ids are the kid of a field.
type VisaRSA struct {
	NetworkKeyID   string `json:"networkKeyId"`
	Network        Key    `json:"network"` // requests are encrypted to it
	RequestorKeyID string `json:"requestorKeyId"`
	Requestor      Key    `json:"requestor"` // answers are encrypted to it
}

// APIKey is an API key with its shared secret, used as UTF-8 text.
type APIKey struct {
	APIKey string `json:"apiKey"`
	Secret Hidden `json:"secret"`
}

// MastercardCredentials are PEM texts: PKCS #8 for keys, X.509 for certificates.
type MastercardCredentials struct {
	ConsumerKey string `json:"consumerKey"`
	Signing     Key    `json:"signing"` // the client signs its requests with the private key
	// Encryption takes the place of Mastercard's own certificate: requests are
	// encrypted to it. It has no private key here; the network keeps that.
	Encryption Key `json:"encryption"`
	Decryption Key `json:"decryption"` // answers and notices are encrypted to it
}

// Key is one key pair, or the public half of one.
type Key struct {
	PrivateKey  Hidden `json:"privateKey,omitempty"`
	Certificate string `json:"certificate"`
	// Fingerprints are what publicKeyFingerprint may say, in lower-case hex.
	Fingerprints Fingerprints `json:"fingerprints"`
}

// Fingerprints name a public key in the three forms in use.
type Fingerprints struct {
	CertificateSHA1   string `json:"certificateSha1"`
	CertificateSHA256 string `json:"certificateSha256"`
	PublicKeySHA256   string `json:"publicKeySha256"`
}

// Requestor finds the credentials of a requestor; "" is the only or first one.
func (e Env) Requestor(name string) (Credentials, bool) {
	for _, c := range e.Requestors {
		if c.Requestor == name || name == "" {
			return c, true
		}
	}
	return Credentials{}, false
}
