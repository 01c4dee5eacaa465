package mdes

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/pantomime-dev/pantomime/wire"
)

// The scalars that careless clients write otherwise
// (docs/wire/mdes.md "Conventions"), and what must not be printed.
type (
	// LooseString is a text that may be sent as a number.
	LooseString = wire.LooseString
	// LooseBool is a boolean that may be sent as a text.
	LooseBool = wire.LooseBool
	// LooseInt is a whole number that may be sent as a text.
	LooseInt = wire.LooseInt
	// Sensitive is a text that prints masked.
	Sensitive = wire.Sensitive
)

// ErrLoose says that a JSON value has none of the shapes its type takes.
var ErrLoose = wire.ErrLoose

// MethodID is the id of an authentication method: a number on the wire, a text
// in the specification. All digits are written as a number.
type MethodID string

// UnmarshalJSON takes a number or a text; null changes nothing.
func (m *MethodID) UnmarshalJSON(b []byte) error { return (*LooseString)(m).UnmarshalJSON(b) }

// MarshalJSON writes a number where it can.
func (m MethodID) MarshalJSON() ([]byte, error) {
	if n, err := strconv.ParseUint(string(m), 10, 53); err == nil && strconv.FormatUint(n, 10) == string(m) {
		return []byte(m), nil
	}
	return json.Marshal(string(m))
}

// References is the list of suspend, unsuspend and delete. A bare text is read
// as a list of one, because a body like that has been published
// (docs/wire/mdes.md "Operations"); [Leniency] decides whether a server takes it.
type References []string

// UnmarshalJSON takes an array of texts or one text.
func (r *References) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		var one string
		if err := json.Unmarshal(b, &one); err != nil {
			return err
		}
		*r = References{one}
		return nil
	}
	return json.Unmarshal(b, (*[]string)(r))
}

// Timestamp is an instant in ISO 8601, written in UTC with milliseconds
// (docs/wire/mdes.md "Conventions").
type Timestamp struct{ time.Time }

// At makes a Timestamp.
func At(t time.Time) Timestamp { return Timestamp{t} }

// timestampLayout is 24 characters long.
const timestampLayout = "2006-01-02T15:04:05.000Z07:00"

// MarshalJSON writes the instant in UTC.
func (t Timestamp) MarshalJSON() ([]byte, error) {
	return json.Marshal(t.UTC().Format(timestampLayout))
}

// UnmarshalJSON reads Z or ±hh:mm, with or without a fraction; null changes nothing.
func (t *Timestamp) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		return nil
	}
	var text string
	if err := json.Unmarshal(b, &text); err != nil {
		return err
	}
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return fmt.Errorf("%w: an ISO 8601 timestamp is wanted", ErrLoose)
	}
	t.Time = at
	return nil
}
