package mdes

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/wire"
)

// Leniency says where a server follows careless clients. The zero value reads
// the specification strictly.
type Leniency struct {
	SingleReference bool // tokenUniqueReferences may be one bare text
	UnknownFields   bool // members an operation does not know are let pass
	JWE             bool // encryptedData alone may hold a compact JWE
	Loose           bool // any scalar represents a text, and a responseHost may be shorter
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

// phases are the order of docs/wire/mdes.md "Errors", once the body is JSON.
var phases = [][]wire.Rule{{wire.Unknown}, {wire.Missing}, {wire.WrongKind, wire.WrongForm, wire.Length, wire.Choice}}

// judge reports the first problem of a decoded object, nil for none.
func judge(fields []wire.Field, v wire.Value, l Leniency) *FieldError {
	policy := wire.Policy{Phases: phases, BareItem: l.SingleReference, UnknownMembers: l.UnknownFields, JWE: l.JWE, Loose: l.Loose}
	for _, b := range policy.Check(fields, v) {
		return fieldError(b)
	}
	return nil
}

// Validate holds a request of an operation, which request points to, against the
// field table, as a client can before it sends it. The error, if any, is a
// *[FieldError] with the first problem.
func Validate(op token.Operation, request any) error {
	if route, _ := RouteOf(op); route.Body != nil {
		table := route.Body
		if v, ok := table.Of(request); ok {
			if err := judge(table.Fields, v, Leniency{JWE: true}); err != nil {
				return err
			}
			return nil
		}
	}
	return &FieldError{InvalidMethod, "", "the operation takes no such body"}
}

// Fields is the field table of an operation's body, nil if it takes none. It
// must not be changed.
func Fields(op token.Operation) []wire.Field {
	route, _ := RouteOf(op)
	return route.Body.Rows()
}

// ClearFields is the field table of the clear text of an operation's
// encryptedPayload, nil if it has none; outer is the object the payload of
// tokenize and searchTokens comes in. It must not be changed.
func ClearFields(op token.Operation, outer FundingAccountInfo) []wire.Field {
	switch op {
	case token.MCTokenize, token.MCSearchTokens:
		return fundingTables[fundingCase{op == token.MCSearchTokens, outer.ByReference(), outer.TokenUniqueReference != ""}].Fields
	case token.MCGetDigitalAssets:
		return digitalAssetsTable.Fields
	}
	return nil
}

// fieldError words a breach.
func fieldError(b wire.Breach) *FieldError {
	e := &FieldError{Field: b.Location()}
	if b.Item >= 0 {
		e.Field += fmt.Sprintf("[%d]", b.Item)
	}
	switch b.Rule {
	case wire.Unknown:
		last := len(b.At) - 1
		e.Code, e.Detail = UnrecognizedField, "the operation has no such member"
		e.Field = strings.Join(append(b.At[:last:last], shorten(b.At[last])), ".")
		if b.Field != nil {
			e.Detail = "the member is spelled " + b.Field.Name
		}
		return e
	case wire.Missing:
		e.Code = MissingRequiredField
		return e
	case wire.WrongKind:
		e.Code, e.Detail = InvalidFieldFormat, "JSON of another type than "+b.Field.Kind.String()
	case wire.WrongForm:
		e.Code, e.Detail = InvalidFieldFormat, "accepted is "+b.Field.Form.Words
	case wire.Length:
		e.Code, e.Detail = InvalidFieldLength, b.Span()
	case wire.Choice:
		e.Code, e.Detail = InvalidFieldValue, "accepted are "+strings.Join(b.Field.Choices, ", ")
	}
	if b.Field.Code != "" {
		e.Code = ReasonCode(b.Field.Code)
	}
	return e
}

// shorten keeps a member name of the sender's from filling an answer, and a card
// number in its place from showing.
func shorten(name string) string {
	const most = 64
	if utf8.RuneCountInString(name) <= most {
		return token.Scrub(name)
	}
	return token.Scrub(string([]rune(name)[:most]))
}
