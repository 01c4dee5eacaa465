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
// and a null, a text and a number, and unknown members can be told apart, or of
// a Go struct ([Table.Of]).
type Value struct {
	Kind  jsontext.Kind // { [ " 0 t f n; 0 of an absent member
	Text  string        // of a text or, as it stands there, of a number
	Inner []Member      // members or items of JSON
	from  *source       // of a struct's object
}

// Member is a value under its name in an object; an item of a list has none.
type Member struct {
	Name string
	Value
}

// source is a struct with the places of the members that its table has.
type source struct {
	places []place
	v      reflect.Value
}

// Get finds a member; one that is null is as good as absent.
func (v *Value) Get(name string) Value {
	if v.from != nil {
		for i := range v.from.places {
			if v.from.places[i].name == name {
				return v.from.value(i)
			}
		}
		return Value{}
	}
	for i := range v.Inner {
		if m := &v.Inner[i]; m.Name == name && m.Kind != 'n' {
			return m.Value
		}
	}
	return Value{}
}

// Has reports whether a member is there and not null.
func (v *Value) Has(name string) bool { return v.Get(name).Kind != 0 }

// member is Get for row i of a table.
func (v *Value) member(i int, name string) Value {
	if v.from != nil {
		return v.from.value(i)
	}
	return v.Get(name)
}

// ErrDepth says that a JSON text is nested too deep; all the same it is valid.
var ErrDepth = fmt.Errorf("nested deeper than %d levels", MaxDepth)

// Parse reads exactly one JSON value, in which no name stands twice. The error
// is that of the JSON library or, with the kind of the value, [ErrDepth].
func Parse(body []byte) (Value, error) {
	r := reader{text: string(body)}
	if err := json.Unmarshal(body, &r); err != nil {
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

// mostMembers is as many as most objects have.
const mostMembers = 8

// UnmarshalJSONFrom reads the next value; the library calls it.
func (r *reader) UnmarshalJSONFrom(dec *jsontext.Decoder) (err error) {
	r.top, err = r.value(dec)
	return err
}

func (r *reader) value(dec *jsontext.Decoder) (v Value, err error) {
	if dec.StackDepth() > MaxDepth {
		r.tooDeep = true // told once all of it is known to be JSON
		return Value{}, dec.SkipValue()
	}
	switch v.Kind = dec.PeekKind(); v.Kind {
	case '{':
		v.Inner, err = r.object(dec)
	case '[':
		v.Inner, err = r.list(dec)
	case '"', '0':
		v.Text, err = r.scalar(dec)
	default:
		err = dec.SkipValue()
	}
	return v, err
}

func (r *reader) object(dec *jsontext.Decoder) (members []Member, err error) {
	if _, err = dec.ReadToken(); err != nil {
		return nil, err
	}
	members = make([]Member, 0, mostMembers)
	for dec.PeekKind() != '}' {
		var m Member
		if m.Name, err = r.scalar(dec); err != nil {
			return nil, err
		}
		if m.Value, err = r.value(dec); err != nil {
			return nil, err
		}
		members = append(members, m)
	}
	_, err = dec.ReadToken()
	return members, err
}

func (r *reader) list(dec *jsontext.Decoder) (items []Member, err error) {
	if _, err = dec.ReadToken(); err != nil {
		return nil, err
	}
	for dec.PeekKind() != ']' {
		v, err := r.value(dec)
		if err != nil {
			return nil, err
		}
		items = append(items, Member{Value: v})
	}
	_, err = dec.ReadToken()
	return items, err
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
