package wire

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// sample is a message with every kind of row.
type sample struct {
	ID     string   `json:"id"`
	Phone  Text     `json:"phone,omitempty"`
	Choice string   `json:"choice,omitempty"`
	List   []string `json:"list,omitempty"`
	Inside *nested  `json:"inside,omitempty"`
	Always nested   `json:"always"`
	embedded
}

type nested struct {
	Hash string `json:"hash,omitempty"`
	Data string `json:"data,omitempty"`
}

type embedded struct {
	Deep string `json:"deep,omitempty"`
}

var sampleTable = Bind[sample](
	Chars("id", 2, 4).As("letters", Only("az", "AZ")).Must(),
	Chars("phone", 0, 5).OrNumber(),
	Chars("choice", 1, 0).OneOf("a", "bb"),
	List("list", 0, 3, Chars("", 0, 0).OneOf("x", "y").Must()),
	Object("inside", Field{Name: "hash", Required: true, InJWE: "data"}, Chars("data", 0, 9)),
	Object("always", Chars("hash", 0, 2)),
	Chars("deep", 0, 1),
)

func reported(breaches []Breach) string {
	var all []string
	for _, b := range breaches {
		all = append(all, fmt.Sprintf("%d %s %d", b.Rule, b.Location(), b.Item))
	}
	return strings.Join(all, ", ")
}

var (
	lengthFirst = [][]Rule{{Missing, WrongKind, Length, WrongForm, Choice}}
	strictFirst = [][]Rule{{Unknown}, {Missing}, {WrongKind, WrongForm, Length, Choice}}
)

func TestCheck_JSON(t *testing.T) {
	for _, c := range []struct {
		name, body string
		policy     Policy
		want       string
	}{
		{"good", `{"id":"ab","phone":12345,"choice":"bb","list":["x"],"inside":{"hash":"h"}}`, Policy{Phases: strictFirst}, ""},
		{"missing", `{}`, Policy{Phases: strictFirst}, "1 id -1"},
		{"null is missing", `{"id":null}`, Policy{Phases: strictFirst}, "1 id -1"},
		{"empty is short", `{"id":""}`, Policy{Phases: strictFirst}, "3 id -1"},
		{"form before length", `{"id":"12345"}`, Policy{Phases: strictFirst}, "4 id -1"},
		{"length before form", `{"id":"12345"}`, Policy{Phases: lengthFirst}, "3 id -1"},
		{"characters, not bytes", `{"id":"ab","phone":"ääääö"}`, Policy{Phases: strictFirst}, ""},
		{"a boolean", `{"id":"ab","phone":true}`, Policy{Phases: strictFirst}, "2 phone -1"},
		{"a number for a text", `{"id":7}`, Policy{Phases: strictFirst}, "2 id -1"},
		{"no choice", `{"id":"ab","choice":"c"}`, Policy{Phases: strictFirst}, "5 choice -1"},
		{"unknown before missing", `{"zz":1,"aa":1}`, Policy{Phases: strictFirst}, "0 aa -1"},
		{"unknown inside", `{"id":"ab","inside":{"x":1,"hash":"h"}}`, Policy{Phases: strictFirst}, "0 inside.x -1"},
		{"unknown let pass", `{"id":"ab","zz":1}`, Policy{Phases: strictFirst, UnknownMembers: true}, ""},
		{"but not in another letter case", `{"id":"ab","ID":"cd"}`, Policy{Phases: strictFirst, UnknownMembers: true}, "0 ID -1"},
		{"missing before a wrong one that is first", `{"id":"1","inside":{}}`, Policy{Phases: strictFirst}, "1 inside.hash -1"},
		{"an item", `{"id":"ab","list":["x","z","w"]}`, Policy{Phases: strictFirst}, "5 list 1"},
		{"null as an item", `{"id":"ab","list":[null]}`, Policy{Phases: strictFirst}, "1 list 0"},
		{"too many items", `{"id":"ab","list":["x","x","x","x"]}`, Policy{Phases: strictFirst}, "3 list -1"},
		{"a bare item", `{"id":"ab","list":"x"}`, Policy{Phases: strictFirst}, "2 list -1"},
		{"a bare item, let pass", `{"id":"ab","list":"x"}`, Policy{Phases: strictFirst, BareItem: true}, ""},
		{"a bare item that is none of the choices", `{"id":"ab","list":"z"}`, Policy{Phases: strictFirst, BareItem: true}, "5 list -1"},
		{"a JWE, not taken", `{"id":"ab","inside":{"data":"a.b.c.d.e"}}`, Policy{Phases: strictFirst}, "1 inside.hash -1"},
		{"a JWE", `{"id":"ab","inside":{"data":"a.b.c.d.e"}}`, Policy{Phases: strictFirst, JWE: true}, ""},
		{
			"all", `{"phone":"123456","inside":{},"always":{"hash":"abc"},"deep":"ab","list":["z","z"]}`,
			Policy{Phases: lengthFirst, All: true},
			"1 id -1, 3 phone -1, 5 list 0, 1 inside.hash -1, 3 always.hash -1, 3 deep -1",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			v, err := Parse([]byte(c.body))
			if err != nil {
				t.Fatal(err)
			}
			if got := reported(c.policy.Check(sampleTable.Fields, v)); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestCheck_Struct(t *testing.T) {
	policy := Policy{Phases: lengthFirst, All: true}
	for _, c := range []struct {
		name    string
		message sample
		want    string
	}{
		{"nothing", sample{}, "1 id -1"},
		{"good", sample{ID: "ab", Inside: &nested{Hash: "h"}, List: []string{"y"}}, ""},
		{"inside", sample{ID: "ab", Inside: &nested{Data: "0123456789"}, Always: nested{Hash: "abc"}}, "1 inside.hash -1, 3 inside.data -1, 3 always.hash -1"},
		{"items", sample{ID: "ab", List: []string{"x", ""}, embedded: embedded{"ab"}}, "1 list 1, 3 deep -1"},
	} {
		v, ok := sampleTable.Of(&c.message)
		if got := reported(policy.Check(sampleTable.Fields, v)); !ok || got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
	for _, other := range []any{nil, sample{}, (*sample)(nil), &nested{}} {
		if _, ok := sampleTable.Of(other); ok {
			t.Errorf("%T is taken", other)
		}
	}
}

func TestBind_PanicsAtWhatTheTypeHasNot(t *testing.T) {
	for name, row := range map[string]Field{
		"no such member":     Chars("other", 0, 0),
		"an object, no text": Chars("inside", 0, 0),
		"a text, no list":    List("id", 0, 0, Chars("", 0, 0)),
		"inside":             Object("inside", Chars("other", 0, 0)),
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: bound", name)
				}
			}()
			Bind[sample](row)
		}()
	}
}

func TestForms(t *testing.T) {
	only := Only("az", "_")
	if !only("a_z") || !only("") || only("A") || only("aé") || only("a-") {
		t.Error("Only takes other characters than it was made for")
	}
	if !IPv4("192.0.2.1") || IPv4("::1") || IPv4("192.0.2") || IPv4("") {
		t.Error("IPv4")
	}
	if kinds := []string{KindText.String(), KindTextOrNumber.String(), KindObject.String(), KindList.String()}; slices.Contains(kinds, "") {
		t.Error(kinds)
	}
}
