package harness_test

import (
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/harness"
)

func TestShape_Rules(t *testing.T) {
	const body = `{"text":"abc","empty":"","number":7,"half":0.5,"yes":true,"id":"0123456789abcdef",
		"object":{"inner":"x","pan":"4622943120000600"},"list":[{"id":"1"},{"id":"x"}],"none":[],"cryptogram":"AgAAABB6qqnJd0oAmbuXgu8AAAA="}`
	tests := []struct {
		name  string
		field harness.Field
		want  string // "" when it holds
	}{
		{"a text", harness.Field{Path: "text", Is: harness.Text}, ""},
		{"an empty text", harness.Field{Path: "empty", Is: harness.Text}, `empty is ""; expected a text`},
		{"a number for a text", harness.Field{Path: "number", Is: harness.Text}, "number is 7; expected a text"},
		{"exactly", harness.Field{Path: "text", Is: harness.Exactly("abc")}, ""},
		{"not exactly", harness.Field{Path: "text", Is: harness.Exactly("abd")}, `text is "abc"; expected "abd"`},
		{"one of several", harness.Field{Path: "text", Is: harness.OneOf("x", "abc")}, ""},
		{"none of several", harness.Field{Path: "text", Is: harness.OneOf("x", "y")}, `text is "abc"; expected one of x, y`},
		{"a form", harness.Field{Path: "id", Is: harness.Matching("[0-9a-f]{16}", "hex")}, ""},
		{"a form that covers a part only", harness.Field{Path: "id", Is: harness.Matching("[0-9]+", "digits")}, `id is "0123456789abcdef"; expected digits`},
		{"digits", harness.Field{Path: "text", Is: harness.Digits(3)}, `text is "abc"; expected a text of 3 digits`},
		{"true", harness.Field{Path: "yes", Is: harness.Bool}, ""},
		{"a text for true", harness.Field{Path: "text", Is: harness.Bool}, `text is "abc"; expected true or false`},
		{"a whole number", harness.Field{Path: "number", Is: harness.WholeNumber}, ""},
		{"half a number", harness.Field{Path: "half", Is: harness.WholeNumber}, "half is 0.5; expected a whole number"},
		{"a certain number", harness.Field{Path: "number", Is: harness.NumberIs(8)}, "number is 7; expected the number 8"},
		{"an object", harness.Field{Path: "object", Is: harness.Object}, ""},
		{"a list for an object", harness.Field{Path: "list", Is: harness.Object}, "list is [{\"id\":\"1\"},{\"id\":\"x\"}]; expected an object"},
		{"a member of an object", harness.Field{Path: "object.inner", Is: harness.Exactly("x")}, ""},
		{"a long list", harness.Field{Path: "list", Is: harness.ListOf(2)}, ""},
		{"a short list", harness.Field{Path: "none", Is: harness.ListOf(1)}, "none is []; expected a list of 1 or more"},
		{"a member of each item", harness.Field{Path: "list[].id", Is: harness.Digits(1)}, `list[].id is "x"; expected a text of 1 digits`},
		{"a member of no item", harness.Field{Path: "none[].id", Is: harness.Text}, ""},
		{"a list that is none", harness.Field{Path: "text[].id", Is: harness.Text}, "text[].id: text is no list"},
		{"a missing member", harness.Field{Path: "gone", Is: harness.Text}, "gone is missing; expected a text"},
		{"a missing object", harness.Field{Path: "gone.inner", Is: harness.Text}, "gone.inner is missing; expected a text"},
		{"a member of a text", harness.Field{Path: "text.inner", Is: harness.Text}, "text.inner: there is no object around it"},
		{"an optional member that is missing", harness.Field{Path: "gone?", Is: harness.Text}, ""},
		{"an optional member that is wrong", harness.Field{Path: "number?", Is: harness.Text}, "number is 7; expected a text"},
		{"a member that must be missing", harness.Field{Path: "gone", Is: harness.Missing}, ""},
		{"a member that must be missing and is there", harness.Field{Path: "text", Is: harness.Missing}, `text is "abc"; expected no such member`},
		{"any value", harness.Field{Path: "number", Is: harness.Any}, ""},
		{"no value", harness.Field{Path: "gone", Is: harness.Any}, "gone is missing; expected some value"},
		{"a card number is masked", harness.Field{Path: "object.pan", Is: harness.Digits(4)}, `object.pan is "462294******0600"; expected a text of 4 digits`},
		{"a cryptogram is hidden", harness.Field{Path: "cryptogram", Is: harness.Digits(4)}, "cryptogram is <secret>; expected a text of 4 digits"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := strings.Join(harness.Shape{tt.field}.Broken([]byte(body)), "; "); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestShape_TellsAllThatIsWrong(t *testing.T) {
	shape := harness.Shape{{Path: "a", Is: harness.Text}, {Path: "b", Is: harness.Text}, {Path: "c", Is: harness.Text}}
	if got := shape.Broken([]byte(`{"b":"x"}`)); len(got) != 2 {
		t.Errorf("got %v", got)
	}
	for body, want := range map[string]string{"": "the body is not JSON", "<html>": "the body is not JSON", "[]": "the body is not a JSON object", "null": "the body is not a JSON object"} {
		if got := (harness.Shape{}).Broken([]byte(body)); len(got) != 1 || got[0] != want {
			t.Errorf("%q: %v, want %s", body, got, want)
		}
	}
}

func TestRedact_LeavesNothingSecret(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"a card number", `{"note":"card 4622943120000600"}`, `{"note":"card 462294******0600"}`},
		{"a cryptogram", `{"cryptogramInfo":{"cryptogram":"AgAAABB6","eci":"07"}}`, `{"cryptogramInfo":{"cryptogram":"<secret>","eci":"07"}}`},
		{"ciphertext", `{"encryptedData":"00ff","iv":"aa"}`, `{"encryptedData":"<secret>","iv":"<secret>"}`},
		{"a list", `{"tokens":[{"track2Equivalent":"5204D"}]}`, `{"tokens":[{"track2Equivalent":"<secret>"}]}`},
		{"text that is no JSON", "card 4622943120000600 refused", "card 462294******0600 refused"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := harness.Redact([]byte(tt.in)); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
	if got := harness.Redact([]byte(strings.Repeat("x", 5000))); len(got) > 2100 {
		t.Errorf("%d bytes are kept", len(got))
	}
}
