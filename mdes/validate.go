package mdes

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pantomime-dev/pantomime/simulator/token"
)

// Leniency says where a server follows careless clients. The zero value reads
// the specification strictly.
type Leniency struct {
	SingleReference bool // tokenUniqueReferences may be one bare text
	UnknownFields   bool // members an operation does not know are let pass
	JWE             bool // encryptedData alone may hold a compact JWE
}

// FieldError is the first problem of a request, in the order of
// docs/wire/mdes.md "Errors": JSON, unknown members, required members, then
// format, length and value field by field.
type FieldError struct {
	Code   ReasonCode
	Field  string // dotted, as the wire spells it; "" for the whole body
	Detail string // for explain; without values a card number may hide in
}

// Error names code, field and detail.
func (e *FieldError) Error() string {
	text := string(e.Code)
	if e.Field != "" {
		text += " (" + e.Field + ")"
	}
	if e.Detail != "" {
		text += ": " + e.Detail
	}
	return text
}

// Problem is the same in the words of the domain.
func (e *FieldError) Problem() *token.Problem {
	if e.Field == "" {
		return token.Refuse(token.Key(e.Code), e.Detail)
	}
	return token.Refuse(token.Key(e.Code), e.Detail, e.Field)
}

// Response is the body the wire answers with.
func (e *FieldError) Response() ErrorResponse { return NewErrorResponse(e.Code, e.Field) }

// kind is the JSON shape of a field.
type kind int

const (
	text         kind = iota
	textOrNumber      // requestId and phone numbers
	object
	list // of texts
)

// rule is one row of an operation's field table.
type rule struct {
	name     string
	kind     kind
	required bool
	waived   func(holder map[string]any, l Leniency) bool // when required does not hold after all
	min, max int                                          // characters, or items of a list; max 0 is no limit
	form     func(string) bool                            // asked for non-empty texts only
	formText string                                       // what form accepts, in words
	values   []string
	code     ReasonCode // in place of the format, length and value codes
	fields   []rule     // of an object
	item     *rule      // of a list
}

// join makes the dotted name of a member.
func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// unknownMember finds the first member, by name, that no rule has. One that
// differs from a known member in letter case alone is refused in any case:
// Go's decoder would take it for that member without it having been checked.
func unknownMember(rules []rule, holder map[string]any, path string, l Leniency) *FieldError {
	for _, name := range slices.Sorted(maps.Keys(holder)) {
		i := slices.IndexFunc(rules, func(r rule) bool { return strings.EqualFold(r.name, name) })
		switch {
		case i < 0 && l.UnknownFields:
		case i < 0:
			return &FieldError{UnrecognizedField, join(path, shorten(name)), "the operation has no such member"}
		case rules[i].name != name:
			return &FieldError{UnrecognizedField, join(path, shorten(name)), "the member is spelled " + rules[i].name}
		case rules[i].kind == object:
			if inner, ok := holder[name].(map[string]any); ok {
				if err := unknownMember(rules[i].fields, inner, join(path, name), l); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// shorten keeps a stranger's member name from filling an answer, and a card
// number in its place from showing.
func shorten(name string) string {
	const most = 64
	if utf8.RuneCountInString(name) <= most {
		return token.Scrub(name)
	}
	return token.Scrub(string([]rune(name)[:most]))
}

// missingMember finds the first required member that is absent or null, in the
// order of the table, inner objects in their place.
func missingMember(rules []rule, holder map[string]any, path string, l Leniency) *FieldError {
	for _, r := range rules {
		value := holder[r.name]
		if value == nil && r.required && (r.waived == nil || !r.waived(holder, l)) {
			return &FieldError{MissingRequiredField, join(path, r.name), ""}
		}
		if inner, ok := value.(map[string]any); ok && r.kind == object {
			if err := missingMember(r.fields, inner, join(path, r.name), l); err != nil {
				return err
			}
		}
	}
	return nil
}

// wrongMember finds the first member whose value breaks its rule.
func wrongMember(rules []rule, holder map[string]any, path string, l Leniency) *FieldError {
	for _, r := range rules {
		value := holder[r.name]
		if value == nil {
			continue
		}
		if err := r.check(value, join(path, r.name), l); err != nil {
			return err
		}
	}
	return nil
}

func (r rule) check(value any, path string, l Leniency) *FieldError {
	switch v := value.(type) {
	case map[string]any:
		if r.kind == object {
			return wrongMember(r.fields, v, path, l)
		}
	case []any:
		if r.kind == list {
			return r.checkList(v, path, l)
		}
	case string:
		if r.kind == list && l.SingleReference {
			return r.item.checkText(v, path)
		}
		if r.kind == text || r.kind == textOrNumber {
			return r.checkText(v, path)
		}
	case fmt.Stringer: // json.Number
		if r.kind == textOrNumber {
			return r.checkText(v.String(), path)
		}
	}
	return r.broken(InvalidFieldFormat, path, "JSON of another type than "+r.kind.String())
}

func (r rule) checkList(items []any, path string, l Leniency) *FieldError {
	if n := len(items); n < r.min || r.max > 0 && n > r.max {
		return r.broken(InvalidFieldLength, path, fmt.Sprintf("%d items, accepted are %s", n, span(r.min, r.max)))
	}
	for i, item := range items {
		if err := r.item.check(item, fmt.Sprintf("%s[%d]", path, i), l); err != nil {
			return err
		}
	}
	return nil
}

func (r rule) checkText(s, path string) *FieldError {
	if s != "" && r.form != nil && !r.form(s) {
		return r.broken(InvalidFieldFormat, path, "accepted is "+r.formText)
	}
	if n := utf8.RuneCountInString(s); n < r.min || r.max > 0 && n > r.max {
		return r.broken(InvalidFieldLength, path, fmt.Sprintf("%d characters, accepted are %s", n, span(r.min, r.max)))
	}
	if len(r.values) > 0 && !slices.Contains(r.values, s) {
		return r.broken(InvalidFieldValue, path, "accepted are "+strings.Join(r.values, ", "))
	}
	return nil
}

func (r rule) broken(code ReasonCode, path, detail string) *FieldError {
	if r.code != "" {
		code = r.code
	}
	return &FieldError{code, path, detail}
}

func span(from, to int) string {
	switch {
	case to == 0:
		return fmt.Sprintf("%d or more", from)
	case from == to:
		return fmt.Sprint(from)
	}
	return fmt.Sprintf("%d to %d", from, to)
}

// String names the shape for a complaint.
func (k kind) String() string {
	return [...]string{"a text", "a text or a number", "an object", "an array of texts"}[k]
}
