package wire

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ErrBody says that a body is not exactly one JSON object.
var ErrBody = errors.New("body is not one JSON object")

// BadField is a field that breaks a rule. Why holds no value of the field.
type BadField struct {
	Location string // dotted when nested, as in details[].location
	Why      string // "is missing"
}

// BadFields are all bad fields of a message, in the order of its rules.
type BadFields []BadField

// Error lists fields and reasons.
func (b BadFields) Error() string {
	texts := make([]string, len(b))
	for i, field := range b {
		texts[i] = field.Location + " " + field.Why
	}
	return strings.Join(texts, "; ")
}

// Locations lists the fields.
func (b BadFields) Locations() []string {
	names := make([]string, len(b))
	for i, field := range b {
		names[i] = field.Location
	}
	return names
}

// Under puts a field's name before every location: the clear text of an
// encrypted field is reported under that field.
func (b BadFields) Under(field string) BadFields {
	out := slices.Clone(b)
	for i := range out {
		out[i].Location = field + "." + out[i].Location
	}
	return out
}

// And appends what is not named yet. Fields inside one that is named already
// are left out: of an object with the wrong type nothing inside was read.
func (b BadFields) And(more BadFields) BadFields {
	for _, field := range more {
		if !b.Covers(field.Location) {
			b = append(b, field)
		}
	}
	return b
}

// Covers reports whether a field, or an object around it, is named.
func (b BadFields) Covers(location string) bool {
	return slices.ContainsFunc(b, func(f BadField) bool {
		return location == f.Location || strings.HasPrefix(location, f.Location+".")
	})
}

// Bad holds a decoded object against its table as [Policy.Check] does, and words
// what breaks it.
func (p Policy) Bad(fields []Field, v Value) (bad BadFields) {
	for _, b := range p.Check(fields, v) {
		bad = bad.And(BadFields{{b.Location(), b.why()}})
	}
	return bad
}

// Decode reads a body that is one JSON object and holds it against a table. The
// error is [ErrBody], wrapped, or [BadFields]; into is then of no use.
func (p Policy) Decode(fields []Field, body []byte, into any) error {
	v, err := Parse(body)
	if err != nil || v.Kind != '{' {
		return ErrBody
	}
	if bad := p.Bad(fields, v); len(bad) > 0 {
		return bad
	}
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("%w: it cannot be read", ErrBody)
	}
	return nil
}

// why words a breach, to go after the name of the field.
func (b Breach) why() string {
	switch b.Rule {
	case Unknown:
		return "is no member of this request"
	case WrongKind:
		return "must be " + b.Field.Kind.String()
	case Length:
		if b.Field.Form.Words == "" {
			return "has " + b.Span()
		}
		return "must be " + b.Field.Form.Words
	case WrongForm:
		return "must be " + b.Field.Form.Words
	case Choice:
		return "must be one of " + strings.Join(b.Field.Choices, ", ")
	case Missing:
	}
	return "is missing"
}

// Span says how long the value is that breaks a rule of length, and how long it
// may be: "40 characters, accepted are 1 to 36".
func (b Breach) Span() string {
	unit := "characters"
	if b.Field.Kind == KindList {
		unit = "items"
	}
	accepted := fmt.Sprintf("%d to %d", b.Field.Least, b.Field.Most)
	switch b.Field.Most {
	case 0:
		accepted = fmt.Sprintf("%d or more", b.Field.Least)
	case b.Field.Least:
		accepted = fmt.Sprint(b.Field.Least)
	}
	return fmt.Sprintf("%d %s, accepted are %s", b.Found, unit, accepted)
}
