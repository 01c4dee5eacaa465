package harness

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"github.com/pantomime-dev/pantomime/token"
)

// hiddenNames are members whose values reports never show: cryptograms, codes,
// track data, ciphertext.
var hiddenNames = []string{
	"cryptogram", "cvv2", "securityCode", "track2Equivalent", "de48se43Data", "de55Data",
	"encPaymentInstrument", "encRiskDataInfo", "encTokenInfo", "encryptedData", "encryptedKey", "iv", "encodedData", "data",
}

func hidden(path string) bool {
	return slices.Contains(hiddenNames, path[strings.LastIndexByte(path, '.')+1:])
}

// Redact makes a body fit for a report: numbers masked, secrets left out, not
// too long.
func Redact(body []byte) string {
	const most = 2000
	text := string(body)
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var v any
	if dec.Decode(&v) == nil {
		text = compact(hide(v))
	}
	if text = token.Scrub(text); len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	return text
}

// compact writes JSON for people, with < > & as they are.
func compact(v any) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return "unreadable"
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func hide(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, value := range v {
			if slices.Contains(hiddenNames, name) {
				v[name] = token.Secret
				continue
			}
			v[name] = hide(value)
		}
	case []any:
		for i := range v {
			v[i] = hide(v[i])
		}
	}
	return v
}
