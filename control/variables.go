package control

import (
	"fmt"
	"strings"

	"github.com/pantomime-dev/pantomime/token"
)

// variables are the credentials of a requestor at each party as variables of a
// shell, by what their names have behind PANTOMIME_ and the party. Keys and
// certificates in PEM are not among them.
var variables = map[token.Party]func(Credentials) [][2]string{
	token.PartyVisa: func(c Credentials) [][2]string {
		all := [][2]string{
			{"API_KEY", c.Visa.Signing.APIKey},
			{"SHARED_SECRET", string(c.Visa.Signing.Secret)},
			{"ENCRYPTION_API_KEY", c.Visa.Encryption.APIKey},
			{"ENCRYPTION_SHARED_SECRET", string(c.Visa.Encryption.Secret)},
			{"OUTBOUND_API_KEY", c.Visa.Outbound.APIKey},
			{"OUTBOUND_SHARED_SECRET", string(c.Visa.Outbound.Secret)},
		}
		for i, k := range c.Visa.Further {
			name := fmt.Sprintf("FURTHER_%d_", i+1)
			all = append(all, [][2]string{{name + "USE", k.Use}, {name + "API_KEY", k.APIKey.APIKey}, {name + "SHARED_SECRET", string(k.Secret)}}...)
		}
		if rsa := c.Visa.RSA; rsa != nil {
			all = append(all, [][2]string{{"ENCRYPTION_KEY_ID", rsa.NetworkKeyID}, {"DECRYPTION_KEY_ID", rsa.RequestorKeyID}}...)
		}
		return all
	},
	token.PartyMastercard: func(c Credentials) [][2]string {
		return [][2]string{
			{"CONSUMER_KEY", c.Mastercard.ConsumerKey},
			{"ENCRYPTION_FINGERPRINT", c.Mastercard.Encryption.Fingerprints.CertificateSHA256},
		}
	},
	token.PartyAcquirer: func(c Credentials) [][2]string {
		return [][2]string{{"KEY", c.Acquirer.Key}, {"SECRET", string(c.Acquirer.Secret)}}
	},
}

// Variables are what a client needs as variables of a shell, by name: base URLs,
// a requestor's credentials without those in PEM, and the secrets by which the
// endpoints of issuers know who asks.
func (e Env) Variables(c Credentials) (all [][2]string) {
	for _, p := range token.Parties() {
		prefix := "PANTOMIME_" + strings.ToUpper(string(p.Name)) + "_"
		all = append(all, [2]string{prefix + "BASE_URL", e.BaseURL[p.Name]})
		if trid := c.TRID[token.Network(p.Name)]; trid != "" {
			all = append(all, [2]string{prefix + "TRID", string(trid)})
		}
		if of := variables[p.Name]; of != nil {
			for _, v := range of(c) {
				all = append(all, [2]string{prefix + v[0], v[1]})
			}
		}
	}
	for i, at := range e.Issuers {
		prefix := fmt.Sprintf("PANTOMIME_ISSUER_%d_", i+1)
		all = append(all, [2]string{prefix + "NAME", at.Issuer}, [2]string{prefix + "DECIDE", at.Decide}, [2]string{prefix + "SECRET", string(at.Secret)})
	}
	return all
}
