package request

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/onsi/ginkgo/v2"
)

// JSON encodes what cannot fail.
func JSON(v any) []byte {
	ginkgo.GinkgoHelper()
	text, err := json.Marshal(v)
	if err != nil {
		ginkgo.Fail(fmt.Sprintf("encoding a %T: %v", v, err))
	}
	return text
}

// WithMember changes a member of a JSON object, by its dotted path; a nil value
// takes it away.
func WithMember(body []byte, path string, value any) []byte {
	ginkgo.GinkgoHelper()
	var members map[string]any
	if err := json.Unmarshal(body, &members); err != nil {
		ginkgo.Fail("changing " + path + ": " + err.Error())
	}
	names := strings.Split(path, ".")
	holder := members
	for _, name := range names[:len(names)-1] {
		holder, _ = holder[name].(map[string]any)
	}
	if last := names[len(names)-1]; value == nil {
		delete(holder, last)
	} else {
		holder[last] = value
	}
	return JSON(members)
}

// Extended adds members at the end of a JSON object, as text, so that the rest
// stays byte for byte.
func Extended(body []byte, members string) []byte {
	return slices.Concat(bytes.TrimSuffix(body, []byte("}")), []byte(","+members+"}"))
}

// Huge is a JSON object of 2 MiB and more.
func Huge(body []byte) []byte { return Extended(body, `"filler":"`+strings.Repeat("x", 2<<20)+`"`) }

// What follows makes a JSON object something else, for the tables of bad
// bodies.

// Only is a text in place of the body.
func Only(text string) func([]byte) []byte { return func([]byte) []byte { return []byte(text) } }

// Halved is a body cut in the middle.
func Halved(body []byte) []byte { return body[:len(body)/2] }

// Unclosed is a body without its last brace.
func Unclosed(body []byte) []byte { return body[:len(body)-1] }

// Trailed is a body with text behind it.
func Trailed(body []byte) []byte { return append(body, " and more"...) }

// Doubled is a body with a second one behind it.
func Doubled(body []byte) []byte { return append(body, body...) }

// Listed is a list that holds the body.
func Listed(body []byte) []byte { return slices.Concat([]byte("["), body, []byte("]")) }

// SingleQuoted is a body with the quotes of other languages.
func SingleQuoted(body []byte) []byte { return bytes.ReplaceAll(body, []byte(`"`), []byte(`'`)) }
