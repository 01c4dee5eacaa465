package scenarios

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/token"
)

// shape is what may be at a key.
type shape struct {
	says string       // in words, for the language reference and for findings
	form func() *form // for editors; a new one each time, as the key describes it
}

// like is the shape with examples for editors.
func (s shape) like(examples ...any) shape {
	return s.with(func(f *form) { f.Examples = examples })
}

// unlessGiven is the shape with the value that counts where there is none.
func (s shape) unlessGiven(value any) shape {
	return s.with(func(f *form) { f.Default = value })
}

func (s shape) with(add func(*form)) shape {
	return shape{s.says, func() *form {
		f := s.form()
		add(f)
		return f
	}}
}

// The commonest shapes.
var (
	aFlag      = shape{"true or false", func() *form { return &form{Type: "boolean"} }}
	aDuration  = shape{"a duration", durationForm}.like("4500ms", "36h", "30d")
	someText   = shape{"text", func() *form { return &form{Type: "string"} }}
	aNetwork   = choiceOf(texts(token.Networks()))
	anExpiry   = shape{`"MM/YY"`, pattern(`^(0[1-9]|1[0-2])/[0-9]{2}$`)}.like("12/29")
	aCardName  = shape{"a card name", aName}.like("alice")
	aRequestor = shape{"a requestor name", aName}
	anAcquirer = shape{"an acquirer name", aName}
	aNumber    = shape{"a card number in quotes, or a listed name such as test/visa/1", panForm}.like("test/visa/1")
	aCount     = whole("a whole number from 0", 0, maxCount)
	oneOrMore  = whole("a whole number from 1", 1, maxCount)
)

// list joins accepted choices for a shape: "visa or mastercard".
func list[T ~string](choices []T) string {
	all := texts(choices)
	last := len(all) - 1
	if last == 0 {
		return all[0]
	}
	return strings.Join(all[:last], ", ") + " or " + all[last]
}

// choiceOf is one of a few words, which its text lists.
func choiceOf(words []string) shape { return shape{list(words), enum(words)} }

// oneOf is one of so many words that its text only names their kind.
func oneOf(kind string, words []string) shape { return shape{kind, enum(words)} }

// enum lists words. What looks like a number may be written as one: 429.
func enum(words []string) func() *form {
	return func() *form {
		f := &form{}
		for _, w := range words {
			f.Enum = append(f.Enum, w)
		}
		for _, w := range words {
			if n, err := strconv.Atoi(w); err == nil {
				f.Enum = append(f.Enum, n)
			}
		}
		return f
	}
}

// some is one value of a shape, or a list of them.
func some(says string, item func() *form) shape {
	return shape{says, func() *form {
		return &form{AnyOf: []*form{item(), {Type: "array", Items: item(), MinItems: 1, UniqueItems: true}}}
	}}
}

// listOf is a list of values of a shape.
func listOf(says string, item func() *form) shape {
	return shape{says, func() *form { return &form{Type: "array", Items: item()} }}
}

// aSet is a section of its own.
func aSet[T any](keys table[T]) shape { return shape{"a set of keys", keys.form} }

// named is a section whose keys are names that the author chose.
func named(says string, item func() *form) shape {
	return shape{says, func() *form {
		return &form{Type: "object", PropertyNames: &form{Pattern: nameForm.String()}, Additional: item()}
	}}
}

// withOneOf is a set of keys of which at least one must be given.
func withOneOf[T any](keys table[T], choices ...string) func() *form {
	return func() *form {
		f := keys.form()
		for _, key := range choices {
			f.AnyOf = append(f.AnyOf, demand(key))
		}
		return f
	}
}

// demand is a set that has these keys, whatever they hold. It names them as
// properties too, for validators that take a required key without a property for
// a slip of the pen.
func demand(keys ...string) *form {
	f := &form{Required: keys}
	for _, key := range keys {
		f.Properties = append(f.Properties, member{key, anything})
	}
	return f
}

// whole is a number from least to most.
func whole(says string, least, most int) shape {
	return shape{says, func() *form {
		return &form{Type: "integer", Minimum: json.Number(strconv.Itoa(least)), Maximum: json.Number(strconv.Itoa(most))}
	}}
}

// aLine is text on one line.
func aLine(says string, limit int) shape {
	return shape{says, func() *form {
		return &form{Type: "string", MinLength: 1, MaxLength: limit, Pattern: `^[^\x00-\x1f\x7f]*$`}
	}}
}

// pattern is text of one form.
func pattern(re string) func() *form {
	return func() *form { return &form{Type: "string", Pattern: re} }
}

// aName is what somebody is called; whether there is such a name only a look
// at the whole file can tell.
func aName() *form { return &form{Type: "string", MinLength: 1} }

// durationForm takes 0 without a unit too.
func durationForm() *form {
	return &form{AnyOf: []*form{
		{Type: "string", Pattern: `^(([0-9]+\.?[0-9]*|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h|d|w))+$|^0$`},
		{Const: 0},
	}}
}

func panForm() *form {
	f := &form{}
	for _, card := range fixtures.Cards() {
		if card.Name != "" && card.Network() != "" {
			f.Enum = append(f.Enum, card.Name)
		}
	}
	return &form{AnyOf: []*form{{Type: "string", Pattern: `^[0-9]{9,19}$`}, f}}
}
