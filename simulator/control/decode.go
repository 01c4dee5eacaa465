package control

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/pantomime-dev/pantomime/control"
)

// decode reads the body, exactly one JSON object, into v. Bodies of this API
// are flat, so a look at the top level sees every member: one that v does not
// have, has in other letters or gets twice is refused, which encoding/json
// alone would let pass. An empty body is an empty object.
func (c *call) decode(v any) error {
	if len(c.body) == 0 {
		return nil
	}
	accepted := members(reflect.TypeOf(v).Elem())
	if err := checkMembers(c.body, accepted); err != nil {
		return err
	}
	err := json.Unmarshal(c.body, v)
	var wrong *json.UnmarshalTypeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &wrong):
		field := wrong.Field[strings.LastIndexByte(wrong.Field, '.')+1:] // without the names of embedded structs
		p := problem(http.StatusBadRequest, control.CodeBadValue, fmt.Sprintf("%s must be %s, not %s", field, kindOf(wrong.Type), wrong.Value))
		p.Field = field
		return p
	}
	return c.textError(v, err)
}

// textError finds the member whose text could not be read: errors of
// UnmarshalText come without its name.
func (c *call) textError(v any, err error) error {
	var raw map[string]json.RawMessage
	_ = json.Unmarshal(c.body, &raw)
	for name, value := range raw {
		one, _ := json.Marshal(map[string]json.RawMessage{name: value})
		if e := json.Unmarshal(one, reflect.New(reflect.TypeOf(v).Elem()).Interface()); e != nil {
			var moment *time.ParseError
			if errors.As(e, &moment) {
				return badValue(name, strings.Trim(string(value), `"`), "must be a moment with its zone, such as 2026-03-01T09:00:00Z")
			}
			p := problem(http.StatusBadRequest, control.CodeBadValue, name+": "+short(e.Error()))
			p.Field, p.Value = name, short(strings.Trim(string(value), `"`))
			return p
		}
	}
	return problem(http.StatusBadRequest, control.CodeBadValue, short(err.Error()))
}

// checkMembers walks the top level of the object.
func checkMembers(body []byte, accepted []string) error {
	notJSON := func(why string) error {
		return problem(http.StatusBadRequest, control.CodeNotJSON, "the body is not one JSON object: "+why)
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return notJSON("it does not begin with one")
	}
	var seen []string
	for dec.More() {
		t, err := dec.Token()
		name, ok := t.(string)
		if err != nil || !ok {
			return notJSON("a member has no name")
		}
		switch {
		case slices.Contains(seen, name):
			return conflicting(short(name), fmt.Sprintf("member %q is given twice", short(name)))
		case !slices.Contains(accepted, name):
			return unread(control.CodeUnknownField, "member", name, accepted)
		}
		seen = append(seen, name)
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return notJSON("the value of " + name + " cannot be read")
		}
	}
	if _, err := dec.Token(); err != nil {
		return notJSON("it is not closed")
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return notJSON("text follows it")
	}
	return nil
}

// members lists the names of a struct's members, those of embedded ones too.
func members(t reflect.Type) []string {
	var names []string
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && name == "":
			names = append(names, members(f.Type)...)
		case name != "" && name != "-":
			names = append(names, name)
		}
	}
	return names
}

// kindOf names a type as users know it.
func kindOf(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Uint64, reflect.Uint16:
		return "a whole number"
	case reflect.Slice:
		return "a list of texts"
	default:
		return "a text"
	}
}
