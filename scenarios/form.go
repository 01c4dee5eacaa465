package scenarios

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strconv"
)

// form is a JSON Schema (draft 2020-12), as much of it as the language needs.
type form struct {
	Dialect     string `json:"$schema,omitempty"`
	ID          string `json:"$id,omitempty"`
	Title       string `json:"title,omitempty"`
	Description string `json:"description,omitempty"`
	Default     any    `json:"default,omitempty"`
	Examples    []any  `json:"examples,omitempty"`

	Type  string `json:"type,omitempty"`
	Const any    `json:"const,omitempty"`
	Enum  []any  `json:"enum,omitempty"`

	Pattern   string      `json:"pattern,omitempty"`
	MinLength int         `json:"minLength,omitempty"`
	MaxLength int         `json:"maxLength,omitempty"`
	Minimum   json.Number `json:"minimum,omitempty"`
	Maximum   json.Number `json:"maximum,omitempty"`

	Items       *form `json:"items,omitempty"`
	MinItems    int   `json:"minItems,omitempty"`
	MaxItems    int   `json:"maxItems,omitempty"`
	UniqueItems bool  `json:"uniqueItems,omitempty"`

	Properties    members  `json:"properties,omitempty"`
	Required      []string `json:"required,omitempty"`
	PropertyNames *form    `json:"propertyNames,omitempty"`
	Additional    any      `json:"additionalProperties,omitempty"` // false, or a *form
	MinProperties int      `json:"minProperties,omitempty"`

	AnyOf []*form `json:"anyOf,omitempty"`
	OneOf []*form `json:"oneOf,omitempty"`
	Not   *form   `json:"not,omitempty"`
}

// members are the properties of an object, in the order of the reference: that
// is the order in which an editor offers them.
type members []member

type member struct {
	name string
	form *form
}

// anything is what a property may be that is described elsewhere.
var anything = &form{}

// MarshalJSON writes an object that keeps the order.
func (m members) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	out.WriteByte('{')
	for i, one := range m {
		if i > 0 {
			out.WriteByte(',')
		}
		name, err := json.Marshal(one.name)
		if err != nil {
			return nil, err
		}
		value, err := []byte("true"), error(nil)
		if one.form != anything {
			value, err = json.Marshal(one.form)
		}
		if err != nil {
			return nil, err
		}
		out.Write(name)
		out.WriteByte(':')
		out.Write(value)
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// form describes a set of keys: these and no others.
func (t table[T]) form() *form {
	f := &form{Type: "object", Additional: false}
	for _, row := range t {
		value := row.shape.form()
		value.Description = plain(row.about)
		f.Properties = append(f.Properties, member{row.key, value})
		if row.required {
			f.Required = append(f.Required, row.key)
		}
	}
	return f
}

var markdownLink = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)

// plain takes the links out of a sentence of the reference.
func plain(about string) string { return markdownLink.ReplaceAllString(about, "$1") }

// Schema is a JSON Schema (draft 2020-12) of scenario files, indented, for
// editors: keys, types, words to choose from and what they mean. What needs a
// look at more than one value (names that exist, keys that go together) is left
// to [Parse].
func Schema() ([]byte, error) {
	f := fileKeys.form()
	f.Dialect = "https://json-schema.org/draft/2020-12/schema"
	f.ID = "https://github.com/pantomime-dev/pantomime/scenario-" + strconv.Itoa(Version) + ".schema.json"
	f.Title = "Pantomime scenario"
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(f); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
