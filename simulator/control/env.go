package control

import (
	"crypto/sha1" //nolint:gosec // an identifier that the wire asks for, not a protection
	"crypto/sha256"
	"encoding/hex"
	"encoding/pem"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
)

// env is the one answer that holds secrets. They are no secrets of anybody:
// all of them derive from the seed or stand in the source.
func (c *call) env() (any, error) {
	v := control.Env{Sandbox: c.box.ID(), BaseURL: c.s.baseURL(c.box), Cards: []control.Card{}}
	for _, r := range c.box.Requestors() {
		keys, err := viewKeys(r.Mastercard)
		if err != nil {
			return nil, err
		}
		v.Requestors = append(v.Requestors, control.Credentials{
			Requestor: r.Name, TRID: r.TRID, Mastercard: keys,
			Visa: control.VisaCredentials{Signing: pair(r.Visa.Signing), Encryption: pair(r.Visa.Encryption), Outbound: pair(r.Visa.Outbound)},
		})
	}
	for _, card := range c.allCards() {
		if card.Name != "" {
			v.Cards = append(v.Cards, card)
		}
	}
	return v, nil
}

func pair(k sandbox.VisaKey) control.APIKey {
	return control.APIKey{APIKey: k.APIKey, Secret: control.Hidden(k.Secret)}
}

// viewKeys hands out the client's private keys and, of the network's pair, the
// certificate only.
func viewKeys(m sandbox.MastercardKeys) (control.MastercardCredentials, error) {
	v := control.MastercardCredentials{ConsumerKey: m.ConsumerKey}
	for _, k := range []struct {
		pair    fixtures.KeyPair
		private bool
		into    *control.Key
	}{{m.Signing, true, &v.Signing}, {m.Network, false, &v.Encryption}, {m.Requestor, true, &v.Decryption}} {
		private, certificate, err := halves(k.pair.Number)
		if err != nil {
			return v, err
		}
		*k.into = control.Key{Certificate: certificate, Fingerprints: fingerprints(k.pair)}
		if k.private {
			k.into.PrivateKey = control.Hidden(private)
		}
	}
	return v, nil
}

// halves splits the file of a key into its private key and its certificate.
func halves(number int) (private, certificate string, err error) {
	text, err := fixtures.KeyPEM(number)
	if err != nil {
		return "", "", err
	}
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		switch block.Type {
		case "PRIVATE KEY":
			private = string(pem.EncodeToMemory(block))
		case "CERTIFICATE":
			certificate = string(pem.EncodeToMemory(block))
		}
	}
	return private, certificate, nil
}

func fingerprints(k fixtures.KeyPair) control.Fingerprints {
	old := sha1.Sum(k.Certificate.Raw) //nolint:gosec // see the import
	certificate := sha256.Sum256(k.Certificate.Raw)
	public := sha256.Sum256(k.Certificate.RawSubjectPublicKeyInfo)
	return control.Fingerprints{
		CertificateSHA1:   hex.EncodeToString(old[:]),
		CertificateSHA256: hex.EncodeToString(certificate[:]),
		PublicKeySHA256:   hex.EncodeToString(public[:]),
	}
}
