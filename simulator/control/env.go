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
		keys, err := viewCredentials(r)
		if err != nil {
			return nil, err
		}
		v.Requestors = append(v.Requestors, keys)
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

func viewCredentials(r *sandbox.Requestor) (v control.Credentials, err error) {
	v = control.Credentials{
		Requestor: r.Name, TRID: r.TRID,
		Visa: control.VisaCredentials{Signing: pair(r.Visa.Signing), Encryption: pair(r.Visa.Encryption), Outbound: pair(r.Visa.Outbound)},
	}
	for _, k := range r.Visa.Further {
		v.Visa.Further = append(v.Visa.Further, control.FurtherKey{Use: string(k.Use), APIKey: pair(k.VisaKey)})
	}
	m := &v.Mastercard
	m.ConsumerKey = r.Mastercard.ConsumerKey
	if m.Signing, err = viewKey(r.Mastercard.Signing, true); err != nil {
		return v, err
	}
	if m.Encryption, err = viewKey(r.Mastercard.Network, false); err != nil {
		return v, err
	}
	if m.Decryption, err = viewKey(r.Mastercard.Requestor, true); err != nil {
		return v, err
	}
	if rsa := r.Visa.RSA; rsa != nil {
		v.Visa.RSA = &control.VisaRSA{NetworkKeyID: rsa.NetworkID, RequestorKeyID: rsa.RequestorID}
		if v.Visa.RSA.Network, err = viewKey(rsa.Network, false); err != nil {
			return v, err
		}
		v.Visa.RSA.Requestor, err = viewKey(rsa.Requestor, true)
	}
	return v, err
}

// viewKey hands a pair out. The private half of the network's own is not asked
// for: it stays here.
func viewKey(pair fixtures.KeyPair, withPrivate bool) (control.Key, error) {
	private, certificate, err := halves(pair.Number)
	if err != nil {
		return control.Key{}, err
	}
	k := control.Key{Certificate: certificate, Fingerprints: fingerprints(pair)}
	if withPrivate {
		k.PrivateKey = control.Hidden(private)
	}
	return k, nil
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
