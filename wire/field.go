package wire

import (
	"net/netip"
	"strings"
)

// Kind is the JSON shape a field takes.
type Kind uint8

// The shapes. A list has texts in it.
const (
	KindText Kind = iota
	KindTextOrNumber
	KindObject
	KindList
)

// String names the shape for a complaint.
func (k Kind) String() string {
	return [...]string{"a text", "a text or a number", "an object", "an array of texts"}[k]
}

// Field is one row of a message's table: all that is demanded of one member.
// Whoever describes, sends or judges the member reads it here.
type Field struct {
	Name        string
	Kind        Kind
	Required    bool
	InJWE       string // the member that, as a compact JWE, holds this one inside; "" for none
	Least, Most int    // characters of a text, items of a list; Most 0 is no limit
	Tolerated   int    // the Least of [Policy.Loose]; 0 for the same
	Form        Form
	Choices     []string // all that is accepted; none for any
	Members     []Field  // of an object
	Item        *Field   // of a list
	Code        string   // what the wire calls any wrong value of this field, in place of its general codes
}

// Form is what a text must look like. An empty text is not asked for it.
type Form struct {
	Fits  func(string) bool
	Words string // what fits, to go after "must be" or "accepted is"
}

// Chars is an optional text of so many characters; most 0 is no limit.
func Chars(name string, least, most int) Field { return Field{Name: name, Least: least, Most: most} }

// Object is an optional object.
func Object(name string, members ...Field) Field {
	return Field{Name: name, Kind: KindObject, Members: members}
}

// List is an optional list of so many texts; most 0 is no limit.
func List(name string, least, most int, item Field) Field {
	return Field{Name: name, Kind: KindList, Least: least, Most: most, Item: &item}
}

// OrNumber also takes a bare number.
func (f Field) OrNumber() Field { f.Kind = KindTextOrNumber; return f }

// Must makes the field required.
func (f Field) Must() Field { f.Required = true; return f }

// OneOf closes the list of values.
func (f Field) OneOf(choices ...string) Field { f.Choices = choices; return f }

// As demands a form; words say what fits.
func (f Field) As(words string, fits func(string) bool) Field {
	f.Form = Form{Fits: fits, Words: words}
	return f
}

// Only makes a form: texts of these ASCII characters alone. A range is written
// as its two ends, "az"; one character as itself, "_".
func Only(ranges ...string) func(string) bool {
	var taken [256]bool
	for _, r := range ranges {
		for c := r[0]; c <= r[len(r)-1]; c++ {
			taken[c] = true
		}
	}
	return func(s string) bool {
		for i := range len(s) {
			if !taken[s[i]] {
				return false
			}
		}
		return true
	}
}

// IPv4 is the form of a dotted address.
func IPv4(s string) bool {
	addr, err := netip.ParseAddr(s)
	return err == nil && addr.Is4()
}

// Down takes fewer characters where the policy is loose.
func (f Field) Down(least int) Field { f.Tolerated = least; return f }

// find looks for a row by name, and for one whose name differs in letter case
// alone.
func find(fields []Field, name string) (row, alike *Field) {
	for i := range fields {
		switch f := &fields[i]; {
		case f.Name == name:
			return f, nil
		case alike == nil && strings.EqualFold(f.Name, name):
			alike = f
		}
	}
	return nil, alike
}
