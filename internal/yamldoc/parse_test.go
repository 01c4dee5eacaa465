package yamldoc

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestParse_Refusals(t *testing.T) {
	cases := []struct {
		name, text string
		want       []string // "line:column: part of the message"
	}{
		{"no bytes", "", []string{"1:1: the file is empty"}},
		{"only a comment", "# nothing\n", []string{"1:1: the file is empty"}},
		{"only a document mark", "---\n", []string{"1:1: the file is empty"}},
		{"a null", "~\n", []string{"1:1: the file is empty"}},
		{"a second document", "a: 1\n---\nb: 2\n", []string{"3:1: a second document begins here"}},
		{"an empty second document", "a: 1\n---\n", []string{"a second document begins here"}},
		{"a broken second document", "a: 1\n---\nb: [\n", []string{"3:1: not valid YAML"}},
		{"a key given twice", "a: 1\nb:\n  c: 1\n  d: 2\n  c: 3\n", []string{`5:3: key "c" is given twice, first at line 3, column 3`}},
		{"a key given three times", "a: 1\na: 2\na: 3\n", []string{`2:1: key "a" is given twice`, `3:1: key "a" is given twice`}},
		{"a key given twice in two ways of quoting", "{a: 1, \"a\": 2}\n", []string{`1:8: key "a" is given twice, first at line 1, column 2`}},
		{"an anchor", "a: &x 1\n", []string{`1:4: anchor "&x" is not allowed`}},
		{"an anchor and its alias", "a: &x 1\nb: *x\n", []string{`1:4: anchor "&x"`, `2:4: alias "*x" is not allowed`}},
		{"an alias of nothing", "a: 1\nb: *x\n", []string{"2:1: not valid YAML: unknown anchor 'x' referenced"}},
		{"an alias of itself", "a: &x [*x]\n", []string{`1:4: anchor "&x"`, `1:8: alias "*x"`}},
		{"a merge key", "a: 1\n<<: {b: 2}\n", []string{"2:1: merge key << is not allowed"}},
		{"a tag on a value", "a: !!str 1\n", []string{`1:4: tag "!!str" is not allowed`}},
		{"an own tag on a list", "a: !mine [1]\n", []string{`1:4: tag "!mine" is not allowed`}},
		{"a tag on a key", "!!str 1: a\n", []string{`1:1: tag "!!str" is not allowed`}},
		{"a number as key", "429: a\n", []string{`1:1: key "429" is not text; put it in quotes`}},
		{"true as key", "true: a\n", []string{`1:1: key "true" is not text`}},
		{"null as key", "~: a\n", []string{`1:1: key "~" is not text`}},
		{"a date as key", "2026-01-01: a\n", []string{`1:1: key "2026-01-01" is not text`}},
		{"a list as key", "? [a]\n: b\n", []string{"1:3: a key must be text"}},
		{"a map as key", "{a: 1}: b\n", []string{"1:1: a key must be text"}},
		{"an alias as key", "a: &x b\n*x : c\n", []string{`1:4: anchor`, `2:1: alias "*x" is not allowed`}},
		{"several mistakes", "a: &x 1\nb: *x\n3: c\na: 2\n", []string{"1:4: anchor", "2:4: alias", `3:1: key "3"`, `4:1: key "a" is given twice`}},

		{"a bracket left open", "a: 1\nb: [1, 2\nc: 3\n", []string{"2:1: not valid YAML"}},
		{"a brace left open in a nested line", "a:\n  b: {c: 1\n  d: 2\n", []string{"2:3: not valid YAML"}},
		{"a quote left open", "a: 1\nb: \"two\nc: 3\n", []string{"2:1: not valid YAML"}},
		{"a quote closed too late", "a: \"x\nb: \"y\"\n", []string{"1:1: not valid YAML"}},
		{"a tab as indent", "a:\n\tb: 1\n", []string{"2:1: not valid YAML: a tab is in the indentation; YAML indents with spaces only"}},
		{"a tab after spaces", "a:\n  b: 1\n  \tc: 2\n", []string{"3:3: not valid YAML: a tab is in the indentation"}},
		{"a tab in a long text", "a: |\n\tx\n", []string{"2:1: not valid YAML: a tab is in the indentation"}},
		{"another sign that begins nothing", "a: 1\nb: @c\n", []string{"2:1: not valid YAML: found character that cannot start any token"}},
		{"a colon too many", "a: 1\nb: c: d\n", []string{"2:1: not valid YAML: mapping values are not allowed"}},
		{"an indent too few", "a:\n    b: 1\n  c: 2\n", []string{"3:3: not valid YAML"}},
		{"an indent too few, late in a long block", "a:\n  b: 1\n  c: [1,\n      2]\n  d: 1\n e: 1\n", []string{"6:2: not valid YAML"}},
		{"a list under a value", "a: 1\n- b\n", []string{"2:1: not valid YAML"}},
		{"a control character", "a: \x01\n", []string{"1:1: not valid YAML: control characters"}},
		{"bytes that are not UTF-8", "a: 1\nb: \xff\n", []string{"2:1: not valid YAML"}},
		{"a lone quote at the end", "a: 1\nb: '", []string{"2:1: not valid YAML"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse("f.yaml", []byte(c.text))
			expect(t, err, c.want)
		})
	}
}

// expect wants exactly these complaints, each by prefix or part.
func expect(t *testing.T, err error, want []string) {
	t.Helper()
	var errs Errors
	if !errors.As(err, &errs) {
		t.Fatalf("got error %v, want Errors", err)
	}
	if len(errs) != len(want) {
		t.Fatalf("got %d complaints, want %d:\n%v", len(errs), len(want), errs)
	}
	for i, w := range want {
		if text := errs[i].Error(); !strings.Contains(text, w) {
			t.Errorf("complaint %d is %q, want it to hold %q", i+1, text, w)
		}
		if errs[i].File != "f.yaml" || errs[i].Line < 1 || errs[i].Column < 1 {
			t.Errorf("complaint %d has no place: %+v", i+1, errs[i])
		}
	}
}

func TestParse_KeepsTextAndPlace(t *testing.T) {
	text := "pan: 0411111111111111\nexpiry: \"12/29\"\ndate: 2026-01-01\nflag: yes\non: [05, 'x', ~]\nlong: |\n  a\n  b\nü: {z: 1, a: 2}\n"
	root, err := Parse("f.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"pan", "expiry", "date", "flag", "on", "long", "ü"}; !slices.Equal(root.Keys(), want) {
		t.Errorf("keys are %v, want %v", root.Keys(), want)
	}
	scalars := []struct {
		key, text    string
		quoted       bool
		line, column int
	}{
		{"pan", "0411111111111111", false, 1, 6},
		{"expiry", "12/29", true, 2, 9},
		{"date", "2026-01-01", false, 3, 7},
		{"flag", "yes", false, 4, 7},
		{"long", "a\nb\n", true, 6, 7},
	}
	for _, c := range scalars {
		n, ok := root.Get(c.key)
		if !ok || n.Kind != Scalar || n.Text != c.text || n.Quoted != c.quoted || n.Line != c.line || n.Column != c.column {
			t.Errorf("%s is %+v, want %+v", c.key, n, c)
		}
	}
	list, _ := root.Get("on")
	if list.Kind != List || len(list.Items) != 3 || list.Items[0].Text != "05" || !list.Items[1].Quoted || !list.Items[2].IsNull() {
		t.Errorf("on is %+v", list)
	}
	nested, _ := root.Get("ü")
	if nested.Kind != Map || !slices.Equal(nested.Keys(), []string{"z", "a"}) || nested.Fields[1].Key.Column != 11 {
		t.Errorf("ü is %+v", nested)
	}
	if _, ok := root.Get("absent"); ok {
		t.Error("an absent key was found")
	}
}

func TestParse_KeepsGoingAfterFindings(t *testing.T) {
	root, err := Parse("f.yaml", []byte("a: &x 1\nb: *x\na: 2\nc: 3\n"))
	if err == nil || root == nil {
		t.Fatalf("got %v, %v; want a node and an error", root, err)
	}
	a, _ := root.Get("a")
	b, _ := root.Get("b")
	c, _ := root.Get("c")
	if a.Text != "1" || b.Kind != Bad || c.Text != "3" {
		t.Errorf("kept a=%+v b=%+v c=%+v", a, b, c)
	}
}

func TestParse_Null(t *testing.T) {
	root, err := Parse("f.yaml", []byte("[~, null, NULL, , '', 'null', nil, {}]"))
	if err == nil {
		t.Fatalf("an empty entry in brackets passed: %+v", root)
	}
	root, err = Parse("f.yaml", []byte("- ~\n- null\n-\n- ''\n- 'null'\n- nil\n- {}\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := []bool{true, true, true, false, false, false, false}
	for i, item := range root.Items {
		if item.IsNull() != want[i] {
			t.Errorf("entry %d (%q): IsNull is %v", i+1, item.Text, item.IsNull())
		}
	}
}

func TestParse_Limits(t *testing.T) {
	nested := func(n int) string { return strings.Repeat("[", n) + "1" + strings.Repeat("]", n) }
	numbers := func(n int) string { return "[" + strings.TrimSuffix(strings.Repeat("1,", n), ",") + "]" }
	cases := []struct {
		name, text, want string
	}{
		{"a file of the largest size", "a: '" + strings.Repeat("x", MaxBytes-6) + "'\n", ""},
		{"a byte more", "a: '" + strings.Repeat("x", MaxBytes-5) + "'\n", "1:1: the file has more than 1048576 bytes"},
		{"the deepest nesting", nested(MaxDepth), ""},
		{"a level deeper", nested(MaxDepth + 1), "1:65: more than 64 lists and maps"},
		{"far too deep for the library", nested(20_000), "not valid YAML: exceeded max depth"},
		{"the most values", numbers(MaxNodes - 1), ""},
		{"a value more", numbers(MaxNodes), "1:200000: the file has more than 100000 values"},
		{"as many as fit", numbers(500_000), "the file has more than 100000 values"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse("f.yaml", []byte(c.text))
			if c.want == "" {
				if err != nil {
					t.Fatalf("got %v", err)
				}
				return
			}
			expect(t, err, []string{c.want})
		})
	}
}

func TestParse_BoundsItsComplaints(t *testing.T) {
	_, err := Parse("f.yaml", []byte(strings.Repeat("- &a 1\n", 1000)))
	var errs Errors
	if !errors.As(err, &errs) || len(errs) != MaxErrors+1 {
		t.Fatalf("got %d complaints, want %d", len(errs), MaxErrors+1)
	}
	if last := errs[MaxErrors]; last.Line != MaxErrors+1 || !strings.Contains(last.Message, "more mistakes are not listed") {
		t.Errorf("the last is %v", last)
	}
}

func TestError_Texts(t *testing.T) {
	one := &Error{File: "a.yaml", Line: 3, Column: 7, Message: "no"}
	if got := one.Error(); got != "a.yaml:3:7: no" {
		t.Errorf("got %q", got)
	}
	both := fmt.Errorf("reading: %w", Errors{one, {File: "a.yaml", Line: 4, Column: 1, Message: "never"}})
	if got := both.Error(); got != "reading: a.yaml:3:7: no\na.yaml:4:1: never" {
		t.Errorf("got %q", got)
	}
	var found *Error
	if !errors.As(both, &found) || found != one {
		t.Errorf("errors.As gives %v", found)
	}
	long := quote(strings.Repeat("ä", 50) + "\n")
	if long != `"`+strings.Repeat("ä", 40)+`…"` {
		t.Errorf("quote gives %s", long)
	}
	if got := quote("a\nb\xff"); got != `"a\nb?"` {
		t.Errorf("quote gives %s", got)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"", "a: 1\n", "a: &x [*x]\n", "? [a]\n: b\n", "a: |\n  b\n---\nc", "{a: 1, a: 2}", "<<: {a: 1}",
		"a: \"\\u00e9\"\n", "\xff\xfea\x00", "%YAML 1.1\n---\na: !!binary aGk=\n", "#\n - -\n  #\n -\n", "a: [1,\n  2]\nb: {",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		root, err := Parse("f.yaml", data)
		if root == nil && err == nil {
			t.Fatal("neither a node nor an error")
		}
		var errs Errors
		if err != nil && !errors.As(err, &errs) {
			t.Fatalf("error of type %T", err)
		}
		lines := strings.Count(string(data), "\n") + strings.Count(string(data), "\r") + 2
		for _, e := range errs {
			if e.Line < 1 || e.Column < 1 || e.Message == "" || e.Line > lines+strings.Count(string(data), "\xc2\x85")+strings.Count(string(data), "\xe2\x80") {
				t.Fatalf("%q: complaint without a place: %+v of %d lines", data, e, lines)
			}
		}
		var into map[string]any
		_ = Decode("f.yaml", data, &into) // must not panic; map[string]any takes no value, so it only complains
	})
}
