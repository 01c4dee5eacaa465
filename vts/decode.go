package vts

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/wire"
)

// Request is a message that knows its own field rules.
type Request interface{ Validate() wire.BadFields }

// Leniency says where a server follows careless clients. The zero value reads
// requests as they are documented.
type Leniency struct {
	AnyScalar bool // any scalar represents a text, "true" and "false" for a boolean
	Spellings bool // values as payment providers spell them are read as the service's own
}

// respeller is a request with values that some spell otherwise.
type respeller interface{ respell() }

// DecodeRequest reads a body into a request and applies its field rules. The
// error is [wire.ErrBody] (wrapped) for what is no JSON object, or [wire.BadFields] with
// every field that has a wrong type or breaks a rule. Unknown fields are
// ignored, as the service is believed to do.
func (l Leniency) DecodeRequest(body []byte, into Request) error {
	var bad wire.BadFields
	if err := l.Decode(body, into); err != nil && !errors.As(err, &bad) {
		return err
	}
	if r, some := into.(respeller); some && l.Spellings {
		r.respell()
	}
	if bad = bad.And(into.Validate()); len(bad) > 0 {
		return bad
	}
	return nil
}

// Decode reads one JSON object, with nothing after it, into a message of this
// package. Names must match exactly, as they must at the networks: a
// client that writes clientAppId must learn of it here and not in production.
// A name may occur only once. The error is [wire.ErrBody] (wrapped) or [wire.BadFields]
// with the fields of a wrong type; the others were read all the same.
func Decode(body []byte, into any) error { return Leniency{}.Decode(body, into) }

// Decode is [Decode] of a server that is so lenient.
func (l Leniency) Decode(body []byte, into any) error {
	if trimmed := bytes.TrimLeft(body, " \t\r\n"); len(trimmed) == 0 || trimmed[0] != '{' {
		return wire.ErrBody
	}
	err := decodeAny(body, into)
	if err != nil && l.AnyScalar { // which looks at each member twice, so only where it is needed
		return decodeAny(body, into, wire.AnyScalar)
	}
	return err
}

// maxWrongTypes bounds how many fields of a wrong type are reported at once.
const maxWrongTypes = 32

// decodeAny also takes an array; risk data may be one. The library stops at the
// first field of a wrong type, so that field is emptied and the rest read again.
func decodeAny(body []byte, into any, options ...json.Options) error {
	var bad wire.BadFields
	for range maxWrongTypes {
		err := json.Unmarshal(body, into, options...)
		if err == nil {
			break
		}
		var wrong *json.SemanticError
		if !errors.As(err, &wrong) {
			return malformed(err)
		}
		at := memberOf(wrong.JSONPointer)
		if at == "" {
			return wire.ErrBody
		}
		field := wire.BadField{Location: fieldAt(at), Why: "has the wrong JSON type"}
		if bad.Covers(field.Location) {
			break // it takes not even null
		}
		bad, body = append(bad, field), emptied(body, at)
	}
	if len(bad) > 0 {
		return bad
	}
	return nil
}

// memberOf is the object member that holds a place: that of the list, for an
// item of one. Names of ours are no numbers.
func memberOf(at jsontext.Pointer) jsontext.Pointer {
	for at != "" && token.Digits(at.LastToken()) {
		at = at.Parent()
	}
	return at
}

// malformed words a syntax error without the text around it, which could hold a
// card number; the library shows one character at most.
func malformed(err error) error {
	var syntax *jsontext.SyntacticError
	switch {
	case !errors.As(err, &syntax):
		return wire.ErrBody
	case errors.Is(err, jsontext.ErrDuplicateName):
		return fmt.Errorf("%w: the member %s occurs twice", wire.ErrBody, token.Scrub(shortened(syntax.JSONPointer.LastToken())))
	default:
		return fmt.Errorf("%w: %w at byte %d", wire.ErrBody, syntax.Err, syntax.ByteOffset)
	}
}

// shortened keeps a member name of the sender's from filling an explanation.
func shortened(name string) string {
	const most = 64
	if len(name) > most {
		return name[:most] + "..."
	}
	return name
}

// fieldAt words a place as the service does: names joined by dots, without the
// indexes of lists (docs/wire/vts.md "Errors").
func fieldAt(p jsontext.Pointer) string {
	var names []string
	for name := range p.Tokens() {
		if !token.Digits(name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ".")
}

// emptied is the body with null for the value of one member.
func emptied(body []byte, at jsontext.Pointer) []byte {
	dec := jsontext.NewDecoder(bytes.NewReader(body))
	for dec.StackPointer() != at {
		if _, err := dec.ReadToken(); err != nil {
			return body
		}
	}
	name := dec.InputOffset() // behind the member's name
	if err := dec.SkipValue(); err != nil {
		return body
	}
	return append(append(bytes.Clone(body[:name]), ":null"...), body[dec.InputOffset():]...)
}
