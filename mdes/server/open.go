package server

import (
	"errors"

	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/token"
)

// open decrypts a field of the request. The wire says the same of every payload
// that does not open (docs/wire/mdes.md "Errors").
func (r *request) open(field string, p mdes.EncryptedPayload) ([]byte, *refusal) {
	opener := r.account.opener
	opener.JWE, opener.IgnoreCBCTag = r.switches().JWE, true // as Mastercard's libraries, which do not look at that tag
	plain, err := opener.Open(p)
	if err != nil {
		check := token.Check{Name: CheckPayload}
		var failed *mdes.CryptographyError
		if errors.As(err, &failed) {
			check = failed.Check()
		}
		return nil, r.fail(check, token.Refuse(token.Key(mdes.CryptographyFailed), err.Error()))
	}
	r.Checks.Pass(CheckPayload, token.Scrub(p.PublicKeyFingerprint))
	r.jwe, r.digest = p.IsJWE(), r.account.sealedWith(p)
	r.In.Sent(field, plain)
	return plain, nil
}
