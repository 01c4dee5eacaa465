package wire

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Table is the field rules of a message that is a Go struct.
type Table struct {
	Fields  []Field
	message reflect.Type // a pointer to it
	places  []place
}

// Rows are the table's; nil has none.
func (t *Table) Rows() []Field {
	if t == nil {
		return nil
	}
	return t.Fields
}

// place is where a row's value is in a struct.
type place struct {
	name  string
	index []int   // path, through embedded structs
	inner []place // of an object
}

// Bind makes the table of T. A row that T has no member of that JSON name and
// shape for is a mistake in the program, and panics.
func Bind[T any](fields ...Field) *Table {
	return &Table{fields, reflect.TypeFor[*T](), places(reflect.TypeFor[T](), fields)}
}

func places(t reflect.Type, fields []Field) []place {
	list := make([]place, len(fields))
	for i, f := range fields {
		member, ok := memberOf(t, f.Name)
		inner := member.Type
		if ok && inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		want := map[Kind]reflect.Kind{KindObject: reflect.Struct, KindList: reflect.Slice}[f.Kind]
		if want == reflect.Invalid {
			want = reflect.String
		}
		if !ok || inner.Kind() != want {
			panic(fmt.Sprintf("wire: %s has no member %s that is %s", t, f.Name, f.Kind))
		}
		list[i] = place{name: f.Name, index: member.Index}
		if f.Kind == KindObject {
			list[i].inner = places(inner, f.Members)
		}
	}
	return list
}

// memberOf finds the struct field of a JSON name.
func memberOf(t reflect.Type, name string) (reflect.StructField, bool) {
	for _, f := range reflect.VisibleFields(t) {
		if tag, _, _ := strings.Cut(f.Tag.Get("json"), ","); tag == name {
			return f, true
		}
	}
	return reflect.StructField{Type: t}, false
}

// Of is a message as rules see it; it points to the table's type, or is not ok.
// Go cannot tell an empty member from an absent one, so "" and an empty list
// count as absent; an object does if a nil is in its place.
func (t *Table) Of(message any) (v Value, ok bool) {
	m := reflect.ValueOf(message)
	if !m.IsValid() || m.Type() != t.message || m.IsNil() {
		return Value{}, false
	}
	return Value{Kind: '{', inner: &inner{places: t.places, from: m.Elem()}}, true
}

// row is what is in row i of a struct's table.
func (s *inner) row(i int) Value {
	p := &s.places[i]
	v := s.from.FieldByIndex(p.index)
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return Value{}
		}
		v = v.Elem()
	}
	switch v.Kind() {
	case reflect.Struct:
		return Value{Kind: '{', inner: &inner{places: p.inner, from: v}}
	case reflect.Slice:
		return listOf(v)
	}
	return textOf(v, 0)
}

// textOf is a text, or of the kind absent if it is empty.
func textOf(v reflect.Value, absent jsontext.Kind) Value {
	if s := v.String(); s != "" {
		return Value{Kind: '"', Text: s}
	}
	return Value{Kind: absent}
}

func listOf(v reflect.Value) Value {
	if v.Len() == 0 {
		return Value{}
	}
	items := make([]member, v.Len())
	for i := range items {
		items[i].Value = textOf(v.Index(i), 'n')
	}
	return Value{Kind: '[', inner: &inner{members: items}}
}
