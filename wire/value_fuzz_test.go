package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"testing"
)

// What is taken, another library reads the same way.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`{}`, ` {"a" : [ ] , "b":{ }}`, `{"a":"\\\"\u00e9\ud83d\ude00"}`, `{"a":[1,-2.5e+7,true,false,null,[{}]]}`,
		`{"\u0061":1,"a":2}`, `{"a":1}x`, `"x"`, `[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]`, "\"\xff\"", `{"a":1,}`, ``,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		top, err := Parse(body)
		if errors.Is(err, ErrDepth) && !json.Valid(body) {
			t.Fatalf("%q is too deep and no JSON", body)
		}
		if err != nil {
			return
		}
		var want any
		dec := json.NewDecoder(bytes.NewReader(body))
		dec.UseNumber()
		if err := dec.Decode(&want); err != nil {
			t.Fatalf("%q: %v", body, err)
		}
		if got := unfolded(top); !reflect.DeepEqual(got, want) {
			t.Fatalf("%q is %#v, want %#v", body, got, want)
		}
	})
}

// unfolded is a value as the library decodes into any.
func unfolded(v Value) any {
	switch v.Kind {
	case '{':
		object := map[string]any{}
		for _, m := range v.members() {
			object[m.name] = unfolded(m.Value)
		}
		return object
	case '[':
		items := []any{}
		for _, m := range v.members() {
			items = append(items, unfolded(m.Value))
		}
		return items
	case '"':
		return v.Text
	case '0':
		return json.Number(v.Text)
	case 'n':
		return nil
	}
	return v.Kind == 't'
}
