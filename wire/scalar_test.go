package wire

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
)

// Whatever the loose types take, they write in one form and take again.
func FuzzScalars(f *testing.F) {
	for _, seed := range []string{`"a"`, `1`, `-1.5e3`, `true`, `"TRUE"`, `null`, `{}`, `[]`, `"a\"b"`, `"\ud800"`, "\"\xff\"", `"7"`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if !json.Valid(body) {
			return
		}
		again(t, body, new(Text), new(Text))
		again(t, body, new(LooseString), new(LooseString))
		again(t, body, new(LooseBool), new(LooseBool))
		again(t, body, new(LooseInt), new(LooseInt))
	})
}

func again[T comparable](t *testing.T, body []byte, first, second *T) {
	t.Helper()
	err := json.Unmarshal(body, first)
	var wrong *json.UnmarshalTypeError
	if err != nil {
		if !errors.Is(err, ErrLoose) && !errors.As(err, &wrong) {
			t.Errorf("%T of %q: %v", first, body, err)
		}
		return
	}
	out, err := json.Marshal(first)
	if err == nil {
		err = json.Unmarshal(out, second)
	}
	if err != nil || *first != *second {
		t.Errorf("%q is written as %s and read as %v, %v", body, out, *second, err)
	}
}

func TestScalars(t *testing.T) {
	for _, c := range []struct {
		body              string
		text, str         string // "-" is refused
		boolean, integral string
	}{
		{`"7"`, "7", "7", "-", "7"},
		{`7`, "7", "7", "-", "7"},
		{`-1.5`, "-1.5", "-1.5", "-", "-"},
		{`true`, "true", "-", "true", "-"},
		{`"FALSE"`, "FALSE", "FALSE", "false", "-"},
		{`null`, "", "kept", "true", "3"},
		{`{}`, "-", "-", "-", "-"},
		{`[1]`, "-", "-", "-", "-"},
		{`"a\n"`, "a\n", "a\n", "-", "-"},
	} {
		text, str, boolean, integral := Text("kept"), LooseString("kept"), LooseBool(true), LooseInt(3)
		for i, r := range []struct {
			into any
			want string
		}{{&text, c.text}, {&str, c.str}, {&boolean, c.boolean}, {&integral, c.integral}} {
			err := json.Unmarshal([]byte(c.body), r.into)
			got := fmt.Sprint([]any{text, str, boolean, integral}[i])
			if (err != nil) != (r.want == "-") || err == nil && got != r.want {
				t.Errorf("%T of %s: %q, %v; want %q", r.into, c.body, got, err, r.want)
			}
		}
	}
}

func TestSensitive_PrintsMasked(t *testing.T) {
	s := Sensitive("5204731600014784")
	if text := fmt.Sprintf("%v %+v %#v %s %v", s, s, s, s, s.LogValue()); strings.Contains(text, string(s)) || !strings.Contains(text, "4784") {
		t.Error(text)
	}
	if out, err := json.Marshal(s); err != nil || string(out) != `"5204731600014784"` {
		t.Errorf("%s, %v", out, err)
	}
}
