package wire

import (
	"errors"
	"reflect"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// AnyScalar reads a number or a boolean as a text, as it is written, and "true"
// and "false" as booleans: careless clients write them in any field, so a server that bears with one field bears with all.
var AnyScalar = json.WithUnmarshalers(json.UnmarshalFromFunc(anyScalar))

// anyScalar reads into whatever is a text or a boolean; the rest is the
// library's.
func anyScalar(dec *jsontext.Decoder, into any) error {
	v := reflect.ValueOf(into)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return errors.ErrUnsupported
	}
	kind := dec.PeekKind()
	switch v = v.Elem(); {
	case v.Kind() == reflect.String && strings.IndexByte("0tf", byte(kind)) >= 0:
		raw, err := dec.ReadValue()
		v.SetString(string(raw))
		return err
	case v.Kind() == reflect.Bool && kind == '"':
		return truth(dec, v)
	}
	return errors.ErrUnsupported
}

// truth reads a text that says whether.
func truth(dec *jsontext.Decoder, into reflect.Value) error {
	raw, err := dec.ReadValue()
	if err != nil {
		return err
	}
	text, err := jsontext.AppendUnquote(nil, raw)
	switch {
	case err != nil:
		return err
	case strings.EqualFold(string(text), "true"), strings.EqualFold(string(text), "false"):
		into.SetBool(strings.EqualFold(string(text), "true"))
		return nil
	}
	return ErrLoose
}
