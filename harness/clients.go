package harness

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/vts"
)

// httpClient is a client with its own connections that follows no redirect
// and asks no proxy. What it exchanges goes into the report of a check that
// fails, and it counts into mute what is not answered in time.
func httpClient(within time.Duration, mute *silence) *http.Client {
	return &http.Client{
		Transport:     recorder{&http.Transport{MaxIdleConnsPerHost: 16, IdleConnTimeout: 30 * time.Second}, within, mute},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Credential is the pair as the codec knows it.
func (k KeyPair) Credential() vts.Credential {
	return vts.Credential{APIKey: k.APIKey, Secret: string(k.Secret)}
}

// FieldKey is the pair that seals fields: Encryption, or Signing without one.
func (v Visa) FieldKey() KeyPair {
	if v.Encryption != nil {
		return *v.Encryption
	}
	return v.Signing
}

// Client makes a client of the token service as this requestor.
func (v Visa) Client(wall clock.Wall, via *http.Client) (*vts.Client, error) {
	return vts.NewClient(vts.Config{
		BaseURL: v.URL, Signing: v.Signing.Credential(), Encryption: v.FieldKey().Credential(),
		ClientAppID: orText(v.ClientAppID, "pantomime-harness"), WalletAccount: orText(v.WalletAccount, string(v.TRID)),
		HTTP: via, Wall: wall,
	})
}

func orText(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}

// MastercardKeys are the keys of a [Mastercard] target, read.
type MastercardKeys struct {
	Signing    *rsa.PrivateKey
	Encryption *x509.Certificate // the network's
	Decryption *rsa.PrivateKey
	Own        *x509.Certificate // of Decryption; may be nil
}

// Keys reads the PEM texts.
func (m Mastercard) Keys() (MastercardKeys, error) { return newMastercardKeys(m) }

func newMastercardKeys(m Mastercard) (k MastercardKeys, err error) {
	if k.Signing, err = privateKey("signingKey", string(m.SigningKey)); err != nil {
		return k, err
	}
	if k.Encryption, err = certificate("encryptionCertificate", m.EncryptionCertificate); err != nil {
		return k, err
	}
	if k.Decryption, err = privateKey("decryptionKey", string(m.DecryptionKey)); err != nil {
		return k, err
	}
	if m.DecryptionCertificate != "" {
		k.Own, err = certificate("decryptionCertificate", m.DecryptionCertificate)
	}
	return k, err
}

var errPEM = errors.New("not usable")

func privateKey(name, text string) (*rsa.PrivateKey, error) {
	for block, rest := pem.Decode([]byte(text)); block != nil; block, rest = pem.Decode(rest) {
		switch block.Type {
		case "PRIVATE KEY":
			key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
			if private, ok := key.(*rsa.PrivateKey); err == nil && ok {
				return private, nil
			}
		case "RSA PRIVATE KEY":
			if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
				return key, nil
			}
		}
	}
	return nil, fmt.Errorf("%s: %w: the PEM text holds no RSA private key", name, errPEM)
}

func certificate(name, text string) (*x509.Certificate, error) {
	for block, rest := pem.Decode([]byte(text)); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("%s: %w: %w", name, errPEM, err)
		}
		if _, ok := cert.PublicKey.(*rsa.PublicKey); !ok {
			return nil, fmt.Errorf("%s: %w: the certificate's key is not RSA", name, errPEM)
		}
		return cert, nil
	}
	return nil, fmt.Errorf("%s: %w: the PEM text holds no certificate", name, errPEM)
}

// Opener opens answers and notices with the requestor's key.
func (k MastercardKeys) Opener() (*mdes.Opener, error) {
	own := mdes.OwnKey{Key: k.Decryption}
	if k.Own != nil {
		own.Certificates = append(own.Certificates, k.Own)
	}
	return mdes.NewOpener(own)
}

// Client makes a client of MDES as this requestor.
func (m Mastercard) Client(wall clock.Wall, via *http.Client) (*mdes.Client, error) {
	keys, err := m.Keys()
	if err != nil {
		return nil, err
	}
	sealer, err := mdes.NewSealer(keys.Encryption, mdes.CertificateSHA256)
	if err != nil {
		return nil, err
	}
	opener, err := keys.Opener()
	if err != nil {
		return nil, err
	}
	return mdes.NewClient(mdes.Config{
		BaseURL: m.URL, Env: mdes.Environment(m.Environment), TRID: m.TRID, ResponseHost: m.ResponseHost,
		Signer:  mdes.Signer{ConsumerKey: mdes.ConsumerKey(m.ConsumerKey), Key: keys.Signing, Wall: wall},
		Network: sealer, Own: opener, HTTP: via,
	})
}
