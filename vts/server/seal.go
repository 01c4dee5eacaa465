package server

import (
	"strings"

	"github.com/pantomime-dev/pantomime/token"
)

// fieldToken is the one encrypted field of answers.
const fieldToken = "encTokenInfo"

// sealToken encrypts a token number for its requestor (docs/wire/vts.md
// "Encryption"). The fault wrong-key seals it to a key that only pretends to be
// the requestor's; bad-ciphertext breaks the content, not the form.
func (r *request) sealToken(number token.TokenPAN) string {
	plain := []byte(`{"token":"` + number.Digits() + `"}`)
	r.In.Answered("tokenInfo."+fieldToken, plain)
	key := r.sealing.right
	if r.Plan.Fault == token.FaultWrongKey {
		key = r.sealing.wrong
	}
	sealed, err := key.Seal(plain, r.In.Wall, nil)
	if err != nil {
		panic("seal: " + err.Error()) // only when the machine has no random numbers
	}
	if r.Plan.Fault == token.FaultBadCiphertext {
		return breakCiphertext(sealed)
	}
	return sealed
}

// breakCiphertext changes one character of the ciphertext, the fourth part,
// such that all parts stay base64url.
func breakCiphertext(compact string) string {
	at := strings.LastIndexByte(compact, '.')
	at = strings.LastIndexByte(compact[:at], '.') + 1
	other := byte('A')
	if compact[at] == other {
		other = 'B'
	}
	return compact[:at] + string(other) + compact[at+1:]
}
