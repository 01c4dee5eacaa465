package yamldoc

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"
)

// upper reads itself from text.
type upper string

func (u *upper) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		return errors.New("must not be empty")
	}
	*u = upper(strings.ToUpper(string(b)))
	return nil
}

type inner struct {
	Name  string `yaml:"name"`
	Count int8   `yaml:"count"`
}

type outer struct {
	Title   string            `yaml:"title"`
	On      bool              `yaml:"on"`
	Size    uint16            `yaml:"size"`
	Wait    time.Duration     `yaml:"wait"`
	Shout   upper             `yaml:"shout"`
	Inner   *inner            `yaml:"inner"`
	List    []inner           `yaml:"list"`
	Names   map[string]string `yaml:"names"`
	Ignored string            `yaml:"-"`
	Plain   string
}

func TestDecode_AllKinds(t *testing.T) {
	text := `title: 0123
on: true
size: 7
wait: 1m30s
shout: hi
inner: {name: "1", count: -3}
list:
  - name: a
  - {count: 2}
names: {b: x, a: 05}
plain: p
`
	var got outer
	if err := Decode("f.yaml", []byte(text), &got); err != nil {
		t.Fatal(err)
	}
	want := outer{
		Title: "0123", On: true, Size: 7, Wait: 90 * time.Second, Shout: "HI",
		Inner: &inner{"1", -3}, List: []inner{{Name: "a"}, {Count: 2}},
		Names: map[string]string{"b": "x", "a": "05"}, Plain: "p",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestDecode_NullLeavesDefaults(t *testing.T) {
	got := outer{Title: "kept", Size: 3}
	if err := Decode("f.yaml", []byte("title:\nsize: ~\ninner: null\n"), &got); err != nil {
		t.Fatal(err)
	}
	if got.Title != "kept" || got.Size != 3 || got.Inner != nil {
		t.Errorf("got %+v", got)
	}
}

func TestDecode_Refusals(t *testing.T) {
	cases := []struct {
		name, text string
		want       []string
	}{
		{"an unknown key", "titel: x\n", []string{`1:1: unknown key "titel"; accepted: title, on, size, wait, shout, inner, list, names, plain`}},
		{"an unknown nested key", "inner:\n  name: a\n  nam: b\n", []string{`3:3: unknown key "nam"; accepted: name, count`}},
		{"an ignored field", "ignored: x\n", []string{`unknown key "ignored"`}},
		{"a list for text", "title: [a]\n", []string{"1:8: a single value is expected here, not a list"}},
		{"text for a struct", "inner: a\n", []string{"1:8: a set of keys is expected here, not a single value"}},
		{"a map for a list", "list: {name: a}\n", []string{"1:7: a list is expected here, not a set of keys"}},
		{"a list for a map", "names: [a]\n", []string{"1:8: a set of keys is expected here, not a list"}},
		{"a list for text that reads itself", "shout: [a]\n", []string{"1:8: a single value is expected here, not a list"}},
		{"text that refuses itself", "shout: ''\n", []string{"1:8: must not be empty"}},
		{"a word for a number", "size: many\n", []string{"1:7: a whole number from 0 is expected here"}},
		{"a negative size", "size: -1\n", []string{"1:7: a whole number from 0"}},
		{"a size too large", "size: 65536\n", []string{"1:7: a whole number from 0"}},
		{"a count too large", "inner: {count: 128}\n", []string{"1:16: a whole number is expected here"}},
		{"yes for true", "on: yes\n", []string{"1:5: true or false is expected here"}},
		{"a bare number as duration", "wait: 5\n", []string{`1:7: a duration such as "1m30s" is expected here`}},
		{"several at once", "a: 1\nsize: x\non: 1\n", []string{`1:1: unknown key "a"`, "2:7: a whole", "3:5: true or false"}},
		{"a duplicate next to an unknown key", "title: a\ntitle: b\nx: 1\n", []string{`2:1: key "title" is given twice`, `3:1: unknown key "x"`}},
		{"text that is no YAML", "a: [\n", []string{"1:1: not valid YAML"}},
		{"no text", "", []string{"1:1: the file is empty"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var into outer
			expect(t, Decode("f.yaml", []byte(c.text), &into), c.want)
		})
	}
}

func TestDecode_NeverShowsValues(t *testing.T) {
	const secret = "s3cr3t-value"
	var into outer
	err := Decode("f.yaml", []byte("size: "+secret+"\non: "+secret+"\nwait: "+secret+"\ninner: "+secret+"\n"), &into)
	if err == nil || strings.Contains(err.Error(), secret) {
		t.Errorf("got %v", err)
	}
}

func TestEncode_ReadsBack(t *testing.T) {
	type row struct {
		Name  string         `json:"name"`
		PAN   string         `json:"pan"`
		Date  string         `json:"expiry,omitempty"`
		Count int            `json:"replacesStep"`
		Part  float64        `json:"part"`
		On    bool           `json:"on"`
		Tags  []string       `json:"tags"`
		More  map[string]any `json:"more"`
		None  *int           `json:"none"`
	}
	rows := []row{{
		Name: "yes", PAN: "4622943120000600", Date: "12/29", Count: 3, Part: 1.5, On: true,
		Tags: []string{"null", "<a> & b", "two\nlines", ""}, More: map[string]any{"b": "true", "a": map[string]any{}},
	}}
	got, err := Encode(rows)
	if err != nil {
		t.Fatal(err)
	}
	const want = `- name: "yes"
  pan: "4622943120000600"
  expiry: "12/29"
  replacesStep: 3
  part: 1.5
  on: true
  tags:
    - "null"
    - <a> & b
    - |-
      two
      lines
    - ""
  more:
    a: {}
    b: "true"
  none: null
`
	if string(got) != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if _, err := Parse("f.yaml", got); err != nil {
		t.Errorf("own output is refused: %v", err)
	}
}

func TestEncode_RefusesWhatJSONRefuses(t *testing.T) {
	if _, err := Encode(func() {}); err == nil {
		t.Error("a function was encoded")
	}
}
