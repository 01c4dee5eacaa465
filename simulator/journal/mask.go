package journal

import (
	"strconv"
	"strings"

	"github.com/pantomime-dev/pantomime/simulator/token"
)

// Encrypted stands where ciphertext stood.
const Encrypted = "<encrypted>"

type treatment uint8

const (
	plain   treatment = iota
	number            // a card or token number, whatever its length
	secret            // never shown
	cipher            // ciphertext and what belongs to it
	account           // an e-mail address or a name of a card-holder stays out too
)

// treatments names the members that are not shown as they are. Matching
// ignores case, because clients misspell.
var treatments = map[string]treatment{
	"accountnumber": number, "tokennumber": number, "token": number, "number": number, "pan": number,
	"cvv2": secret, "cvv": secret, "cvc": secret, "securitycode": secret, "otpvalue": secret, "authcode": secret,
	"cryptogram": secret, "de48se43data": secret, "de55data": secret, "track2equivalent": secret,
	"tokenizationauthenticationvalue": secret, "issuerauthcode": secret, "passcode": secret,
	"encryptedvalue": cipher, "encrypteddata": cipher, "encryptedkey": cipher, "iv": cipher, "encdata": cipher,
	"publickeyfingerprint": cipher, "oaephashingalgorithm": cipher, "encodeddata": cipher,
	"encpaymentinstrument": cipher, "encriskdatainfo": cipher, "enctokeninfo": cipher, "enccvv2": secret,
	"encauthenticationdata": cipher, "encbillinginfo": cipher, "encdeviceriskdatainfo": cipher,
	"name": account, "accountholdername": account, "email": account,
	"clientwalletaccountemailaddress": account, "accountholderemailaddress": account,
}

// Mask makes a JSON text fit to be stored: numbers masked, secrets and
// ciphertext replaced. It works on any bytes, valid JSON or not, and never
// lengthens a secret into view: what it cannot parse is scrubbed as free text.
func Mask(body []byte) string {
	var out strings.Builder
	out.Grow(len(body))
	key := ""
	for i := 0; i < len(body); {
		switch c := body[i]; {
		case c == '"':
			end := stringEnd(body, i)
			text := body[i:end]
			if isKey(body, end) {
				key = strings.ToLower(string(trimQuotes(text)))
				out.WriteString(token.Scrub(string(text)))
			} else {
				out.WriteString(maskString(key, text))
			}
			i = end
		case c >= '0' && c <= '9' || c == '-':
			end := i + 1
			for end < len(body) && (body[end] >= '0' && body[end] <= '9' || strings.IndexByte("+-.eE", body[end]) >= 0) {
				end++
			}
			out.WriteString(maskNumber(key, string(body[i:end])))
			i = end
		default:
			if c == '}' || c == '{' {
				key = ""
			}
			out.WriteByte(c)
			i++
		}
	}
	return out.String()
}

// stringEnd returns the index after the closing quote, or the end of input.
func stringEnd(b []byte, start int) int {
	for i := start + 1; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(b)
}

func isKey(b []byte, i int) bool {
	for ; i < len(b); i++ {
		switch b[i] {
		case ' ', '\t', '\r', '\n':
		default:
			return b[i] == ':'
		}
	}
	return false
}

func trimQuotes(b []byte) []byte {
	if len(b) > 0 && b[0] == '"' {
		b = b[1:]
	}
	if len(b) > 0 && b[len(b)-1] == '"' {
		b = b[:len(b)-1]
	}
	return b
}

func maskString(key string, quoted []byte) string {
	raw := string(trimQuotes(quoted))
	switch treatments[key] {
	case number:
		return `"` + maskAccount(raw) + `"`
	case secret:
		return `"` + token.Secret + `"`
	case cipher:
		return `"` + Encrypted + `"`
	case account:
		if raw == "" || riskName(raw) {
			break
		}
		return `"***"`
	}
	if strings.IndexByte(raw, '\\') >= 0 {
		if text, err := strconv.Unquote(`"` + strings.ReplaceAll(raw, `\/`, `/`) + `"`); err == nil {
			if clean := token.Scrub(text); clean != text {
				return strconv.Quote(clean)
			}
		}
	}
	return `"` + token.Scrub(raw) + `"`
}

// riskName lets the names of risk data items through: they are dotted or
// known words, not people.
func riskName(s string) bool {
	return strings.Contains(s, ".") && !strings.Contains(s, "@") || s == "encCvv2"
}

func maskAccount(raw string) string {
	if len(raw) >= 6 && len(raw) <= 8 && token.Digits(raw) {
		return raw // an account range, not a number
	}
	return token.Mask(raw)
}

func maskNumber(key, raw string) string {
	switch treatments[key] {
	case secret:
		return `"` + token.Secret + `"`
	case number:
		return `"` + maskAccount(raw) + `"`
	}
	return token.Scrub(raw)
}
