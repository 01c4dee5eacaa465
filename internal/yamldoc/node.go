// Package yamldoc reads one small YAML document strictly and keeps where each
// value is, so that a complaint can name file, line and column. It is the
// only package that imports a YAML library, so that the library can be swapped
// in one place. It knows nothing of what the documents mean.
package yamldoc

import "strings"

// Kind says what a [Node] is.
type Kind int

// The kinds. Bad marks a part that [Parse] has already complained about (an
// alias, a key that is no string): a checker passes over it silently.
const (
	Bad Kind = iota
	Scalar
	List
	Map
)

// String names the kind as messages to users do.
func (k Kind) String() string {
	switch k {
	case Scalar:
		return "a single value"
	case List:
		return "a list"
	case Map:
		return "a set of keys"
	default:
		return "an invalid value"
	}
}

// Node is one value of a document. It never changes after [Parse].
type Node struct {
	Kind   Kind
	Text   string  // Scalar: the text as written, escapes of quoted text resolved
	Quoted bool    // Scalar: in quotes, or a block scalar; otherwise plain
	Items  []*Node // List: in order
	Fields []Field // Map: in the order of the file, each key once
	Line   int     // from 1
	Column int     // from 1, in characters
}

// Field is one key of a Map and its value; Key is always a Scalar.
type Field struct {
	Key   *Node
	Value *Node
}

// IsNull reports whether the value was left out or is a plain null.
func (n *Node) IsNull() bool {
	if n.Kind != Scalar || n.Quoted {
		return false
	}
	switch n.Text {
	case "", "~", "null", "Null", "NULL":
		return true
	default:
		return false
	}
}

// Get returns the value of a key of a Map.
func (n *Node) Get(key string) (*Node, bool) {
	for _, f := range n.Fields {
		if f.Key.Text == key {
			return f.Value, true
		}
	}
	return nil, false
}

// Keys lists the keys of a Map in the order of the file.
func (n *Node) Keys() []string {
	keys := make([]string, len(n.Fields))
	for i, f := range n.Fields {
		keys[i] = f.Key.Text
	}
	return keys
}

// Errorf makes a complaint that points at the node; arguments are as for
// fmt.Sprintf.
func (n *Node) Errorf(file, format string, args ...any) *Error {
	return errorAt(file, n.Line, n.Column, format, args...)
}

// quote shows a value in a message: short, on one line.
func quote(text string) string {
	const most = 40
	r := []rune(strings.ToValidUTF8(text, "?"))
	if len(r) > most {
		r = append(r[:most], '…')
	}
	return `"` + strings.NewReplacer("\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(string(r)) + `"`
}
