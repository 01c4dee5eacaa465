package pantomime

import (
	"github.com/pantomime-dev/pantomime/acquirer"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/vts"
)

// Credentials are those that the control door hands out, as a wallet takes
// them: the one place that knows both.
func Credentials(c control.Credentials) wallet.Credentials {
	m := c.Mastercard
	w := wallet.Credentials{
		TRID: c.TRID,
		Visa: wallet.VisaCredentials{
			Signing: credential(c.Visa.Signing), Encryption: credential(c.Visa.Encryption), Outbound: credential(c.Visa.Outbound),
		},
		Mastercard: wallet.MastercardCredentials{
			ConsumerKey: m.ConsumerKey, Signing: wallet.PEM(m.Signing.PrivateKey), Network: m.Encryption.Certificate,
			Own: wallet.PEM(m.Decryption.PrivateKey), Certificate: m.Decryption.Certificate,
		},
		Acquirer: acquirer.Credential{Key: c.Acquirer.Key, Secret: string(c.Acquirer.Secret)},
	}
	if rsa := c.Visa.RSA; rsa != nil {
		w.Visa.RSA = &wallet.VisaRSA{
			NetworkID: rsa.NetworkKeyID, Network: rsa.Network.Certificate,
			RequestorID: rsa.RequestorKeyID, Requestor: wallet.PEM(rsa.Requestor.PrivateKey),
		}
	}
	return w
}

func credential(k control.APIKey) vts.Credential {
	return vts.Credential{APIKey: k.APIKey, Secret: string(k.Secret)}
}
