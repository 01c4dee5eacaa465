package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/pantomime-dev/pantomime/token"
)

// Sensitive is a wire value that must not be printed: a card or token number,
// a security code, a cryptogram, track data. JSON carries it as it is, because
// that is the wire; %v, %#v and slog show it masked. Convert with string().
type Sensitive string

// String masks the value; see [token.Mask].
func (s Sensitive) String() string { return token.Mask(string(s)) }

// GoString masks the value in %#v.
func (s Sensitive) GoString() string { return s.String() }

// LogValue masks the value in structured logs.
func (s Sensitive) LogValue() slog.Value { return slog.StringValue(s.String()) }

// ErrLoose says that a JSON value has none of the shapes its type takes.
var ErrLoose = errors.New("unexpected JSON value")

// Text is a string that some clients send as a JSON number or a boolean. It
// keeps what was written, digit for digit, and is always written as a string.
type Text string

// UnmarshalJSON takes a string, a number, a boolean, or null for "".
func (t *Text) UnmarshalJSON(b []byte) error {
	if null(b) {
		*t = ""
		return nil
	}
	err := scalar(b, "0tf", (*string)(t))
	if errors.Is(err, ErrLoose) {
		return &json.UnmarshalTypeError{Value: "object or array", Type: reflect.TypeFor[string]()}
	}
	return err
}

// LooseString is a text that careless clients also send as a bare number. It is
// written as a text.
type LooseString string

// UnmarshalJSON takes a text or a number; null changes nothing.
func (s *LooseString) UnmarshalJSON(b []byte) error { return scalar(b, "0", (*string)(s)) }

// LooseBool is a boolean that some send as a text. It is written as a boolean.
type LooseBool bool

// UnmarshalJSON takes true, false, "true" or "false"; null changes nothing.
func (l *LooseBool) UnmarshalJSON(b []byte) error {
	text := strconv.FormatBool(bool(*l))
	if err := scalar(b, "tf", &text); err != nil {
		return err
	}
	switch strings.ToLower(text) {
	case "true", "false":
		*l = LooseBool(strings.EqualFold(text, "true"))
		return nil
	}
	return fmt.Errorf("%w: a boolean is wanted", ErrLoose)
}

// LooseInt is a number that some write as a text. It is written as a number.
type LooseInt int

// UnmarshalJSON takes 1 or "1"; null changes nothing.
func (l *LooseInt) UnmarshalJSON(b []byte) error {
	text := strconv.Itoa(int(*l))
	if err := scalar(b, "0", &text); err != nil {
		return err
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return fmt.Errorf("%w: a whole number is wanted", ErrLoose)
	}
	*l = LooseInt(n)
	return nil
}

func null(b []byte) bool { return string(b) == "null" }

// scalar reads a JSON text, or a bare scalar of one of the kinds as it is
// written; null changes nothing.
func scalar(b []byte, kinds string, into *string) error {
	switch kind := jsontext.Value(b).Kind(); {
	case null(b):
	case len(b) > 1 && b[0] == '"':
		inside := b[1 : len(b)-1]
		if bytes.IndexByte(inside, '\\') >= 0 || !utf8.Valid(inside) {
			return json.Unmarshal(b, into) // there is something to unescape or to replace
		}
		*into = string(inside)
	case strings.IndexByte(kinds, byte(kind)) >= 0:
		*into = string(b)
	default:
		return fmt.Errorf("%w: a text or a scalar is wanted", ErrLoose)
	}
	return nil
}
