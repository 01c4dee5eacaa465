package wire

import (
	"bytes"
	"errors"
	"io"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// The forms of a scalar of which sources show two.
const (
	AsText   = "text"   // "true", "7"
	AsNative = "native" // true, 7
)

// Written gives the named members of a JSON text, however deep, one form: in
// quotes, or as the number or boolean that they are. Everything else, and what
// is no such value, stays as it is, byte for byte.
func Written(body []byte, form string, names map[string]bool) ([]byte, error) {
	if form != AsText && form != AsNative {
		return body, nil
	}
	dec := jsontext.NewDecoder(bytes.NewReader(body))
	var out bytes.Buffer
	copied := int64(0)
	for {
		tok, err := dec.ReadToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if kind, length := dec.StackIndex(dec.StackDepth()); kind != '{' || length%2 == 0 || tok.Kind() != '"' || !names[tok.String()] {
			continue
		}
		value, err := dec.ReadValue()
		if err != nil {
			return nil, err
		}
		end := dec.InputOffset()
		start := end - int64(len(value))
		out.Write(body[copied:start])
		out.Write(written(value, form))
		copied = end
	}
	out.Write(body[copied:])
	return out.Bytes(), nil
}

// written is a scalar in the form; an object, a list and null stay.
func written(value jsontext.Value, form string) []byte {
	switch kind := value.Kind(); {
	case form == AsText && (kind == 't' || kind == 'f' || kind == '0'):
		return strconv.AppendQuote(nil, string(value))
	case form == AsNative && kind == '"':
		bare := value[1 : len(value)-1]
		if v := (Value{Kind: bare.Kind()}); bare.IsValid() && v.scalar() {
			return bare
		}
	}
	return value
}
