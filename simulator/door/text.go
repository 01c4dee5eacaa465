package door

import (
	"bytes"
	"encoding/json"
	"strconv"

	"github.com/pantomime-dev/pantomime/token"
)

// JSON writes a body as both networks do: compact, with &, < and > as they are.
func JSON(v any) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}

// Quoted shows a value of the request, masked and not at any length.
func Quoted(s string) string {
	const most = 100
	if s = token.Scrub(s); len(s) > most {
		s = s[:most] + "..."
	}
	return strconv.Quote(s)
}

// TooLarge is a failed check, of the face's own name, of a body whose end was not
// even read.
func TooLarge(name string) token.Check {
	return token.Check{Name: name, Expected: "at most " + strconv.Itoa(MaxBody) + " bytes", Received: "more"}
}
