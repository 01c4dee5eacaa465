package acquirer

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/pantomime-dev/pantomime/wire"
)

// ErrBody says that a body is not exactly one JSON object.
var ErrBody = errors.New("body is not one JSON object")

// BadField is a field that breaks a rule. Why holds no value of the field.
type BadField struct {
	Location string // dotted
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

// policy tells all bad fields at once. A member that nobody knows is refused: a
// misspelt one would otherwise be missed in silence.
var policy = wire.Policy{Phases: [][]wire.Rule{{wire.Unknown, wire.Missing, wire.WrongKind, wire.Length, wire.WrongForm, wire.Choice}}, All: true}

// DecodeAuthorize reads a payment. The error is [ErrBody], wrapped, or
// [BadFields].
func DecodeAuthorize(body []byte) (AuthorizeRequest, error) {
	var r AuthorizeRequest
	v, err := wire.Parse(body)
	if err != nil || v.Kind != '{' {
		return r, ErrBody
	}
	var bad BadFields
	for _, b := range policy.Check(authorizeTable.Fields, v) {
		bad = append(bad, BadField{b.Location(), why(b)})
	}
	if len(bad) == 0 {
		if err := json.Unmarshal(body, &r); err != nil {
			return r, fmt.Errorf("%w: it cannot be read", ErrBody)
		}
		bad = r.Instrument.judge()
	}
	if len(bad) > 0 {
		return AuthorizeRequest{}, bad
	}
	return r, nil
}

// judge asks a token for its cryptogram, and a card for none.
func (i Instrument) judge() BadFields {
	const cryptogram = "instrument.cryptogram"
	switch {
	case i.Type == TypeToken && i.Cryptogram == "":
		return BadFields{{cryptogram, "is missing: a token pays with one"}}
	case i.Type == TypeCard && i.Cryptogram != "":
		return BadFields{{cryptogram, "belongs to a token"}}
	case i.Type == TypeCard && i.ECI != "":
		return BadFields{{"instrument.eci", "belongs to a token"}}
	}
	return nil
}

func why(b wire.Breach) string {
	switch b.Rule {
	case wire.Unknown:
		return "is no member of this request"
	case wire.WrongKind:
		return "must be " + b.Field.Kind.String()
	case wire.Length:
		if b.Field.Form.Words != "" {
			return "must be " + b.Field.Form.Words
		}
		return "must have " + strconv.Itoa(b.Field.Least) + " to " + strconv.Itoa(b.Field.Most) + " characters"
	case wire.WrongForm:
		return "must be " + b.Field.Form.Words
	case wire.Choice:
		return "must be one of " + strings.Join(b.Field.Choices, ", ")
	case wire.Missing:
	}
	return "is missing"
}
