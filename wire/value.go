package wire

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// MaxDepth is how many levels of nesting [Parse] reads.
const MaxDepth = 16

// Value is one value as rules see it: of a JSON text, where an absent member
// and a null, a text and a number, and unknown members can be distinguished, or of
// a Go struct ([Table.Of]).
type Value struct {
	Kind  jsontext.Kind // { [ " 0 t f n; 0 of an absent member
	Text  string        // of a text or, as it is there, of a number or a boolean
	inner *inner
}

// inner is what is inside an object or a list: members or items or, of an object
// that is a struct, the struct and where in it each row of the table is.
type inner struct {
	members []member
	places  []place
	from    reflect.Value
}

// member is a value under its name in an object; an item of a list has none.
type member struct {
	name string
	Value
}

// members of an object or items of a list of JSON.
func (v Value) members() []member {
	if v.inner == nil {
		return nil
	}
	return v.inner.members
}

// Get finds a member; one that is null is as good as absent.
func (v Value) Get(name string) Value {
	if v.inner == nil {
		return Value{}
	}
	for i := range v.inner.places {
		if v.inner.places[i].name == name {
			return v.inner.row(i)
		}
	}
	for i := range v.inner.members {
		if m := &v.inner.members[i]; m.name == name && m.Kind != 'n' {
			return m.Value
		}
	}
	return Value{}
}

// scalar reports a number or a boolean.
func (v Value) scalar() bool { return v.Kind == '0' || v.Kind == 't' || v.Kind == 'f' }

// Has reports whether a member is there and not null.
func (v Value) Has(name string) bool { return v.Get(name).Kind != 0 }

// row is Get for row i of the table.
func (v Value) row(i int, name string) Value {
	if v.inner != nil && v.inner.places != nil {
		return v.inner.row(i)
	}
	return v.Get(name)
}

// ErrDepth says that a JSON text is nested too deep; all the same it is valid.
var ErrDepth = fmt.Errorf("nested deeper than %d levels", MaxDepth)

// Parse reads exactly one JSON value; options are the library's, by which no
// name may occur twice unless they say so. The error is the library's or, with
// the kind of the value, [ErrDepth].
func Parse(body []byte, options ...json.Options) (Value, error) {
	r := reader{text: string(body)}
	if err := json.Unmarshal(body, &r, options...); err != nil {
		return Value{}, err
	}
	if r.tooDeep {
		return Value{Kind: r.top.Kind}, ErrDepth
	}
	return r.top, nil
}

// reader makes a tree whose texts are parts of one copy of the body.
type reader struct {
	text    string
	top     Value
	tooDeep bool
}

// mostMembers is as many as most objects have: space for them at once saves 9 of 33
// allocations of a decoded tokenize and a twenty-fifth of its time (BenchmarkDecodeRequest of mdes).
const mostMembers = 10

// UnmarshalJSONFrom reads the next value; the library calls it.
func (r *reader) UnmarshalJSONFrom(dec *jsontext.Decoder) (err error) {
	r.top, err = r.value(dec)
	return err
}

func (r *reader) value(dec *jsontext.Decoder) (v Value, err error) {
	if dec.StackDepth() > MaxDepth {
		r.tooDeep = true // reported once all of it is known to be JSON
		return Value{}, dec.SkipValue()
	}
	switch v.Kind = dec.PeekKind(); v.Kind {
	case '{', '[':
		v.inner = new(inner)
		v.inner.members, err = r.members(dec, v.Kind == '{')
	case '"', '0', 't', 'f':
		v.Text, err = r.scalar(dec)
	default:
		err = dec.SkipValue()
	}
	return v, err
}

// members reads an object or a list to its end.
func (r *reader) members(dec *jsontext.Decoder, named bool) (list []member, err error) {
	if _, err = dec.ReadToken(); err != nil {
		return nil, err
	}
	if named {
		list = make([]member, 0, mostMembers)
	}
	for kind := dec.PeekKind(); kind != '}' && kind != ']'; kind = dec.PeekKind() {
		var m member
		if named {
			m.name, err = r.scalar(dec)
		}
		if err == nil {
			m.Value, err = r.value(dec)
		}
		if err != nil {
			return nil, err
		}
		list = append(list, m)
	}
	_, err = dec.ReadToken()
	return list, err
}

// scalar reads a text without its quotes, or a number as it is written.
func (r *reader) scalar(dec *jsontext.Decoder) (string, error) {
	raw, err := dec.ReadValue()
	if err != nil {
		return "", err
	}
	end := int(dec.InputOffset())
	text := r.text[end-len(raw) : end]
	if text[0] != '"' {
		return text, nil
	}
	if inside := text[1 : len(text)-1]; strings.IndexByte(inside, '\\') < 0 {
		return inside, nil
	}
	plain, err := jsontext.AppendUnquote(nil, raw)
	return string(plain), err
}
