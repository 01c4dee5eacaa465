package mdes

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pantomime-dev/pantomime/token"
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
	waived   func(holder *node, l Leniency) bool // when required does not hold after all
	min, max int                                 // characters, or items of a list; max 0 is no limit
	form     func(string) bool                   // asked for non-empty texts only
	formText string                              // what form accepts, in words
	values   []string
	code     ReasonCode // in place of the format, length and value codes
	fields   []rule     // of an object
	item     *rule      // of a list
}

// within makes an error about a member one about a member of the object name.
func (e *FieldError) within(name string) *FieldError {
	if e != nil {
		e.Field = name + "." + e.Field
	}
	return e
}

// unknownMember finds the first member, by name, that no rule has. One that
// differs from a known member in letter case alone is refused in any case: many
// a decoder takes it for that member, so two readers would see two requests.
func unknownMember(rules []rule, holder *node, l Leniency) *FieldError {
	var first *FieldError
	name := ""
	for i := range holder.inner {
		m := &holder.inner[i]
		if first != nil && m.name > name {
			continue
		}
		if err := unknown(rules, m, l); err != nil {
			first, name = err, m.name
		}
	}
	return first
}

// unknown looks at one member, and into it where it is an object that rules
// know.
func unknown(rules []rule, m *node, l Leniency) *FieldError {
	for i := range rules {
		if r := &rules[i]; r.name == m.name {
			if r.kind == object && m.kind == '{' {
				return unknownMember(r.fields, m, l).within(r.name)
			}
			return nil
		}
	}
	for i := range rules {
		if strings.EqualFold(rules[i].name, m.name) {
			return &FieldError{UnrecognizedField, shorten(m.name), "the member is spelled " + rules[i].name}
		}
	}
	if l.UnknownFields {
		return nil
	}
	return &FieldError{UnrecognizedField, shorten(m.name), "the operation has no such member"}
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
func missingMember(rules []rule, holder *node, l Leniency) *FieldError {
	for i := range rules {
		r := &rules[i]
		if !r.required && r.kind != object {
			continue
		}
		m := holder.get(r.name)
		switch {
		case m == nil && r.required && (r.waived == nil || !r.waived(holder, l)):
			return &FieldError{MissingRequiredField, r.name, ""}
		case m != nil && m.kind == '{' && r.kind == object:
			if err := missingMember(r.fields, m, l); err != nil {
				return err.within(r.name)
			}
		}
	}
	return nil
}

// wrongMember finds the first member whose value breaks its rule.
func wrongMember(rules []rule, holder *node, l Leniency) *FieldError {
	for i := range rules {
		if m := holder.get(rules[i].name); m != nil {
			if err := rules[i].check(m, l); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *rule) check(m *node, l Leniency) *FieldError {
	switch m.kind {
	case '{':
		if r.kind == object {
			return wrongMember(r.fields, m, l).within(r.name)
		}
	case '[':
		if r.kind == list {
			return r.checkList(m.inner, l)
		}
	case '"':
		if r.kind == list && l.SingleReference {
			err := r.item.checkText(m.text)
			if err != nil {
				err.Field = r.name
			}
			return err
		}
		if r.kind == text || r.kind == textOrNumber {
			return r.checkText(m.text)
		}
	case '0':
		if r.kind == textOrNumber {
			return r.checkText(m.text)
		}
	}
	return r.broken(InvalidFieldFormat, "JSON of another type than "+r.kind.String())
}

func (r *rule) checkList(items []node, l Leniency) *FieldError {
	if n := len(items); n < r.min || r.max > 0 && n > r.max {
		return r.broken(InvalidFieldLength, fmt.Sprintf("%d items, accepted are %s", n, span(r.min, r.max)))
	}
	for i := range items {
		if err := r.item.check(&items[i], l); err != nil {
			err.Field = fmt.Sprintf("%s[%d]", r.name, i)
			return err
		}
	}
	return nil
}

func (r *rule) checkText(s string) *FieldError {
	if s != "" && r.form != nil && !r.form(s) {
		return r.broken(InvalidFieldFormat, "accepted is "+r.formText)
	}
	if n := utf8.RuneCountInString(s); n < r.min || r.max > 0 && n > r.max {
		return r.broken(InvalidFieldLength, fmt.Sprintf("%d characters, accepted are %s", n, span(r.min, r.max)))
	}
	if len(r.values) > 0 && !slices.Contains(r.values, s) {
		return r.broken(InvalidFieldValue, "accepted are "+strings.Join(r.values, ", "))
	}
	return nil
}

func (r *rule) broken(code ReasonCode, detail string) *FieldError {
	if r.code != "" {
		code = r.code
	}
	return &FieldError{code, r.name, detail}
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
