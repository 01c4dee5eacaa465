package door

import (
	"bytes"
	"encoding/json"
	"strconv"

	"github.com/pantomime-dev/pantomime/token"
)

// JSON writes a body as both networks do: compact, with &, < and > as they are.
func JSON(v any) ([]byte, error) { return writeJSON(v, usualBody) }

// usualBody is how many bytes most answers need.
const usualBody = 1280

// writeJSON takes room for so many bytes at once; more is taken as needed.
func writeJSON(v any, room int) ([]byte, error) {
	out := bytes.NewBuffer(make([]byte, 0, room))
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}

// Written is a member of a JSON object that was written before.
type Written struct {
	Name string
	JSON []byte
	Open bool // it holds nothing that the journal would mask
}

// Object is [JSON] of an object that ends with a member written before, nil for
// none. open is how many bytes at the end hold nothing to be masked.
func Object(v any, last *Written) (body []byte, open int, err error) {
	if last == nil {
		body, err = JSON(v)
		return body, 0, err
	}
	if body, err = writeJSON(v, usualBody+len(last.Name)+len(last.JSON)); err != nil {
		return nil, 0, err
	}
	body = body[:len(body)-1]
	if len(body) > 1 {
		body = append(body, ',')
	}
	body = append(append(append(body, '"'), last.Name...), `":`...)
	body = append(append(body, last.JSON...), '}')
	if last.Open {
		open = len(last.JSON) + 1
	}
	return body, open, nil
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
